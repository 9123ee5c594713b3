// What an entry of the catalogue says about a region, and what the service says about the cells that it reads.

export const rejectionOf = (op, region) => region.refuses.find((entry) => entry.op === op);

/** The first of these ops that a region supports. */
export const firstSupported = (ops, region) => ops.find((op) => !rejectionOf(op, region));

/** Each reason once, with the ops that a region rejects for it. */
export function rejectionsByReason({ refuses }) {
    const byReason = new Map();
    for (const { op, reason } of refuses) byReason.set(reason, [...(byReason.get(reason) ?? []), op]);
    return [...byReason];
}

/** The gradient of a sum is not 0 at each input that a region reads: this asks which they are. `fields` has no op. */
export function readersRequest(region, fields, inputShape, gradOutput) {
    return { op: firstSupported(["sum", "avg"], region), ...fields, input_shape: inputShape, grad_output: gradOutput };
}
