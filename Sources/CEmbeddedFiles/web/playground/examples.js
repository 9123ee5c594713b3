// The worked examples. Each sets the map, the layers and the view. Where the map goes on beyond its edges, what is shifted in
// is not zeros but what lies `beyond`: the edge again, or the other side.

import { binomialFilter } from "../shared/starting-values.js";
import { countedMap } from "../shared/tensors.js";

const sliding = (op, fields) => ({ op, region: "sliding", fields });
const over = (region, op, fields) => ({ op, region, fields });
const max2 = sliding("max", { kernel: "2", stride: "2" });
const edge = sliding("weighted", { kernel: "2", stride: "1", weights: "[[1, -1], [1, -1]]" });

export const examples = [
    { name: "first", map: countedMap(4, 4), layers: [max2] },
    { name: "average", map: countedMap(4, 4), layers: [sliding("avg", { kernel: "2", stride: "2" })] },
    { name: "single", map: [[1, 1], [5, 6]], layers: [max2] },
    {
        name: "padding", layers: [sliding("max", { kernel: "3", stride: "2", padding: "1" })],
        map: [[3, 1, 0, 2, 5, 4], [0, 7, 2, 1, 3, 0], [1, 2, 6, 0, 4, 8], [5, 0, 1, 9, 2, 1], [2, 4, 3, 1, 0, 6], [8, 1, 0, 5, 7, 2]],
    },
    { name: "dilation", map: countedMap(5, 5), layers: [sliding("max", { kernel: "2", stride: "1", dilation: "2" })] },
    { name: "unread", map: countedMap(5, 5), layers: [max2] },
    { name: "ceil", map: countedMap(5, 5), layers: [sliding("avg", { kernel: "2", stride: "2", ceil_mode: "true" })] },
    { name: "gradient", tab: "gradient", map: countedMap(4, 4), layers: [max2] },
    { name: "overlap", tab: "gradient", map: [[1, 2, 1], [3, 9, 4], [2, 5, 1]], layers: [sliding("max", { kernel: "2", stride: "1" })] },
    { name: "edge", tab: "shift", beyond: "edge", map: Array.from({ length: 7 }, () => [1, 1, 1, 0, 0, 0]), layers: [edge, max2] },
    {
        name: "blur", tab: "shift", beyond: "other side", map: Array.from({ length: 8 }, () => [0, 9, 0, 9, 0, 9, 0, 9]),
        layers: [sliding("weighted", { kernel: "3", stride: "2", padding: "1", padding_mode: "circular", weights: JSON.stringify(binomialFilter(3, 3)), normalize: "true" })],
    },
    { name: "stack", tab: "stack", map: countedMap(8, 8), layers: [max2, max2] },
    { name: "global", map: countedMap(4, 4), layers: [over("global", "avg", {})] },
    { name: "adaptive", map: countedMap(5, 7), layers: [over("adaptive", "avg", { output_size: "3" })] },
    { name: "roi", map: countedMap(6, 6), layers: [over("roi", "max", { rois: "[[0, 1, 0, 4, 3]]", output_size: "2" })] },
    { name: "align", map: countedMap(6, 6), layers: [over("roi_align", "avg", { rois: "[[0, 1, 1, 4, 4]]", output_size: "2", sampling_ratio: "1" })] },
    {
        name: "tokens", map: [[0.2, 1, -1, 0.5], [0.9, 0, 2, 0.1], [0.4, 0.5, 0, 0.6], [7, 7, 7, 7]],
        layers: [over("sequence", "avg", { lengths: "3" })],
    },
    { name: "photo", tab: "photo", map: countedMap(4, 4), layers: [sliding("max", { kernel: "4", stride: "4" })] },
];

export const exampleNamed = (name) => examples.find((example) => example.name === name);

/** The six steps of the guided story: an example, the view it is told with, and where to look first. */
export const story = [
    { example: "single", tab: "forward" },
    { example: "first", tab: "forward" },
    { example: "average", tab: "forward" },
    { example: "gradient", tab: "gradient", selected: 1 },
    { example: "edge", tab: "shift" },
    { example: "stack", tab: "stack" },
];
