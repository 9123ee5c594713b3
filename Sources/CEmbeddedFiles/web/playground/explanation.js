// What happened, in words.

/** The selected window as a sentence. */
function renderSentence(read, cells) {
    const value = shortNumber(flatten(state.forward.output)[state.selected]);
    const holder = byId("window-sentence");
    const taps = read.map(([r, c]) => shortNumber(state.map[r][c]));
    const shown = taps.length > 12 ? [...taps.slice(0, 11), "…"] : taps;
    const padded = cells.filter((place) => !isInsideMap(place)).length;
    const sentence = taps.length
        ? t("window.sentence", { op: state.op, taps: `(${shown.join(", ")})`, value })
        : t("window.empty", { op: state.op, value });
    holder.textContent = sentence + (padded ? t("window.padded", { count: padded }) : "");
}

function renderLegend() {
    const has = {
        tap: true,
        winner: Boolean(state.forward?.indices),
        padding: Boolean(slidingGeometry()?.padding.flat().some((count) => count > 0)),
        unread: Boolean(state.coverage?.includes(0)),
    };
    const keys = Object.keys(has).filter((name) => has[name]);
    byId("legend").replaceChildren(...keys.map((name) =>
        element("li", {}, element("span", { class: `key ${name}`, "aria-hidden": "true" }), t(`legend.${name}`))));
}

/** What each parameter did to this input. */
function renderExplanation() {
    const holder = byId("explanation");
    if (!state.forward || !state.report) return holder.replaceChildren();
    const geometry = slidingGeometry();
    const lines = geometry ? [...slidingLines(geometry), ...edgeLines(), costLine()] : [generalLine()];
    holder.replaceChildren(...lines.map((line) => element("p", {}, line)));
}

const extent = ([rows, columns]) => `${rows}×${columns}`;

function slidingLines(geometry) {
    const { kernel, stride, dilation, span, padding } = geometry;
    const isDilated = dilation.some((distance) => distance > 1);
    const isPadded = padding.flat().some((count) => count > 0);
    return [
        t(isDilated ? "explain.dilated" : "explain.window", { kernel: extent(kernel), dilation: extent(dilation), span: extent(span) }),
        `${t("explain.stride", { stride: extent(stride) })} ${t(overlapKey(stride, span))}`,
        isPadded ? t("explain.padding", { padding: padding.map(([before, after]) => `${before} + ${after}`).join(", ") }) : t("explain.nopadding"),
        ...sizeLines(geometry),
    ];
}

function overlapKey(stride, span) {
    if (stride.some((step, axis) => step < span[axis])) return "explain.overlap";
    return stride.some((step, axis) => step > span[axis]) ? "explain.gaps" : "explain.tiles";
}

function sizeLines({ stride, span, padding, ceil }) {
    const size = [state.map.length, state.map[0].length];
    const outputs = state.forward.output_shape.slice(-2);
    return ["rows", "columns"].map((axis, i) =>
        t(ceil ? "explain.size.ceil" : "explain.size", {
            axis: t(`axis.${axis}`), n: size[i], pads: padding[i].join(" + "), span: span[i], stride: stride[i], m: outputs[i],
        }));
}

function edgeLines() {
    const { clipped_windows: clipped, windows, unused } = state.report;
    const [rows, columns] = unused.length === 1 ? [0, unused[0]] : unused;
    return [
        ...(clipped ? [t("explain.clipped", { clipped, windows })] : []),
        ...(rows || columns ? [t("explain.unused", { rows, columns })] : []),
    ];
}

function costLine() {
    const { windows, operations, input_bytes: before, output_bytes: after } = state.report;
    return t("explain.cost", { windows, operations, before, after });
}

function generalLine() {
    return t("explain.general", { windows: state.report.windows ?? "", before: countOf(inputShape()), after: countOf(state.forward.output_shape) });
}
