// What the stage is drawn with: grids of cells, rectangles between them, and movement from one place to the next.

import { shortNumber, svg } from "../shared/dom.js";
import { keyOf } from "./windows.js";

/** How much larger than on a page everything is, for those in the last row. */
export const scale = { of: 1 };

/** A cell of this size or larger has room for its number, which is not smaller than this where it fits. */
const readableSize = 17;
const readableText = 11;

/**
 * Cells in the middle of a box, as large as fits. `fill` gets each place as [row, column] and returns what its cell shows:
 * `value`, `small` (a second number), `heat` (0 to 1), `classes`, `label` and `data`; one with `data` takes the focus.
 */
export function drawGrid(parent, { box, rows, columns, largest = 84, label, fill, align = "middle" }) {
    const [lines, cells] = [rows[1] - rows[0], columns[1] - columns[0]];
    const size = Math.max(Math.floor(Math.min(largest * scale.of, box.w / cells, box.h / lines)), 3);
    const gap = size >= 26 ? 4 : size >= 14 ? 2 : 1;
    const left = box.x + (align === "start" ? 0 : (box.w - size * cells) / 2);
    const top = box.y + (align === "start" ? 0 : (box.h - size * lines) / 2);
    const rectOf = ([r, c]) => ({ x: left + (c - columns[0]) * size + gap / 2, y: top + (r - rows[0]) * size + gap / 2, w: size - gap, h: size - gap });
    const group = svg("g", { role: "group", "aria-label": label });
    const nodes = new Map();
    const seconds = svg("g", { "aria-hidden": "true", class: "seconds" });
    for (let r = rows[0]; r < rows[1]; r++) {
        for (let c = columns[0]; c < columns[1]; c++) {
            const content = fill([r, c]);
            const rect = rectOf([r, c]);
            const node = drawCell(rect, content);
            if (content.small !== undefined && rect.w >= 34) seconds.append(secondNumber(content.small, rect));
            nodes.set(keyOf([r, c]), node);
            group.append(node);
        }
    }
    parent.append(group, seconds);
    return { group, nodes, rectOf, size, box: { x: left, y: top, w: size * cells, h: size * lines } };
}

function drawCell({ x, y, w, h }, { value, heat = 0, classes = [], label, data }) {
    const names = ["cell", ...classes].join(" ");
    const focus = data ? { role: "button", tabindex: "-1", "aria-label": label, ...data } : { "aria-hidden": "true" };
    const cell = svg("g", { class: names, ...focus },
        svg("rect", { x, y, width: w, height: h, rx: Math.min(8, w / 5) }));
    cell.style.setProperty("--share", `${Math.round(heat * 60)}%`);
    if (value !== undefined && w >= readableSize) cell.append(cellText(shortNumber(value), x + w / 2, y + h / 2, w));
    if (classes.includes("selected-value")) cell.append(svg("circle", { cx: x + w - w * 0.17, cy: y + w * 0.17, r: Math.max(w * 0.09, 2), class: "dot" }));
    return cell;
}

/** A second number in a cell's corner. It is no part of the cell's name, which tells it in words. */
function secondNumber(value, { x, y }) {
    return svg("text", { x: x + 5, y: y + 10 * scale.of, class: "small", "font-size": 10 * scale.of }, shortNumber(value));
}

function cellText(text, x, y, width) {
    const size = Math.min(Math.max(width * 0.4, readableText), (width - 4) / (text.length * 0.6), 30 * scale.of);
    return svg("text", { x, y, "font-size": size.toFixed(1), class: "number" }, text);
}

/** The rectangle around some. */
export function around(rects, margin = 0) {
    const left = Math.min(...rects.map(({ x }) => x)) - margin;
    const top = Math.min(...rects.map(({ y }) => y)) - margin;
    return {
        x: left, y: top,
        w: Math.max(...rects.map(({ x, w }) => x + w)) + margin - left,
        h: Math.max(...rects.map(({ y, h }) => y + h)) + margin - top,
    };
}

/** The outline of two rectangles and all between them: light that falls from one onto the other. */
export function beamPoints(one, other) {
    const corners = [one, other].flatMap(({ x, y, w, h }) => [[x, y], [x + w, y], [x, y + h], [x + w, y + h]]);
    const points = corners.sort(([a, b], [c, d]) => a - c || b - d);
    const half = (sequence) => {
        const chain = [];
        for (const point of sequence) {
            while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
            chain.push(point);
        }
        return chain.slice(0, -1);
    };
    return [...half(points), ...half([...points].reverse())].map((point) => point.map((part) => part.toFixed(1)).join(",")).join(" ");
}

const turn = ([ax, ay], [bx, by], [cx, cy]) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const glideMilliseconds = 280;

/** Moves numbers from where they were to where they are wanted; `draw` gets them on the way. */
export class Glide {
    constructor(draw) {
        this.draw = draw;
        this.shown = undefined;
    }

    to(wanted) {
        cancelAnimationFrame(this.frame);
        if (!this.shown || this.shown.length !== wanted.length || isStill()) return this.show(wanted);
        const from = this.shown;
        const start = performance.now();
        const step = (now) => {
            const part = Math.min((now - start) / glideMilliseconds, 1);
            const eased = 1 - (1 - part) ** 3;
            this.show(from.map((value, i) => value + (wanted[i] - value) * eased));
            if (part < 1) this.frame = requestAnimationFrame(step);
        };
        this.frame = requestAnimationFrame(step);
    }

    show(values) {
        this.shown = values;
        this.draw(values);
    }
}

export function place(rect, { x, y, w, h }) {
    for (const [name, value] of Object.entries({ x, y, width: w, height: h })) rect.setAttribute(name, value.toFixed(1));
}

/** A title above a box. Where both do not fit between the box's left and `right`, the detail has a line of its own. */
export function drawTitle(parent, box, title, detail = "", right = Infinity) {
    const rest = svg("tspan", { class: "detail", dx: 8 }, detail);
    const text = svg("text", { x: box.x, y: box.y - 16, class: "title", "font-size": 15 * scale.of }, title, rest);
    parent.append(text);
    if (detail && box.x + text.getComputedTextLength() > right) {
        text.setAttribute("y", box.y - 32);
        for (const [name, value] of [["x", box.x], ["dx", 0], ["dy", "1.25em"]]) rest.setAttribute(name, value);
    }
    const overhang = Math.max(box.x + text.getBBox().width - right, 0);
    for (const line of [text, rest]) if (overhang && line.hasAttribute("x")) line.setAttribute("x", box.x - overhang);
}

/** A short arrow around a point. */
export function drawArrow(parent, { x, y }, direction = "right") {
    const turns = { right: 0, down: 90, left: 180, up: 270 }[direction];
    parent.append(svg("path", { class: `arrow ${direction}`, d: "M-13 0 H11 M4 -7 L12 0 L4 7", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turns})` }));
}
