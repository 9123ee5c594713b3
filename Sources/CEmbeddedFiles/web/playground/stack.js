// Layers one after the other. An output of any of them lights what it sees, through all layers before it.

import { post } from "../shared/api.js";
import { problemText } from "../shared/problems.js";
import { byId, element, shortNumber, svg } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { flatData, flatten, heatScale, oneHot, placesOf, planesOf, shapeOf, shapeText } from "../shared/tensors.js";
import { around, beamPoints, drawArrow, drawGrid, drawTitle, scale } from "./drawing.js";
import { emit, on } from "./events.js";
import { asInput, chainRequest, readersRequest, shapeLayer, takesShapeQuery } from "./requests.js";
import { changed, layer, state } from "./state.js";
import { boundsOf, keyOf } from "./windows.js";

export const stack = { load, draw, start };

let tensors = [];
let reports = [];
let problem;
/** The request with all layers, and its response. */
let exchange;
let grids = [];
/** The output that is looked at: of which layer, counted from 1, and its flat index. */
let seen = { depth: 0, index: 0 };
let wayBack = new Map();
let beams;
let frames;

async function load() {
    reports = [];
    wayBack = new Map();
    const request = chainRequest();
    const { ok, response } = await post("/v1/forward", request);
    exchange = { path: "/v1/forward", body: request, response };
    problem = ok ? undefined : response;
    tensors = [asInput(state.map, state.layers), ...(ok ? outputsOf(response) : await outputsBefore(faultyLayer(response)?.number ?? 0))];
    const layers = state.layers.slice(0, tensors.length - 1).map((each, i) => shapeLayer(each, shapeOf(tensors[i + 1])));
    const known = layers.slice(0, layers.map(({ region }) => takesShapeQuery(region)).concat(false).indexOf(false));
    reports = await Promise.all(known.map((_, depth) => post("/v1/shape", { input_shape: shapeOf(tensors[0]), layers: known.slice(0, depth + 1) })));
    const last = tensors.length - 1;
    if (seen.depth === 0 || seen.depth > last || seen.index >= flatten(tensors[seen.depth]).length) seen = { depth: last, index: 0 };
}

/** The layer that a problem points to, from 0, and the field of it. */
function faultyLayer({ pointer }) {
    const [, number, field] = /^\/layers\/(\d+)(.*)$/.exec(pointer ?? "") ?? [];
    return number === undefined ? undefined : { number: Number(number), field };
}

const outputsOf = ({ layers, output }) => [...layers.slice(0, -1).map((each) => each.output), output];

/** The outputs of the first layers alone. */
async function outputsBefore(count) {
    if (count === 0) return [];
    const { ok, response } = await post("/v1/forward", chainRequest(state.layers.slice(0, count)));
    return ok ? outputsOf(response) : [];
}

export const stackExchange = () => exchange;

function draw(root, area) {
    const across = area.isNarrow ? 2 : Math.max(tensors.length, 2);
    const down = Math.ceil(tensors.length / across);
    if (area.isNarrow) area.height = 40 + down * 210;
    const [w, h] = [(area.width - 16) / across, (area.height - 30) / down];
    beams = svg("g", { "aria-hidden": "true" });
    root.append(beams);
    grids = tensors.map((tensor, depth) => {
        const cell = { x: 16 + (depth % across) * w, y: 44 + Math.floor(depth / across) * h, w: w - 44, h: h - 76 };
        const grid = drawTensor(root, tensor, depth, cell);
        drawTitle(root, grid.box, depth === 0 ? t("input") : `${depth} · ${state.layers[depth - 1].op}`, shapeText(shapeOf(tensor)));
        if (depth > 0) drawField(root, grid.box, cell, fieldText(reports[depth - 1]));
        if (depth % across > 0) drawArrow(root, { x: cell.x - 24, y: cell.y + cell.h / 2 });
        return grid;
    });
    frames = svg("g", { "aria-hidden": "true" });
    root.append(frames);
    renderChips();
    renderProblem();
    light();
}

function fieldText(report) {
    const response = report?.ok ? report.response : undefined;
    return response?.receptive_field ? t("stack.field", { field: shapeText(response.receptive_field), jump: shapeText(response.jump) }) : "";
}

/** What a layer sees, below its output: moved to the left where it would leave its place, in two lines where it is too long. */
function drawField(root, { x, y, h }, place, text) {
    const note = svg("text", { x, y: y + h + 8 + 12 * scale.of, class: "note" }, text);
    root.append(note);
    const [left, right] = [place.x - 8, place.x + place.w + 20];
    if (note.getComputedTextLength() > right - left) {
        const lines = text.split(/(?<=[,，]) ?/);
        note.replaceChildren(...lines.map((line, i) => svg("tspan", { x, dy: i && "1.25em" }, line)));
    }
    const overhang = x + note.getBBox().width - right;
    if (overhang > 0) for (const line of [note, ...note.children]) line.setAttribute("x", Math.max(x - overhang, left));
}

function drawTensor(root, tensor, depth, box) {
    const [{ rows, columns }] = planesOf(tensor);
    const values = flatten(tensor);
    const heat = heatScale(values);
    const lines = values.length / columns;
    const name = depth === 0 ? t("input") : t("stack.after", { number: depth });
    return drawGrid(root, {
        box, rows: [0, lines], columns: [0, columns], label: name, largest: 48, rowsPerPlane: rows,
        fill([r, c]) {
            const index = r * columns + c;
            const data = depth === 0 ? { "data-seen": `${index}` } : { "data-layered": `${depth}:${index}` };
            return { value: values[index], heat: heat(values[index]), data, label: t("cell.value", { row: r, column: c, value: shortNumber(values[index]) }) };
        },
    });
}

/** The places that one output sees in each tensor before it: the gradient of sums, layer by layer. */
async function sightOf({ depth, index }) {
    const key = `${depth}:${index}`;
    if (!wayBack.has(key)) wayBack.set(key, askForSight(depth, index));
    return wayBack.get(key);
}

async function askForSight(depth, index) {
    const sight = [];
    let gradient = oneHot(shapeOf(tensors[depth]), index);
    sight[depth] = placesOf(gradient.data, widthOf(depth));
    for (let level = depth; level > 0; level--) {
        const { ok, response } = await post("/v1/backward", readersRequest(gradient, state.layers[level - 1], shapeOf(tensors[level - 1])));
        if (!ok) break;
        gradient = { shape: shapeOf(tensors[level - 1]), data: flatData(response.grad_input).map((share) => (share === 0 ? 0 : 1)) };
        sight[level - 1] = placesOf(gradient.data, widthOf(level - 1));
    }
    return sight;
}

const widthOf = (depth) => shapeOf(tensors[depth]).at(-1) ?? 1;

async function light() {
    const asked = seen;
    if (tensors.length < 2) return say("");
    const sight = await sightOf(asked);
    if (asked !== seen || state.tab !== "stack") return;
    grids.forEach((grid, depth) => {
        const lit = new Set((sight[depth] ?? []).map(keyOf));
        for (const [key, node] of grid.nodes) {
            node.classList.toggle("tap", lit.has(key) && depth < asked.depth);
            node.classList.toggle("chosen", lit.has(key) && depth === asked.depth);
            if (depth > 0) node.setAttribute("aria-pressed", String(lit.has(key) && depth === asked.depth));
        }
    });
    const regions = sight.map((places, depth) => (places?.length ? around(places.map((place) => grids[depth].rectOf(place)), 4) : undefined));
    beams.replaceChildren(...regions.slice(1).flatMap((region, depth) =>
        (region && regions[depth] ? [svg("polygon", { class: "beam", points: beamPoints(regions[depth], region) })] : [])));
    frames.replaceChildren(...regions.filter(Boolean).map(({ x, y, w, h }) => svg("rect", { class: "frame", rx: 9, x, y, width: w, height: h })));
    say(sightText(asked, sight[0]));
}

function sightText({ depth, index }, places) {
    if (!places?.length) return "";
    const { rows, columns } = boundsOf(places);
    return t("stack.sentence", {
        layer: depth, row: Math.floor(index / widthOf(depth)), column: index % widthOf(depth), count: places.length,
        top: rows[0], bottom: rows[1], left: columns[0], right: columns[1],
    });
}

const say = (text) => (byId("sentence").textContent = text);

function renderProblem() {
    const message = byId("error-stack");
    message.hidden = !problem;
    message.textContent = problem ? stackProblemText() : "";
}

function stackProblemText() {
    const fault = faultyLayer(problem);
    if (!fault) return problemText(problem);
    return t("stack.error", { number: fault.number + 1, problem: problemText({ ...problem, pointer: fault.field }) });
}

/** One chip per layer: the pressed one is set by the bar. */
function renderChips() {
    const focused = document.activeElement?.dataset?.layer;
    const faulty = problem && faultyLayer(problem)?.number;
    byId("layers").replaceChildren(...state.layers.map((each, i) => element("button", {
        type: "button", "data-layer": String(i), "aria-pressed": String(i === state.current), class: i === faulty && "faulty",
        onclick() {
            state.current = i;
            emit("layer");
            changed();
        },
    }, `${i + 1} · ${layerText(each)}`)));
    if (focused !== undefined) byId("layers").querySelector(`[data-layer="${focused}"]`)?.focus();
    byId("layer-remove").disabled = state.layers.length < 2;
    byId("layer-add").disabled = state.layers.length >= 6;
}

function layerText({ op, region, fields }) {
    if (region !== "sliding") return `${op} ${region}`;
    return `${op} ${fields.kernel ?? ""}${fields.stride ? ` / ${fields.stride}` : ""}`;
}

function look(event) {
    const cell = event.target.closest("[data-layered]");
    if (!cell) return;
    const [depth, index] = cell.dataset.layered.split(":").map(Number);
    if (seen.depth === depth && seen.index === index) return;
    seen = { depth, index };
    light();
}

function start(canvas) {
    for (const type of ["pointerover", "focusin", "click"]) canvas.addEventListener(type, look);
    byId("layer-add").addEventListener("click", () => {
        state.layers.splice(state.current + 1, 0, structuredClone(layer()));
        state.current += 1;
        seen = { depth: 0, index: 0 };
        emit("layer");
        changed();
    });
    byId("layer-remove").addEventListener("click", () => {
        state.layers.splice(state.current, 1);
        state.current = Math.max(state.current - 1, 0);
        seen = { depth: 0, index: 0 };
        emit("layer");
        changed();
    });
    on("example", () => (seen = { depth: 0, index: 0 }));
}
