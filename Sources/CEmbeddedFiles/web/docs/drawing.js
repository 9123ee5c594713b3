// One window and what an op makes of it, drawn from the service's answers.

const drawnWindow = [[1, 2], [3, 6]];
const cellSize = 38;

/** Input, output and gradient side by side; nothing where the op asks for more than its starting values. */
async function drawExample(op) {
    const starting = Object.entries(startingValues[op] ?? {}).map(([name, text]) => [name, JSON.parse(text)]);
    const layer = { op, kernel: 2, ...Object.fromEntries(starting), input: drawnWindow };
    const [forward, backward] = await Promise.all([
        post("/v1/forward", layer), post("/v1/backward", { ...layer, grad_output: [[1]] })]);
    if (!forward.ok || !backward.ok) return undefined;
    return drawing(op, forward.answer.output, backward.answer.grad_input);
}

function drawing(op, output, gradient) {
    const width = 7 * cellSize + 24;
    const picture = svg("svg", {
        viewBox: `0 0 ${width} ${2 * cellSize + 24}`, width, height: 2 * cellSize + 24, class: "drawing", role: "img",
        "aria-label": t("drawing.label", { op, value: shortNumber(output[0][0]) }),
    });
    drawCells(picture, drawnWindow, 2, 2, "lit", "drawing.input");
    drawArrow(picture, 2.3 * cellSize);
    drawCells(picture, output, 2.8 * cellSize, cellSize / 2, "lit", "drawing.output");
    drawArrow(picture, 4.1 * cellSize);
    drawCells(picture, gradient, 4.8 * cellSize, 2, (value) => (value === 0 ? "" : "back"), "drawing.gradient");
    return picture;
}

function drawCells(picture, rows, left, top, kind, label) {
    rows.forEach((line, r) => line.forEach((value, c) => {
        const place = { x: left + c * cellSize, y: top + r * cellSize };
        const shade = typeof kind === "string" ? kind : kind(value);
        picture.append(
            svg("rect", { ...place, width: cellSize - 3, height: cellSize - 3, rx: 5, class: shade }),
            svg("text", { x: place.x + cellSize / 2 - 1.5, y: place.y + cellSize / 2 - 1.5 }, Number(shortNumber(value)) === value ? shortNumber(value) : value.toFixed(2)));
    }));
    const middle = left + (rows[0].length * cellSize) / 2;
    picture.append(svg("text", { x: Math.max(middle, 26), y: 2 * cellSize + 13, class: "label" }, t(label)));
}

function drawArrow(picture, left) {
    picture.append(svg("text", { x: left, y: cellSize, class: "label" }, "→"));
}

function svg(tag, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
}
