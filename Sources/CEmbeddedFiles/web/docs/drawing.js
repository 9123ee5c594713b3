// What an op makes of one window, and which cells a region takes: drawn from the service's responses.

import { post } from "../shared/api.js";
import { shortNumber, svg } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { firstSupported, readersRequest } from "../shared/regions.js";
import { startingValues } from "../shared/starting-values.js";
import { countOf, oneHot, placesOf, shapeOf } from "../shared/tensors.js";

const drawnWindow = [[1, 2], [3, 6]];
const drawnMap = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]];
const cellSize = 38;
const small = 30;

const starting = (name) => Object.fromEntries(Object.entries(startingValues[name] ?? {}).map(([field, text]) => [field, JSON.parse(text)]));

/** The request of an op's drawing. */
export const opExample = (op) => ({ op, kernel: 2, ...starting(op), input: drawnWindow });

/** Input, output and gradient side by side; nothing where the op asks for more than its starting values. */
export async function drawOp(op) {
    const layer = opExample(op);
    const [forward, backward] = await Promise.all([
        post("/v1/forward", layer), post("/v1/backward", { ...layer, grad_output: [[1]] })]);
    if (!forward.ok || !backward.ok) return undefined;
    const { output } = forward.response;
    const picture = frame(7 * cellSize + 24, 2 * cellSize + 24, t("drawing.label", { op, value: shortNumber(output[0][0]) }));
    drawCells(picture, drawnWindow, { left: 2, top: 2, size: cellSize, kind: () => "lit", label: "drawing.input" });
    drawArrow(picture, 2.4 * cellSize, cellSize);
    drawCells(picture, output, { left: 2.8 * cellSize, top: cellSize / 2, size: cellSize, kind: () => "lit", label: "drawing.output", base: 2 * cellSize + 13 });
    drawArrow(picture, 4.3 * cellSize, cellSize);
    drawCells(picture, backward.response.grad_input, { left: 4.8 * cellSize, top: 2, size: cellSize, kind: (r, c, value) => (value === 0 ? "" : "back"), label: "drawing.gradient" });
    return picture;
}

/** The request of a region's drawing, with an op that it supports. */
export function regionExample(region) {
    const isBoxed = region.parameters.some((parameter) => parameter.name === "rois");
    return { op: firstSupported(["max", "avg"], region), region: region.name, ...starting(region.name), input: isBoxed ? [[drawnMap]] : drawnMap };
}

/** The input with the cells of the first and the last region, and the output. */
export async function drawRegion(region) {
    const layer = regionExample(region);
    const forward = await post("/v1/forward", layer);
    if (!forward.ok) return undefined;
    const { output, output_shape: shape } = forward.response;
    const count = countOf(shape);
    const [first, last] = await Promise.all([0, count - 1].map((index) => cellsOf(region, layer, shape, index)));
    const rows = rowsOf(output, shape.at(-1) ?? 1);
    const width = 4 * small + 50 + Math.max(rows[0].length * small, 60);
    const height = Math.max(4, rows.length) * small + 26;
    const picture = frame(width, height, t("drawing.region", { region: region.name, op: layer.op }));
    const kind = (r, c) => [first.has(`${r},${c}`) ? "lit" : "", last.has(`${r},${c}`) && count > 1 ? "last" : ""].join(" ");
    drawCells(picture, drawnMap, { left: 2, top: 2, size: small, kind, label: "drawing.input" });
    drawArrow(picture, 4 * small + 24, 2 * small);
    const mark = (r, c) => ({ [count - 1]: "last", 0: "lit" })[r * rows[0].length + c] ?? "";
    drawCells(picture, rows, { left: 4 * small + 46, top: Math.max(2, (2 - rows.length / 2) * small), size: small, kind: mark, label: "drawing.output" });
    return picture;
}

/** The cells that an output reads, as `row,column`. */
async function cellsOf(region, { op, input, ...fields }, shape, index) {
    const { ok, response } = await post("/v1/backward", readersRequest(region, fields, shapeOf(input), oneHot(shape, index)));
    return new Set(ok ? placesOf(response.grad_input.data, drawnMap[0].length).map(String) : []);
}

function rowsOf(output, columns) {
    const values = [output].flat(Infinity);
    return Array.from({ length: values.length / columns }, (_, r) => values.slice(r * columns, (r + 1) * columns));
}

function frame(width, height, label) {
    return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "drawing", role: "img", "aria-label": label });
}

function drawCells(picture, rows, { left, top, size, kind, label, base }) {
    rows.forEach((line, r) => line.forEach((value, c) => {
        const place = { x: left + c * size, y: top + r * size };
        const text = shortNumber(value);
        picture.append(
            svg("rect", { ...place, width: size - 3, height: size - 3, rx: 5, class: kind(r, c, value) }),
            svg("text", { x: place.x + size / 2 - 1.5, y: place.y + size / 2 - 1.5, class: text.length > 4 ? "long" : "" }, text.length > 6 ? value.toFixed(2) : text));
    }));
    const middle = left + (rows[0].length * size) / 2;
    picture.append(svg("text", { x: Math.max(middle, 26), y: base ?? top + rows.length * size + 11, class: "label" }, t(label)));
}

function drawArrow(picture, x, y) {
    picture.append(svg("text", { x, y, class: "label" }, "→"));
}
