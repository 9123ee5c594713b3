// The service, as any client sees it.

import { fetchWithKey } from "./key.js";
import { t } from "./language.js";

/** Posts JSON. `response` is the JSON of the response: a problem document where `ok` is false. */
export async function post(path, body) {
    try {
        const received = await fetchWithKey(path, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(body),
        });
        const response = await received.json();
        const timing = received.headers.get("Server-Timing") ?? "";
        return { ok: received.ok, status: received.status, response, timing };
    } catch {
        return { ok: false, status: 0, response: { title: t("unreachable"), detail: t("unreachable.detail") }, timing: "" };
    }
}

export async function getJSON(path) {
    const response = await fetchWithKey(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json();
}

/** JSON with one member per line and its tensors row by row. */
export function readableJSON(body) {
    if (body === null || typeof body !== "object" || Array.isArray(body)) return readableValue(body);
    const members = Object.entries(body).map(([name, value]) => `  ${JSON.stringify(name)}: ${readableValue(value)}`);
    return `{\n${members.join(",\n")}\n}`;
}

function readableValue(value) {
    const isMatrix = Array.isArray(value) && value.some(Array.isArray);
    if (!isMatrix) return JSON.stringify(value).replaceAll(",", ", ");
    const rows = value.map((row) => "    " + JSON.stringify(row).replaceAll(",", ", "));
    return `[\n${rows.join(",\n")}\n  ]`;
}
