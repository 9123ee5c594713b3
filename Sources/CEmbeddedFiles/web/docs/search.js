// Search over all entries: those that do not have every word are hidden, in the page and in the contents. Where none is left,
// the service is asked what the words of another framework mean here: the hints of its errors say it.

import { post } from "../shared/api.js";
import { announce, byId, debounced } from "../shared/dom.js";
import { t } from "../shared/language.js";

const entries = () => [...document.querySelectorAll(".entry")];

export function search() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = show((text) => words.every((word) => text.includes(word)), words.length > 0);
    if (words.length === 0) return tell("");
    tell(t(found ? "search.count" : "search.none", { count: found }));
    if (found) jump(words);
    else searchMeaning();
}

/** How many entries are left. */
function show(matches, isSearch) {
    for (const entry of entries()) entry.hidden = !matches(entry.textContent.toLowerCase());
    for (const link of document.querySelectorAll("#contents a[data-entry]")) {
        link.parentElement.hidden = byId(link.dataset.entry)?.hidden ?? false;
    }
    for (const fold of document.querySelectorAll("details.fold")) if (isSearch) fold.open = Boolean(fold.querySelector(".entry:not([hidden])"));
    return entries().filter(({ hidden }) => !hidden).length;
}

function tell(text) {
    byId("found").textContent = text;
    if (text) announce(text);
}

const searchMeaning = debounced(250, async () => {
    const asked = byId("search").value;
    const names = await meaningsOf(asked.trim());
    if (names.length === 0 || byId("search").value !== asked) return;
    show((text) => names.some((name) => text.includes(name)), true);
    tell(t("search.meant", { words: names.join(", ") }));
    jump(names);
});

/** The names of this service that it takes a field, an op and a region of that name for. */
async function meaningsOf(text) {
    const requests = [{ [text]: 0 }, { op: text }, { op: "max", region: text }];
    const responses = await Promise.all(requests.map((body) => post("/v1/forward", body)));
    const hints = responses.map(({ response }) => /did you mean (.*?)\?/.exec(response.detail)?.[1] ?? "");
    return [...new Set(hints.flatMap((hint) => [...hint.matchAll(/'(.+?)'/g)].map(([, name]) => name)))];
}

/** Brings the best match into sight where the search stays in sight with it: the entry of that name, or the first. */
function jump(words) {
    const left = entries().filter(({ hidden }) => !hidden);
    const isNamed = (entry) => words.some((word) => entry.querySelector("h3")?.textContent === word);
    const hasParameter = (entry) => [...entry.querySelectorAll("tbody th code")].some(({ textContent }) => words.includes(textContent));
    const best = left.find(isNamed) ?? left.find(hasParameter) ?? left[0];
    if (matchMedia("(min-width: 56.01rem)").matches) best.scrollIntoView({ behavior: "instant" });
}

export function startSearch() {
    byId("search").addEventListener("input", search);
}
