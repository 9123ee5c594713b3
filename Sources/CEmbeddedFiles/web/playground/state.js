// What the page knows. Everything that is shown follows from this; whoever changes it calls `changed`.

import { debounced } from "../shared/dom.js";
import { rejectionOf } from "../shared/regions.js";
import { emit } from "./events.js";

export const state = {
    /** `GET /v1/operations`. */
    catalog: undefined,
    /** The view on the stage: `forward`, `gradient`, `shift`, `stack` or `photo`. */
    tab: "forward",
    example: undefined,
    /** What the link that was opened says and the page cannot show: keys of texts and their values. */
    linkFaults: [],
    /** The window that the link names, until it is known how many there are. */
    linkWindow: null,
    map: [[0]],
    /** The layers of the stack, and which of them the bar sets and the other views show. */
    layers: [{ op: "max", region: "sliding", fields: { kernel: "2" } }],
    current: 0,
    wantsIndices: true,
    /** The gradient that each output receives, flat. */
    gradOutput: [],
    onlyWindow: false,
    /** How the input is moved in the shift view. */
    moved: { down: 0, right: 0, turns: 0 },
    ink: 9,
    /** The output whose window is shown, as a flat index, and how many outputs have appeared. */
    selected: 0,
    revealed: Infinity,
    isPlaying: false,
    /** The step of the guided story, from 0. */
    story: undefined,
    isPresenting: false,

    /** What the service said about this layer and this map: see `compute.js`. */
    run: undefined,
};

export const sideLimit = 16;

export const layer = () => state.layers[state.current];
export const opEntry = (name = layer().op) => state.catalog.ops.find((op) => op.name === name);
export const regionEntry = (name = layer().region) => state.catalog.regions.find((region) => region.name === name);
export const rejection = (op, region) => rejectionOf(op, regionEntry(region));
export const hasParameter = (name, region = layer().region) => regionEntry(region).parameters.some((parameter) => parameter.name === name);

/** Boxes are positions in images of a batch. */
export const takesBoxes = (region) => hasParameter("rois", region);
/** Samples between elements have no index, and come from more elements than the value is made of. */
export const isSampled = (region) => hasParameter("sampling_ratio", region);
/** Regions of rows: steps of a sequence, rows of a segment. */
export const isByRows = (region) => ["lengths", "segment_ids", "spans"].some((name) => hasParameter(name, region));
/** Bags name each row, some more than once. */
export const takesMembers = (region) => hasParameter("members", region);
export const slides = (region) => hasParameter("kernel", region) && hasParameter("padding", region);

/** The parameters of the chosen op and region; one that both know, such as `seed`, is there once. */
export function currentParameters() {
    const ofRegion = regionEntry().parameters;
    const names = new Set(ofRegion.map((parameter) => parameter.name));
    return [...ofRegion, ...opEntry().parameters.filter((parameter) => !names.has(parameter.name))];
}

/** The requests depend on something that is different now. */
export const changed = debounced(60, () => emit("changed"));

/** As `changed`, by a person: what is shown is no longer the prepared example. */
export function edited() {
    state.example = undefined;
    Object.assign(state, { linkFaults: [], linkWindow: null });
    changed();
}
