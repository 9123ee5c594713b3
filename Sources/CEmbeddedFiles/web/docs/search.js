// Search over all entries: those that do not have every word are hidden, in the page and in the contents.

import { announce, byId } from "../shared/dom.js";
import { t } from "../shared/language.js";

export function search() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const entry of document.querySelectorAll(".entry")) {
        const text = entry.textContent.toLowerCase();
        entry.hidden = !words.every((word) => text.includes(word));
        if (!entry.hidden) found += 1;
    }
    for (const link of document.querySelectorAll("#contents a[data-entry]")) {
        link.parentElement.hidden = byId(link.dataset.entry)?.hidden ?? false;
    }
    for (const fold of document.querySelectorAll("details.fold")) if (words.length) fold.open = Boolean(fold.querySelector(".entry:not([hidden])"));
    byId("found").textContent = words.length ? t(found ? "search.count" : "search.none", { count: found }) : "";
    if (words.length) announce(byId("found").textContent);
}

export function startSearch() {
    byId("search").addEventListener("input", search);
}
