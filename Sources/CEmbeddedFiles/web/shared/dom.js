// Elements, text and numbers: the few tools that every part of a page uses.

import { t } from "./language.js";

export const byId = (id) => document.getElementById(id);

/** Makes an element: `on…` attributes are listeners, `undefined` and `false` ones are left out. */
export function element(tag, attributes = {}, ...children) {
    return filled(document.createElement(tag), attributes, children);
}

/** The same for a drawing. */
export function svg(tag, attributes = {}, ...children) {
    return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(made, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === false) continue;
        if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
        else made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== undefined));
    return made;
}

/** What fits a cell: integers below a million, and four significant digits of everything else. */
export function shortNumber(value) {
    if (typeof value !== "number") return String(value).replace("Infinity", "∞").replace("-", "−");
    const isWhole = Number.isInteger(value) && Math.abs(value) < 1e6;
    return (isWhole ? String(value) : significant(value)).replaceAll("-", "−");
}

/** With an exponent where zeros after the four digits would look exact. */
function significant(value) {
    const [digits, exponent] = value.toExponential(3).split("e").map(Number);
    return exponent < -4 || exponent > 3 ? `${digits}e${exponent}` : String(Number(value.toPrecision(4)));
}

export function debounced(delay, action) {
    let timer;
    return (...values) => {
        clearTimeout(timer);
        timer = setTimeout(() => action(...values), delay);
    };
}

/** A button that copies what `text` returns, and says so. */
export function copyButton(text, describedBy) {
    const button = element("button", { type: "button", class: "quiet copy", "data-t": "copy", "aria-describedby": describedBy }, t("copy"));
    button.addEventListener("click", async () => {
        await copyText(text());
        button.textContent = t("copied");
        announce(t("copied"));
        setTimeout(() => (button.textContent = t("copy")), 1500);
    });
    return button;
}

/** The clipboard is there only on secure origins; elsewhere a selection does it. */
export async function copyText(text) {
    if (navigator.clipboard) {
        try {
            return await navigator.clipboard.writeText(text);
        } catch {
            // Not allowed: the selection below remains.
        }
    }
    const area = element("textarea", { class: "visually-hidden", readonly: true, "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
}

/** Tells a screen reader. */
export function announce(text) {
    byId("announcements").textContent = text;
}
