// The request as it was sent, to copy into a program or a shell, and its response.

import { readableJSON } from "../shared/api.js";
import { codeFor, codeForPicture, codeLanguages } from "../shared/code.js";
import { byId, copyButton, element } from "../shared/dom.js";
import { on } from "./events.js";
import { gradientTensor } from "./gradient.js";
import { backwardRequest, shapeRequest, takesShapeQuery } from "./requests.js";
import { photoRequest } from "./photo.js";
import { stackExchange } from "./stack.js";
import { state } from "./state.js";

let language = "curl";
let endpoint = "forward";
/** The tab that `endpoint` was last set for. */
let followed;

function shownExchange() {
    const { run } = state;
    const chain = state.tab === "stack" && endpoint === "forward" ? stackExchange() : undefined;
    return chain ?? {
        forward: () => ({ path: "/v1/forward", body: run.request, response: run.forward ?? run.problem }),
        backward: () => ({ path: "/v1/backward", body: backwardRequest(run.forward ? gradientTensor() : []), response: run.gradient ?? run.gradientProblem }),
        shape: () => ({ path: "/v1/shape", body: shapeRequest(run.forward?.output_shape ?? [1]), response: run.report }),
    }[endpoint]();
}

function render() {
    if (!state.run) return;
    followTab();
    const isPhoto = state.tab === "photo";
    byId("endpoint").querySelector("[value=shape]").disabled = !takesShapeQuery();
    if (endpoint === "shape" && !takesShapeQuery()) return setEndpoint("forward");
    byId("endpoint").hidden = isPhoto;
    if (isPhoto) renderPhoto();
    else renderExchange();
    for (const button of byId("languages").children) button.setAttribute("aria-pressed", String(button.dataset.code === language));
}

function renderExchange() {
    const { path, body, response } = shownExchange();
    byId("code-part").hidden = false;
    byId("code").textContent = codeFor(language, path, body);
    byId("response").textContent = response ? readableJSON(response) : "—";
    byId("response-status").textContent = endpoint === "forward" && state.tab !== "stack" ? state.run.status : "";
}

/** A picture goes out and comes back as PNG, where the op has levels. */
function renderPhoto() {
    const exchange = photoRequest();
    byId("code-part").hidden = !exchange;
    if (!exchange) return;
    byId("code").textContent = codeForPicture(language, exchange.fields);
    byId("response").textContent = exchange.response;
    byId("response-status").textContent = "";
}

/** However a tab was opened: the gradient view starts with the backward request, every other one without it. */
function followTab() {
    if (state.tab === followed) return;
    followed = state.tab;
    if (state.tab === "gradient") endpoint = "backward";
    else if (endpoint === "backward") endpoint = "forward";
    byId("endpoint").value = endpoint;
}

function setEndpoint(name) {
    endpoint = name;
    byId("endpoint").value = name;
    render();
}

export function startCodePanel() {
    byId("languages").replaceChildren(...Object.entries(codeLanguages).map(([name, title]) => element("button", {
        type: "button", "data-code": name, "aria-pressed": String(name === language),
        onclick() {
            language = name;
            render();
        },
    }, title)));
    byId("languages").after(copyButton(() => byId("code").textContent, "code-title"));
    byId("endpoint").addEventListener("change", (event) => setEndpoint(event.target.value));
    on("drawn", render);
}
