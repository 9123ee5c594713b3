// The photo view: a picture of up to 512 pixels before and after the layer, and what four ops make of the same windows.

import { post } from "../shared/api.js";
import { byId, element, shortNumber } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { problemText } from "../shared/problems.js";
import { shapeText } from "../shared/tensors.js";
import { choose } from "./bar.js";
import { layerFields, regionFields } from "./requests.js";
import { blurFields, canDifferFromAverage } from "./shift.js";
import { edited, isByRows, isSampled, layer, opEntry, rejection, slides, state, takesBoxes } from "./state.js";

export const photo = { load, draw, start };

const limit = 512;
let picture;
let shown;
let problem;
let comparisons = [];
let isSample = false;

async function load() {
    if (!picture) await loadSample();
    if (!picture) return;
    if (isByRows()) {
        [shown, problem, comparisons] = [undefined, t("photo.rows", { region: layer().region }), []];
        return;
    }
    const [main, ...others] = await Promise.all([pool(layerFields(), picture), ...compared().map(({ fields }) => pool(fields, picture))]);
    [shown, problem] = main.canvas ? [main, undefined] : [undefined, main.problem];
    comparisons = compared().map((entry, i) => ({ ...entry, ...others[i] }));
}

/** Max, average, min and blur over the windows of the layer. */
function compared() {
    const region = regionFields();
    const plain = ["max", "avg", "min"].filter((op) => opEntry(op) && !rejection(op, layer().region)).map((op) => ({ name: op, op, fields: { op, ...region } }));
    const canBlur = canDifferFromAverage(region.kernel) && opEntry("weighted") && !rejection("weighted", layer().region);
    return canBlur ? [...plain, { name: t("photo.blur"), op: "weighted", fields: blurFields(region) }] : plain;
}

/** Selected and averaged levels are levels again; everything else, and samples between cells, is computed in float32. */
function dtypeFor(op) {
    const entry = opEntry(op);
    return !isSampled() && (entry.indices || op === "avg") && op !== "mixed" && entry.dtypes.includes("uint8") ? "uint8" : "float32";
}

async function pool(fields, { width, height, data }) {
    const dtype = dtypeFor(fields.op);
    const values = new (dtype === "uint8" ? Uint8Array : Float32Array)(3 * width * height);
    const plane = width * height;
    for (let pixel = 0; pixel < plane; pixel++) {
        for (let channel = 0; channel < 3; channel++) values[channel * plane + pixel] = data[4 * pixel + channel];
    }
    const shape = takesBoxes() ? [1, 3, height, width] : [3, height, width];
    const { ok, response } = await post("/v1/forward", { ...fields, input: { shape, dtype, b64: base64(new Uint8Array(values.buffer)) } });
    if (!ok) return { problem: problemText(response) };
    const [channels, rows, columns] = response.output_shape.slice(-3);
    if (response.output_shape.length < 3 || channels !== 3) return { problem: t("photo.none", { shape: JSON.stringify(response.output_shape) }) };
    return paint(valuesOf(response.output), columns, rows);
}

function base64(bytes) {
    let text = "";
    for (let start = 0; start < bytes.length; start += 0x8000) text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
    return btoa(text);
}

function valuesOf({ dtype, b64 }) {
    const bytes = Uint8Array.from(atob(b64), (character) => character.charCodeAt(0));
    return dtype === "uint8" ? bytes : new Float32Array(bytes.buffer);
}

/** Values beyond black and white are stretched to fit, and the caption says so. */
function paint(values, width, height) {
    const used = values.subarray(0, 3 * width * height);
    const low = used.reduce((a, b) => Math.min(a, b), Infinity);
    const high = used.reduce((a, b) => Math.max(a, b), -Infinity);
    const isStretched = low < -0.5 || high > 255.5;
    const scaled = (value) => (isStretched ? (255 * (value - low)) / (high - low || 1) : value);
    const canvas = element("canvas", { width: String(width), height: String(height), "aria-hidden": "true" });
    const image = new ImageData(width, height);
    for (let pixel = 0; pixel < width * height; pixel++) {
        for (let channel = 0; channel < 3; channel++) image.data[4 * pixel + channel] = scaled(used[channel * width * height + pixel]);
        image.data[4 * pixel + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    return { canvas, note: t(isStretched ? "photo.stretched" : "photo.size", { width, height, low: shortNumber(low), high: shortNumber(high) }) };
}

function draw() {
    const message = byId("error-photo");
    message.hidden = !problem;
    message.textContent = problem ?? "";
    if (!picture) return;
    drawComparison();
    byId("photo-comparisons").replaceChildren(...comparisons.map((entry) => element("button", {
        type: "button", class: "thumbnail", "aria-pressed": String(entry.op === layer().op), "data-photo-op": entry.op, onclick: () => choose({ op: entry.op }),
    }, entry.canvas ?? element("span", { class: "note" }, "—"), element("span", {}, entry.name))));
    byId("sentence").textContent = shown ? t("photo.sentence", { before: t("photo.size", picture), after: shown.note }) + whiskersText() : "";
}

/** What small windows of max and min do to the whiskers of the cat. */
function whiskersText() {
    const { op } = layer();
    return isSample && slides() && ["max", "min"].includes(op) ? t(`photo.whiskers.${op}`) : "";
}

/** The picture, and over its right part what the layer made of it. */
function drawComparison() {
    const [before, after] = [byId("photo-before"), byId("photo-after")];
    Object.assign(before, { width: picture.width, height: picture.height });
    before.getContext("2d", { willReadFrequently: true }).putImageData(picture, 0, 0);
    byId("photo-compare").style.aspectRatio = `${picture.width} / ${picture.height}`;
    for (const part of [after, byId("photo-line"), byId("photo-divider"), byId("photo-tags")]) part.hidden = !shown;
    if (shown) {
        Object.assign(after, { width: shown.canvas.width, height: shown.canvas.height });
        after.getContext("2d").drawImage(shown.canvas, 0, 0);
    }
    divide();
}

function divide() {
    const part = byId("photo-divider").value;
    byId("photo-after").style.clipPath = `inset(0 0 0 ${part}%)`;
    byId("photo-line").style.left = `${part}%`;
}

function takePicture(source, width, height) {
    const scale = Math.min(1, limit / Math.max(width, height));
    const canvas = element("canvas", { width: String(Math.max(1, Math.round(width * scale))), height: String(Math.max(1, Math.round(height * scale))) });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    picture = context.getImageData(0, 0, canvas.width, canvas.height);
}

async function loadSample() {
    try {
        const response = await fetch(new URL("photo.webp", import.meta.url));
        const bitmap = await createImageBitmap(await response.blob());
        takePicture(bitmap, bitmap.width, bitmap.height);
        isSample = true;
    } catch {
        problem = t("photo.unreadable");
    }
}

async function readFile(file) {
    if (!file) return;
    try {
        const bitmap = await createImageBitmap(file);
        takePicture(bitmap, bitmap.width, bitmap.height);
        isSample = false;
        edited();
    } catch {
        byId("error-photo").hidden = false;
        byId("error-photo").textContent = t("photo.unreadable");
    }
}

/** The picture as sixteen by sixteen levels from 0 to 9. */
function toMap() {
    const canvas = element("canvas", { width: "16", height: "16" });
    const context = canvas.getContext("2d");
    context.drawImage(byId("photo-before"), 0, 0, 16, 16);
    const { data } = context.getImageData(0, 0, 16, 16);
    const level = (pixel) => Math.round((9 * (data[4 * pixel] + data[4 * pixel + 1] + data[4 * pixel + 2])) / 765);
    state.map = Array.from({ length: 16 }, (_, r) => Array.from({ length: 16 }, (_, c) => level(16 * r + c)));
    state.tab = "forward";
    edited();
}

function start() {
    byId("file").addEventListener("change", (event) => readFile(event.target.files[0]));
    byId("photo-choose").addEventListener("click", () => byId("file").click());
    byId("photo-use").addEventListener("click", toMap);
    byId("photo-divider").addEventListener("input", divide);
    const stage = byId("stage");
    for (const type of ["dragover", "drop"]) {
        stage.addEventListener(type, (event) => {
            if (state.tab !== "photo") return;
            event.preventDefault();
            if (type === "drop") readFile(event.dataTransfer.files[0]);
        });
    }
}

/** The layer and what comes back, for a picture whose result is a picture of levels again. */
export function photoRequest() {
    const fields = layerFields();
    if (!shown || dtypeFor(fields.op) !== "uint8") return undefined;
    return { fields, response: t("photo.response", { size: shapeText([shown.canvas.width, shown.canvas.height]) }) };
}

/** The picture at the size of its pixels, before and after, for the export. */
export function photoCanvas() {
    const canvas = element("canvas", { width: String(2 * picture.width + 8), height: String(picture.height) });
    const context = canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.putImageData(picture, 0, 0);
    if (shown) context.drawImage(shown.canvas, picture.width + 8, 0, picture.width, picture.height);
    return canvas;
}
