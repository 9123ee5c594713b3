// One window after the other, by hand or by itself.

const stepMilliseconds = 750;
let player;

const outputCount = () => (state.forward ? countOf(state.forward.output_shape) : 0);

function select(index) {
    state.selected = Math.min(Math.max(index, 0), Math.max(outputCount() - 1, 0));
    if (state.selected >= state.revealed) state.revealed = state.selected + 1;
    renderSteps();
    markOutputs();
    renderWindow();
    renderWindowGradient();
}

function renderSteps() {
    const count = outputCount();
    byId("step").max = String(Math.max(count - 1, 0));
    byId("step").value = String(state.selected);
    byId("step-count").textContent = count ? t("step.count", { step: state.selected + 1, count }) : "";
    byId("previous").disabled = state.selected <= 0;
    byId("next").disabled = state.selected >= count - 1;
    byId("play").textContent = t(player ? "pause" : "play");
}

/** From the first window on, outputs appear one by one. */
function play() {
    if (player) return stop();
    if (state.selected >= outputCount() - 1 || state.revealed === Infinity) {
        state.revealed = 1;
        state.selected = 0;
    }
    player = setInterval(() => {
        if (state.selected >= outputCount() - 1) return stop();
        state.revealed = state.selected + 2;
        select(state.selected + 1);
    }, stepMilliseconds);
    select(state.selected);
}

function stop() {
    clearInterval(player);
    player = undefined;
    state.revealed = Infinity;
    renderSteps();
    markOutputs();
    if (state.forward) renderWindow();
}

function startSteps() {
    byId("previous").addEventListener("click", () => select(state.selected - 1));
    byId("next").addEventListener("click", () => select(state.selected + 1));
    byId("play").addEventListener("click", play);
    byId("step").addEventListener("input", (event) => select(Number(event.target.value)));
}
