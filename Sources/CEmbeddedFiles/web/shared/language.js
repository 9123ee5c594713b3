// English and Chinese. Every string of a page is in one table per language.

import { catalogTextsZh } from "./names.zh.js";
import { remembered } from "./storage.js";

const texts = { en: {}, zh: {} };
const languageTags = { en: "en", zh: "zh-Hans" };

let language = rememberedLanguage() ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

function rememberedLanguage() {
    const chosen = remembered.get("localStorage", "language");
    return chosen in texts ? chosen : undefined;
}

export const currentLanguage = () => language;

export function addTexts(tables) {
    for (const [tag, table] of Object.entries(tables)) Object.assign(texts[tag], table);
}

/** The text of `key`, with `{name}` replaced by `values.name`; where `count` is 1, the text of `key.one` if there is one. */
export function t(key, values = {}) {
    const text = (values.count === 1 ? find(`${key}.one`) : undefined) ?? find(key) ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const find = (key) => texts[language][key] ?? texts.en[key];
export const hasText = (key) => find(key) !== undefined;

/** The keys of each language, for the test that compares them. */
export const textKeys = () => Object.fromEntries(Object.entries(texts).map(([tag, table]) => [tag, Object.keys(table).sort()]));

/** A text of the catalogue, in the reader's language where it is known. */
export function catalogText(kind, name, english) {
    return (language === "zh" && catalogTextsZh[`${kind}.${name}`]) || english;
}

export function translate(root = document) {
    for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
    for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
    for (const node of root.querySelectorAll("[data-t-title]")) node.title = t(node.dataset.tTitle);
}

function setLanguage(chosen) {
    language = chosen;
    remembered.set("localStorage", "language", chosen);
    showLanguage();
    document.dispatchEvent(new Event("language"));
}

function showLanguage() {
    document.documentElement.lang = languageTags[language];
    document.title = t("title");
    for (const button of document.querySelectorAll("[data-language]")) {
        button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    translate();
}

export function startLanguage() {
    for (const button of document.querySelectorAll("[data-language]")) {
        button.addEventListener("click", () => setLanguage(button.dataset.language));
    }
    showLanguage();
}
