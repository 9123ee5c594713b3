// Puts the parts together: a change asks the service, its responses are shown everywhere.

import { getJSON } from "../shared/api.js";
import { byId } from "../shared/dom.js";
import { addTexts, startLanguage, t, translate } from "../shared/language.js";
import { readAddress, startAddress } from "./address.js";
import { startBar } from "./bar.js";
import { startBoxes } from "./boxes.js";
import { startCodePanel } from "./code-panel.js";
import { compute } from "./compute.js";
import { startEditing } from "./editing.js";
import { emit } from "./events.js";
import { startExplanation } from "./explanation.js";
import { startExport } from "./export.js";
import { renderShow, showExample, startShow } from "./show.js";
import { startStage } from "./stage.js";
import { state } from "./state.js";
import { startSteps } from "./steps.js";
import { textsEn } from "./texts.en.js";
import { textsZh } from "./texts.zh.js";

addTexts({ en: textsEn, zh: textsZh });

function renderAbout() {
    const { version, workers, instruction_set: set } = state.catalog;
    byId("about").textContent = t("about", { version, count: workers, set });
}

function fail() {
    byId("error-layer").hidden = false;
    byId("error-layer").textContent = `${t("unreachable")}: ${t("unreachable.detail")}`;
}

async function start() {
    startLanguage();
    try {
        state.catalog = await getJSON("/v1/operations");
    } catch {
        return fail();
    }
    const canvas = byId("drawing");
    startSteps(canvas);
    startEditing(canvas);
    startBoxes(canvas);
    startStage();
    for (const part of [startBar, startShow, startExplanation, startCodePanel, startExport]) part();
    translate();
    renderAbout();
    startAddress(compute);
    document.addEventListener("language", () => {
        renderAbout();
        emit("view");
    });
    if (readAddress()) {
        emit("example");
        renderShow();
        compute();
    } else {
        showExample("first");
    }
}

start();
