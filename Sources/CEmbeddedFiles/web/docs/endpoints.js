// Paths of the OpenAPI document: what each takes, what it answers, and examples to copy.

const endpointId = (method, path) => `${method}${path.replace(/[^a-z0-9]+/gi, "-")}`;

function endpointsOf({ paths }) {
    return Object.entries(paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => ({ path, method, operation })));
}

function renderEndpoints(description) {
    byId("endpoints").replaceChildren(...endpointsOf(description).map((endpoint) => endpointCard(description, endpoint)));
}

function endpointCard(description, { path, method, operation }) {
    const id = endpointId(method, path);
    const body = operation.requestBody?.content?.["application/json"];
    return element("article", { class: "card endpoint", id, "aria-labelledby": `${id}-title` },
        element("h3", { id: `${id}-title` }, element("span", { class: `method ${method}` }, method.toUpperCase()), element("code", {}, path)),
        element("p", {}, element("strong", {}, operation.summary)),
        markdown(operation.description ?? ""),
        body?.schema ? element("p", {}, `${t("body")}: `, schemaType(body.schema)) : undefined,
        headerTable(description, operation.parameters ?? []),
        exampleList(path, method, operation, body),
        responseTable(description, operation.responses));
}

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
        element("div", { class: "inside scroll" }, element("table", { class: "facts" },
            element("thead", {}, element("tr", {}, heads.map((name) => element("th", { scope: "col" }, t(name))))),
            element("tbody", {}, lines.map(([first, ...rest]) =>
                element("tr", {}, element("th", { scope: "row" }, first), rest.map((cell) => element("td", {}, cell))))))));
}

function exampleList(path, method, operation, body) {
    if (method === "get") return commandOnly(path);
    const answers = operation.responses["200"]?.content?.["application/json"]?.examples ?? {};
    return Object.entries(body?.examples ?? {}).map(([name, { summary, value }], index) =>
        element("details", { open: index === 0, "data-example": name },
            element("summary", {}, summary ?? name),
            element("div", { class: "inside pair" },
                codeBlock("curl", curlCommand(path, value)),
                answers[name] ? codeBlock(t("answer"), readableJSON(answers[name].value)) : undefined)));
}

function commandOnly(path) {
    return element("div", { class: "pair" }, codeBlock("curl", `curl '${location.origin}${path}'`));
}

let codeCount = 0;

function codeBlock(title, text) {
    const id = `code-${++codeCount}`;
    return element("div", {},
        element("h4", {}, element("span", { id }, title), copyButton(() => text, id)),
        element("pre", { tabindex: "0", "aria-labelledby": id }, text));
}
