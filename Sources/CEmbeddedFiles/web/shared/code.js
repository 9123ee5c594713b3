// The same request from a shell, from Python, from JavaScript, and the same layer in PyTorch.

import { hasKey } from "./key.js";

export const codeLanguages = { curl: "curl", python: "Python", javascript: "JavaScript", pytorch: "PyTorch" };

/** The program that sends this request, or computes its layer. */
export function codeFor(language, path, body) {
    return { curl: curlCommand, python: pythonProgram, javascript: javascriptProgram, pytorch: pytorchProgram }[language](path, body);
}

export function curlCommand(path, body) {
    const quoted = JSON.stringify(body).replaceAll("'", "'\\''");
    const key = hasKey() ? ` -H "X-API-Key: $KEY"` : "";
    return `curl '${location.origin}${path}' -H 'Content-Type: application/json'${key} -d '${quoted}'`;
}

/** The program that pools the file `photo.png`. */
export function codeForPicture(language, fields) {
    return { curl: curlPicture, python: pythonPicture, javascript: javascriptPicture, pytorch: pytorchPicture }[language](fields);
}

const queryOf = (fields) => Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(typeof value === "string" ? value : JSON.stringify(value))}`).join("&");
const pictureAddress = (fields) => `${location.origin}/v1/forward?${queryOf(fields)}`;

function curlPicture(fields) {
    const key = hasKey() ? ` -H "X-API-Key: $KEY"` : "";
    return `curl '${pictureAddress(fields)}' -H 'Content-Type: image/png'${key} --data-binary @photo.png -o pooled.png`;
}

function pythonPicture(fields) {
    const key = hasKey() ? `, "X-API-Key": "…"` : "";
    return `from pathlib import Path
from urllib.request import Request, urlopen

picture = Path("photo.png").read_bytes()
request = Request("${pictureAddress(fields)}", picture, {"Content-Type": "image/png"${key}})
Path("pooled.png").write_bytes(urlopen(request).read())`;
}

function javascriptPicture(fields) {
    const key = hasKey() ? `, "X-API-Key": "…"` : "";
    return `import { readFile, writeFile } from 'node:fs/promises';

const response = await fetch("${pictureAddress(fields)}", {
  method: "POST",
  headers: { "Content-Type": "image/png"${key} },
  body: await readFile("photo.png"),
});
await writeFile("pooled.png", new Uint8Array(await response.arrayBuffer()));`;
}

function pytorchPicture(fields) {
    const layer = pytorchLayer(fields);
    if (!layer || layer.lines.some((line) => line.includes(".unfold("))) return noSuchLayer;
    return ["import torch", ...layer.imports, "from torchvision.io import read_image, write_png", "",
        'x = read_image("photo.png").float()', ...layer.lines, 'write_png(y.round().byte(), "pooled.png")'].join("\n");
}

const noSuchLayer = "# PyTorch has no function for exactly this request:\n# send it to the service, as the Python program does.";

/** A JSON value as Python writes it. */
function python(value) {
    if (value === null || value === undefined) return "None";
    if (typeof value === "boolean") return value ? "True" : "False";
    if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
    if (typeof value === "object") return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${python(member)}`).join(", ")}}`;
    return JSON.stringify(value);
}

const members = (body, write) => Object.entries(body).map(([name, value]) => `    ${JSON.stringify(name)}: ${write(value)},`).join("\n");

function pythonProgram(path, body) {
    const key = hasKey() ? `, "X-API-Key": "…"` : "";
    return `import json
from urllib.request import Request, urlopen

body = {
${members(body, python)}
}
request = Request("${location.origin}${path}", json.dumps(body).encode(), {"Content-Type": "application/json"${key}})
print(json.load(urlopen(request)))`;
}

function javascriptProgram(path, body) {
    const key = hasKey() ? `, "X-API-Key": "…"` : "";
    return `const response = await fetch("${location.origin}${path}", {
  method: "POST",
  headers: { "Content-Type": "application/json"${key} },
  body: JSON.stringify({
${members(body, JSON.stringify).replaceAll("\n", "\n  ").replace(/^/, "  ")}
  }),
});
console.log(await response.json());`;
}

/** The layer in PyTorch, forward or backward, where its own functions say the same. */
function pytorchProgram(path, body) {
    const layer = body.layers ? pytorchChain(body.layers) : pytorchLayer(body);
    if (!layer || !path.match(/forward|backward/) || !Array.isArray(body.input ?? body.grad_output)) {
        return noSuchLayer;
    }
    const isBackward = path.endsWith("backward");
    const input = body.input ? `torch.tensor(${python(body.input)}${isBackward ? ", requires_grad=True" : ""}, dtype=torch.float32)`
        : `torch.zeros(${python(body.input_shape)}, requires_grad=True)`;
    const ordered = input.replace(", requires_grad=True, dtype=torch.float32", ", dtype=torch.float32, requires_grad=True");
    const lines = ["import torch", ...layer.imports, "", `x = ${ordered}`, ...layer.lines];
    if (isBackward) lines.push(`y.backward(torch.tensor(${python(body.grad_output)}, dtype=torch.float32))`, "print(x.grad)");
    else lines.push(layer.hasIndices ? "print(y, indices)" : "print(y)");
    return lines.join("\n");
}

/** Layers one after the other; boxes take an input of their own form. */
function pytorchChain(fields) {
    const layers = fields.map(({ return_output: _, ...each }) => pytorchLayer(each));
    if (layers.includes(undefined) || fields.some(({ rois }) => rois)) return undefined;
    const lines = layers.flatMap((each, i) => (i ? ["x = y", ...each.lines] : each.lines));
    return { imports: [...new Set(layers.flatMap((each) => each.imports))], lines };
}

const functional = ["import torch.nn.functional as F"];

function pytorchLayer(body) {
    const region = body.region ?? "sliding";
    const rest = Object.keys(body).filter((name) => !knownFields.has(name));
    if (rest.length > 0) return undefined;
    return { sliding: slidingLayer, adaptive: adaptiveLayer, global: globalLayer, roi: boxLayer, roi_align: boxLayer }[region]?.(body);
}

const knownFields = new Set(["op", "region", "input", "input_shape", "grad_output", "kernel", "stride", "padding", "dilation", "ceil_mode", "return_indices",
    "count_include_pad", "divisor_override", "output_size", "weights", "normalize", "rois", "spatial_scale", "sampling_ratio", "aligned", "q", "correction"]);

const argumentsOf = (pairs) => Object.entries(pairs).filter(([, value]) => value !== undefined).map(([name, value]) => `, ${name}=${python(value)}`).join("");
/** PyTorch's layers take a channel axis. */
const lifted = (call) => `y = ${call("x[None]")}[0]`;

function slidingLayer({ op, kernel, stride, padding, dilation, ceil_mode: ceil, return_indices: indices, count_include_pad: counts, divisor_override: divisor, weights, normalize, q, correction }) {
    if ([kernel].flat().length === 1 && Array.isArray(kernel)) return undefined;
    if (typeof padding === "string" || (Array.isArray(padding) && Array.isArray(padding[0]))) return undefined;
    const window = argumentsOf({ kernel_size: kernel, stride, padding, ceil_mode: ceil });
    if (op === "max" && indices) {
        return { imports: functional, hasIndices: true, lines: [`y, indices = F.max_pool2d(x[None]${window}${argumentsOf({ dilation, return_indices: true })})`, "y, indices = y[0], indices[0]"] };
    }
    if (op === "max") return { imports: functional, lines: [lifted((x) => `F.max_pool2d(${x}${window}${argumentsOf({ dilation })})`)] };
    if (op === "min" && !indices) return { imports: functional, lines: [lifted((x) => `-F.max_pool2d(-${x}${window}${argumentsOf({ dilation })})`)] };
    if (op === "avg" && !dilation) return { imports: functional, lines: [lifted((x) => `F.avg_pool2d(${x}${window}${argumentsOf({ count_include_pad: counts, divisor_override: divisor })})`)] };
    if (op === "sum" && !dilation) return { imports: functional, lines: [lifted((x) => `F.avg_pool2d(${x}${window}, divisor_override=1)`)] };
    if (op === "weighted" && Array.isArray(weights?.[0]) && !(normalize && padding)) {
        const scaled = `w = torch.tensor(${python(weights)}, dtype=torch.float32)${normalize ? "\nw = w / w.sum()" : ""}`;
        return { imports: functional, lines: [scaled, lifted((x) => `F.conv2d(${x}, w[None, None]${argumentsOf({ stride: stride ?? kernel, padding, dilation })})`)] };
    }
    const fold = unfolded[op]?.({ q, correction });
    if (!fold || padding || dilation || ceil || indices) return undefined;
    const [rows, columns] = [kernel].flat().length === 2 ? kernel : [kernel, kernel];
    const [down, across] = [stride ?? kernel].flat().length === 2 ? (stride ?? kernel) : [stride ?? kernel, stride ?? kernel];
    return { imports: [], lines: [`windows = x.unfold(0, ${rows}, ${down}).unfold(1, ${columns}, ${across}).flatten(-2)`, `y = windows${fold}`] };
}

/** Folds over the last axis of the windows. */
const unfolded = {
    median: () => ".median(-1).values",
    quantile: ({ q }) => `.quantile(${q ?? 0.5}, -1)`,
    product: () => ".prod(-1)",
    variance: ({ correction }) => `.var(-1, correction=${correction ?? 0})`,
    std: ({ correction }) => `.std(-1, correction=${correction ?? 0})`,
    first: () => "[..., 0]",
    last: () => "[..., -1]",
};

function adaptiveLayer({ op, output_size: size, return_indices: indices }) {
    const name = { max: "max", avg: "avg" }[op];
    if (!name) return undefined;
    if (indices) return { imports: functional, hasIndices: true, lines: [`y, indices = F.adaptive_max_pool2d(x[None], ${python(size)}, return_indices=True)`, "y, indices = y[0], indices[0]"] };
    return { imports: functional, lines: [lifted((x) => `F.adaptive_${name}_pool2d(${x}, ${python(size)})`)] };
}

function globalLayer({ op, return_indices: indices }) {
    const call = { max: "amax", avg: "mean", min: "amin", sum: "sum" }[op];
    return call && !indices ? { imports: [], lines: [`y = x.${call}((-2, -1), keepdim=True)`] } : undefined;
}

function boxLayer({ op, region, rois, output_size: size, spatial_scale: scale, sampling_ratio: ratio, aligned, return_indices: indices }) {
    const name = { roi: op === "max" && "roi_pool", roi_align: op === "avg" && "roi_align" }[region];
    if (!name || indices) return undefined;
    const more = argumentsOf({ output_size: size, spatial_scale: scale, ...(region === "roi_align" && { sampling_ratio: ratio, aligned }) });
    return { imports: [`from torchvision.ops import ${name}`], lines: [`boxes = torch.tensor(${python(rois)}, dtype=torch.float32)`, `y = ${name}(x, boxes${more})`] };
}
