// Tensors as tables.

/** Fills `table` with rows and columns from `from` up to `to`; `fill` gets each cell and its place. */
function layOutGrid(table, { rows, columns, caption, fill }) {
    const places = ([from, to]) => Array.from({ length: to - from }, (_, i) => from + i);
    const head = element("tr", {}, element("td", { "aria-hidden": "true", class: "corner" }),
        places(columns).map((c) => element("th", { scope: "col", "aria-label": t("column", { column: c }) }, String(c))));
    const body = places(rows).map((r) => {
        const cells = places(columns).map((c) => {
            const cell = element("td");
            fill(cell, r, c);
            return cell;
        });
        return element("tr", {}, element("th", { scope: "row", "aria-label": t("row", { row: r }) }, String(r)), cells);
    });
    table.replaceChildren(
        ...(caption ? [element("caption", {}, caption)] : []), element("thead", {}, head), element("tbody", {}, body));
}

function setHeat(cell, share) {
    cell.style.setProperty("--heat-share", `${Math.round(share * 62)}%`);
}

/** One table per plane of a tensor; `fill` gets each cell, its value and its flat index. */
function planeGrids(tensor, { label, small, fill }) {
    const planes = planesOf(tensor);
    return planes.map((plane, number) => {
        const table = element("table", { class: small ? "grid small" : "grid", "aria-label": label });
        layOutGrid(table, {
            rows: [0, plane.rows],
            columns: [0, plane.columns],
            caption: planes.length > 1 ? t("plane.caption", { plane: number }) : undefined,
            fill(cell, r, c) {
                const offset = r * plane.columns + c;
                fill(cell, plane.values[offset], plane.start + offset);
            },
        });
        return table;
    });
}

/** A small tensor to look at. */
function readOnlyGrids(tensor, label, decorate = () => {}) {
    const heat = heatScale(flatten(tensor));
    return planeGrids(tensor, {
        label,
        small: true,
        fill(cell, value, index) {
            cell.textContent = shortNumber(value);
            setHeat(cell, heat(value));
            decorate(cell, index, value);
        },
    });
}

/** One tab stop for a whole grid; the arrow keys move within it. */
function roam(container, selector) {
    container.addEventListener("keydown", (event) => {
        const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
        const cell = event.target.closest("td");
        if (!step || !cell || isInsideText(event)) return;
        const line = cell.parentElement;
        const lines = [...line.parentElement.children];
        const next = lines[lines.indexOf(line) + step[0]]?.children[cell.cellIndex + step[1]]?.querySelector(selector);
        if (!next) return;
        event.preventDefault();
        moveTabStop(container, selector, next);
        next.focus();
        next.select?.();
    });
    container.addEventListener("focusin", (event) => {
        if (event.target.matches(selector)) moveTabStop(container, selector, event.target);
    });
}

/** Left and right move the caret while there is text on that side of it. */
function isInsideText(event) {
    const { selectionStart, selectionEnd, value } = event.target;
    if (selectionStart === undefined || (selectionStart === 0 && selectionEnd === value.length)) return false;
    return (event.key === "ArrowLeft" && selectionStart > 0) || (event.key === "ArrowRight" && selectionEnd < value.length);
}

function moveTabStop(container, selector, target) {
    for (const other of container.querySelectorAll(selector)) other.tabIndex = other === target ? 0 : -1;
}
