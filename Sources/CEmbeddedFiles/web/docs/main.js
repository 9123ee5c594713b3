// Asks for the two documents, and renders them.

import { getJSON } from "../shared/api.js";
import { byId, element } from "../shared/dom.js";
import { addTexts, startLanguage, t, translate } from "../shared/language.js";
import { endpointId, endpointsOf, folds, isFolded, renderEndpoints, verb } from "./endpoints.js";
import { renderMatrix, renderOps, renderRegions } from "./operations.js";
import { markdown, renderSchemas } from "./schemas.js";
import { search, startSearch } from "./search.js";
import { textsEn, textsZh } from "./texts.js";

addTexts({ en: textsEn, zh: textsZh });

let description;
let catalog;

function render() {
    const { version, workers, instruction_set: set } = catalog;
    byId("about").textContent = t("about", { version, count: workers, set });
    byId("introduction").replaceChildren(markdown(description.info.description));
    renderEndpoints(description);
    renderOps(catalog);
    renderRegions(catalog);
    renderMatrix(catalog);
    renderSchemas(description);
    renderContents();
    translate();
    search();
}

function renderContents() {
    const entry = (id, ...text) => element("li", {}, element("a", { href: `#${id}`, "data-entry": id }, text));
    const section = (name, entries) => element("li", {}, element("a", { href: `#${name}-title` }, t(name)), element("ul", {}, entries));
    const endpoint = ({ method, path }) => entry(endpointId(method, path), verb(method), path);
    const endpoints = endpointsOf(description);
    byId("contents").replaceChildren(
        section("concepts", []),
        section("endpoints", [
            ...endpoints.filter((each) => !isFolded(each)).map(endpoint),
            ...Object.entries(folds).map(([name, belongs]) => element("li", {}, element("details", { class: "fold" },
                element("summary", {}, t(name)), element("ul", {}, endpoints.filter(belongs).map(endpoint))))),
        ]),
        section("ops", catalog.ops.map(({ name }) => entry(`op-${name}`, name))),
        section("regions", catalog.regions.map(({ name }) => entry(`region-${name}`, name))),
        section("table", []),
        section("schemas", []));
}

/** A link into something folded opens it. */
function openTarget() {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView();
}

async function start() {
    startLanguage();
    try {
        [description, catalog] = await Promise.all([getJSON("/openapi.json"), getJSON("/v1/operations")]);
    } catch (error) {
        byId("failure").hidden = false;
        byId("failure").textContent = t("failure", { detail: error.message });
        return;
    }
    startSearch();
    render();
    openTarget();
    addEventListener("hashchange", openTarget);
    document.addEventListener("language", render);
}

start();
