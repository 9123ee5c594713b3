// Asks the service about the layer and the map. All geometry comes from its responses: which cells a window reads is the
// gradient of a sum, where padding lies is from a shape query, what padding holds is a pooling with a window of one cell.

import { post } from "../shared/api.js";
import { countOf, filled, flatData, flatten, nest, numbered, oneHot, placesOf } from "../shared/tensors.js";
import { emit, on } from "./events.js";
import { backwardRequest, fieldValue, forwardRequest, layerFields, readersRequest, shapeRequest, takesShapeQuery, windowFields } from "./requests.js";
import { layer, slides, state, takesMembers } from "./state.js";
import { isInside, keyOf } from "./windows.js";

let latest = 0;

/** Everything that all views need; an older response never replaces a newer one. */
export async function compute() {
    const number = ++latest;
    const request = forwardRequest();
    const forward = await post("/v1/forward", request);
    const about = forward.ok ? await describe(forward.response.output_shape) : {};
    if (number !== latest) return;
    state.run = {
        number, request,
        status: `${forward.status} · ${timingText(forward.timing)}`,
        forward: forward.ok ? forward.response : undefined,
        problem: forward.ok ? undefined : forward.response,
        windows: new Map(),
        ...about,
    };
    const count = outputCount();
    state.selected = Math.min(state.selected, Math.max(count - 1, 0));
    if (forward.ok) {
        const asked = state.linkWindow;
        if (asked !== null && asked !== String(state.selected)) state.linkFaults.push(["link.window", { name: asked, last: count - 1, shown: state.selected }]);
        state.linkWindow = null;
    }
    if (state.gradOutput.length !== count) state.gradOutput = Array.from({ length: count }, (_, i) => i + 1);
    emit("computed");
}

/** `parse;dur=0.181, queue;dur=0.000` in milliseconds, for people. */
function timingText(timing) {
    const parts = [...timing.matchAll(/(\w+);dur=([\d.]+)/g)];
    return parts.length ? `${parts.map(([, name, milliseconds]) => `${name} ${Number(milliseconds).toFixed(2)}`).join(" · ")} ms` : timing;
}

export const outputCount = () => (state.run?.forward ? countOf(state.run.forward.output_shape) : 0);

async function describe(outputShape) {
    const [report, coverage] = await Promise.all([
        takesShapeQuery() ? post("/v1/shape", shapeRequest(outputShape)) : { ok: false }, post("/v1/backward", readersRequest(filled(outputShape, 1)))]);
    return {
        report: report.ok ? report.response : undefined,
        coverage: coverage.ok ? flatData(coverage.response.grad_input) : undefined,
        plane: report.ok ? await drawnPlane(report.response) : wholeMap(),
    };
}

/** The map and what is drawn around it: rows and columns from and to, and the values of the padding. */
const wholeMap = () => ({ rows: [0, state.map.length], columns: [0, state.map[0].length], padding: undefined, values: new Map() });

async function drawnPlane({ padding, output_shape: output }) {
    if (!slides() || !padding) return wholeMap();
    const [needed, single] = await Promise.all([
        post("/v1/shape", { output_shape: output.slice(-padding.length), op: "max", ...windowFields() }),
        post("/v1/shape", { output_shape: padding.map(() => 1), op: "max", ...windowFields() })]);
    const sizes = [state.map.length, state.map[0].length].slice(-padding.length);
    const ranges = padding.map(([before, after], axis) =>
        [-before, Math.max(sizes[axis] + after, (needed.response.input_min?.[axis] ?? 0) - before)]);
    const [rows, columns] = ranges.length === 2 ? ranges : [[0, state.map.length], ranges[0]];
    const pairs = padding.length === 2 ? padding : [[0, 0], padding[0]];
    return { rows, columns, padding: pairs, span: single.response.input_min, values: await paddedValues(padding, pairs) };
}

/** A pooling with a window of one cell gives the map with its padding. */
async function paddedValues(padding, pairs) {
    const mode = fieldValue(layer().fields.padding_mode) ?? "ignore";
    const values = new Map();
    if (mode === "ignore" || padding.flat().every((count) => count === 0)) return values;
    const { padding_value } = layer().fields;
    const extra = padding_value ? { padding_value: fieldValue(padding_value) } : {};
    const kernel = padding.map(() => 1);
    const { ok, response } = await post("/v1/forward", { op: "max", kernel, padding, padding_mode: mode, ...extra, input: state.map });
    if (!ok) return values;
    response.output.forEach((line, r) => line.forEach((value, c) => values.set(`${r - pairs[0][0]},${c - pairs[1][0]}`, value)));
    return values;
}

/** What a window reads and what its gradient of 1 gives back: asked once per window, and forgotten with the run. */
export function windowOf(index) {
    const { windows } = state.run;
    if (!windows.has(index)) windows.set(index, askForWindow(index));
    return windows.get(index);
}

async function askForWindow(index) {
    const { output_shape: shape } = state.run.forward;
    const { structure } = layerFields();
    const [cells, shares, offsets] = await Promise.all([cellsOf(index, shape), sharesOf(index, shape), structure ? offsetsOf(index, shape, structure) : undefined]);
    return { cells, shares, offsets };
}

/** The places that the window of an output covers, as [row, column]; in the padding too, and as often as a bag names them. */
async function cellsOf(index, shape) {
    const [around, read] = await Promise.all([gradientAround(index, shape), layerFields().mask && slides() ? readBy(index, shape) : undefined]);
    const places = around.flatMap(([place, times]) => (takesMembers() ? Array(times).fill(place) : [place]));
    return places.filter((place) => !read || !isInside(place) || read.has(keyOf(place)));
}

/** The places of the map that the window of an output reads: a mask hides some. */
async function readBy(index, shape) {
    const { ok, response } = await post("/v1/backward", readersRequest(oneHot(shape, index)));
    return new Set(ok ? placesOf(flatData(response.grad_input), state.map[0].length).map(keyOf) : []);
}

/**
 * What the structuring element adds to each cell of a window, by place. The gradient of a weighted sum is its weights, so
 * weights that number the element's numbers tell which of them belongs to which cell.
 */
async function offsetsOf(index, shape, structure) {
    const numbers = flatten(structure);
    const counts = await gradientAround(index, shape, { op: "weighted", weights: numbered(structure), normalize: false });
    return new Map(counts.map(([place, number]) => [keyOf(place), numbers[number - 1]]));
}

/** The gradient of one output by the cells of its window, in the padding too: places and values. */
async function gradientAround(index, shape, op = {}) {
    const { rows, columns, padding } = state.run.plane;
    const whole = [rows[1] - rows[0], columns[1] - columns[0]];
    const isPadded = padding && (whole[0] > state.map.length || whole[1] > state.map[0].length);
    const request = isPadded
        ? { op: "sum", ...windowFields(), ...op, input_shape: whole, grad_output: oneHot(shape, index) }
        : { ...readersRequest(oneHot(shape, index)), ...op };
    const { ok, response } = await post("/v1/backward", request);
    const origin = isPadded ? [rows[0], columns[0]] : [0, 0];
    const width = isPadded ? whole[1] : state.map[0].length;
    if (!ok) return [];
    const values = flatData(response.grad_input);
    return placesOf(values, width).map(([r, c]) => [[r + origin[0], c + origin[1]], values[r * width + c]]);
}

/** The derivative of one output by each input, by place. */
async function sharesOf(index, shape) {
    const { ok, response } = await post("/v1/backward", backwardRequest(nest(oneHot(shape, index).data, shape)));
    return ok ? sharesByPlace(response.grad_input) : new Map();
}

export function sharesByPlace(gradient) {
    const width = state.map[0].length;
    return new Map(flatData(gradient).map((share, i) => [`${Math.floor(i / width)},${i % width}`, share]));
}

on("changed", compute);
