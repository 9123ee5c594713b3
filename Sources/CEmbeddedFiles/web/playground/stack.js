// Layers one after the other, and how much of the input an output at the end sees.

let stackSelected = 0;

/** A shape query has no place for an op's own tensors, which change no shape. */
function shapeLayer(layer) {
    const tensors = opEntry(layer.op).parameters.map((parameter) => parameter.name);
    return Object.fromEntries(Object.entries(layer).filter(([name]) => !tensors.includes(name)));
}

/** Outputs and shapes after each layer, or the first problem. */
async function runStack() {
    const outputs = [];
    let tensor = state.map;
    for (const layer of state.stack) {
        const { ok, answer } = await post("/v1/forward", { ...layer, input: tensor });
        if (!ok) return { problem: answer };
        tensor = answer.output;
        outputs.push(tensor);
    }
    const reports = await Promise.all(state.stack.map((_, depth) => post("/v1/shape", {
        input_shape: shapeOf(state.map), layers: state.stack.slice(0, depth + 1).map(shapeLayer),
    })));
    const failed = reports.find((report) => !report.ok);
    return { problem: failed?.answer, outputs, reports: reports.map((report) => report.answer) };
}

let stackRun = 0;

async function computeStack() {
    const run = ++stackRun;
    const result = await runStack();
    if (run !== stackRun) return;
    const message = byId("error-stack");
    message.hidden = !result.problem;
    message.textContent = result.problem ? problemText(result.problem) : "";
    byId("stack-remove").disabled = state.stack.length === 0;
    if (result.problem) {
        byId("stack-maps").replaceChildren();
        byId("stack-sentence").textContent = "";
    } else {
        renderStack(result);
    }
}

function renderStack({ outputs, reports }) {
    renderStackTable(reports);
    const last = reports.at(-1);
    stackSelected = Math.min(stackSelected, outputs.length ? flatten(outputs.at(-1)).length - 1 : 0);
    const seen = last?.receptive_field && receptiveField(last);
    const maps = [stackMap(t("stack.input"), readOnlyGrids(state.map, t("input"), (cell, index) => {
        cell.classList.toggle("field-seen", Boolean(seen && isSeen(index, seen)));
    }))];
    outputs.forEach((output, depth) => {
        const isLast = depth === outputs.length - 1;
        const label = t("stack.after", { number: depth + 1 });
        maps.push(element("div", { class: "arrow", "aria-hidden": "true" }, "→"),
            stackMap(label, isLast ? choosableGrids(output, label, () => renderStack({ outputs, reports })) : readOnlyGrids(output, label)));
    });
    const focused = document.activeElement?.dataset?.stackOutput;
    byId("stack-maps").replaceChildren(...maps);
    if (focused !== undefined) byId("stack-maps").querySelector(`[data-stack-output="${focused}"]`)?.focus();
    byId("stack-sentence").textContent = seen ? fieldSentence(seen, last) : "";
}

const stackMap = (label, grids) => element("div", { class: "map" }, element("h3", {}, label), element("div", { class: "scroll" }, grids));

function renderStackTable(reports) {
    const heads = ["layer", "output", "field", "jump", "start", "operations"];
    const lines = reports.map((report, depth) => element("tr", {},
        element("th", { scope: "row" }, `${depth + 1} · ${layerText(state.stack[depth])}`),
        [report.output_shape, report.receptive_field, report.jump, report.start].map((value) => element("td", {}, value ? shapeText(value) : "–")),
        element("td", {}, String(report.operations ?? "–"))));
    byId("stack-table").replaceChildren(
        element("thead", {}, element("tr", {}, heads.map((name) => element("th", { scope: "col" }, t(`stack.${name}`))))),
        element("tbody", {}, lines.length ? lines : element("tr", {}, element("td", { colspan: "6" }, t("stack.empty")))));
}

function layerText({ op, region, ...fields }) {
    const parts = Object.entries(fields).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    return [op, region, ...parts].filter(Boolean).join(", ");
}

function choosableGrids(output, label, redraw) {
    const heat = heatScale(flatten(output));
    return planeGrids(output, {
        label,
        fill(cell, value, index) {
            setHeat(cell, heat(value));
            cell.classList.toggle("selected", index === stackSelected);
            cell.append(element("button", {
                type: "button", "aria-pressed": String(index === stackSelected), "data-stack-output": String(index),
                tabindex: index === stackSelected ? "0" : "-1",
                onclick() {
                    stackSelected = index;
                    redraw();
                },
            }, shortNumber(value)));
        },
    });
}

/** The first and last row and column that the chosen output sees, from the centre of the first one and the jump. */
function receptiveField({ receptive_field: sizes, jump, start, output_shape: shape }) {
    const columns = shape.at(-1);
    const place = [Math.floor(stackSelected / columns), stackSelected % columns].slice(-sizes.length);
    const ranges = sizes.map((size, axis) => {
        const first = start[axis] + place[axis] * jump[axis] - (size - 1) / 2;
        return [Math.round(first), Math.round(first) + size - 1];
    });
    return { place, rows: ranges.at(-2) ?? [place[0], place[0]], columns: ranges.at(-1) };
}

function isSeen(index, { rows, columns }) {
    const width = state.map[0].length;
    const [r, c] = [Math.floor(index / width), index % width];
    return r >= rows[0] && r <= rows[1] && c >= columns[0] && c <= columns[1];
}

function fieldSentence({ place, rows, columns }, { receptive_field: sizes }) {
    const isClipped = rows[0] < 0 || columns[0] < 0 || rows[1] >= state.map.length || columns[1] >= state.map[0].length;
    return t("stack.sentence", {
        row: place.at(-2) ?? 0, column: place.at(-1), top: rows[0], bottom: rows[1], left: columns[0], right: columns[1], size: shapeText(sizes),
    }) + (isClipped ? t("stack.clipped") : "");
}

function startStack() {
    byId("stack-add").addEventListener("click", () => {
        state.stack = [...state.stack, layerFields()];
        computeStack();
    });
    byId("stack-remove").addEventListener("click", () => {
        state.stack = state.stack.slice(0, -1);
        computeStack();
    });
    roam(byId("stack-maps"), "button");
}
