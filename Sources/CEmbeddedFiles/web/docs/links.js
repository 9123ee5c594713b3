// Links from a request to the playground, which opens with its layer and its map.

const limit = 16;
const reserved = ["op", "region", "input", "return_indices", "return_output", "grad_output", "response_form"];

/** A link, or nothing where the playground has no place for the request's tensor. */
export function playgroundLink(body, tab) {
    const map = mapOf(body?.input);
    if (!map) return undefined;
    const parts = Array.isArray(body.layers) ? chainParts(body.layers, tab) : layerParts(body, tab);
    if (!parts) return undefined;
    parts.set("map", map.map((line) => line.join(",")).join(";"));
    return `/#${parts}`;
}

function layerParts(body, tab) {
    if (typeof body.op !== "string") return undefined;
    const parts = new URLSearchParams({ op: body.op });
    if (body.region) parts.set("region", body.region);
    for (const [name, text] of Object.entries(fieldTexts(body))) parts.set(name, text);
    if (tab) parts.set("tab", tab);
    return parts;
}

/** The stack shows a chain forward. */
function chainParts(layers, tab) {
    if (tab || layers.some(({ op }) => typeof op !== "string")) return undefined;
    const shown = layers.map((each) => ({ op: each.op, region: each.region ?? "sliding", fields: fieldTexts(each) }));
    return new URLSearchParams({ layers: JSON.stringify(shown), tab: "stack" });
}

function fieldTexts(fields) {
    const shown = Object.entries(fields).filter(([name]) => !reserved.includes(name));
    return Object.fromEntries(shown.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]));
}

/** A small map, alone or as the only channel of the only image. */
function mapOf(tensor) {
    if (!Array.isArray(tensor)) return undefined;
    if (tensor.length === 1 && Array.isArray(tensor[0]?.[0])) return mapOf(tensor[0]);
    const isMap = tensor.length <= limit && tensor.every((line) => Array.isArray(line) && line.length <= limit && line.every((value) => !Array.isArray(value)));
    return isMap ? tensor : undefined;
}
