// The page's state in its address, so that a link opens a prepared slide. What is the default is left out.

import { startingValues } from "../shared/starting-values.js";
import { emit, on } from "./events.js";
import { exampleNamed, story } from "./examples.js";
import { layer, state } from "./state.js";
import { countedMap, parseCell } from "./tensors.js";

const tabs = ["forward", "gradient", "shift", "stack", "photo"];

/** The hash for what is shown now. */
export function hashOf() {
    const parts = new URLSearchParams();
    const step = state.example && story[state.story];
    if (step) parts.set("story", String(state.story + 1));
    else if (state.example) parts.set("example", state.example);
    else writeLayers(parts);
    if (state.tab !== (step?.tab ?? exampleNamed(state.example)?.tab ?? "forward")) parts.set("tab", state.tab);
    if (state.selected !== (step?.selected ?? 0)) parts.set("window", String(state.selected));
    if (state.moved.right || state.moved.down || state.moved.turns) parts.set("moved", [state.moved.right, state.moved.down, state.moved.turns].join(","));
    if (state.isPresenting) parts.set("present", "");
    return parts.toString().replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%5B", "[").replaceAll("%5D", "]").replace(/present=$/, "present");
}

function writeLayers(parts) {
    if (state.layers.length > 1) {
        parts.set("layers", JSON.stringify(state.layers));
        if (state.current > 0) parts.set("layer", String(state.current));
    } else {
        parts.set("op", layer().op);
        if (layer().region !== "sliding") parts.set("region", layer().region);
        for (const [name, text] of Object.entries(layer().fields)) if (String(text) !== "") parts.set(name, text);
    }
    parts.set("map", state.map.map((line) => line.join(",")).join(";"));
}

function update() {
    const hash = hashOf();
    if (hash !== location.hash.slice(1)) history.replaceState(null, "", `#${hash}`);
}

/** Takes what an address says into the state. Whether it said anything. */
export function readAddress() {
    const parts = new URLSearchParams(location.hash.slice(1));
    if ([...parts].length === 0) return false;
    const step = Number(parts.get("story")) - 1;
    const name = step in story ? story[step].example : parts.get("example");
    state.story = step in story ? step : undefined;
    if (exampleNamed(name)) Object.assign(state, { example: name, ...prepared(exampleNamed(name)) });
    else readLayers(parts);
    const tab = parts.get("tab") ?? (step in story ? story[step].tab : exampleNamed(name)?.tab);
    state.tab = tabs.includes(tab) ? tab : "forward";
    state.selected = Math.max(Math.trunc(Number(parts.get("window") ?? story[step]?.selected)) || 0, 0);
    const [right = 0, down = 0, turns = 0] = (parts.get("moved") ?? "").split(",").map((text) => Math.trunc(Number(text)) || 0);
    Object.assign(state.moved, { right, down, turns: ((turns % 4) + 4) % 4 });
    state.isPresenting = parts.has("present");
    return true;
}

/** An example's own map and layers, to be changed freely. */
export function prepared({ map, layers }) {
    return { map: structuredClone(map), layers: layers.map((each) => structuredClone(each)), current: 0 };
}

const reserved = new Set(["story", "example", "tab", "window", "moved", "present", "layers", "layer", "map", "op", "region"]);

function readLayers(parts) {
    state.example = undefined;
    const map = mapOf(parts.get("map"));
    state.map = map ?? countedMap(4, 4);
    const layers = layersOf(parts.get("layers"));
    if (layers) {
        Object.assign(state, { layers, current: Math.min(Math.max(Number(parts.get("layer")) || 0, 0), layers.length - 1) });
        return;
    }
    const isKnown = (kind, name) => state.catalog[kind].some((entry) => entry.name === name);
    const op = isKnown("ops", parts.get("op")) ? parts.get("op") : "max";
    const region = isKnown("regions", parts.get("region")) ? parts.get("region") : "sliding";
    const fields = { ...startingValues[region], ...startingValues[op], ...Object.fromEntries([...parts].filter(([name]) => !reserved.has(name))) };
    Object.assign(state, { current: 0, layers: [{ op, region, fields }] });
}

function mapOf(text) {
    if (!text) return undefined;
    const rows = text.split(";").map((line) => line.split(",").map(parseCell));
    const isWhole = rows.length <= 16 && rows[0].length <= 16 && rows.every((row) => row.length === rows[0].length && !row.includes(undefined));
    return isWhole ? rows : undefined;
}

function layersOf(text) {
    try {
        const layers = JSON.parse(text);
        const names = (kind) => state.catalog[kind].map(({ name }) => name);
        const isFine = ({ op, region, fields }) => names("ops").includes(op) && names("regions").includes(region) && typeof fields === "object" && fields !== null;
        return Array.isArray(layers) && layers.length > 0 && layers.every(isFine) ? layers : undefined;
    } catch {
        return undefined;
    }
}

export function startAddress(apply) {
    for (const name of ["drawn", "selected"]) on(name, update);
    addEventListener("hashchange", () => {
        if (location.hash.slice(1) === hashOf() || !readAddress()) return;
        emit("example");
        apply();
    });
}
