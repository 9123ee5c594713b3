// The stage: one drawing that the five views share. A view loads what it needs from the service, then draws it.

import { byId, svg } from "../shared/dom.js";
import { scale } from "./drawing.js";
import { emit, on } from "./events.js";
import { forward } from "./forward.js";
import { gradient } from "./gradient.js";
import { photo } from "./photo.js";
import { shift } from "./shift.js";
import { stack } from "./stack.js";
import { state } from "./state.js";

const views = { forward, gradient, shift, stack, photo };
const narrow = 620;
let drawing = 0;

export const currentView = () => views[state.tab];

/** Loads and draws the current view; what was asked for later wins. */
async function refresh() {
    const number = ++drawing;
    const view = currentView();
    if (!state.run) return;
    await view.load?.();
    if (number !== drawing) return;
    draw();
    document.body.dataset.run = String(Number(document.body.dataset.run ?? 0) + 1);
}

/** Draws again what is loaded. The focus stays on the cell that had it. */
export function draw() {
    const holder = byId("stage");
    const area = { width: holder.clientWidth, isNarrow: holder.clientWidth < narrow, height: 0 };
    const isPhoto = state.tab === "photo";
    byId("drawing").toggleAttribute("hidden", isPhoto);
    byId("photo").hidden = !isPhoto;
    const focused = focusedCell();
    if (isPhoto) {
        photo.draw();
    } else {
        area.height = heightOf(area);
        scale.of = state.isPresenting && !area.isNarrow ? 1.5 : 1;
        const root = svg("g");
        const canvas = byId("drawing");
        canvas.style.setProperty("--scale", scale.of);
        canvas.replaceChildren(root);
        currentView().draw(root, area);
        const height = state.isPresenting ? Math.min(area.height, roomForStage()) : area.height;
        for (const [name, value] of [["width", area.width], ["height", height], ["viewBox", `0 0 ${area.width} ${area.height}`]]) canvas.setAttribute(name, value);
    }
    giveTabStops();
    if (focused) byId("drawing").querySelector(focused)?.focus({ preventScroll: true });
    emit("drawn");
}

/** A view may make itself higher while it draws. */
function heightOf({ isNarrow }) {
    if (isNarrow) return 500;
    if (state.isPresenting) return roomForStage();
    return Math.min(Math.max(innerHeight * 0.5, 340), 470);
}

/** While presenting: the height between the caption and the buttons. */
const roomForStage = () => Math.max(innerHeight - byId("below").offsetHeight - byId("caption").offsetHeight - 56, 220);

function focusedCell() {
    const { dataset } = document.activeElement ?? {};
    const name = ["output", "input", "grad", "layered", "box"].find((key) => dataset?.[key] !== undefined);
    return name && `[data-${name}="${dataset[name]}"]`;
}

/** Each group of cells is one tab stop; the arrow keys move within it. */
function giveTabStops() {
    for (const group of byId("drawing").querySelectorAll('g[role="group"]')) {
        const cells = [...group.querySelectorAll('[role="button"]')];
        const first = cells.find((cell) => cell.getAttribute("aria-pressed") === "true") ?? cells[0];
        first?.setAttribute("tabindex", "0");
    }
}

function roam(event) {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    const cell = event.target.closest('[role="button"]');
    if (!step || !cell || state.isPresenting || cell.dataset.box !== undefined) return;
    event.preventDefault();
    const from = cell.getBoundingClientRect();
    const next = nearest(cell.closest('g[role="group"]'), from, step);
    if (!next) return;
    cell.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus({ preventScroll: true });
}

/** The next cell of a group in a direction. */
function nearest(group, from, [right, down]) {
    const middle = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
    const [x, y] = middle(from);
    let best;
    for (const cell of group.querySelectorAll('[role="button"]')) {
        const [cx, cy] = middle(cell.getBoundingClientRect());
        const [ahead, aside] = right ? [(cx - x) * right, Math.abs(cy - y)] : [(cy - y) * down, Math.abs(cx - x)];
        if (ahead > 2 && aside < from.height / 2 && (!best || ahead < best.ahead)) best = { cell, ahead };
    }
    return best?.cell;
}

export function startStage() {
    const canvas = byId("drawing");
    canvas.addEventListener("keydown", roam);
    for (const view of Object.values(views)) view.start?.(canvas);
    on("computed", refresh);
    on("view", refresh);
    on("redraw", draw);
    on("selected", () => currentView().select?.());
    new ResizeObserver(() => state.run && requestAnimationFrame(draw)).observe(byId("stage"));
}
