// A small picture for each op: the four values of a window as bars, and what the op makes of them.

import { svg } from "../shared/dom.js";

const heights = [9, 20, 5, 14];

/** The bar that an op selects, a level that it computes, or a sign for what has neither. */
const pictures = {
    max: { chosen: 1 },
    min: { chosen: 2 },
    median: { chosen: 0 },
    first: { chosen: 0, sign: "1" },
    last: { chosen: 3, sign: "n" },
    avg: { level: 12 },
    sum: { sign: "Σ" },
    product: { sign: "Π" },
    lp: { sign: "‖x‖" },
    power_avg: { level: 15, sign: "p" },
    logsumexp: { level: 17, sign: "log" },
    softmax: { level: 16, sign: "e" },
    variance: { spread: [12, 6], sign: "σ²" },
    std: { spread: [12, 6], sign: "σ" },
    quantile: { level: 9, sign: "q" },
    mixed: { chosen: 1, level: 12 },
    stochastic: { chosen: 3, sign: "?" },
    weighted: { curve: true },
    mean_sqrt_len: { sign: "√n" },
};

export function opPicture(op) {
    const { chosen, level, sign, spread, curve } = pictures[op] ?? { sign: op.slice(0, 3) };
    const picture = svg("svg", { viewBox: "0 0 36 26", class: "op-picture", "aria-hidden": "true" });
    heights.forEach((height, i) => picture.append(svg("rect", {
        x: 3 + i * 8, y: 24 - height, width: 6, height, rx: 1.5, class: i === chosen ? "stick chosen" : "stick",
    })));
    if (level !== undefined) picture.append(svg("path", { class: "level", d: `M1 ${24 - level} H35` }));
    if (spread) picture.append(svg("path", { class: "level", d: `M18 ${24 - spread[0] - spread[1]} V${24 - spread[0] + spread[1]} M14 ${24 - spread[0] - spread[1]} H22 M14 ${24 - spread[0] + spread[1]} H22` }));
    if (curve) picture.append(svg("path", { class: "level", d: "M1 23 C10 23 11 4 18 4 S26 23 35 23" }));
    if (sign) picture.append(svg("text", { x: 34, y: 9, class: "sign" }, sign));
    return picture;
}
