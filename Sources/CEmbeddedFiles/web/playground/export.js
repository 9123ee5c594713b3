// The stage as a file: SVG with its styles written out, or PNG at twice its size.

import { byId, element } from "../shared/dom.js";
import { photoCanvas } from "./photo.js";
import { state } from "./state.js";

const styles = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "paint-order", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline"];

/** A copy of the drawing that needs no style sheet. */
function standalone() {
    const drawing = byId("drawing");
    const copy = drawing.cloneNode(true);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const originals = [...drawing.querySelectorAll("*")];
    [...copy.querySelectorAll("*")].forEach((node, i) => {
        const computed = getComputedStyle(originals[i]);
        if (computed.display === "none") return node.setAttribute("display", "none");
        for (const name of styles) node.setAttribute(name, plain(name, computed.getPropertyValue(name)));
        for (const name of ["class", "style", "role", "tabindex", "aria-label", "aria-pressed"]) node.removeAttribute(name);
    });
    for (const name of ["class", "style", "role", "aria-label", "tabindex"]) copy.removeAttribute(name);
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of [["width", "100%"], ["height", "100%"], ["fill", plain("fill", getComputedStyle(byId("stage")).backgroundColor)]]) paper.setAttribute(name, value);
    copy.prepend(paper);
    return new XMLSerializer().serializeToString(copy);
}

/** Mixed colours as every program reads them. */
function plain(name, value) {
    if ((name !== "fill" && name !== "stroke") || value === "none" || value.startsWith("url")) return value;
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    context.fillStyle = value;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return alpha === 255 ? `rgb(${red},${green},${blue})` : `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
}

async function drawnPNG() {
    if (state.tab === "photo") return photoCanvas();
    const image = new Image();
    const address = URL.createObjectURL(new Blob([standalone()], { type: "image/svg+xml" }));
    image.src = address;
    await image.decode();
    const canvas = element("canvas", { width: String(2 * image.width), height: String(2 * image.height) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    return canvas;
}

function save(blob, extension) {
    const link = element("a", { href: URL.createObjectURL(blob), download: `pooling-${state.tab}.${extension}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function startExport() {
    byId("save-svg").addEventListener("click", () => save(new Blob([standalone()], { type: "image/svg+xml" }), "svg"));
    byId("save-png").addEventListener("click", async () => (await drawnPNG()).toBlob((blob) => save(blob, "png")));
}
