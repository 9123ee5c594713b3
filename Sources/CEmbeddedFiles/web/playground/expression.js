// The arithmetic of one window, with its numbers: operands and result are the service's; signs, means and probabilities on
// the way are set here.

import { shortNumber } from "../shared/dom.js";
import { fieldValue } from "./requests.js";
import { isSampled, layer } from "./state.js";
import { keyOf, valueAt } from "./windows.js";

const shownOperands = 9;

/** How an op is written over its operands. What is not here is written as a function of them. */
const notations = {
    sum: (x) => plus(x),
    product: (x) => x.map(operand).join(" · "),
    avg: (x, shares, cells) => `(${plus(x)}) / ${countBehind(shares, cells) ?? "n"}`,
    mean_sqrt_len: (x) => `(${plus(x)}) / √${x.length}`,
    lp: (x) => power(x.map((value) => `|${operand(value)}|`), parameter("p", 2)),
    power_avg: (x) => `mean(${x.map((value) => raised(operand(value), parameter("p", 3))).join(", ")})^(1/${parameter("p", 3)})`,
    logsumexp: (x) => `log mean(${x.map((value) => `e^${operand(value)}`).join(", ")})`,
    quantile: (x) => orderStatistic(x) ?? `quantile(${list(x)})`,
    softmax: (x) => `(${brief(x.map((value) => `${operand(value)} · ${weight(value)}`), " + ")}) / (${brief(x.map(weight), " + ")})`,
    variance: (x) => meanSquare(x),
    std: (x) => `√(${meanSquare(x)})`,
    mixed: (x) => `${parameter("alpha", 0.5)} · max(${list(x)}) + ${shortNumber(1 - parameter("alpha", 0.5))} · avg(…)`,
    stochastic: (x) => (parameter("mode", "sample") === "expected"
        ? `(${brief(x.map((value) => raised(operand(value), 2)), " + ")}) / ${shortNumber(total(x))}`
        : `random(${brief(x.map((value) => `${shortNumber(value)}: ${percent(value / total(x))}`), ", ")})`),
};

/** The two sides of the arithmetic of a window, or nothing where it reads no input. */
export function expressionOf({ cells, shares, offsets }, value) {
    const result = shortNumber(value);
    if (isSampled() || layer().op === "weighted") return { left: weightedSum(shares), result };
    if (offsets) return { left: offsetList(cells, offsets), result };
    const operands = cells.map(valueAt).filter((operand) => operand !== undefined);
    if (operands.length === 0) return { left: "", result };
    const notation = notations[layer().op] ?? ((x) => `${layer().op}(${list(x)})`);
    return { left: notation(operands, shares, cells), result };
}

/** Each element with what the structuring element adds to it, or takes from it for a minimum; −Infinity takes a cell out. */
function offsetList(cells, offsets) {
    const sign = layer().op === "min" ? " − " : " + ";
    const terms = cells.filter((cell) => offsets.get(keyOf(cell)) !== "-Infinity" && valueAt(cell) !== undefined)
        .map((cell) => `${shortNumber(valueAt(cell))}${sign}${operand(offsets.get(keyOf(cell)))}`);
    return `${layer().op}(${abridged(terms, ", ")})`;
}

const parameter = (name, standard) => fieldValue(layer().fields[name]) ?? standard;
const operand = (value) => (typeof value === "number" && value < 0 ? `(${shortNumber(value)})` : shortNumber(value));
const abridged = (parts, separator) =>
    (parts.length <= shownOperands ? parts : [...parts.slice(0, shownOperands - 2), "…", parts.at(-1)]).join(separator);
const list = (values) => abridged(values.map(shortNumber), ", ");
const plus = (values) => abridged(values.map(operand), " + ");
/** Long terms: fewer of them. */
const brief = (parts, separator) => (parts.length <= 4 ? parts : [...parts.slice(0, 3), "…", parts.at(-1)]).join(separator);
const total = (x) => x.reduce((sum, value) => sum + value, 0);
const percent = (part) => (Number.isFinite(part) ? `${Math.round(100 * part)} %` : "–");
const superscripts = { 1: "", 2: "²", 3: "³", 4: "⁴" };
const raised = (text, exponent) => text + (superscripts[exponent] ?? `^${exponent}`);
const power = (parts, exponent) =>
    exponent === 2 ? `√(${abridged(parts.map((part) => raised(part, 2)), " + ")})` : `(${abridged(parts.map((part) => raised(part, exponent)), " + ")})^(1/${exponent})`;

/** The weight of an element in SoftPool. */
const weight = (value) => (parameter("beta", 1) === 1 ? `e^${operand(value)}` : `e^(${shortNumber(parameter("beta", 1))} · ${operand(value)})`);

/** The squares of the distances from the mean, over the degrees of freedom. */
function meanSquare(x) {
    const mean = operand(total(x) / x.length);
    return `(${brief(x.map((value) => `(${shortNumber(value)} − ${mean})²`), " + ")}) / ${shortNumber(x.length - parameter("correction", 0))}`;
}

/** A quantile between two elements in order; nothing where it is one of them, or where the elements have no order. */
function orderStatistic(x) {
    const position = parameter("q", 0.5) * (x.length - 1);
    const part = position - Math.floor(position);
    if (parameter("interpolation", "linear") !== "linear" || part === 0 || !x.every((value) => typeof value === "number")) return undefined;
    const [low, high] = x.toSorted((a, b) => a - b).slice(Math.floor(position));
    return `${shortNumber(low)} + ${shortNumber(part)} · (${shortNumber(high)} − ${operand(low)})`;
}

/** An average gives each cell an equal share of a gradient of 1 as often as it is there: its inverse divides the sum. */
function countBehind(shares, cells) {
    const [key, share] = [...shares].find(([, value]) => value !== 0) ?? [];
    return share === undefined ? undefined : shortNumber(cells.filter((cell) => keyOf(cell) === key).length / share);
}

function weightedSum(shares) {
    const terms = [...shares].filter(([, share]) => share !== 0)
        .map(([key, share]) => `${operand(share)} · ${operand(valueAt(key.split(",").map(Number)))}`);
    return terms.length <= 6 ? terms.join(" + ") : [...terms.slice(0, 4), "…"].join(" + ");
}

/** The same as a sentence, for the line below the stage and for screen readers. */
export function sentenceOf(window, value) {
    const { left, result } = expressionOf(window, value);
    return left ? `${left} = ${result}` : result;
}
