// Where windows lie. Inputs that a window reads come from the service; padding, which no gradient reaches, is
// placed here from the padding that /v1/shape resolved.

/** One entry for rows and one for columns; a layer of one dimension leaves the rows as they are. */
function perAxis(value, dimensions, fallback) {
    const list = Array.isArray(value) ? value : Array(dimensions).fill(value ?? fallback);
    return list.length === 1 ? [fallback === undefined ? 1 : fallback, list[0]] : list;
}

/** Kernel, stride, dilation and padding by axis; nothing for regions that do not slide over a plane. */
function slidingGeometry() {
    const padding = state.report?.padding;
    if (state.region !== "sliding" || !padding || padding.length > 2) return undefined;
    const fields = regionFields();
    const kernel = perAxis(fields.kernel, padding.length, 1);
    const stride = perAxis(fields.stride ?? fields.kernel, padding.length, 1);
    const dilation = perAxis(fields.dilation, padding.length, 1);
    return {
        kernel, stride, dilation,
        span: kernel.map((size, axis) => dilation[axis] * (size - 1) + 1),
        padding: padding.length === 1 ? [[0, 0], padding[0]] : padding,
        ceil: fields.ceil_mode === true,
    };
}

/** The cells of the kernel for one output, inside the map and outside, as [row, column]. */
function kernelCells(geometry, index) {
    const columns = state.forward.output_shape.at(-1);
    const place = [Math.floor(index / columns), index % columns];
    const [rows, cols] = [0, 1].map((axis) =>
        Array.from({ length: geometry.kernel[axis] }, (_, tap) =>
            place[axis] * geometry.stride[axis] - geometry.padding[axis][0] + tap * geometry.dilation[axis]));
    return rows.flatMap((r) => cols.map((c) => [r, c]));
}

const isInsideMap = ([r, c]) => r >= 0 && c >= 0 && r < state.map.length && c < state.map[0].length;

/** How many cells to draw around the map, so that every window is seen whole. */
function drawnMargins() {
    const geometry = slidingGeometry();
    if (!geometry) return { top: 0, left: 0, bottom: 0, right: 0, padding: undefined };
    const size = [state.map.length, state.map[0].length];
    const outputs = state.forward.output_shape.slice(-2);
    const after = [0, 1].map((axis) => {
        const end = (outputs[axis] - 1) * geometry.stride[axis] - geometry.padding[axis][0] + geometry.span[axis];
        return Math.max(geometry.padding[axis][1], end - size[axis], 0);
    });
    return { top: geometry.padding[0][0], left: geometry.padding[1][0], bottom: after[0], right: after[1], padding: geometry.padding };
}

/** Whether a cell outside the map is padding; beyond it lies only what `ceil_mode` hangs over. */
function isPadding([r, c], padding) {
    const size = [state.map.length, state.map[0].length];
    return [r, c].every((place, axis) => place >= -padding[axis][0] && place < size[axis] + padding[axis][1]);
}

/** What a padded cell repeats: the text of its source cell, or a zero, or nothing. */
function paddingText([r, c]) {
    const mode = state.fields.padding_mode || "ignore";
    if (mode === "ignore") return "";
    if (mode === "zeros") return "0";
    const [row, column] = [[r, state.map.length], [c, state.map[0].length]].map(([place, size]) => paddingSource(mode, place, size));
    return shortNumber(state.map[row]?.[column] ?? "");
}

function paddingSource(mode, place, size) {
    if (mode === "replicate") return Math.min(Math.max(place, 0), size - 1);
    if (mode === "circular") return ((place % size) + size) % size;
    const period = Math.max(2 * (size - 1), 1);
    const folded = ((place % period) + period) % period;
    return Math.min(folded, period - folded);
}

/** The input that an entry of the mask names, as [row, column]; nothing for −1. */
function selectedInput(index, output) {
    if (index < 0) return undefined;
    const columns = state.map[0].length;
    const outputColumns = state.forward.output_shape.at(-1) ?? 1;
    const isByRows = regionEntry().parameters.some((parameter) => ["lengths", "segment_ids"].includes(parameter.name));
    if (isByRows) return [index, output % outputColumns];
    if (state.report?.padding?.length === 1) return [Math.floor(output / outputColumns), index];
    return [Math.floor(index / columns), index % columns];
}

/** Which inputs each output reads: asked once per output, and forgotten with the request. */
const readers = new Map();

async function readersOf(index) {
    if (!readers.has(index)) readers.set(index, post("/v1/backward", readersRequest(oneHot(state.forward.output_shape, index))));
    const { ok, answer } = await readers.get(index);
    if (!ok) return [];
    const columns = state.map[0].length;
    return flattenedData(answer.grad_input).flatMap((share, i) => (share === 0 ? [] : [[Math.floor(i / columns), i % columns]]));
}

const flattenedData = (tensor) => tensor?.data ?? flatten(tensor ?? []);
