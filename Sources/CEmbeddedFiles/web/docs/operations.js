// Ops, regions and which go together, as the catalogue has them.

import { byId, element } from "../shared/dom.js";
import { gradientFormula, valueFormula } from "../shared/formulas.js";
import { catalogText, t } from "../shared/language.js";
import { rejectionOf, rejectionsByReason } from "../shared/regions.js";
import { playgroundLink } from "./links.js";
import { sourceLinks } from "./sources.js";
import { drawOp, drawRegion, opExample, regionExample } from "./drawing.js";

export function renderOps({ ops }) {
    byId("ops").replaceChildren(...ops.map(opCard));
}

function opCard(op) {
    const picture = element("div", {});
    drawOp(op.name).then((drawn) => drawn && picture.append(drawn, openLink(opExample(op.name))));
    return element("article", { class: "card entry", id: `op-${op.name}`, "data-op": op.name, "aria-labelledby": `op-title-${op.name}` },
        element("div", { class: "op" },
            element("div", {},
                element("h3", { id: `op-title-${op.name}` }, element("code", {}, op.name)),
                element("p", {}, catalogText("op", op.name, op.summary)),
                opFacts(op)),
            picture),
        parameterTable(op.parameters));
}

const openLink = (body) => element("p", {}, element("a", { href: playgroundLink(body), class: "open" }, t("open")));

function opFacts(op) {
    return facts([
        ["formula", valueFormula(op.name)],
        ["gradient", gradientFormula(op.name)],
        ["needs", t(`needs.${op.gradient}`)],
        ["mask", t(op.indices ? "yes" : "no")],
        ["dtypes", op.dtypes.join(", ")],
        ["source", sourceLinks(op.source)],
    ]);
}

function facts(list) {
    return element("dl", {}, list.filter(([, value]) => value).map(([name, value]) => [element("dt", {}, t(name)), element("dd", {}, value)]).flat());
}

function parameterTable(parameters) {
    if (parameters.length === 0) return undefined;
    const heads = ["name", "type", "default", "meaning"].map((name) => element("th", { scope: "col" }, t(name)));
    const lines = parameters.map((parameter) => element("tr", {},
        element("th", { scope: "row" }, element("code", {}, parameter.name)),
        element("td", {}, parameterType(parameter)),
        element("td", {}, parameter.default === null || parameter.default === undefined ? "–" : element("code", {}, JSON.stringify(parameter.default))),
        element("td", {}, catalogText("parameter", parameter.name, parameter.summary ?? ""))));
    return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("parameters") }, element("table", { class: "facts" },
        element("caption", { class: "visually-hidden" }, t("parameters")), element("thead", {}, element("tr", {}, heads)), element("tbody", {}, lines)));
}

const parameterType = ({ type, values }) => type.replaceAll("|", " | ") + (values ? `: ${values.join(", ")}` : "");

export function renderRegions({ regions }) {
    byId("regions").replaceChildren(...regions.map(regionCard));
}

function regionCard(region) {
    const picture = element("div", {});
    drawRegion(region).then((drawn) => drawn && picture.append(drawn, openLink(regionExample(region))));
    return element("article", { class: "card entry", id: `region-${region.name}`, "data-region": region.name, "aria-labelledby": `region-title-${region.name}` },
        element("div", { class: "op" },
            element("div", {},
                element("h3", { id: `region-title-${region.name}` }, element("code", {}, region.name)),
                element("p", {}, catalogText("region", region.name, region.summary)),
                facts([["source", sourceLinks(region.source)]])),
            picture),
        parameterTable(region.parameters));
}

export function renderMatrix({ ops, regions }) {
    const heads = regions.map((region) => element("th", { scope: "col" }, element("code", {}, region.name)));
    const lines = ops.map((op) => element("tr", {},
        element("th", { scope: "row" }, element("code", {}, op.name)), regions.map((region) => matrixCell(op, region))));
    byId("table").replaceChildren(element("table", { class: "facts matrix" },
        element("thead", {}, element("tr", {}, element("th", { scope: "col" }, t("table.corner")), heads)), element("tbody", {}, lines)));
    byId("rejections").replaceChildren(...regions.flatMap(rejectionLines));
}

function matrixCell(op, region) {
    const rejection = rejectionOf(op.name, region);
    return rejection
        ? element("td", { class: "no", title: catalogText("reason", rejection.reason, rejection.reason) }, `✕ ${t("table.no")}`)
        : element("td", { class: "yes" }, `✓ ${t("table.yes")}`);
}

/** One line for all the ops that a region rejects for the same reason. */
function rejectionLines(region) {
    return rejectionsByReason(region).map(([reason, ops]) =>
        element("p", { class: "note" }, t("table.reason", { region: region.name, ops: ops.join(", "), reason: catalogText("reason", reason, reason) })));
}
