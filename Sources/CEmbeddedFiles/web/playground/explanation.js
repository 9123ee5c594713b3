// What the parameters did, in words, with the numbers of the service.

import { byId, element } from "../shared/dom.js";
import { catalogText, hasText, t } from "../shared/language.js";
import { countOf, flatten, shapeOf } from "../shared/tensors.js";
import { on } from "./events.js";
import { fieldValue, inputShape, kernelOf } from "./requests.js";
import { layer, opEntry, regionEntry, slides, state } from "./state.js";

function render() {
    renderLegend();
    const { run } = state;
    // The numbers are of the small map, not of the photograph.
    const lines = run?.forward && state.tab !== "photo" ? [...(slides() && run.plane.span ? slidingLines(run) : regionLines(run)), ...parameterLines(opEntry())] : [];
    byId("explanation").replaceChildren(...lines.map((line) => element("li", {}, line)));
    byId("explanation-part").hidden = lines.length === 0;
}

function slidingLines({ report, plane, forward }) {
    const fields = layer().fields;
    const perAxis = (value) => (Array.isArray(value) ? value : plane.span.map(() => value));
    const list = (name, standard) => perAxis(fieldValue(fields[name]) ?? standard);
    const kernel = perAxis(kernelOf());
    const stride = list("stride", kernel);
    return [
        kernelLine(kernel, list("dilation", 1), plane.span),
        ...footprintLines(fieldValue(fields.footprint)),
        `${t("explain.stride", { stride: stride.join("×") })} ${t(overlapKey(stride, plane.span))}`,
        ...sizeLines(report, plane, stride, forward.output_shape),
        ...edgeLines(report),
        t("explain.cost", { count: report.windows, operations: report.operations, before: report.input_bytes, after: report.output_bytes }),
    ];
}

function kernelLine(kernel, dilation, span) {
    const isDilated = dilation.some((distance) => distance > 1);
    return t(isDilated ? "explain.dilated" : "explain.window", { kernel: kernel.join("×"), dilation: dilation.join("×"), span: span.join("×") });
}

function footprintLines(footprint) {
    if (!Array.isArray(footprint)) return [];
    const cells = flatten(footprint);
    return [t("explain.footprint", { taken: cells.filter(Boolean).length, count: countOf(shapeOf(footprint)) })];
}

function overlapKey(stride, span) {
    if (stride.some((step, axis) => step < span[axis])) return "explain.overlap";
    return stride.some((step, axis) => step > span[axis]) ? "explain.gaps" : "explain.tiles";
}

function sizeLines({ padding }, { span }, stride, output) {
    const sizes = inputShape().slice(-span.length);
    const outputs = output.slice(-span.length);
    const isCeil = fieldValue(layer().fields.ceil_mode) === true;
    const names = span.length === 2 ? ["rows", "columns"] : ["columns"];
    return names.map((axis, i) => t(isCeil ? "explain.size.ceil" : "explain.size", {
        axis: t(`axis.${axis}`), n: sizes[i], before: padding[i][0], after: padding[i][1], span: span[i], stride: stride[i], m: outputs[i],
    }));
}

function edgeLines({ clipped_windows: clipped, windows, unused }) {
    const [rows, columns] = unused.length === 1 ? [0, unused[0]] : unused;
    return [
        ...(clipped ? [t("explain.clipped", { clipped, count: windows })] : []),
        ...(rows || columns ? [t("explain.unused", { rows, columns })] : []),
    ];
}

function regionLines({ report, forward }) {
    const values = { count: report?.windows ?? countOf(forward.output_shape), before: countOf(inputShape()), after: countOf(forward.output_shape) };
    return [t("explain.general", values), ...parameterLines(regionEntry())];
}

/** A sentence for each parameter that is set: what it does in this region, or what the catalogue says of it. */
function parameterLines({ name: owner, parameters }) {
    return parameters.filter(({ name }) => fieldValue(layer().fields[name]) !== undefined).map(({ name, summary }) => {
        const value = fieldValue(layer().fields[name]);
        const key = [`explain.${owner}.${name}`, `explain.${name}`].find(hasText);
        const text = key ? t(key, sentenceValues(value)) : t("explain.parameter", { summary: catalogText("parameter", name, summary) });
        return `${name} ${shortened(typeof value === "string" ? value : JSON.stringify(value))}${t("colon")}${text}`;
    });
}

const shortened = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** What the sentences name: the value, how many parts it has, and for each axis. */
const sentenceValues = (value) => ({ value: JSON.stringify(value), count: [value].flat().length, bins: Array.isArray(value) ? value.join(" × ") : `${value} × ${value}` });

/** Keys for the marks that are on the stage now; each is drawn as it is there. */
function renderLegend() {
    const { run, tab } = state;
    const isWindowed = tab === "forward" || tab === "gradient";
    const has = {
        tap: (isWindowed && run?.forward) || tab === "stack",
        selected: tab === "forward" && Boolean(run?.forward?.indices),
        given: tab === "gradient" && Boolean(run?.gradient),
        padding: isWindowed && Boolean(run?.plane?.padding?.flat().some((count) => count > 0)),
        unread: tab === "forward" && Boolean(run?.coverage?.includes(0)),
        changed: tab === "shift",
    };
    const names = Object.keys(has).filter((name) => has[name]);
    byId("legend").replaceChildren(...names.map((name) => element("li", {}, element("span", { class: `swatch ${name}`, "aria-hidden": "true" }), t(`legend.${name}`))));
}

export function startExplanation() {
    on("drawn", render);
    document.addEventListener("language", render);
}
