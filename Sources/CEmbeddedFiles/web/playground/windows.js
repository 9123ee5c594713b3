// Places in the map, and what is there.

import { flatData } from "../shared/tensors.js";
import { isByRows, state } from "./state.js";

export const keyOf = ([r, c]) => `${r},${c}`;
export const isInside = ([r, c]) => r >= 0 && c >= 0 && r < state.map.length && c < state.map[0].length;

/** The value at a place: of the map, or of its padding; nothing where the padding takes no part. */
export const valueAt = (place) => (isInside(place) ? state.map[place[0]][place[1]] : state.run.plane.values.get(keyOf(place)));

/** Whether a place outside the map is padding; beyond it lies only what `ceil_mode` hangs over. */
export function isPadding([r, c]) {
    const pairs = state.run.plane.padding;
    const sizes = [state.map.length, state.map[0].length];
    return Boolean(pairs) && [r, c].every((place, axis) => place >= -pairs[axis][0] && place < sizes[axis] + pairs[axis][1]);
}

/** The place that the index of an output names; nothing for −1, or where there are no indices. */
export function selectedPlace(output) {
    const { indices, output_shape: shape } = state.run.forward;
    const index = indices === undefined ? -1 : flatData(indices)[output];
    if (index < 0) return undefined;
    const width = state.map[0].length;
    const outputWidth = shape.at(-1) ?? 1;
    if (isByRows()) return [index, output % outputWidth];
    if (state.run.report?.padding?.length === 1) return [Math.floor(output / outputWidth), index];
    return [Math.floor(index / width), index % width];
}

/** The smallest rectangle of places around some. */
export function boundsOf(places) {
    const rows = places.map(([r]) => r);
    const columns = places.map(([, c]) => c);
    return { rows: [Math.min(...rows), Math.max(...rows)], columns: [Math.min(...columns), Math.max(...columns)] };
}
