// The bar: op, region and their parameters, as the catalogue lists them.

import { announce, byId, element } from "../shared/dom.js";
import { valueFormula } from "../shared/formulas.js";
import { catalogText, t } from "../shared/language.js";
import { problemText } from "../shared/problems.js";
import { rejectionsByReason } from "../shared/regions.js";
import { binomialFilter, binomialRow, startingValues } from "../shared/starting-values.js";
import { on } from "./events.js";
import { opPicture } from "./op-pictures.js";
import { canGiveIndices, fieldValue, kernelOf } from "./requests.js";
import { currentParameters, edited, hasParameter, layer, opEntry, regionEntry, rejection, slides, state, takesBoxes } from "./state.js";

/** The ops that are always in sight; all others open next to them. */
const frequentOps = ["max", "avg", "min", "sum", "median", "weighted"];

/** Parameters that are a slider, where the region has them: the least and the greatest value. */
const sliders = {
    kernel: () => [1, state.tab === "photo" ? 16 : Math.max(Math.min(state.map.length, state.map[0].length, 9), 3)],
    stride: () => [1, state.tab === "photo" ? 16 : 5],
    padding: () => [0, 4],
    output_size: () => [1, 7],
};

function renderBar() {
    const frequent = frequentOps.map((name) => opEntry(name)).filter(Boolean);
    const shown = frequent.some(({ name }) => name === layer().op) ? frequent : [...frequent.slice(0, -1), opEntry()];
    const focused = document.activeElement?.id;
    byId("ops").replaceChildren(...shown.map((op) => opChoice(op, "op")));
    byId("all-ops").replaceChildren(...state.catalog.ops.map((op) => opChoice(op, "any-op")));
    byId("op-reasons").replaceChildren(...reasonLines());
    byId("region").replaceChildren(...state.catalog.regions.map(({ name }) => element("option", { value: name }, name)));
    byId("region").value = layer().region;
    byId("sliders").replaceChildren(...Object.keys(sliders).filter((name) => hasParameter(name)).map(sliderField));
    renderMore();
    byId("bar-layer").textContent = state.layers.length > 1 ? t("bar.layer", { number: state.current + 1, total: state.layers.length }) : "";
    if (focused && focused !== document.activeElement?.id) byId(focused)?.focus({ preventScroll: true });
    renderProblem();
}

/** A radio button that looks as what the op does; one that the region rejects cannot be chosen and says why. */
function opChoice({ name, summary }, group) {
    const rejected = rejection(name, layer().region);
    const hint = rejected ? catalogText("reason", rejected.reason, rejected.reason) : catalogText("op", name, summary);
    const id = `${group}-${name}`;
    return element("label", { class: "op-choice", title: hint, for: id },
        element("input", {
            type: "radio", name: group, id, value: name, class: "visually-hidden", checked: name === layer().op, disabled: Boolean(rejected),
            onchange: () => choose({ op: name }),
        }),
        opPicture(name), element("span", {}, name));
}

function reasonLines() {
    return rejectionsByReason(regionEntry()).map(([reason, ops]) =>
        element("p", { class: "note" }, t("op.rejected", { region: layer().region, ops: ops.join(", "), reason: catalogText("reason", reason, reason) })));
}

function sliderField(name) {
    const [least, most] = sliders[name]();
    const value = name === "kernel" ? kernelOf() : fieldValue(layer().fields[name]);
    const number = [value].flat(2).find((part) => typeof part === "number") ?? (name === "stride" ? [kernelOf() ?? 1].flat()[0] : least);
    const shown = element("output", { for: `slide-${name}` }, sliderText(name, value));
    return element("div", { class: "slider" },
        element("label", { for: `slide-${name}` }, t(`slider.${name}`)), shown,
        element("input", {
            type: "range", id: `slide-${name}`, min: String(least), max: String(Math.max(most, number)), value: String(number), "aria-describedby": "error-layer",
            oninput(event) {
                layer().fields[name] = event.target.value;
                keepWeights();
                if (name === "kernel") dropShapes();
                shown.textContent = sliderText(name, Number(event.target.value));
                renderMore();
                edited();
            },
        }));
}

function sliderText(name, value) {
    if (value === undefined) return name === "stride" ? t("slider.same") : "0";
    if (typeof value === "number") return name === "kernel" || name === "output_size" ? `${value}×${value}` : String(value);
    return Array.isArray(value) ? value.flat().join("×") : value;
}

/** Weights have the shape of the kernel: another kernel starts with a binomial filter of its size. */
function keepWeights() {
    if (layer().op === "weighted") layer().fields.weights = JSON.stringify(weightsToStart());
}

/** A footprint and a structuring element have the shape of the kernel, so another kernel does not keep them. */
function dropShapes() {
    for (const name of ["footprint", "structure"]) delete layer().fields[name];
}

function renderMore() {
    byId("op-summary").textContent = catalogText("op", layer().op, opEntry().summary);
    byId("region-summary").textContent = catalogText("region", layer().region, regionEntry().summary);
    byId("op-formula").replaceChildren(...[valueFormula(layer().op)].filter(Boolean));
    if (byId("fields").contains(document.activeElement)) return;
    byId("fields").replaceChildren(...currentParameters().map(parameterField));
    byId("indices-field").hidden = !canGiveIndices();
    byId("return_indices").checked = state.wantsIndices;
}

function parameterField(parameter) {
    const { name } = parameter;
    return element("div", { class: "field" },
        element("label", { for: name }, name),
        parameterControl(parameter, { id: name, name, "aria-describedby": `hint-${name}` }),
        element("p", { id: `hint-${name}`, class: "hint" }, hintText(parameter)));
}

function parameterControl(parameter, attributes) {
    const value = layer().fields[parameter.name] ?? "";
    const types = parameter.type.split("|");
    if (types.length === 1 && (parameter.values || types[0] === "boolean")) {
        const select = element("select", { ...attributes, onchange: setField }, choices(parameter));
        select.value = value;
        return select;
    }
    return element("input", {
        ...attributes, type: "text", autocomplete: "off", spellcheck: "false", value, placeholder: placeholder(parameter), oninput: setField,
    });
}

function choices({ values, default: standard }) {
    const options = values ? values.map((value) => [value, value]) : [["true", t("yes")], ["false", t("no")]];
    const shown = standard === null ? t("default") : t("default.is", { value: options.find(([value]) => value === String(standard))?.[1] });
    return [["", shown], ...options].map(([value, text]) => element("option", { value }, text));
}

function placeholder({ default: standard }) {
    return standard === null || standard === undefined ? "" : t("default.is", { value: standard });
}

/** A field that takes words or numbers names them, because no menu does. */
function hintText({ name, type, summary, values }) {
    const words = values && type.includes("|") ? ` (${values.join(", ")})` : "";
    return catalogText("parameter", name, summary) + words;
}

function setField(event) {
    layer().fields[event.target.name] = event.target.value;
    byId("sliders").replaceChildren(...Object.keys(sliders).filter((name) => hasParameter(name)).map(sliderField));
    edited();
}

/** Another op or region: what both know stays, and what is required gets a value to start from. */
export function choose(choice) {
    const before = layer().region;
    Object.assign(layer(), choice);
    const { fields, region, op } = layer();
    if (rejection(op, region)) layer().op = state.catalog.ops.find(({ name }) => !rejection(name, region)).name;
    const starting = { ...startingValues[region], ...startingValues[layer().op] };
    for (const [name, value] of Object.entries(starting)) fields[name] ||= value;
    if (region !== before) fitToMap(fields);
    keepWeights();
    edited();
    renderBar();
}

/** Fields whose size follows the map get the map's. */
function fitToMap(fields) {
    const [rows, columns] = [state.map.length, state.map[0].length];
    if (hasParameter("segment_ids")) fields.segment_ids = JSON.stringify(state.map.map((_, r) => Math.floor(r / 2)));
    if (hasParameter("spans")) fields.spans = JSON.stringify([[0, Math.ceil(rows / 2)], [Math.floor(rows / 4), rows]]);
    if (hasParameter("lengths")) fields.lengths = String(Math.max(rows - 1, 1));
    if (takesBoxes()) fields.rois = JSON.stringify([[0, 0, 0, Math.max(columns - 2, 1), Math.max(rows - 2, 1)]]);
}

/** A weight for each cell of the kernel, of the whole map or of each row. */
function weightsToStart() {
    const kernel = kernelOf() ?? fieldValue(startingValues.sliding.kernel);
    if (!hasParameter("kernel")) return hasParameter("lengths") || hasParameter("segment_ids") || hasParameter("spans") ? state.map.map(() => 1) : binomialFilter(state.map.length, state.map[0].length);
    if (!slides()) return binomialFilter(2, 2);
    const [rows, columns] = Array.isArray(kernel) ? kernel : [kernel, kernel];
    return columns === undefined ? binomialRow(rows) : binomialFilter(rows, columns);
}

/** An error is below the bar, and its field is marked. */
function renderProblem() {
    for (const field of byId("bar").querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    const problem = state.run?.problem ?? (state.tab === "gradient" ? state.run?.gradientProblem : undefined);
    const message = byId("error-layer");
    message.hidden = !problem;
    message.textContent = problem ? problemText(problem) : "";
    if (!problem) return;
    const name = problem.pointer?.split("/")[1];
    for (const id of [name, `slide-${name}`]) byId(id)?.setAttribute?.("aria-invalid", "true");
    announce(message.textContent);
}

/** An open drawer covers the stage: Escape, a click elsewhere and the choice of an op close it. */
function startDrawers() {
    const drawer = () => byId("bar").querySelector(".drawer[open]");
    const close = () => {
        const summary = drawer().querySelector("summary");
        drawer().open = false;
        return summary;
    };
    document.addEventListener("pointerdown", (event) => drawer()?.contains(event.target) === false && close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && drawer() && close().focus());
    // The arrow keys go through the ops and choose each: they close nothing.
    byId("all-ops").addEventListener("click", (event) => event.detail > 0 && event.target.closest("label")?.control.disabled === false && drawer() && close().focus());
    byId("all-ops").addEventListener("keydown", (event) => event.key === "Enter" && drawer() && close().focus());
}

export function startBar() {
    startDrawers();
    byId("bar").addEventListener("submit", (event) => event.preventDefault());
    byId("region").addEventListener("change", (event) => choose({ region: event.target.value }));
    byId("return_indices").addEventListener("change", (event) => {
        state.wantsIndices = event.target.checked;
        edited();
    });
    byId("controls").addEventListener("click", () => {
        const isOpen = byId("bar").classList.toggle("open");
        byId("controls").setAttribute("aria-expanded", String(isOpen));
    });
    for (const name of ["example", "layer"]) on(name, renderBar);
    on("drawn", renderProblem);
    on("view", () => byId("sliders").replaceChildren(...Object.keys(sliders).filter((name) => hasParameter(name)).map(sliderField)));
    document.addEventListener("language", renderBar);
}
