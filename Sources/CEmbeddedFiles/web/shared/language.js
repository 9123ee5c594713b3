// English and Chinese. Every string of a page stands in one table per language.

const texts = { en: {}, zh: {} };
const languageTags = { en: "en", zh: "zh-Hans" };

let language = rememberedLanguage() ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

function rememberedLanguage() {
    try {
        const remembered = localStorage.getItem("language");
        return remembered in texts ? remembered : undefined;
    } catch {
        return undefined;
    }
}

/** The text of `key`, with `{name}` replaced by `values.name`. */
function t(key, values = {}) {
    const text = texts[language][key] ?? texts.en[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** What the catalogue says of something, in the reader's language where that is known. */
function catalogText(kind, name, english) {
    return (language === "zh" && catalogTextsZh[`${kind}.${name}`]) || english;
}

function translate(root = document) {
    for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
    for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
}

function setLanguage(chosen) {
    language = chosen;
    try {
        localStorage.setItem("language", chosen);
    } catch {
        // Not remembered, then.
    }
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

function startLanguage() {
    for (const button of document.querySelectorAll("[data-language]")) {
        button.addEventListener("click", () => setLanguage(button.dataset.language));
    }
    showLanguage();
}
