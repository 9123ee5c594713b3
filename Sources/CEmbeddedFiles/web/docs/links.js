// Links from a request to the playground, which opens with its layer and its map.

const limit = 16;
const reserved = ["op", "region", "input", "return_indices", "grad_output", "response_form"];

/** A link, or nothing where the playground has no place for the request's tensor. */
export function playgroundLink(body, tab) {
    const map = mapOf(body?.input);
    if (!map || typeof body.op !== "string") return undefined;
    const parts = new URLSearchParams({ op: body.op });
    if (body.region) parts.set("region", body.region);
    for (const [name, value] of Object.entries(body)) {
        if (!reserved.includes(name)) parts.set(name, typeof value === "string" ? value : JSON.stringify(value));
    }
    parts.set("map", map.map((line) => line.join(",")).join(";"));
    if (tab) parts.set("tab", tab);
    return `/#${parts}`;
}

/** A small map, alone or as the only channel of the only image. */
function mapOf(tensor) {
    if (!Array.isArray(tensor)) return undefined;
    if (tensor.length === 1 && Array.isArray(tensor[0]?.[0])) return mapOf(tensor[0]);
    const isMap = tensor.length <= limit && tensor.every((line) => Array.isArray(line) && line.length <= limit && line.every((value) => !Array.isArray(value)));
    return isMap ? tensor : undefined;
}
