// The parts of the page tell each other what happened without knowing each other.
//
// changed: the request is different. computed: the service has responded. selected: another window is shown.
// view: another tab, story step or size of the stage.

const listeners = new Map();

export function on(name, listener) {
    listeners.set(name, [...(listeners.get(name) ?? []), listener]);
}

export function emit(name) {
    for (const listener of listeners.get(name) ?? []) listener();
}
