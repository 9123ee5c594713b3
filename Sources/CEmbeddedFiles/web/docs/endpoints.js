// Paths of the OpenAPI document: what each takes, what it responds, and examples to copy and to run.

import { post, readableJSON } from "../shared/api.js";
import { codeFor, codeLanguages } from "../shared/code.js";
import { announce, byId, copyButton, element } from "../shared/dom.js";
import { fetchWithKey } from "../shared/key.js";
import { t } from "../shared/language.js";
import { playgroundLink } from "./links.js";
import { markdown, resolve, schemaType } from "./schemas.js";

export const endpointId = (method, path) => `${method}${path.replace(/[^a-z0-9]+/gi, "-")}`;

export function endpointsOf({ paths }) {
    return Object.entries(paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => ({ path, method, operation })));
}

/** The endpoints that are folded away: those of KServe, and those about the service itself. */
export const folds = {
    kserve: ({ path }) => path.startsWith("/v2"),
    service: ({ path }) => !/^\/v\d/.test(path),
};
export const isFolded = (endpoint) => Object.values(folds).some((belongs) => belongs(endpoint));

export function renderEndpoints(description) {
    const endpoints = endpointsOf(description);
    const fill = (id, shown) => byId(id).replaceChildren(...shown.map((endpoint) => endpointCard(description, endpoint)));
    fill("endpoints", endpoints.filter((endpoint) => !isFolded(endpoint)));
    for (const [name, belongs] of Object.entries(folds)) fill(`${name}-endpoints`, endpoints.filter(belongs));
}

function endpointCard(description, { path, method, operation }) {
    const id = endpointId(method, path);
    const body = operation.requestBody?.content?.["application/json"];
    return element("article", { class: "card endpoint entry", id, "aria-labelledby": `${id}-title` },
        element("h3", { id: `${id}-title` }, verb(method), element("code", {}, path)),
        element("p", {}, element("strong", {}, operation.summary)),
        markdown(operation.description ?? ""),
        body?.schema ? element("p", {}, `${t("body")}: `, schemaType(body.schema)) : undefined,
        headerTable(description, operation.parameters ?? []),
        exampleList(path, method, operation, body),
        responseTable(description, operation.responses));
}

export const verb = (method) => element("span", { class: `method ${method}` }, method.toUpperCase());

function headerTable(description, references) {
    const parameters = references.map((reference) => (reference.$ref ? resolve(description, reference.$ref) : reference));
    if (parameters.length === 0) return undefined;
    return folded(t("parameters"), ["name", "type", "meaning"], parameters.map(({ name, in: place, schema, description: text }) =>
        [element("code", {}, name), `${place}, ${schema?.type ?? ""}`, markdown(text ?? "")]));
}

function responseTable(description, responses) {
    return folded(t("responses"), ["status", "meaning"], Object.entries(responses).map(([status, given]) => {
        const response = given.$ref ? resolve(description, given.$ref) : given;
        return [element("code", {}, status), markdown(response.description ?? "")];
    }));
}

/** A table that opens when it is asked for. */
function folded(title, heads, lines) {
    return element("details", {},
        element("summary", {}, title),
        element("div", { class: "inside scroll", tabindex: "0", role: "group", "aria-label": title }, element("table", { class: "facts" },
            element("thead", {}, element("tr", {}, heads.map((name) => element("th", { scope: "col" }, t(name))))),
            element("tbody", {}, lines.map(([first, ...rest]) =>
                element("tr", {}, element("th", { scope: "row" }, first), rest.map((cell) => element("td", {}, cell))))))));
}

function exampleList(path, method, operation, body) {
    if (method === "get") return path.includes("{") ? undefined : getExample(path);
    const responses = operation.responses["200"]?.content?.["application/json"]?.examples ?? {};
    return Object.entries(body?.examples ?? {}).map(([name, { summary, value }], index) => {
        const panel = element("div", { class: "inside" });
        const details = element("details", { open: index === 0, "data-example": name }, element("summary", {}, summary ?? name), panel);
        const fill = () => details.open && !panel.firstChild && panel.append(...examplePanel(path, value, responses[name]?.value));
        details.addEventListener("toggle", fill);
        fill();
        return details;
    });
}

/** The request in each language, and its response: as documented until it is run. */
function examplePanel(path, value, documented) {
    const target = path.replace("{model}", "forward").replace("{version}", "1");
    const code = codeBlock((language) => codeFor(language, target, value));
    const output = responseBlock(documented === undefined ? "" : readableJSON(documented));
    const link = playgroundLink(value, path.endsWith("backward") ? "gradient" : undefined);
    return [
        element("div", { class: "pair" }, code, output.block),
        element("p", { class: "run" },
            element("button", { type: "button", class: "main", "data-run-example": true, onclick: () => output.run(() => post(target, value)) }, t("run")),
            link ? element("a", { href: link, class: "open" }, t("open")) : undefined),
    ];
}

function getExample(path) {
    const output = responseBlock("");
    const run = async () => {
        const received = await fetchWithKey(path);
        const text = await received.text();
        return { status: received.status, response: text.length > 4000 ? `${text.slice(0, 4000)}\n…` : text };
    };
    return element("div", {},
        element("div", { class: "pair" }, codeBlock(() => `curl '${location.origin}${path}'`, false), output.block),
        element("p", { class: "run" }, element("button", { type: "button", onclick: () => output.run(run) }, t("run"))));
}

let blockCount = 0;

function codeBlock(textIn, hasLanguages = true) {
    const id = `code-${++blockCount}`;
    const pre = element("pre", { tabindex: "0", role: "group", "aria-labelledby": id, id: `${id}-text` }, textIn("curl"));
    const buttons = hasLanguages ? Object.entries(codeLanguages).map(([name, title]) => element("button", {
        type: "button", class: "quiet", "aria-pressed": String(name === "curl"),
        onclick({ currentTarget }) {
            pre.textContent = textIn(name);
            for (const button of buttons) button.setAttribute("aria-pressed", String(button === currentTarget));
        },
    }, title)) : [];
    return element("div", {},
        element("div", { class: "code-head" }, element("h4", { id, class: hasLanguages ? "visually-hidden" : "" }, hasLanguages ? t("request") : "curl"), buttons, copyButton(() => pre.textContent, id)),
        pre);
}

function responseBlock(text) {
    const id = `code-${++blockCount}`;
    const title = element("h4", { id }, t("response"));
    const pre = element("pre", { tabindex: "0", role: "group", "aria-labelledby": id }, text || "—");
    return {
        block: element("div", {}, element("div", { class: "code-head" }, title), pre),
        async run(send) {
            const { status, response } = await send();
            title.textContent = `${t("run.response")} · ${status}`;
            pre.textContent = typeof response === "string" ? response : readableJSON(response);
            announce(title.textContent);
        },
    };
}
