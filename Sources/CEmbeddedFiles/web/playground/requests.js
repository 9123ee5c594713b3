// The requests that the page sends. The one that is shown to copy is the one that was sent.

/** What a field's text means: JSON where it is JSON, `2, 3` is a list, anything else is text for the service to judge. */
function fieldValue(text) {
    const trimmed = text.trim();
    if (trimmed === "") return undefined;
    for (const candidate of [trimmed, `[${trimmed}]`]) {
        try {
            return JSON.parse(candidate);
        } catch {
            // Not JSON in this form.
        }
    }
    return trimmed;
}

/** Op, region and parameters as the form has them. */
function layerFields() {
    return { op: state.op, ...regionFields(), ...fieldsOf(opEntry().parameters) };
}

function regionFields() {
    const region = state.region === "sliding" ? {} : { region: state.region };
    return { ...region, ...fieldsOf(regionEntry().parameters) };
}

function fieldsOf(parameters) {
    const fields = {};
    for (const { name } of parameters) {
        const value = fieldValue(state.fields[name] ?? "");
        if (value !== undefined) fields[name] = value;
    }
    return fields;
}

/** Boxes lie in images of a batch, so their map is the only channel of the only image. */
const takesBoxes = () => regionEntry().parameters.some((parameter) => parameter.name === "rois");
const inputTensor = (map = state.map) => (takesBoxes() ? [[map]] : map);
const inputShape = () => shapeOf(inputTensor());

function forwardRequest(map = state.map, layer = layerFields()) {
    return { ...layer, input: inputTensor(map) };
}

/** Pools the map, with the mask where it is wanted. Where only the mask is refused, the answer comes without it. */
async function sendForward() {
    const plain = forwardRequest();
    const wantsMask = opEntry().indices && state.wantsMask;
    const request = wantsMask ? { ...plain, return_indices: true } : plain;
    const exchange = await post("/v1/forward", request);
    if (exchange.ok || exchange.answer.pointer !== "/return_indices") {
        return { ...exchange, request, problem: exchange.ok ? undefined : exchange.answer };
    }
    return { ...(await post("/v1/forward", plain)), request: plain, problem: exchange.answer };
}

/** `input_shape` is enough where the catalogue says so. */
function backwardRequest(gradOutput) {
    const needsShapeOnly = opEntry().gradient === "input_shape";
    const operand = needsShapeOnly ? { input_shape: inputShape() } : { input: inputTensor() };
    return { ...layerFields(), ...operand, grad_output: gradOutput };
}

/** A shape query takes no tensors but those that say where regions lie. */
function shapeRequest() {
    return { input_shape: inputShape(), op: state.op, ...regionFields() };
}

/** The gradient of a sum is 1 at each input that a region reads: this asks which they are. */
function readersRequest(gradOutput) {
    const op = ["sum", "avg", "max"].find((candidate) => opEntry(candidate) && !isRefused(candidate, state.region));
    return { op, ...regionFields(), input_shape: inputShape(), grad_output: gradOutput };
}
