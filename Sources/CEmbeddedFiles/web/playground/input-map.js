// The input: typed or drawn, with its padding around it, and the window over it.

const inputCells = new Map();
let drawnLayout = "";

const cellKey = ([r, c]) => `${r},${c}`;

function renderInput() {
    const margins = drawnMargins();
    layOutInput(margins);
    const heat = heatScale(state.map.flat());
    for (const [key, cell] of inputCells) {
        const place = key.split(",").map(Number);
        if (isInsideMap(place)) paintInput(cell, place, heat);
        else cell.firstChild.textContent = cell.classList.contains("padding") ? paddingText(place) : "";
    }
    byId("input-shape").textContent = shapeText(inputShape());
    byId("rows").value = state.map.length;
    byId("columns").value = state.map[0].length;
}

/** Builds the table anew only where its extent changed, so that typing keeps its focus. */
function layOutInput(margins) {
    const layout = JSON.stringify([margins, state.map.length, state.map[0].length, language]);
    if (layout === drawnLayout) return;
    drawnLayout = layout;
    const focused = document.activeElement?.closest?.("#input td");
    const place = focused && [...inputCells].find(([, cell]) => cell === focused)?.[0];
    inputCells.clear();
    layOutGrid(byId("input"), {
        rows: [-margins.top, state.map.length + margins.bottom],
        columns: [-margins.left, state.map[0].length + margins.right],
        fill(cell, r, c) {
            inputCells.set(cellKey([r, c]), cell);
            cell.append(isInsideMap([r, c]) ? inputField(r, c) : marginCell(cell, [r, c], margins.padding));
        },
    });
    if (place) inputCells.get(place)?.querySelector("input")?.focus();
}

function inputField(r, c) {
    const isFirst = r === 0 && c === 0;
    return element("input", {
        type: "text", inputmode: "decimal", autocomplete: "off", tabindex: isFirst ? "0" : "-1",
        "aria-label": t("cell.label", { row: r, column: c }),
        oninput: (event) => setInput(r, c, event.target.value),
        onfocus: (event) => event.target.select(),
    });
}

function marginCell(cell, place, padding) {
    const isPadded = padding && isPadding(place, padding);
    cell.classList.add(isPadded ? "padding" : "beyond");
    return element("span", isPadded ? { "aria-label": t("padding.cell"), role: "img" } : {});
}

function paintInput(cell, [r, c], heat) {
    const value = state.map[r][c];
    const field = cell.firstChild;
    if (document.activeElement !== field) field.value = String(value);
    setHeat(cell, heat(value));
    const reads = state.coverage?.[r * state.map[0].length + c];
    cell.classList.toggle("unread", reads === 0);
}

/** Numbers are numbers; other text goes to the service as it is, which knows NaN and Infinity. */
function setInput(r, c, text) {
    const number = Number(text.trim().replace("−", "-"));
    state.map[r][c] = text.trim() === "" ? 0 : Number.isFinite(number) ? number : text.trim();
    changed();
}

/** Lights what the selected window reads, and marks what it selected. */
async function renderWindow() {
    const run = state.forward;
    if (!run) return clearWindow();
    const index = state.selected;
    const read = await readersOf(index);
    if (run !== state.forward || index !== state.selected) return;
    const geometry = slidingGeometry();
    const cells = geometry ? kernelCells(geometry, index) : read;
    clearWindow();
    for (const place of [...read, ...cells]) inputCells.get(cellKey(place))?.classList.add("tap");
    markSelected();
    moveFrame(cells);
    renderSentence(read, cells);
}

function clearWindow() {
    for (const cell of inputCells.values()) cell.classList.remove("tap", "winner");
    byId("frame").hidden = true;
}

function markSelected() {
    flattenedData(state.forward.indices).forEach((index, output) => {
        const place = output < state.revealed && selectedInput(index, output);
        if (place) inputCells.get(cellKey(place))?.classList.add("winner");
    });
}

function moveFrame(places) {
    const frame = byId("frame");
    const cells = places.map((place) => inputCells.get(cellKey(place))).filter(Boolean);
    frame.hidden = cells.length === 0;
    if (frame.hidden) return;
    const left = Math.min(...cells.map((cell) => cell.offsetLeft));
    const top = Math.min(...cells.map((cell) => cell.offsetTop));
    const right = Math.max(...cells.map((cell) => cell.offsetLeft + cell.offsetWidth));
    const bottom = Math.max(...cells.map((cell) => cell.offsetTop + cell.offsetHeight));
    frame.style.width = `${right - left + 6}px`;
    frame.style.height = `${bottom - top + 6}px`;
    frame.style.transform = `translate(${left - 3}px, ${top - 3}px)`;
}

function resizeMap(rows, columns) {
    state.map = Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => state.map[r]?.[c] ?? 0));
    changed();
}

function fillMap(value) {
    state.map = state.map.map((line) => line.map(value));
    changed();
}

function startInput() {
    const size = (id) => Math.min(Math.max(Math.round(Number(byId(id).value)) || 1, 1), 16);
    for (const id of ["rows", "columns"]) byId(id).addEventListener("change", () => resizeMap(size("rows"), size("columns")));
    byId("random").addEventListener("click", () => fillMap(() => Math.floor(Math.random() * 10)));
    byId("clear").addEventListener("click", () => fillMap(() => 0));
    roam(byId("input"), "input");
    startPen();
}

/** While the pen is on, a pressed pointer writes the ink's value. */
function startPen() {
    const table = byId("input");
    const pen = byId("pen");
    const isOn = () => pen.getAttribute("aria-pressed") === "true";
    const write = (event) => {
        if (!isOn() || event.buttons !== 1) return;
        const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("#input td");
        const place = [...inputCells].find(([, other]) => other === cell)?.[0].split(",").map(Number);
        if (!place || !isInsideMap(place)) return;
        event.preventDefault();
        const value = byId("ink").value;
        cell.firstChild.value = value;
        setInput(...place, value);
    };
    pen.addEventListener("click", () => {
        pen.setAttribute("aria-pressed", String(!isOn()));
        table.classList.toggle("drawing", isOn());
        byId("ink-field").hidden = !isOn();
    });
    table.addEventListener("pointerdown", write);
    table.addEventListener("pointermove", write);
}
