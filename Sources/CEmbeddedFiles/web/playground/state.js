// What the page knows. Everything that is shown follows from this; whoever changes it calls `changed`.

const state = {
    /** `GET /v1/operations`. */
    catalog: undefined,
    example: "first",
    map: countedMap(4, 4),
    op: "max",
    region: "sliding",
    /** The text of each field, by the parameter's name; an empty one is not sent. */
    fields: {},
    wantsMask: true,

    /** The answers to the current request: undefined while it is refused. */
    request: undefined,
    forward: undefined,
    report: undefined,
    gradient: undefined,
    problem: undefined,
    /** How often each input is read, from the gradient of a sum. */
    coverage: undefined,
    /** The gradient that each output receives, flat. */
    gradOutput: [],

    /** The output whose window is shown, as a flat index, and how many outputs have appeared. */
    selected: 0,
    revealed: Infinity,

    stack: twoPoolings,
};

const opEntry = (name = state.op) => state.catalog.ops.find((op) => op.name === name);
const regionEntry = (name = state.region) => state.catalog.regions.find((region) => region.name === name);
const isRefused = (op, region) => regionEntry(region).refuses.find((refusal) => refusal.op === op);

/** The parameters of the chosen op and region; one that both know, such as `seed`, stands once. */
function currentParameters() {
    const ofRegion = regionEntry().parameters;
    const names = new Set(ofRegion.map((parameter) => parameter.name));
    return [...ofRegion, ...opEntry().parameters.filter((parameter) => !names.has(parameter.name))];
}
