// Nested arrays, their shapes and their flat order.

const shapeOf = (tensor) => (Array.isArray(tensor) ? [tensor.length, ...shapeOf(tensor[0])] : []);
const flatten = (tensor) => (Array.isArray(tensor) ? tensor.flat(Infinity) : [tensor]);
const countOf = (shape) => shape.reduce((product, size) => product * size, 1);
const shapeText = (shape) => shape.join(" × ") || "1";

/** A tensor as planes of rows: the last two axes are rows and columns, all before them are planes. */
function planesOf(tensor) {
    const shape = shapeOf(tensor);
    const [rows, columns] = shape.length < 2 ? [1, shape[0] ?? 1] : shape.slice(-2);
    const values = flatten(tensor);
    const planes = [];
    for (let start = 0; start < values.length; start += rows * columns) {
        planes.push({ rows, columns, start, values: values.slice(start, start + rows * columns) });
    }
    return planes;
}

/** Zeros but for a one at `index`. */
function oneHot(shape, index) {
    return { shape, data: Array.from({ length: countOf(shape) }, (_, i) => (i === index ? 1 : 0)) };
}

/** Flat values in nested form. */
function nest(values, shape) {
    if (shape.length === 0) return values[0];
    const size = values.length / shape[0];
    return Array.from({ length: shape[0] }, (_, i) => nest(values.slice(i * size, (i + 1) * size), shape.slice(1)));
}

/** How far each value lies between the least and the greatest, for its colour. */
function heatScale(values) {
    const numbers = values.filter((value) => typeof value === "number");
    const low = Math.min(...numbers, 0);
    const high = Math.max(...numbers);
    return (value) => (typeof value === "number" && high > low ? (value - low) / (high - low) : 0);
}
