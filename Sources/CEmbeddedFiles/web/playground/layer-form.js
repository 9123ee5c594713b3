// Op, region and their parameters, as the catalogue lists them. Nothing here knows an op or region by name.

function renderForm() {
    fillSelect(byId("op"), state.catalog.ops, state.op, (name) => isRefused(name, state.region));
    fillSelect(byId("region"), state.catalog.regions, state.region);
    byId("op-summary").textContent = catalogText("op", state.op, opEntry().summary);
    byId("region-summary").textContent = catalogText("region", state.region, regionEntry().summary);
    byId("op-formula").replaceChildren(...[valueFormula(state.op)].filter(Boolean));
    const ofRegion = regionEntry().parameters;
    const ofOp = currentParameters().filter((parameter) => !ofRegion.includes(parameter));
    byId("op-fields").replaceChildren(...ofOp.map(parameterField));
    byId("region-fields").replaceChildren(...ofRegion.map(parameterField));
    byId("mask-field").hidden = !opEntry().indices;
    byId("return_indices").checked = state.wantsMask;
    renderProblem();
}

function fillSelect(select, entries, chosen, refusal = () => undefined) {
    select.replaceChildren(...entries.map(({ name }) => element("option", { value: name, title: refusal(name)?.reason }, name)));
    select.value = chosen;
}

function parameterField(parameter) {
    const { name } = parameter;
    const hint = `hint-${name}`;
    return element("div", { class: "field" },
        element("label", { for: name }, element("span", {}, name)),
        parameterControl(parameter, { id: name, name, "aria-describedby": `${hint} error-${name}` }),
        element("p", { id: hint, class: "hint" }, hintText(parameter)),
        element("p", { id: `error-${name}`, class: "error", hidden: true }));
}

function parameterControl(parameter, attributes) {
    const value = state.fields[parameter.name] ?? "";
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

/** A field that takes words beside numbers names them, because no menu does. */
function hintText({ name, type, summary, values }) {
    const words = values && type.includes("|") ? ` (${values.join(", ")})` : "";
    return catalogText("parameter", name, summary) + words;
}

function setField(event) {
    state.fields[event.target.name] = event.target.value;
    leaveExample();
    changed();
}

/** Another op or region: what both know stays, and what is required gets a value to start from. */
function choose(choice) {
    Object.assign(state, choice);
    const starting = { ...startingValues[state.region], ...startingValues[state.op] };
    if (state.op === "weighted") starting.weights = JSON.stringify(weightsToStart());
    for (const [name, value] of Object.entries(starting)) state.fields[name] ||= value;
    if (state.region === "segments") state.fields.segment_ids = JSON.stringify(state.map.map((_, r) => Math.floor(r / 2)));
    if (state.region === "sequence") state.fields.lengths = String(Math.max(state.map.length - 1, 1));
    leaveExample();
    renderForm();
    changed();
}

/** A weight for each cell of the kernel, of the whole map or of each row. */
function weightsToStart() {
    const kernel = fieldValue(state.fields.kernel ?? startingValues.sliding.kernel);
    if (state.region === "global") return binomialFilter(state.map.length, state.map[0].length);
    if (state.region !== "sliding") return state.map.map(() => 1);
    const [rows, columns] = Array.isArray(kernel) ? kernel : [kernel, kernel];
    return columns === undefined ? binomialRow(rows) : binomialFilter(rows, columns);
}

/** An error stands beside the field that its pointer names; else at the end of the form. */
function renderProblem() {
    for (const message of document.querySelectorAll("#layer .error, #error-input")) message.hidden = true;
    for (const field of byId("layer").querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    if (!state.problem) return;
    const name = state.problem.pointer?.split("/")[1];
    const message = byId(`error-${name}`) ?? byId("error-general");
    message.textContent = problemText(state.problem);
    message.hidden = false;
    byId(name)?.setAttribute?.("aria-invalid", "true");
    announce(message.textContent);
}

function problemText({ title, detail }) {
    return detail ? t("error.field", { title, detail }) : title;
}

function startForm() {
    byId("layer").addEventListener("submit", (event) => event.preventDefault());
    byId("op").addEventListener("change", (event) => choose({ op: event.target.value }));
    byId("region").addEventListener("change", (event) => choose({ region: event.target.value }));
    byId("return_indices").addEventListener("change", (event) => {
        state.wantsMask = event.target.checked;
        changed();
    });
}
