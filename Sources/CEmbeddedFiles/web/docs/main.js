// Asks for the two documents, and renders them.

let description;
let catalog;

function render() {
    const { version, workers, instruction_set: set } = catalog;
    byId("about").textContent = t("about", { version, workers, set });
    byId("introduction").replaceChildren(markdown(description.info.description));
    renderEndpoints(description);
    renderOps(catalog);
    renderRegions(catalog);
    renderMatrix(catalog);
    renderSchemas(description);
    renderContents();
    translate();
}

function renderContents() {
    const section = (name, entries) => element("li", {}, link(`${name}-title`, t(name)), element("ul", {}, entries.map((entry) => element("li", {}, entry))));
    byId("contents").replaceChildren(element("ul", {},
        section("endpoints", endpointsOf(description).map(({ method, path }) => link(endpointId(method, path), path))),
        section("ops", catalog.ops.map(({ name }) => link(`op-${name}`, name))),
        section("regions", catalog.regions.map(({ name }) => link(`region-${name}`, name))),
        section("table", []),
        section("schemas", [])));
}

const link = (id, text) => element("a", { href: `#${id}` }, text);

/** A link to a folded schema opens it. */
function openTarget() {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.tagName === "DETAILS") target.open = true;
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
    render();
    openTarget();
    addEventListener("hashchange", openTarget);
    document.addEventListener("language", render);
}

start();
