// The output: each cell is a button that shows its window.

function renderOutput() {
    const holder = byId("output");
    if (!state.forward) {
        holder.replaceChildren(element("p", { class: "note" }, "—"));
        byId("output-shape").textContent = "";
        return;
    }
    const focused = document.activeElement?.dataset?.output;
    const values = flatten(state.forward.output);
    const heat = heatScale(values);
    holder.replaceChildren(...planeGrids(state.forward.output, {
        label: t("output"),
        fill(cell, value, index) {
            setHeat(cell, heat(value));
            cell.append(outputButton(value, index));
        },
    }));
    byId("output-shape").textContent = shapeText(state.forward.output_shape);
    markOutputs();
    if (focused !== undefined) holder.querySelector(`[data-output="${focused}"]`)?.focus();
}

function outputButton(value, index) {
    return element("button", {
        type: "button", "data-output": String(index), title: String(value),
        onclick: () => select(index),
    }, shortNumber(value));
}

/** Which outputs have appeared, and which is selected. */
function markOutputs() {
    for (const button of byId("output").querySelectorAll("button")) {
        const index = Number(button.dataset.output);
        const isSelected = index === state.selected;
        button.tabIndex = isSelected ? 0 : -1;
        button.setAttribute("aria-pressed", String(isSelected));
        button.parentElement.classList.toggle("selected", isSelected);
        button.parentElement.classList.toggle("waiting", index >= state.revealed);
    }
}

function startOutput() {
    roam(byId("output"), "button");
}
