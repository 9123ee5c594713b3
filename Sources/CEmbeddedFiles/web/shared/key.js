// The API key, where the service asks for one: given in a field, kept until the tab closes, sent with every request.

import { element } from "./dom.js";
import { addTexts, translate } from "./language.js";
import { remembered } from "./storage.js";

addTexts({
    en: {
        "key.label": "API key",
        "key.use": "Use",
        "key.wanted": "This service asks for an API key. It is kept until this tab is closed.",
        "key.wrong": "The service does not know this key.",
    },
    zh: {
        "key.label": "API 密钥",
        "key.use": "使用",
        "key.wanted": "此服务需要 API 密钥。密钥只保留到此标签页关闭为止。",
        "key.wrong": "此服务不认识这个密钥。",
    },
});

let apiKey = remembered.get("sessionStorage", "key") ?? "";
/** Fulfilled by the next key; undefined while nobody waits for one. */
let awaitedKey;

export const hasKey = () => apiKey !== "";

/** Fetches; where the service does not accept the key, waits for another and tries again. */
export async function fetchWithKey(path, options = {}) {
    while (true) {
        const key = apiKey;
        const headers = { ...options.headers, ...(key && { "X-API-Key": key }) };
        const response = await fetch(path, { ...options, headers });
        if (response.status !== 401) return response;
        if (key === apiKey) await (awaitedKey ??= askForKey(key ? "key.wrong" : "key.wanted"));
    }
}

/** Shows the field until a key is given. */
function askForKey(reason) {
    return new Promise((resolve) => {
        const field = element("input", { id: "api-key", type: "password", required: true, pattern: "[!-~]+", autocomplete: "off" });
        const form = element("form", { id: "key", class: "key", onsubmit(event) {
            event.preventDefault();
            apiKey = field.value;
            remembered.set("sessionStorage", "key", apiKey);
            awaitedKey = undefined;
            form.remove();
            resolve();
        } },
            element("p", { role: "alert", "data-t": reason }),
            element("label", { for: "api-key", "data-t": "key.label" }), field,
            element("button", { class: "main", "data-t": "key.use" }));
        document.querySelector("header.site").after(form);
        translate(form);
        field.focus();
    });
}
