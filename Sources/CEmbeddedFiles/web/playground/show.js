// How the page is led through: tabs, examples, the guided story, and presenting.

import { announce, byId, copyText, element } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { prepared } from "./address.js";
import { emit, on } from "./events.js";
import { exampleNamed, examples, story } from "./examples.js";
import { changed, layer, state } from "./state.js";
import { play, select, stop } from "./steps.js";

const tabs = ["forward", "gradient", "shift", "stack", "photo"];

/** The untouched example that gave way to the photograph's. */
let replaced;

/** A window for sixteen numbers changes a photograph too little to see: the first example gives way to the photograph's. */
export function showTab(tab) {
    if (tab === "photo" && state.example === "first" && state.story === undefined) return showInstead("photo", "first", tab);
    if (state.tab === "photo" && state.example === "photo" && replaced) return showInstead(replaced, undefined, tab);
    state.tab = tab;
    renderShow();
    emit("view");
}

function showInstead(name, remembered, tab) {
    showExample(name, { tab });
    replaced = remembered;
}

function renderTabs() {
    for (const tab of tabs) {
        const isChosen = tab === state.tab;
        byId(`tab-${tab}`).setAttribute("aria-selected", String(isChosen));
        byId(`tab-${tab}`).tabIndex = isChosen ? 0 : -1;
    }
    byId("stage-panel").setAttribute("aria-labelledby", `tab-${state.tab}`);
    for (const part of document.querySelectorAll("[data-tabs]")) part.hidden = !part.dataset.tabs.split(" ").includes(state.tab);
    for (const tab of ["stack", "photo"]) if (state.tab !== tab) byId(`error-${tab}`).hidden = true;
    document.body.classList.toggle("presenting", state.isPresenting);
    document.body.dataset.tab = state.tab;
}

function pressTab(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(state.tab) + step + tabs.length) % tabs.length];
    showTab(next);
    byId(`tab-${next}`).focus();
}

/** Shows an example; a story step may tell it in another view and at another window. */
export function showExample(name, step = {}) {
    const example = exampleNamed(name);
    stop();
    replaced = undefined;
    Object.assign(state, {
        example: name, linkFaults: [], ...prepared(example), tab: step.tab ?? example.tab ?? "forward", selected: step.selected ?? 0, gradOutput: [], onlyWindow: false, wantsIndices: true,
    });
    Object.assign(state.moved, { right: 0, down: 0, turns: 0 });
    byId("one-window").checked = false;
    emit("example");
    renderShow();
    changed();
}

export function showStory(number) {
    state.story = Math.min(Math.max(number, 0), story.length - 1);
    showExample(story[state.story].example, story[state.story]);
    announce(byId("caption-text").textContent);
}

function leaveStory() {
    state.story = undefined;
    renderShow();
    emit("redraw");
    byId("story").focus();
}

export function renderShow() {
    renderTabs();
    byId("example").value = state.example ?? "";
    const isTold = state.story !== undefined;
    // What an example shows is on its own tab.
    const example = state.tab === (exampleNamed(state.example)?.tab ?? "forward") ? state.example : undefined;
    byId("caption").hidden = !isTold && !state.isPresenting && !example;
    byId("caption").classList.toggle("told", isTold);
    byId("story-steps").hidden = !isTold;
    byId("caption-title").textContent = isTold ? t(`story.${state.story + 1}.title`) : example ? t(`example.${example}`) : layerTitle();
    byId("caption-text").textContent = isTold ? t(`story.${state.story + 1}`) : example ? t(`example.${example}.note`) : "";
    byId("story-count").textContent = isTold ? `${state.story + 1} / ${story.length}` : "";
    byId("story-back").disabled = state.story === 0;
    byId("error-link").hidden = state.linkFaults.length === 0;
    byId("error-link").textContent = state.linkFaults.map(([key, values]) => t(key, values)).join(" ");
    byId("story-next").textContent = t(state.story === story.length - 1 ? "story.end" : "story.next");
}

const layerTitle = () => `${layer().op} · ${layer().region}`;

function present(isOn) {
    state.isPresenting = isOn;
    renderShow();
    emit("redraw");
    if (isOn) {
        document.documentElement.requestFullscreen?.().catch(() => undefined);
        byId("leave").focus();
    } else {
        if (document.fullscreenElement) document.exitFullscreen();
        byId("present").focus();
    }
}

/** While presenting, the arrow keys and a clicker lead. */
function lead(event) {
    if (!state.isPresenting || event.target.matches("input, select")) return;
    const next = () => (state.story === undefined ? showStory(0) : showStory(state.story + 1));
    const keys = {
        ArrowRight: () => select(state.selected + 1),
        ArrowLeft: () => select(state.selected - 1),
        ArrowDown: next,
        PageDown: next,
        ArrowUp: () => showStory((state.story ?? 1) - 1),
        PageUp: () => showStory((state.story ?? 1) - 1),
        Escape: () => present(false),
    };
    if (event.key === " " && !event.target.matches("button")) keys[" "] = play;
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
}

/** On a phone, sharing is below Controls. */
function placeActions({ matches: isNarrow }) {
    (isNarrow ? byId("settings") : document.querySelector(".theatre-head")).append(document.querySelector(".actions"));
}

function renderExamples() {
    byId("example").replaceChildren(
        element("option", { value: "" }, t("example.own")),
        ...examples.map(({ name }) => element("option", { value: name }, t(`example.${name}`))));
    byId("example").value = state.example ?? "";
}

export function startShow() {
    const narrow = matchMedia("(max-width: 40rem)");
    narrow.addEventListener("change", placeActions);
    placeActions(narrow);
    for (const tab of tabs) byId(`tab-${tab}`).addEventListener("click", () => showTab(tab));
    byId("tabs").addEventListener("keydown", pressTab);
    byId("example").addEventListener("change", (event) => {
        state.story = undefined;
        if (event.target.value) showExample(event.target.value);
    });
    byId("story").addEventListener("click", () => showStory(0));
    byId("story-back").addEventListener("click", () => showStory(state.story - 1));
    byId("story-next").addEventListener("click", () => (state.story === story.length - 1 ? leaveStory() : showStory(state.story + 1)));
    byId("story-leave").addEventListener("click", leaveStory);
    byId("present").addEventListener("click", () => present(true));
    byId("leave").addEventListener("click", () => present(false));
    byId("link").addEventListener("click", async () => {
        await copyText(location.href);
        byId("link").textContent = t("copied");
        announce(t("link.copied"));
        setTimeout(() => (byId("link").textContent = t("link")), 1500);
    });
    document.addEventListener("keydown", lead);
    renderExamples();
    on("drawn", renderShow);
    document.addEventListener("language", () => {
        renderExamples();
        renderShow();
    });
}

