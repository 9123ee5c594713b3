// Regions of interest as boxes over the input: dragged by the pointer, moved and sized by the arrow keys.

import { announce, byId, svg } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { fieldValue } from "./requests.js";
import { edited, isSampled, layer, state, takesBoxes } from "./state.js";

let grid;
/** What the pointer holds: a corner or the whole box, and where it took it. */
let held;

const boxes = () => {
    const rois = fieldValue(layer().fields.rois);
    return Array.isArray(rois) && rois.every((roi) => Array.isArray(roi) && roi.length === 5) ? rois : [];
};
const scale = () => fieldValue(layer().fields.spatial_scale) ?? 1;

/** Where the first and the last coordinate of a box lie, counted in cells from the map's edge. */
function edges() {
    if (!isSampled()) return [0, 1];
    return fieldValue(layer().fields.aligned) === true ? [0, 0] : [0.5, 0.5];
}

/** A RoI as a rectangle on the stage. */
function rectOf([, x1, y1, x2, y2]) {
    const [first, last] = edges();
    const at = (value, edge) => (value * scale() + edge) * grid.size;
    const [left, top] = [at(x1, first), at(y1, first)];
    return { x: grid.box.x + left, y: grid.box.y + top, width: at(x2, last) - left, height: at(y2, last) - top };
}

export function drawBoxes(root, input) {
    grid = input;
    if (!takesBoxes()) return;
    const group = svg("g", { role: "group", "aria-label": t("roi.boxes") });
    boxes().forEach((roi, number) => {
        const rect = rectOf(roi);
        const label = t("roi.label", { number: number + 1, left: roi[1], top: roi[2], right: roi[3], bottom: roi[4] });
        const box = svg("g", { class: "roi", role: "button", tabindex: "0", "data-box": String(number), "aria-label": label },
            svg("rect", { class: "roi-area", ...rect, rx: 6 }), svg("rect", { class: "roi-line", ...rect, rx: 6, mask: "url(#no-numbers)" }));
        for (const [name, x, y] of [["nw", 0, 0], ["ne", 1, 0], ["sw", 0, 1], ["se", 1, 1]]) {
            const corner = [rect.x + x * rect.width, rect.y + y * rect.height];
            const [cx, cy] = [outward(corner[0], grid.box.x, x), outward(corner[1], grid.box.y, y)];
            box.append(
                svg("line", { class: "handle-arm", x1: (corner[0] + cx) / 2, y1: (corner[1] + cy) / 2, x2: cx, y2: cy }),
                svg("circle", { class: `handle ${name}`, "data-corner": name, cx, cy, r: 8 }));
        }
        group.append(box);
    });
    root.append(withoutNumbers(), group, numbersAbove());
}

/** The stage but for the numbers of the input: lines do not strike them through. */
function withoutNumbers() {
    const gaps = [...grid.group.querySelectorAll(".number")].map((number) => number.getBBox())
        .map(({ x, y, width, height }) => svg("rect", { x: x - 3, y, width: width + 6, height, fill: "black" }));
    return svg("mask", { id: "no-numbers", maskUnits: "userSpaceOnUse", x: -10, y: -10, width: 9999, height: 9999 },
        svg("rect", { x: -10, y: -10, width: 9999, height: 9999, fill: "white" }), ...gaps);
}

/** The line between cells that is next to a corner, away from the box: handles cover no number. */
function outward(corner, start, isEnd) {
    const cells = (corner - start) / grid.size;
    return start + (isEnd ? Math.ceil(cells - 1e-9) : Math.floor(cells + 1e-9)) * grid.size;
}

/** The numbers of the input once more, over the boxes. */
function numbersAbove() {
    const numbers = [...grid.group.querySelectorAll(".number")].map((number) => {
        const copy = number.cloneNode(true);
        copy.setAttribute("class", "number-above");
        return copy;
    });
    return svg("g", { "aria-hidden": "true" }, ...numbers);
}

/** Moves the edges of a box by whole or half elements; they never cross. */
function moveBox(number, corner, right, down) {
    const rois = boxes();
    const roi = [...rois[number]];
    const minimum = isSampled() ? 1 : 0;
    const [height, width] = [state.map.length, state.map[0].length].map((size) => (size - 1) / scale());
    const within = (value, most) => Math.min(Math.max(value, 0), most);
    if (corner === "all") {
        const [dx, dy] = [[1, 3, right, width], [2, 4, down, height]].map(([low, high, step, most]) =>
            Math.min(Math.max(step, -roi[low]), Math.max(most - roi[high], 0)));
        roi[1] += dx, roi[3] += dx, roi[2] += dy, roi[4] += dy;
    } else {
        if (corner.includes("w")) roi[1] = Math.min(within(roi[1] + right, width), roi[3] - minimum);
        if (corner.includes("e")) roi[3] = Math.max(within(roi[3] + right, width), roi[1] + minimum);
        if (corner.includes("n")) roi[2] = Math.min(within(roi[2] + down, height), roi[4] - minimum);
        if (corner.includes("s")) roi[4] = Math.max(within(roi[4] + down, height), roi[2] + minimum);
    }
    if (JSON.stringify(roi) === JSON.stringify(rois[number])) return false;
    rois[number] = roi;
    layer().fields.rois = JSON.stringify(rois);
    edited();
    return true;
}

const step = () => (isSampled() ? 0.5 : 1) / scale();

function take(event) {
    const box = event.target.closest("[data-box]");
    if (!box) return;
    event.preventDefault();
    box.focus({ preventScroll: true });
    held = { number: Number(box.dataset.box), corner: event.target.dataset.corner ?? "all", x: event.clientX, y: event.clientY };
}

function drag(event) {
    if (!held) return;
    const cell = grid.size * scale() * byId("drawing").getScreenCTM().a;
    const steps = (pixels) => Math.round(pixels / cell / step()) * step();
    const [right, down] = [steps(event.clientX - held.x), steps(event.clientY - held.y)];
    if ((right || down) && moveBox(held.number, held.corner, right, down)) Object.assign(held, { x: held.x + right * cell, y: held.y + down * cell });
}

function press(event) {
    const direction = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    const box = event.target.closest("[data-box]");
    if (!direction || !box) return;
    event.preventDefault();
    const number = Number(box.dataset.box);
    moveBox(number, event.shiftKey ? "se" : "all", direction[0] * step(), direction[1] * step());
    const [, left, top, right, bottom] = boxes()[number];
    announce(t("roi.label", { number: number + 1, left, top, right, bottom }));
}

export function startBoxes(canvas) {
    canvas.addEventListener("pointerdown", take);
    addEventListener("pointermove", drag);
    addEventListener("pointerup", () => (held = undefined));
    canvas.addEventListener("keydown", press);
}
