// The window that is lifted out of the input: its frame, its cells enlarged, the light between them and the output.

import { svg } from "../shared/dom.js";
import { around, beamPoints, drawArrow, drawGrid, Glide, place, scale } from "./drawing.js";
import { keyOf } from "./windows.js";

/** Where input, window and output are, side by side or, where it is narrow, window and output below the input. */
export function places({ width, height, isNarrow }) {
    const top = 44;
    if (isNarrow) {
        const below = top + 224 + 60;
        return {
            input: { x: 8, y: top, w: width - 16, h: 224 },
            window: { x: 8, y: below, w: width * 0.5 - 30, h: 116 },
            output: { x: width * 0.56, y: below, w: width * 0.44 - 8, h: 116 },
            formula: { x: width / 2, y: below + 148, w: width - 16 },
        };
    }
    const h = height - top - 22;
    const low = 52 * scale.of;
    const window = { x: width * 0.41, y: top, w: width * 0.24, h: h - low - 46 };
    return {
        input: { x: 24, y: top, w: width * 0.34, h },
        window,
        output: { x: width * 0.71, y: top, w: width * 0.29 - 24, h },
        formula: { x: window.x + window.w / 2, y: top + h - low, w: width * 0.3 },
    };
}

export class LiftedWindow {
    constructor(root, input, output, boxes, isNarrow, isBack) {
        Object.assign(this, { input, output, boxes, isNarrow, isBack });
        this.beams = [0, 1].map(() => svg("polygon", { class: isBack ? "beam back" : "beam" }));
        this.frame = svg("rect", { class: "frame", rx: 10 });
        this.target = svg("rect", { class: "frame", rx: 10 });
        this.inside = svg("g", { "aria-hidden": "true" });
        this.glide = new Glide((values) => this.showAt(values));
        root.prepend(...this.beams);
        root.append(this.frame, this.target, this.inside);
        this.root = root;
    }

    /** Shows the window over `cells`; `content` tells what each of its cells shows. */
    show({ cells, index, content, left, result, name }) {
        this.inside.replaceChildren();
        const taken = cells.filter((cell) => this.input.nodes.has(keyOf(cell)));
        for (const part of [...this.beams, this.frame]) part.toggleAttribute("hidden", taken.length === 0);
        const grid = this.drawCells(taken, content);
        const lifted = grid ? around([grid.box], 9) : this.boxes.window;
        if (grid) this.inside.prepend(svg("rect", { class: "sheet", rx: 14, x: lifted.x, y: lifted.y, width: lifted.w, height: lifted.h }));
        this.drawFormula(left, result);
        if (name && !this.isNarrow) this.inside.append(svg("text", { x: lifted.x + lifted.w / 2, y: lifted.y - 12, class: "title", "font-size": 15 * scale.of, "text-anchor": "middle" }, name));
        if (grid) this.drawArrows(lifted);
        const from = taken.length ? around(taken.map((cell) => this.input.rectOf(cell)), 4) : lifted;
        const to = around([this.output.rectOf(this.output.placeOf(index))], 4);
        this.glide.to([from, lifted, to].flatMap(({ x, y, w, h }) => [x, y, w, h]));
    }

    showAt(values) {
        const [from, lifted, to] = [0, 4, 8].map((start) => ({ x: values[start], y: values[start + 1], w: values[start + 2], h: values[start + 3] }));
        place(this.frame, from);
        place(this.target, to);
        this.beams[0].setAttribute("points", beamPoints(from, lifted));
        this.beams[1].setAttribute("points", beamPoints(lifted, to));
    }

    drawCells(cells, content) {
        if (cells.length === 0) return undefined;
        const rows = [...new Set(cells.map(([r]) => r))].sort((a, b) => a - b);
        const columns = [...new Set(cells.map(([, c]) => c))].sort((a, b) => a - b);
        const known = new Set(cells.map(keyOf));
        const box = this.boxes.window;
        return drawGrid(this.inside, {
            box: { x: box.x + 14, y: box.y + (this.isNarrow ? 10 : 26), w: box.w - 28, h: box.h - (this.isNarrow ? 20 : 36) }, largest: 70,
            rows: [0, rows.length], columns: [0, columns.length],
            fill([r, c]) {
                const cell = [rows[r], columns[c]];
                return known.has(keyOf(cell)) ? content(cell) : { classes: ["beyond"] };
            },
        });
    }

    drawFormula(left, result) {
        const { x, y, w } = this.boxes.formula;
        const line = (text, at, size, kind = "") => svg("text", { x, y: at, class: `formula ${kind}`, "font-size": size.toFixed(1), "text-anchor": "middle" }, ...text);
        if (this.isNarrow) {
            const text = left && result ? `${left} = ` : left;
            const lines = broken(text, w / 6.5 - result.length);
            const longest = Math.max(...lines.map((part) => part.length)) + result.length;
            const size = Math.min(19, w / (longest * 0.55));
            const texts = lines.map((part, i) => line([part], y + (i - (lines.length - 1) * 0.35) * size * 1.3, size));
            texts.at(-1).append(svg("tspan", { class: "result" }, result));
            this.fit(texts, w);
        } else {
            const lines = broken(left, w / 9);
            const size = Math.max(Math.min(22 * scale.of, w / (Math.max(...lines.map((part) => part.length), 8) * 0.53)), 10);
            this.fit(lines.map((part, i) => line([part], y - (lines.length - 1 - i) * size * 1.25, size)), w);
            if (result) this.fit([line([left ? `= ${result}` : result], y + 42 * scale.of, 32 * scale.of, "result")], w);
        }
    }

    /** Puts lines of one size on the stage: a smaller one where they are wider than their place. */
    fit(lines, width) {
        this.inside.append(...lines);
        const longest = Math.max(...lines.map((line) => line.getComputedTextLength()));
        if (longest <= width) return;
        for (const line of lines) line.setAttribute("font-size", (line.getAttribute("font-size") * width / longest).toFixed(1));
    }

    /** Forward from input to output; a gradient goes the other way. */
    drawArrows(lifted) {
        const back = this.isBack;
        const between = (one, other) => ({ x: (one.x + one.w + other.x) / 2, y: lifted.y + lifted.h / 2 });
        if (this.isNarrow) drawArrow(this.inside, { x: lifted.x + lifted.w / 2, y: (this.input.box.y + this.input.box.h + lifted.y) / 2 }, back ? "up" : "down");
        else drawArrow(this.inside, between(this.input.box, lifted), back ? "left" : "right");
        drawArrow(this.inside, between(lifted, this.output.box), back ? "left" : "right");
    }
}

/** A long sum or list in two lines: broken before a sign, or after a comma. */
function broken(text, longest) {
    const signs = [...text.matchAll(/ [+/] |(?<=,) /g)].map(({ index }) => index);
    if (text.length <= longest || signs.length === 0) return [text];
    const middle = signs.reduce((best, index) => (Math.abs(index - text.length / 2) < Math.abs(best - text.length / 2) ? index : best));
    return [text.slice(0, middle), text.slice(middle + 1)];
}
