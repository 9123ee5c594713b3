// The page's state in its address, so that a link opens a prepared slide. What is the default is left out.

import { startingValues } from "../shared/starting-values.js";
import { countedMap, parseCell } from "../shared/tensors.js";
import { emit, on } from "./events.js";
import { exampleNamed, story } from "./examples.js";
import { layer, sideLimit, state } from "./state.js";

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

/** Takes what an address says into the state, and what of it cannot be shown. Whether it said anything. */
export function readAddress() {
    const parts = new URLSearchParams(location.hash.slice(1));
    if ([...parts].length === 0) return false;
    state.linkFaults = [];
    const step = Number(parts.get("story")) - 1;
    const name = step in story ? story[step].example : parts.get("example");
    state.story = step in story ? step : undefined;
    if (parts.has("story") && !(step in story)) fault("story", { name: parts.get("story"), count: story.length });
    if (name !== null && !exampleNamed(name)) fault("example", { name });
    if (exampleNamed(name)) Object.assign(state, { example: name, ...prepared(exampleNamed(name)) });
    else readLayers(parts);
    const tab = parts.get("tab") ?? (step in story ? story[step].tab : exampleNamed(name)?.tab) ?? tabs[0];
    state.tab = known("tab", tab, tabs, tabs[0]);
    state.linkWindow = parts.get("window");
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
    state.map = mapOf(parts.get("map")) ?? countedMap(4, 4);
    const layers = layersOf(parts.get("layers"));
    if (layers) {
        Object.assign(state, { layers, current: Math.min(Math.max(Number(parts.get("layer")) || 0, 0), layers.length - 1) });
        return;
    }
    if (parts.has("layers")) fault("layers", {});
    const op = known("op", parts.get("op") ?? "max", namesOf("ops"), "max");
    const region = known("region", parts.get("region") ?? "sliding", namesOf("regions"), "sliding");
    const given = Object.fromEntries([...parts].filter(([name]) => !reserved.has(name)));
    for (const name of Object.keys(given)) if (!parameterNames().has(name)) fault("field", { name });
    Object.assign(state, { current: 0, layers: [{ op, region, fields: { ...startingValues[region], ...startingValues[op], ...given } }] });
}

/** Keeps what a link says and the page cannot show, for the message above the stage: the key of a text and its values. */
const fault = (kind, values) => void state.linkFaults.push([`link.${kind}`, values]);

/** `name`, or what is shown in its place. */
function known(kind, name, names, standard) {
    if (names.includes(name)) return name;
    fault(kind, { name, shown: standard });
    return standard;
}

const namesOf = (kind) => state.catalog[kind].map(({ name }) => name);
const parameterNames = () => new Set([...state.catalog.ops, ...state.catalog.regions].flatMap(({ parameters }) => parameters.map(({ name }) => name)));

function mapOf(text) {
    if (text === null) return undefined;
    const lines = text.split(";").map((line) => line.split(","));
    const rows = lines.map((line) => line.map(parseCell));
    const uneven = rows.findIndex((row) => row.length !== rows[0].length);
    const wrong = lines.flat()[rows.flat().indexOf(undefined)];
    if (wrong !== undefined) return fault("map.number", { text: wrong });
    if (uneven > 0) return fault("map.uneven", { row: uneven, length: rows[uneven].length, first: rows[0].length });
    if (Math.max(rows.length, rows[0].length) > sideLimit) return fault("map.large", { rows: rows.length, columns: rows[0].length, limit: sideLimit });
    return rows;
}

function layersOf(text) {
    try {
        const layers = JSON.parse(text);
        const isFine = ({ op, region, fields }) => namesOf("ops").includes(op) && namesOf("regions").includes(region) && typeof fields === "object" && fields !== null;
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
