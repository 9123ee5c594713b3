// The same layer over a moved input: what stays, and what does not.

import { post } from "../shared/api.js";
import { byId, shortNumber, svg } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { binomialFilter, binomialRow } from "../shared/starting-values.js";
import { flatten, heatScale, planesOf, shapeText } from "../shared/tensors.js";
import { drawGrid, drawTitle, scale } from "./drawing.js";
import { emit } from "./events.js";
import { exampleNamed } from "./examples.js";
import { asInput, layerFields, regionFields } from "./requests.js";
import { layer, opEntry, rejection, slides, state } from "./state.js";

export const shift = { load, draw, start };

/** Heights on a narrow stage, where cards are below the input: numbers are readable, and the buttons stay in sight. */
const narrowInput = 166;
const narrowCard = 158;
/** The least height of a row of numbers there. */
const narrowRow = 27;

let cards = [];
let moved = [];

/** The map turned by quarters clockwise, then moved, with zeros coming in, or what lies beyond the map of an example. */
function movedMap() {
    let { map } = state;
    for (let turn = 0; turn < state.moved.turns; turn++) map = map[0].map((_, c) => map.map((line) => line[c]).reverse());
    const within = beyondEdges[exampleNamed(state.example)?.beyond] ?? ((place) => place);
    return map.map((line, r) => line.map((_, c) =>
        map[within(r - state.moved.down, map.length)]?.[within(c - state.moved.right, line.length)] ?? 0));
}

const beyondEdges = {
    edge: (place, size) => Math.min(Math.max(place, 0), size - 1),
    "other side": (place, size) => ((place % size) + size) % size,
};

/** What is compared: this layer and the whole stack; of one layer alone, the typical ops over the same windows. */
function compared() {
    const own = layerFields();
    const region = regionFields();
    const list = [{ name: t("shift.layer", { op: layer().op }), steps: [own] }];
    if (state.layers.length > 1) {
        return [...list, { name: t("shift.stack", { ops: state.layers.map(({ op }) => op).join(" → ") }), steps: state.layers.map((each) => layerFields(each)) }];
    }
    for (const op of ["max", "avg"]) {
        if (op !== layer().op && opEntry(op) && !rejection(op, layer().region)) list.push({ name: op, steps: [{ op, ...region }] });
    }
    if (slides() && canDifferFromAverage(region.kernel) && layer().op !== "weighted" && opEntry("weighted") && !rejection("weighted", layer().region)) list.push({ name: t("shift.blur"), steps: [blurFields(region)] });
    return list;
}

/** The binomial weights of one and of two cells are equal: an average. */
export const canDifferFromAverage = (kernel) => [kernel].flat().some((size) => size > 2);

/** A binomial filter over the same windows. */
export function blurFields(region) {
    const [rows, columns] = Array.isArray(region.kernel) ? region.kernel : [region.kernel, region.kernel];
    return { op: "weighted", ...region, weights: columns === undefined ? binomialRow(rows) : binomialFilter(rows, columns), normalize: true };
}

async function load() {
    moved = movedMap();
    cards = state.run.forward ? await Promise.all(compared().map(comparison)) : [];
    const isMoved = state.moved.down || state.moved.right || state.moved.turns;
    byId("shift-state").textContent = isMoved
        ? t("shift.state", { dx: state.moved.right, dy: state.moved.down, turns: state.moved.turns * 90 }) : t("shift.original");
    const isSquare = state.map.length === state.map[0].length;
    byId("turn").disabled = !isSquare;
    byId("turn-reason").textContent = isSquare ? "" : t("shift.square");
    byId("sentence").textContent = t("shift.limits");
}

async function comparison({ name, steps }) {
    const [before, after] = await Promise.all([state.map, moved].map((map) => runSteps(steps, asInput(map, steps))));
    if (!before || !after) return { name };
    const [originals, values] = [flatten(before), flatten(after)];
    const changed = values.map((value, i) => value !== originals[i]);
    const size = values.reduce((sum, value, i) => sum + Math.abs(value - originals[i]), 0) / values.length;
    return { name, after, originals, changed, note: changeText("shift.count", changed, size), brief: changeText("shift.count.short", changed, size) };
}

async function runSteps(steps, input) {
    let tensor = input;
    for (const step of steps) {
        const { ok, response } = await post("/v1/forward", { ...step, input: tensor });
        if (!ok) return undefined;
        tensor = response.output;
    }
    return tensor;
}

function changeText(key, changed, size) {
    const count = changed.filter(Boolean).length;
    if (count === 0) return t("shift.same");
    return t(key, { changed: count, count: changed.length, mean: shortNumber(size) });
}

function draw(root, stage) {
    const { width, height, isNarrow } = stage;
    const heat = heatScale(state.map.flat());
    const box = isNarrow ? { x: 8, y: 40, w: width - 16, h: narrowInput } : { x: 24, y: 44, w: width * 0.34, h: height - 66 };
    const grid = drawGrid(root, {
        box, rows: [0, moved.length], columns: [0, moved[0].length], label: t("shift.moved"),
        fill: ([r, c]) => ({ value: moved[r][c], heat: heat(moved[r][c]), label: t("cell.value", { row: r, column: c, value: shortNumber(moved[r][c]) }), data: { "data-moved": `${r},${c}` } }),
    });
    const isMoved = state.moved.right || state.moved.down || state.moved.turns;
    drawTitle(root, grid.box, t(isMoved ? "shift.moved" : "input"), shapeText([moved.length, moved[0].length]));
    drawOldPlace(root, grid);
    const across = cards.length > 1 ? 2 : 1;
    const down = Math.ceil(cards.length / across);
    const below = 86 + narrowInput;
    const rows = Math.max(...cards.map(({ after }) => (after ? planesOf(after).reduce((sum, plane) => sum + plane.rows, 0) : 0)));
    const columns = Math.max(...cards.map(({ after }) => (after ? planesOf(after)[0].columns : 1)));
    const card = Math.max(narrowCard, rows * Math.min(narrowRow, (width - 16) / across / columns) + 44);
    if (isNarrow) stage.height = below + down * card;
    const area = isNarrow
        ? { x: 8, y: below, w: width - 16, h: down * card } : { x: width * 0.42, y: 44, w: width * 0.58 - 24, h: height - 60 };
    cards.forEach((card, i) => {
        const [w, h] = [area.w / across, area.h / down];
        const note = isNarrow && across > 1 ? card.brief : card.note;
        drawCard(root, { ...card, note }, { x: area.x + (i % across) * w, y: area.y + Math.floor(i / across) * h, w: w - 20, h: h - 14 });
    });
}

/** Where the map was before it moved. */
function drawOldPlace(root, { box, size }) {
    const { right, down } = state.moved;
    if (!right && !down) return;
    const [x, y] = [box.x + right * size, box.y + down * size];
    root.append(svg("clipPath", { id: "map-clip" }, svg("rect", { x: box.x, y: box.y, width: box.w, height: box.h })),
        svg("rect", { x, y, width: box.w, height: box.h, rx: 8, class: "old-place", "clip-path": "url(#map-clip)" }));
}

function drawCard(root, { name, after, originals, changed, note }, box) {
    const [kind, detail] = name.split(/[:：] ?/);
    drawTitle(root, box, kind, detail, box.x + box.w);
    root.append(svg("text", { x: box.x, y: box.y + 1 + 14 * (scale.of - 1), class: changed?.some(Boolean) ? "note changed" : "note", "data-change": name }, note ?? t("shift.none")));
    if (!after) return;
    const planes = planesOf(after);
    const heat = heatScale(originals);
    drawGrid(root, {
        box: { x: box.x, y: box.y + 12 * scale.of, w: box.w, h: box.h - 30 * scale.of }, align: "start", largest: 52, label: `${name}: ${note}`,
        rows: [0, planes.length * planes[0].rows], columns: [0, planes[0].columns],
        fill([r, c]) {
            const index = r * planes[0].columns + c;
            const value = flatten(after)[index];
            return {
                value, small: changed[index] ? originals[index] : undefined, heat: heat(value), classes: changed[index] ? ["changed"] : [],
                label: t(changed[index] ? "shift.cell.changed" : "cell.value", { row: r, column: c, value: shortNumber(value), before: shortNumber(originals[index]) }),
                data: { "data-shifted": `${name},${index}` },
            };
        },
    });
}

function start() {
    const { moved: by } = state;
    const moves = {
        "shift-left": () => (by.right -= 1),
        "shift-right": () => (by.right += 1),
        "shift-up": () => (by.down -= 1),
        "shift-down": () => (by.down += 1),
        "turn": () => (by.turns = (by.turns + 1) % 4),
        "shift-reset": () => Object.assign(by, { down: 0, right: 0, turns: 0 }),
    };
    for (const [id, move] of Object.entries(moves)) {
        byId(id).addEventListener("click", () => {
            move();
            emit("view");
        });
    }
}
