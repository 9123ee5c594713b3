// The request as it was sent, to copy into a program or a shell, and its answer.

function shownExchange() {
    const endpoint = byId("endpoint").value;
    const gradOutput = () => (state.forward ? gradientTensor() : []);
    return {
        forward: () => ({ path: "/v1/forward", body: state.request, answer: state.forward ?? state.problem }),
        backward: () => ({ path: "/v1/backward", body: backwardRequest(gradOutput()), answer: state.gradient }),
        shape: () => ({ path: "/v1/shape", body: shapeRequest(), answer: state.report }),
    }[endpoint]();
}

function renderRequest() {
    const { path, body, answer } = shownExchange();
    byId("curl").textContent = curlCommand(path, body);
    byId("json").textContent = readableJSON(body);
    byId("answer").textContent = answer ? readableJSON(answer) : "—";
    byId("answer-status").textContent = path === "/v1/forward" ? state.status ?? "" : "";
}

function startRequest() {
    byId("endpoint").addEventListener("change", renderRequest);
    byId("curl-title").after(copyButton(() => byId("curl").textContent, "curl-title"));
    byId("json-title").after(copyButton(() => byId("json").textContent, "json-title"));
}
