// Nested arrays, their shapes and their flat order.

export const shapeOf = (tensor) => (Array.isArray(tensor) ? [tensor.length, ...shapeOf(tensor[0])] : []);
export const flatten = (tensor) => (Array.isArray(tensor) ? tensor.flat(Infinity) : [tensor]);
export const flatData = (tensor) => tensor?.data ?? flatten(tensor ?? []);
export const countOf = (shape) => shape.reduce((product, size) => product * size, 1);
export const shapeText = (shape) => shape.join(" × ") || "1";

export const countedMap = (rows, columns) =>
    Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => r * columns + c + 1));

/** A tensor as planes of rows: the last two axes are rows and columns, all before them are planes. */
export function planesOf(tensor) {
    const shape = shapeOf(tensor);
    const [rows, columns] = shape.length < 2 ? [1, shape[0] ?? 1] : shape.slice(-2);
    const values = flatten(tensor);
    const planes = [];
    for (let start = 0; start < values.length; start += rows * columns) {
        planes.push({ rows, columns, start, values: values.slice(start, start + rows * columns) });
    }
    return planes;
}

/** Zeros but for `value` at `index`. */
export function oneHot(shape, index, value = 1) {
    return { shape, data: Array.from({ length: countOf(shape) }, (_, i) => (i === index ? value : 0)) };
}

/** The places of the values that are not 0, in rows of `width` cells: [row, column]. */
export function placesOf(values, width) {
    return values.flatMap((value, i) => (value === 0 ? [] : [[Math.floor(i / width), i % width]]));
}

export const filled = (shape, value) => ({ shape, data: Array(countOf(shape)).fill(value) });

/** The numbers from 1 on, in the shape of a tensor. */
export const numbered = (tensor) => nest(flatten(tensor).map((_, i) => i + 1), shapeOf(tensor));

/** Flat values in nested form. */
export function nest(values, shape) {
    if (shape.length === 0) return values[0];
    const size = values.length / shape[0];
    return Array.from({ length: shape[0] }, (_, i) => nest(values.slice(i * size, (i + 1) * size), shape.slice(1)));
}

/** How far each value lies between the least and the greatest, for its colour. */
export function heatScale(values) {
    const numbers = values.filter((value) => typeof value === "number");
    const low = Math.min(...numbers, 0);
    const high = Math.max(...numbers);
    return (value) => (typeof value === "number" && high > low ? (value - low) / (high - low) : 0);
}

/** A number as people type it, with a point or a comma, or NaN or an infinity as the service writes them; nothing for other text. */
export function parseCell(text) {
    const trimmed = text.trim().replaceAll("−", "-").replace(",", ".");
    if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed)) return Number(trimmed);
    return { nan: "NaN", infinity: "Infinity", "-infinity": "-Infinity", inf: "Infinity", "-inf": "-Infinity" }[trimmed.toLowerCase()];
}

/** Pasted text as a map: JSON, what numpy and PyTorch print, or lines of numbers; nothing where it is none. */
export function parseMatrix(text) {
    const rowText = text.replace(/,\s*(dtype|device|requires_grad|grad_fn)=[^,)]*/g, "").replace(/[\w.]*(array|tensor)\(/gi, " ");
    const lines = rowText.trim().replace(/\]\s*,?\s*\[/g, "\n").replace(/[[\](){}]/g, " ").trim().split(/[\n;]+/);
    const rows = lines.map((line) => line.split(/[\s,]+/).filter(Boolean).map(parseCell)).filter((row) => row.length > 0);
    const isWhole = rows.length > 0 && rows.every((row) => row.length === rows[0].length && !row.includes(undefined));
    return isWhole ? rows : undefined;
}
