// One window after the other, by hand or by itself.

import { byId } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { outputCount } from "./compute.js";
import { emit, on } from "./events.js";
import { state } from "./state.js";

const stepMilliseconds = 900;
let timer;

export function select(index) {
    const wanted = Math.min(Math.max(index, 0), Math.max(outputCount() - 1, 0));
    if (wanted === state.selected && !state.isPlaying) return;
    state.selected = wanted;
    state.revealed = Math.max(state.revealed, wanted + 1);
    emit("selected");
}

function render() {
    const count = outputCount();
    byId("step").max = String(Math.max(count - 1, 0));
    byId("step").value = String(state.selected);
    byId("step").setAttribute("aria-valuetext", t("step.count", { step: state.selected + 1, total: count }));
    byId("step-count").textContent = count ? t("step.count", { step: state.selected + 1, total: count }) : "";
    byId("previous").disabled = state.selected <= 0;
    byId("next").disabled = state.selected >= count - 1;
    byId("step").disabled = byId("play").disabled = count === 0;
    byId("play").textContent = t(state.isPlaying ? "pause" : "play");
}

/** From the first window on, outputs appear one by one. */
export function play() {
    if (state.isPlaying) return stop();
    Object.assign(state, { isPlaying: true, selected: 0, revealed: 1 });
    emit("redraw");
    emit("selected");
    timer = setInterval(() => (state.selected >= outputCount() - 1 ? stop() : select(state.selected + 1)), stepMilliseconds);
}

export function stop() {
    clearInterval(timer);
    if (!state.isPlaying) return;
    Object.assign(state, { isPlaying: false, revealed: Infinity });
    emit("redraw");
    render();
}

/** Pointing at an output, or choosing it, shows its window. */
function look(event) {
    const cell = event.target.closest("[data-output], [data-grad]");
    if (!cell || (state.isPlaying && event.type === "pointerover")) return;
    select(Number(cell.dataset.output ?? cell.dataset.grad));
}

export function startSteps(canvas) {
    byId("previous").addEventListener("click", () => select(state.selected - 1));
    byId("next").addEventListener("click", () => select(state.selected + 1));
    byId("play").addEventListener("click", play);
    byId("step").addEventListener("input", (event) => select(Number(event.target.value)));
    for (const type of ["pointerover", "focusin", "click"]) canvas.addEventListener(type, look);
    on("selected", render);
    on("computed", render);
    on("view", stop);
    document.addEventListener("language", render);
}
