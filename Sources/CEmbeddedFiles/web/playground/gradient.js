// The gradient view: what each output hands back, and what of it reaches each input.

import { post } from "../shared/api.js";
import { byId, shortNumber } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { flatData, nest, oneHot, shapeText } from "../shared/tensors.js";
import { sharesByPlace, windowOf } from "./compute.js";
import { drawTitle } from "./drawing.js";
import { emit } from "./events.js";
import { drawInput, drawOutput, drawProblem, markOutputs } from "./forward.js";
import { LiftedWindow, places } from "./lifted.js";
import { backwardRequest, inputShape } from "./requests.js";
import { opEntry, state } from "./state.js";
import { isInside, keyOf } from "./windows.js";

let input;
let output;
let lifted;

export const gradient = { load, draw, select, start };

export function gradientTensor() {
    const values = state.gradOutput.map((value, index) => (state.onlyWindow && index !== state.selected ? 0 : value));
    return nest(values, state.run.forward.output_shape);
}

async function load() {
    const { run } = state;
    if (!run.forward) return;
    const { ok, response } = await post("/v1/backward", backwardRequest(gradientTensor()));
    run.gradient = ok ? response : undefined;
    run.gradientProblem = ok ? undefined : response;
}

function draw(root, area) {
    const boxes = places(area);
    input = drawInput(root, boxes.input, inputFill());
    drawTitle(root, input.box, t("gradient.input"), shapeText(inputShape()), area.width);
    if (!state.run.forward || !state.run.gradient) return drawProblem(root, boxes, area, state.run.problem ?? state.run.gradientProblem);
    output = drawOutput(root, boxes.output, outputFill);
    drawTitle(root, output.box, t("gradient.output"), shapeText(state.run.forward.output_shape), area.width);
    lifted = new LiftedWindow(root, input, output, boxes, area.isNarrow, true);
    showWindow();
}

function inputFill() {
    const values = flatData(state.run.gradient?.grad_input);
    const largest = Math.max(...values.map((value) => Math.abs(value)), 1e-12);
    return ([r, c]) => {
        const value = values[r * state.map[0].length + c];
        return {
            value, small: state.map[r][c], heat: Math.abs(value ?? 0) / largest, classes: ["warm"],
            label: t("gradient.value", { row: r, column: c, value: shortNumber(value ?? 0) }), data: { "data-reached": keyOf([r, c]) },
        };
    };
}

function outputFill(index) {
    const columns = state.run.forward.output_shape.at(-1) ?? 1;
    const value = state.onlyWindow && index !== state.selected ? 0 : state.gradOutput[index];
    return {
        value, heat: value === 0 ? 0 : 0.25, classes: ["warm", "editable"], data: { "data-grad": String(index) },
        label: t("gradient.given", { row: Math.floor(index / columns), column: index % columns, value: shortNumber(value) }),
    };
}

/** Another window: where it alone is shown, all gradients are different. */
function select() {
    if (state.onlyWindow) emit("view");
    else showWindow();
}

async function showWindow() {
    const { run, selected } = state;
    if (!run?.gradient || !lifted) return;
    const shape = run.forward.output_shape;
    const given = state.gradOutput[selected];
    const [window, back] = await Promise.all([
        windowOf(selected), post("/v1/backward", backwardRequest(nest(oneHot(shape, selected, given).data, shape)))]);
    if (run !== state.run || selected !== state.selected || state.tab !== "gradient" || !back.ok) return;
    const shares = sharesByPlace(back.response.grad_input);
    markOutputs(output);
    const cells = window.cells;
    const parts = cells.filter(isInside).map((cell) => shortNumber(shares.get(keyOf(cell))));
    const shown = parts.length > 9 ? [...parts.slice(0, 8), "…"] : parts;
    lifted.show({
        cells, index: selected, left: `${shortNumber(given)} → (${shown.join(", ")})`, result: "", name: t(`gradient.kind.${opEntry().indices ? "selected" : "shared"}`),
        content: (cell) => (isInside(cell)
            ? { value: shares.get(keyOf(cell)), classes: ["lifted", "warm", ...(shares.get(keyOf(cell)) ? ["reached"] : [])] }
            : { classes: ["padding"] }),
    });
    byId("sentence").textContent = t(gradientNote());
}

const gradientNote = () => ({ mask: "gradient.mask", input: "gradient.input_needed" })[opEntry().gradient] ?? "gradient.input_shape";

function start() {
    byId("one-window").addEventListener("change", (event) => {
        state.onlyWindow = event.target.checked;
        emit("view");
    });
}
