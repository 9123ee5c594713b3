// The requests that the page sends. The one that is shown to copy is the one that was sent.

import { readersRequest as readersRequestOf } from "../shared/regions.js";
import { shapeOf } from "../shared/tensors.js";
import { hasParameter, isByRows, isSampled, layer, opEntry, regionEntry, slides, state, takesBoxes } from "./state.js";

/** What a field's text means: JSON where it is JSON, `2, 3` is a list, anything else is text for the service to judge. */
export function fieldValue(text) {
    const trimmed = String(text ?? "").trim();
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

/** Op, region and parameters as the bar has them. */
export function layerFields(of = layer()) {
    return { op: of.op, ...regionFields(of), ...fieldsOf(opEntry(of.op).parameters, of) };
}

export function regionFields(of = layer()) {
    const region = of.region === "sliding" ? {} : { region: of.region };
    const kernel = slides(of.region) ? kernelOf(of) : undefined;
    return { ...region, ...(kernel !== undefined && { kernel }), ...fieldsOf(regionEntry(of.region).parameters, of) };
}

function fieldsOf(parameters, { fields }) {
    const values = parameters.map(({ name }) => [name, fieldValue(fields[name])]);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** A map is the only channel of the only image where the regions of a layer are boxes. */
export const asInput = (map, layers = [layer()]) => (layers.some(({ region = "sliding" }) => takesBoxes(region)) ? [[map]] : map);
export const inputTensor = () => asInput(state.map);
export const inputShape = () => shapeOf(inputTensor());

export const canGiveIndices = () => opEntry().indices && !isSampled();

export function forwardRequest() {
    const indices = canGiveIndices() && state.wantsIndices ? { return_indices: true } : {};
    return { ...layerFields(), ...indices, input: inputTensor() };
}

/** The first layers of the stack in one request, with the output of each. */
export function chainRequest(layers = state.layers) {
    const last = layers.length - 1;
    return { layers: layers.map((each, i) => ({ ...layerFields(each), ...(i < last && { return_output: true }) })), input: asInput(state.map, state.layers) };
}

/** `input_shape` is enough where the catalogue says so. */
export function backwardRequest(gradOutput) {
    const operand = opEntry().gradient === "input_shape" ? { input_shape: inputShape() } : { input: inputTensor() };
    return { ...layerFields(), ...operand, grad_output: gradOutput };
}

/** Bags are known by their tensors alone, which a shape query does not take. */
export const takesShapeQuery = (region = layer().region) => !hasParameter("spans", region);

/** A shape query takes no tensors but those that say where regions lie. */
export function shapeLayer(of, outputShape) {
    const { op } = of;
    if (!isByRows(of.region)) return { op, ...regionFields(of) };
    const segments = regionEntry(of.region).parameters.some(({ name }) => name === "segments");
    return { op, region: of.region, ...(segments && { segments: outputShape[0] }) };
}

export const shapeRequest = (outputShape) => ({ input_shape: inputShape(), ...shapeLayer(layer(), outputShape) });

/** Asks which cells a layer reads. */
export function readersRequest(gradOutput, of = layer(), shape = inputShape()) {
    return readersRequestOf(regionEntry(of.region), regionFields(of), shape, gradOutput);
}

/** The size of the kernel: a footprint or a structuring element has it, where no kernel is given. */
export function kernelOf({ fields } = layer()) {
    const pattern = [fields.footprint, fields.structure].map(fieldValue).find(Array.isArray);
    return fieldValue(fields.kernel) ?? (pattern && shapeOf(pattern));
}

/** The windows of a sliding layer without what happens at the edge. */
export function windowFields(of = layer()) {
    const fields = regionFields(of);
    return Object.fromEntries(["kernel", "footprint", "stride", "dilation"].filter((name) => name in fields).map((name) => [name, fields[name]]));
}
