// The worked examples. Each sets the map, the layer and, where it matters, the stack.

const countedMap = (rows, columns) =>
    Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => r * columns + c + 1));

const twoPoolings = [{ op: "max", kernel: 2 }, { op: "max", kernel: 2 }];

const examples = [
    { name: "first", map: countedMap(4, 4), op: "max", fields: { kernel: "2", stride: "2" }, stack: twoPoolings },
    { name: "average", map: countedMap(4, 4), op: "avg", fields: { kernel: "2", stride: "2" }, stack: twoPoolings },
    { name: "single", map: [[1, 1], [5, 6]], op: "max", fields: { kernel: "2" }, stack: [{ op: "max", kernel: 2 }] },
    {
        name: "padding", op: "max", fields: { kernel: "3", stride: "2", padding: "1" },
        map: [[3, 1, 0, 2, 5, 4], [0, 7, 2, 1, 3, 0], [1, 2, 6, 0, 4, 8], [5, 0, 1, 9, 2, 1], [2, 4, 3, 1, 0, 6], [8, 1, 0, 5, 7, 2]],
        stack: [{ op: "max", kernel: 3, stride: 2, padding: 1 }],
    },
    { name: "dilation", map: countedMap(5, 5), op: "max", fields: { kernel: "2", stride: "1", dilation: "2" }, stack: [{ op: "max", kernel: 2, stride: 1, dilation: 2 }] },
    { name: "unread", map: countedMap(5, 5), op: "max", fields: { kernel: "2" }, stack: [{ op: "max", kernel: 2 }] },
    { name: "ceil", map: countedMap(5, 5), op: "avg", fields: { kernel: "2", ceil_mode: "true" }, stack: [{ op: "avg", kernel: 2, ceil_mode: true }] },
    {
        name: "edge", map: Array.from({ length: 7 }, () => [1, 1, 1, 0, 0, 0]), op: "weighted",
        fields: { kernel: "2", stride: "1", weights: "[[1, -1], [1, -1]]" },
        stack: [{ op: "weighted", kernel: 2, stride: 1, weights: [[1, -1], [1, -1]] }, { op: "max", kernel: 3, stride: 2, padding: 1 }],
    },
    {
        name: "blur", map: Array.from({ length: 8 }, () => [0, 9, 0, 9, 0, 9, 0, 9]), op: "weighted",
        fields: { kernel: "3", stride: "2", padding: "1", weights: JSON.stringify(binomialFilter(3, 3)), normalize: "true" },
        stack: [{ op: "max", kernel: 2, stride: 1 }, { op: "weighted", kernel: 3, stride: 2, padding: 1, weights: binomialFilter(3, 3), normalize: true }],
    },
    { name: "stack", map: countedMap(8, 8), op: "max", fields: { kernel: "2" }, stack: twoPoolings },
    { name: "global", map: countedMap(4, 4), op: "avg", region: "global", fields: {}, stack: [{ op: "max", kernel: 2 }, { op: "avg", region: "global" }] },
    { name: "adaptive", map: countedMap(5, 7), op: "avg", region: "adaptive", fields: { output_size: "3" }, stack: [{ op: "avg", region: "adaptive", output_size: 3 }] },
    { name: "roi", map: countedMap(6, 6), op: "max", region: "roi", fields: { rois: "[[0, 1, 0, 5, 3]]", output_size: "2" }, stack: twoPoolings },
    {
        name: "tokens", map: [[0.2, 1, -1, 0.5], [0.9, 0, 2, 0.1], [0.4, 0.5, 0, 0.6], [7, 7, 7, 7]], op: "avg", region: "sequence",
        fields: { lengths: "3" }, stack: twoPoolings,
    },
];
