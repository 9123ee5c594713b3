// The service, as any client sees it.

async function post(path, body) {
    try {
        const response = await fetchWithKey(path, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(body),
        });
        const answer = await response.json();
        const timing = response.headers.get("Server-Timing") ?? "";
        return { ok: response.ok, status: response.status, answer, timing };
    } catch {
        return { ok: false, status: 0, answer: { title: t("unreachable"), detail: t("unreachable.detail") }, timing: "" };
    }
}

async function getJSON(path) {
    const response = await fetchWithKey(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json();
}

/** A command that sends this request from a shell. */
function curlCommand(path, body) {
    const quoted = JSON.stringify(body).replaceAll("'", "'\\''");
    const key = apiKey ? ` -H "X-API-Key: $KEY"` : "";
    return `curl '${location.origin}${path}' -H 'Content-Type: application/json'${key} -d '${quoted}'`;
}

/** JSON with one member a line and its tensors row by row. */
function readableJSON(body) {
    const members = Object.entries(body).map(([name, value]) => `  ${JSON.stringify(name)}: ${readableValue(value)}`);
    return `{\n${members.join(",\n")}\n}`;
}

function readableValue(value) {
    const isMatrix = Array.isArray(value) && value.some(Array.isArray);
    if (!isMatrix) return JSON.stringify(value).replaceAll(",", ", ");
    const rows = value.map((row) => "    " + JSON.stringify(row).replaceAll(",", ", "));
    return `[\n${rows.join(",\n")}\n  ]`;
}
