// The same layer over a moved input: what stays, and what does not.

const shift = { down: 0, right: 0, turns: 0 };

/** The map moved, with zeros coming in; turned by quarters clockwise first. */
function movedMap() {
    let map = state.map;
    for (let turn = 0; turn < shift.turns; turn++) map = map[0].map((_, c) => map.map((line) => line[c]).reverse());
    return map.map((line, r) => line.map((_, c) => map[r - shift.down]?.[c - shift.right] ?? 0));
}

/** What is compared: this layer, and where windows slide, the three typical ways with the same windows. */
function comparedLayers() {
    const region = regionFields();
    const layers = [{ name: t("shift.layer", { op: state.op }), fields: layerFields() }];
    for (const op of ["max", "avg"]) if (op !== state.op && opEntry(op)) layers.push({ name: op, fields: { op, ...region } });
    const kernel = region.kernel;
    if (state.region !== "sliding" || !opEntry("weighted")) return layers;
    const [rows, columns] = Array.isArray(kernel) ? kernel : [kernel, kernel];
    const weights = columns === undefined ? binomialRow(rows) : binomialFilter(rows, columns);
    return [...layers, { name: t("shift.blur"), fields: { op: "weighted", ...region, weights, normalize: true } }];
}

async function computeShift() {
    const run = state.forward;
    if (!run) return byId("shift-results").replaceChildren();
    const moved = movedMap();
    const cards = await Promise.all(comparedLayers().map((layer) => comparison(layer, moved)));
    if (run !== state.forward) return;
    byId("shift-results").replaceChildren(...cards);
    const isMoved = shift.down || shift.right || shift.turns;
    byId("shift-state").textContent = isMoved
        ? t("shift.state", { dx: shift.right, dy: shift.down, turns: shift.turns }) : t("shift.original");
    byId("turn").disabled = state.map.length !== state.map[0].length;
}

async function comparison({ name, fields }, moved) {
    const [before, after] = await Promise.all(
        [state.map, moved].map((map) => post("/v1/forward", forwardRequest(map, fields))));
    const failed = [before, after].find((answer) => !answer.ok);
    if (failed) return element("div", {}, element("h3", {}, name), element("p", { class: "error" }, problemText(failed.answer)));
    const originals = flatten(before.answer.output);
    const changes = flatten(after.answer.output).map((value, i) => (value === originals[i] ? 0 : Math.abs(value - originals[i])));
    const grids = readOnlyGrids(after.answer.output, name, (cell, index, value) => {
        cell.classList.toggle("changed", changes[index] !== 0);
        if (changes[index] !== 0) cell.title = `${originals[index]} → ${value}`;
    });
    return element("div", {},
        element("h3", {}, name), element("p", { class: "count" }, changeText(changes)), element("div", { class: "scroll" }, grids));
}

function changeText(changes) {
    const changed = changes.filter((change) => change !== 0).length;
    if (changed === 0) return t("shift.same");
    const mean = shortNumber(changes.reduce((sum, change) => sum + change, 0) / changes.length);
    return t("shift.count", { changed, count: changes.length, mean });
}

function resetShift() {
    Object.assign(shift, { down: 0, right: 0, turns: 0 });
}

function startShift() {
    const moves = {
        "shift-left": () => (shift.right -= 1),
        "shift-right": () => (shift.right += 1),
        "shift-up": () => (shift.down -= 1),
        "shift-down": () => (shift.down += 1),
        "turn": () => (shift.turns = (shift.turns + 1) % 4),
        "shift-reset": resetShift,
    };
    for (const [id, move] of Object.entries(moves)) {
        byId(id).addEventListener("click", () => {
            move();
            computeShift();
        });
    }
}
