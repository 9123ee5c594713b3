// Puts the parts together: a change asks the service, an answer is shown everywhere.

let run = 0;

/** Something that the request depends on is different now. */
const changed = debounced(90, compute);

async function compute() {
    const current = ++run;
    const forward = await sendForward();
    const [report, coverage] = forward.ok ? await describeWindows(forward.answer.output_shape) : [];
    if (current !== run) return;
    readers.clear();
    state.forward = forward.ok ? forward.answer : undefined;
    state.request = forward.request;
    state.problem = forward.problem;
    state.status = `${forward.status} · ${forward.timing}`;
    state.report = report?.ok ? report.answer : undefined;
    state.coverage = coverage?.ok ? flattenedData(coverage.answer.grad_input) : undefined;
    state.gradient = undefined;
    resetGradOutput();
    state.selected = Math.min(state.selected, Math.max(outputCount() - 1, 0));
    render();
    await Promise.all([computeGradient(), computeShift(), computeStack(), computePicture()]);
    document.body.dataset.run = String(current);
}

function describeWindows(outputShape) {
    const ones = { shape: outputShape, data: Array(countOf(outputShape)).fill(1) };
    return Promise.all([post("/v1/shape", shapeRequest()), post("/v1/backward", readersRequest(ones))]);
}

function render() {
    renderProblem();
    renderInput();
    renderOutput();
    renderSteps();
    renderWindow();
    renderLegend();
    renderExplanation();
    renderGradOutput();
    renderRequest();
    if (!state.forward) byId("window-sentence").textContent = "";
}

function showExample(example) {
    Object.assign(state, {
        example: example.name, map: structuredClone(example.map), op: example.op, region: example.region ?? "sliding",
        fields: { ...example.fields }, stack: example.stack, selected: 0, gradOutput: [], wantsMask: true,
    });
    if (player) stop();
    resetShift();
    stackSelected = 0;
    renderExamples();
    renderForm();
    changed();
}

function leaveExample() {
    state.example = undefined;
    renderExamples();
}

function renderExamples() {
    byId("examples").replaceChildren(...examples.map((example) => element("li", {}, element("button", {
        type: "button", "aria-pressed": String(example.name === state.example), "data-example": example.name,
        onclick() {
            showExample(example);
            byId("examples").querySelector(`[data-example="${example.name}"]`).focus();
        },
    }, t(`example.${example.name}`)))));
    byId("example-note").textContent = state.example ? t(`example.${state.example}.note`) : "";
}

function renderAbout() {
    const { version, workers, instruction_set: set } = state.catalog;
    byId("about").textContent = t("about", { version, workers, set });
}

async function start() {
    startLanguage();
    try {
        state.catalog = await getJSON("/v1/operations");
    } catch {
        byId("error-general").hidden = false;
        byId("error-general").textContent = t("unreachable");
        return;
    }
    for (const part of [startForm, startInput, startOutput, startSteps, startGradient, startShift, startStack, startPicture, startRequest]) part();
    translate();
    renderAbout();
    showExample(examples[0]);
    document.addEventListener("language", () => {
        renderExamples();
        renderForm();
        renderAbout();
        compute();
    });
}

start();
