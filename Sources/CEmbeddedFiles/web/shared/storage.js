/** Storage that a browser may forbid. */
export const remembered = {
    get(storage, name) {
        try {
            return window[storage].getItem(name) ?? undefined;
        } catch {
            return undefined;
        }
    },
    set(storage, name, value) {
        try {
            window[storage].setItem(name, value);
        } catch {
            // Not remembered, then.
        }
    },
};
