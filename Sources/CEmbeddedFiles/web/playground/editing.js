// Writing into cells: typed over a cell, drawn with the pointer, pasted as a matrix.

import { byId, element, shortNumber } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { parseCell, parseMatrix } from "../shared/tensors.js";
import { emit, on } from "./events.js";
import { edited, sideLimit, state } from "./state.js";

/** The cell that the editor lies over: `input` or `grad`, and its key. */
let edits;
/** Where the pointer went down, and whether it has begun to draw. */
let stroke;

const cellAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-input], [data-grad]");
const cellOf = ({ kind, key }) => byId("drawing").querySelector(`[data-${kind}="${key}"]`);
const targetOf = (cell) => (cell.dataset.input === undefined ? { kind: "grad", key: cell.dataset.grad } : { kind: "input", key: cell.dataset.input });

function write({ kind, key }, value) {
    if (kind === "grad") {
        state.gradOutput[Number(key)] = value;
        emit("view");
        return;
    }
    const [r, c] = key.split(",").map(Number);
    state.map[r][c] = value;
    edited();
}

function valueOf({ kind, key }) {
    if (kind === "grad") return state.gradOutput[Number(key)];
    const [r, c] = key.split(",").map(Number);
    return state.map[r][c];
}

/** Opens the editor over a cell; `text` replaces what is there. */
function open(target, text) {
    const cell = cellOf(target);
    if (!cell || state.isPresenting) return;
    edits = target;
    const editor = byId("editor");
    editor.hidden = false;
    editor.value = text ?? String(valueOf(target));
    editor.setAttribute("aria-label", cell.getAttribute("aria-label"));
    editor.removeAttribute("aria-invalid");
    showInputError("");
    follow();
    editor.focus({ preventScroll: true });
    if (text === undefined) editor.select();
}

/** Keeps the editor over its cell when the stage is drawn anew. */
function follow() {
    const cell = edits && cellOf(edits)?.querySelector("rect");
    if (!cell) return;
    const [box, stage] = [cell.getBoundingClientRect(), byId("stage").getBoundingClientRect()];
    Object.assign(byId("editor").style, { left: `${box.left - stage.left}px`, top: `${box.top - stage.top}px`, width: `${Math.max(box.width, 44)}px`, height: `${box.height}px` });
}

function typed() {
    const value = parseCell(byId("editor").value);
    byId("editor").setAttribute("aria-invalid", String(value === undefined));
    showInputError(value === undefined ? t("input.invalid", { text: byId("editor").value }) : "");
    if (value !== undefined && edits) write(edits, value);
}

/** Leaves the editor. Text that is not a number is dropped, and the message says so. */
function leave(isFocused) {
    const text = byId("editor").value;
    const message = parseCell(text) === undefined ? t("input.dropped", { text, value: shortNumber(valueOf(edits)) }) : "";
    close(isFocused);
    showInputError(message);
}

function close(isFocused) {
    const target = edits;
    edits = undefined;
    byId("editor").hidden = true;
    showInputError("");
    if (isFocused && target) cellOf(target)?.focus({ preventScroll: true });
}

export function showInputError(text) {
    byId("error-input").hidden = text === "";
    byId("error-input").textContent = text;
}

function pressInEditor(event) {
    if (event.key !== "Enter" && event.key !== "Escape" && event.key !== "Tab") return;
    if (event.key === "Tab") return leave(true);
    event.preventDefault();
    if (event.key === "Escape" || parseCell(byId("editor").value) !== undefined) close(true);
}

/** A character on a focused cell begins to replace its number. */
function pressOnCell(event) {
    const cell = event.target.closest("[data-input], [data-grad]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === "F2") {
        event.preventDefault();
        open(targetOf(cell));
    } else if (/^[-+.\d]$/.test(event.key)) {
        event.preventDefault();
        open(targetOf(cell), event.key);
        typed();
    }
}

function beginStroke(event) {
    const cell = event.button === 0 ? event.target.closest("[data-input], [data-grad]") : undefined;
    if (!cell || state.isPresenting) return;
    stroke = { target: targetOf(cell), isDrawing: false, last: event };
}

/** Moving on to another cell is drawing; the first cell then belongs to it. */
function continueStroke(event) {
    if (!stroke || stroke.target.kind !== "input") return;
    for (const point of between(stroke.last, event)) drawAt(point);
    stroke.last = event;
    if (!stroke.isDrawing) return;
    event.preventDefault();
    // The first cell is drawn anew on the way, and a finger's events would end with it.
    byId("drawing").setPointerCapture(event.pointerId);
}

/** Pixels from one point of a stroke to the next: less than a cell. */
const strokeStep = 4;

/** The points on the straight way from one to another: a fast pointer skips cells. */
function between({ clientX: fromX, clientY: fromY }, { clientX: toX, clientY: toY }) {
    const count = Math.max(Math.ceil(Math.hypot(toX - fromX, toY - fromY) / strokeStep), 1);
    return Array.from({ length: count }, (_, i) => (i + 1) / count)
        .map((part) => ({ clientX: fromX + (toX - fromX) * part, clientY: fromY + (toY - fromY) * part }));
}

function drawAt(point) {
    const cell = cellAt(point);
    if (!cell || cell.dataset.input === undefined) return;
    const target = targetOf(cell);
    if (!stroke.isDrawing && target.key === stroke.target.key) return;
    if (!stroke.isDrawing) paint(stroke.target, state.ink);
    stroke.isDrawing = true;
    paint(target, state.ink);
}

/** Shows at once what the service is then asked about. */
function paint(target, ink) {
    if (valueOf(target) === ink) return;
    const text = cellOf(target)?.querySelector(".number");
    if (text) text.textContent = shortNumber(ink);
    write(target, ink);
}

function endStroke(event) {
    if (stroke && !stroke.isDrawing && cellAt(event)) open(stroke.target);
    stroke = undefined;
}

function paste(event) {
    const isElsewhere = event.target.matches("input:not(#editor), textarea");
    const text = event.clipboardData.getData("text");
    if (isElsewhere || (event.target.id === "editor" && parseCell(text) !== undefined)) return;
    event.preventDefault();
    takeText(text);
}

/** Puts a pasted matrix in the place of the map, or says why not. */
export function takeText(text) {
    const matrix = parseMatrix(text);
    if (!matrix) return showInputError(t("paste.invalid"));
    if (matrix.length > sideLimit || matrix[0].length > sideLimit) {
        return showInputError(t("paste.large", { rows: matrix.length, columns: matrix[0].length, limit: sideLimit }));
    }
    close(false);
    state.map = matrix;
    edited();
}

function resize() {
    const size = (id) => Number(byId(id).value);
    const [rows, columns] = [size("rows"), size("columns")];
    const isFine = [rows, columns].every((count) => Number.isInteger(count) && count >= 1 && count <= sideLimit);
    showInputError(isFine ? "" : t("size.invalid", { limit: sideLimit }));
    if (!isFine) return;
    state.map = Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => state.map[r]?.[c] ?? 0));
    edited();
}

function takeInk(event) {
    const text = event.target.value;
    const value = parseCell(text);
    event.target.setAttribute("aria-invalid", String(value === undefined));
    state.ink = value ?? state.ink;
    showInputError(value === undefined ? t("ink.invalid", { text, value: shortNumber(state.ink) }) : "");
}

/** Drawing by touch: a finger on the input draws, in every direction, and does not scroll. */
function switchDrawing() {
    const isOn = byId("stage").classList.toggle("drawn-by-touch");
    byId("draw").setAttribute("aria-pressed", String(isOn));
}

function fill(value) {
    state.map = state.map.map((line) => line.map(value));
    edited();
}

export function startEditing(canvas) {
    byId("stage").append(element("input", { id: "editor", type: "text", inputmode: "decimal", autocomplete: "off", hidden: true, "aria-describedby": "error-input", "data-t-label": "input" }));
    byId("editor").addEventListener("input", typed);
    byId("editor").addEventListener("keydown", pressInEditor);
    byId("editor").addEventListener("blur", () => edits && leave(false));
    canvas.addEventListener("keydown", pressOnCell);
    canvas.addEventListener("pointerdown", beginStroke);
    canvas.addEventListener("pointermove", continueStroke);
    canvas.addEventListener("pointerup", endStroke);
    addEventListener("pointerup", () => (stroke = undefined));
    addEventListener("pointercancel", () => (stroke = undefined));
    document.addEventListener("paste", paste);
    for (const id of ["rows", "columns"]) byId(id).addEventListener("change", resize);
    byId("ink").addEventListener("input", takeInk);
    byId("draw").addEventListener("click", switchDrawing);
    byId("random").addEventListener("click", () => fill(() => Math.floor(Math.random() * 10)));
    byId("clear").addEventListener("click", () => fill(() => 0));
    on("drawn", () => {
        follow();
        byId("rows").value = state.map.length;
        byId("columns").value = state.map[0].length;
    });
}
