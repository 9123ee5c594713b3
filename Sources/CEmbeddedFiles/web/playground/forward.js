// The forward view: input, the window lifted out of it, its arithmetic, output.

import { announce, byId, shortNumber, svg } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { problemText } from "../shared/problems.js";
import { flatten, heatScale, planesOf, shapeText } from "../shared/tensors.js";
import { outputCount, windowOf } from "./compute.js";
import { drawGrid, drawTitle } from "./drawing.js";
import { drawBoxes } from "./boxes.js";
import { expressionOf, sentenceOf } from "./expression.js";
import { LiftedWindow, places } from "./lifted.js";
import { inputShape } from "./requests.js";
import { isSampled, layer, state } from "./state.js";
import { boundsOf, isInside, isPadding, keyOf, selectedPlace, valueAt } from "./windows.js";

let input;
let output;
let lifted;

export const forward = { draw, select: showWindow };

function draw(root, area) {
    const boxes = places(area);
    input = drawInput(root, boxes.input, inputFill);
    drawTitle(root, input.box, t("input"), shapeText(inputShape()), area.width);
    if (!state.run.forward) return drawProblem(root, boxes, area, state.run.problem);
    output = drawOutput(root, boxes.output, outputFill);
    drawTitle(root, output.box, t("output"), shapeText(state.run.forward.output_shape), area.width);
    lifted = new LiftedWindow(root, input, output, boxes, area.isNarrow);
    drawBoxes(root, input);
    markSelectedValues();
    showWindow();
}

/** The map with its padding around it. */
export function drawInput(root, box, fill) {
    const { rows, columns } = state.run.plane ?? { rows: [0, state.map.length], columns: [0, state.map[0].length] };
    return drawGrid(root, { box, rows, columns, label: t("input"), fill: (place) => (isInside(place) ? fill(place) : outsideFill(place)) });
}

function outsideFill(place) {
    if (!state.run.plane || !isPadding(place)) return { classes: ["beyond"] };
    return { classes: ["padding"], value: valueAt(place) };
}

let heat = () => 0;

function inputFill([r, c]) {
    if (r === 0 && c === 0) heat = heatScale(state.map.flat());
    const value = state.map[r][c];
    const isUnread = state.run.coverage?.[r * state.map[0].length + c] === 0;
    const label = t("cell.value", { row: r, column: c, value: shortNumber(value) }) + (isUnread ? `, ${t("legend.unread")}` : "");
    return { value, heat: heat(value), classes: ["editable", ...(isUnread ? ["unread"] : [])], label, data: { "data-input": keyOf([r, c]) } };
}

/** The planes of the output, one below the other; a cell's place is its row among all. */
export function drawOutput(root, box, fill) {
    const planes = planesOf(state.run.forward.output);
    const [{ rows, columns }] = planes;
    const gaps = planes.length - 1;
    const grid = drawGrid(root, {
        box, rows: [0, rows * planes.length + gaps], columns: [0, columns], label: t("output"),
        fill([r, c]) {
            const plane = Math.floor(r / (rows + 1));
            const line = r - plane * (rows + 1);
            if (planes.length > 1 && line === rows) return { classes: ["beyond"] };
            return fill((planes.length > 1 ? plane * rows + line : r) * columns + c);
        },
    });
    const placeOf = (index) => {
        const r = Math.floor(index / columns);
        return [planes.length > 1 ? r + Math.floor(r / rows) : r, index % columns];
    };
    return { ...grid, placeOf, nodeOf: (index) => grid.nodes.get(keyOf(placeOf(index))) };
}

function outputFill(index) {
    const values = flatten(state.run.forward.output);
    const columns = state.run.forward.output_shape.at(-1) ?? 1;
    const value = values[index];
    return {
        value, heat: heatScale(values)(value), data: { "data-output": String(index) },
        label: t("output.value", { row: Math.floor(index / columns), column: index % columns, value: shortNumber(value) }),
    };
}

/** The elements that outputs on view have selected. */
function markSelectedValues() {
    for (let index = 0; index < Math.min(outputCount(), state.revealed); index++) {
        const place = selectedPlace(index);
        const node = place && input.nodes.get(keyOf(place));
        if (!node || node.querySelector(".dot")) continue;
        const { x, y, w } = input.rectOf(place);
        node.classList.add("selected-value");
        node.append(svg("circle", { cx: x + w - w * 0.17, cy: y + w * 0.17, r: Math.max(w * 0.09, 2), class: "dot" }));
    }
}

async function showWindow() {
    const { run, selected } = state;
    if (!run?.forward || !lifted) return;
    const window = await windowOf(selected);
    if (run !== state.run || selected !== state.selected || state.tab !== "forward") return;
    markOutputs(output);
    if (state.isPlaying) markSelectedValues();
    for (const node of input.nodes.values()) node.classList.remove("tap");
    for (const cell of window.cells) input.nodes.get(keyOf(cell))?.classList.add("tap");
    const value = flatten(run.forward.output)[selected];
    const selectedCell = selectedPlace(selected);
    lifted.show({
        cells: window.cells, index: selected, ...expressionOf(window, value), name: layer().op,
        content: (cell) => ({
            value: valueAt(cell),
            classes: isInside(cell) ? ["lifted", ...(selectedCell && keyOf(selectedCell) === keyOf(cell) ? ["selected-value"] : [])] : ["padding"],
        }),
    });
    byId("sentence").textContent = sentence(window, value);
    if (!state.isPlaying && document.activeElement?.closest("#below, #drawing")) announce(byId("sentence").textContent);
}

function sentence(window, value) {
    const padded = window.cells.filter((cell) => !isInside(cell)).length;
    const key = isSampled() ? "sentence.sampled" : window.cells.length === 0 ? "sentence.empty" : "sentence";
    const where = window.cells.length ? boundsOf(window.cells) : { rows: [], columns: [] };
    return t(key, {
        op: layer().op, arithmetic: sentenceOf(window, value), value: shortNumber(value),
        top: shortNumber(where.rows[0]), bottom: shortNumber(where.rows[1]), left: shortNumber(where.columns[0]), right: shortNumber(where.columns[1]),
    }) + (padded ? t("sentence.padded", { count: padded }) : "");
}

/** Which outputs have appeared, and which is selected. */
export function markOutputs(grid) {
    for (let index = 0; index < outputCount(); index++) {
        const node = grid.nodeOf(index);
        node.classList.toggle("chosen", index === state.selected);
        node.classList.toggle("waiting", index >= state.revealed);
        node.setAttribute("aria-pressed", String(index === state.selected));
    }
}

/** In place of an output: that there is none, and below the stage why. */
export function drawProblem(root, { window, output }, { isNarrow }, problem) {
    const [left, right] = isNarrow ? [window.x, output.x + output.w] : [output.x, output.x + output.w];
    root.append(svg("text", { x: (left + right) / 2, y: output.y + output.h / 2, class: "none", "text-anchor": "middle" }, t("shift.none")));
    byId("sentence").textContent = problem ? problemText(problem) : "";
}
