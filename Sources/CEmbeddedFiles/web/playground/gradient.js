// The way back: a gradient for each output, and what of it reaches each input.

function gradientTensor() {
    const only = byId("one-window").checked;
    const values = state.gradOutput.map((value, index) => (only && index !== state.selected ? 0 : value));
    return nest(values, state.forward.output_shape);
}

/** A new output shape starts with 1, 2, 3, … so that each share can be told apart. */
function resetGradOutput() {
    const count = outputCount();
    if (state.gradOutput.length !== count) state.gradOutput = Array.from({ length: count }, (_, i) => i + 1);
}

async function computeGradient() {
    const run = state.forward;
    if (!run) return renderGradient(undefined);
    const { ok, answer } = await post("/v1/backward", backwardRequest(gradientTensor()));
    if (run !== state.forward) return;
    state.gradient = ok ? answer : undefined;
    renderGradient(ok ? undefined : answer);
    renderRequest();
}

function renderGradient(problem) {
    const message = byId("error-gradient");
    message.hidden = !problem;
    message.textContent = problem ? problemText(problem) : "";
    byId("gradient-note").textContent = t(gradientNote());
    byId("grad-input").replaceChildren(...(state.forward && state.gradient ? gradientGrids() : []));
    if (!state.forward) byId("grad-output").replaceChildren();
}

const gradientNote = () => ({ mask: "gradient.mask", input: "gradient.input_needed" })[opEntry().gradient] ?? "gradient.input_shape";

function gradientGrids() {
    const values = flatten(state.gradient.grad_input);
    const largest = Math.max(...values.map(Math.abs), 1e-12);
    return planeGrids(state.gradient.grad_input, {
        label: t("gradient.input"),
        fill(cell, value) {
            cell.textContent = shortNumber(value);
            cell.classList.add("warm");
            setHeat(cell, Math.abs(value) / largest);
        },
    });
}

function renderGradOutput() {
    if (!state.forward) return;
    const layout = JSON.stringify([state.forward.output_shape, language]);
    const holder = byId("grad-output");
    if (holder.dataset.layout === layout && holder.firstChild) return;
    holder.dataset.layout = layout;
    const columns = state.forward.output_shape.at(-1) ?? 1;
    holder.replaceChildren(...planeGrids(nest(state.gradOutput, state.forward.output_shape), {
        label: t("gradient.output"),
        fill: (cell, value, index) => cell.append(gradField(value, index, columns)),
    }));
}

function gradField(value, index, columns) {
    return element("input", {
        type: "text", inputmode: "decimal", value: String(value), tabindex: index === 0 ? "0" : "-1",
        "aria-label": t("cell.label", { row: Math.floor(index / columns), column: index % columns }),
        onfocus: (event) => event.target.select(),
        oninput(event) {
            state.gradOutput[index] = Number(event.target.value) || 0;
            recomputeGradient();
        },
    });
}

const recomputeGradient = debounced(120, computeGradient);

/** Another window was selected. */
function renderWindowGradient() {
    if (byId("one-window").checked) recomputeGradient();
}

function startGradient() {
    byId("one-window").addEventListener("change", recomputeGradient);
    roam(byId("grad-output"), "input");
}
