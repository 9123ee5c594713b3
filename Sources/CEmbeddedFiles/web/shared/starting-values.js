// The value of a required field when its op or region is chosen; everything else starts empty, which is the default.

export const startingValues = {
    sliding: { kernel: "2" },
    adaptive: { output_size: "2" },
    fractional: { kernel: "2", output_size: "3", seed: "7" },
    pyramid: { levels: "[1, 2]" },
    roi: { rois: "[[0, 0, 0, 3, 3]]", output_size: "2" },
    roi_align: { rois: "[[0, 0, 0, 4, 4]]", output_size: "2" },
    sequence: { lengths: "3" },
    segments: { segment_ids: "[0, 0, 1, 1]" },
    bags: { spans: "[[0, 2], [1, 4]]" },
    stochastic: { seed: "7" },
    weighted: { weights: "[[1, 1], [1, 1]]", normalize: "true" },
};

/** Pascal's triangle: the binomial filter of a length. */
export function binomialRow(length) {
    let row = [1];
    while (row.length < length) row = [1, ...row.slice(1).map((value, i) => value + row[i]), 1];
    return row;
}

export function binomialFilter(rows, columns) {
    return binomialRow(rows).map((a) => binomialRow(columns).map((b) => a * b));
}
