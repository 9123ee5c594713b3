// A picture: scaled down here, pooled by the service as three planes of float32.

const pictureLimit = 128;
let picture;

function takePicture(source, width, height) {
    const scale = Math.min(1, pictureLimit / Math.max(width, height));
    const canvas = byId("picture-input");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    picture = context.getImageData(0, 0, canvas.width, canvas.height);
    byId("use-picture").disabled = false;
    computePicture();
}

/** Red, green and blue one after the other, as channels first wants them. */
function pictureTensor({ width, height, data }) {
    const values = new Float32Array(3 * width * height);
    for (let pixel = 0; pixel < width * height; pixel++) {
        for (let channel = 0; channel < 3; channel++) values[channel * width * height + pixel] = data[4 * pixel + channel];
    }
    const shape = takesBoxes() ? [1, 3, height, width] : [3, height, width];
    return { shape, dtype: "float32", b64: base64(new Uint8Array(values.buffer)) };
}

function base64(bytes) {
    let text = "";
    for (let start = 0; start < bytes.length; start += 0x8000) text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
    return btoa(text);
}

function floatsOf(text) {
    return new Float32Array(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);
}

let pictureRun = 0;

async function computePicture() {
    if (!picture) return;
    const run = ++pictureRun;
    byId("pictures").hidden = false;
    byId("picture-input-caption").textContent = t("picture.size", picture);
    const { ok, answer } = await post("/v1/forward", { ...layerFields(), input: pictureTensor(picture) });
    if (run !== pictureRun) return;
    if (ok) showPictureResult(answer);
    else showPictureProblem(problemText(answer));
}

function showPictureProblem(text) {
    const canvas = byId("picture-output");
    canvas.width = canvas.height = 1;
    byId("error-picture").hidden = false;
    byId("error-picture").textContent = text;
    byId("picture-output-caption").textContent = "";
}

function showPictureResult({ output, output_shape: shape }) {
    const [channels, height, width] = shape.slice(-3);
    if (shape.length < 3 || channels !== 3) return showPictureProblem(t("picture.none", { shape: shapeText(shape) }));
    byId("error-picture").hidden = true;
    drawPlanes(byId("picture-output"), floatsOf(output.b64), width, height);
}

/** Values beyond black and white are stretched to fit, and the caption says so. */
function drawPlanes(canvas, values, width, height) {
    const used = values.subarray(0, 3 * width * height);
    const low = used.reduce((a, b) => Math.min(a, b), Infinity);
    const high = used.reduce((a, b) => Math.max(a, b), -Infinity);
    const isStretched = low < 0 || high > 255;
    const scaled = (value) => (isStretched ? (255 * (value - low)) / (high - low || 1) : value);
    canvas.width = width;
    canvas.height = height;
    const image = new ImageData(width, height);
    for (let pixel = 0; pixel < width * height; pixel++) {
        for (let channel = 0; channel < 3; channel++) image.data[4 * pixel + channel] = scaled(used[channel * width * height + pixel]);
        image.data[4 * pixel + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    const enlarged = Math.min(picture.width / width, 8);
    canvas.style.width = `${2 * width * enlarged}px`;
    byId("picture-input").style.width = `${2 * picture.width}px`;
    byId("picture-output-caption").textContent = isStretched
        ? t("picture.stretched", { width, height, low: shortNumber(low), high: shortNumber(high) }) : t("picture.size", { width, height });
}

async function readFile(file) {
    if (!file) return;
    try {
        const bitmap = await createImageBitmap(file);
        takePicture(bitmap, bitmap.width, bitmap.height);
    } catch {
        byId("error-picture").hidden = false;
        byId("error-picture").textContent = t("picture.unreadable");
    }
}

/** Rings, stripes and a gradient: what pooling does to edges, textures and plain areas. */
function drawSample() {
    const canvas = element("canvas", { width: "96", height: "96" });
    const context = canvas.getContext("2d");
    const sky = context.createLinearGradient(0, 0, 0, 96);
    sky.addColorStop(0, "#28456f");
    sky.addColorStop(1, "#f2b36b");
    context.fillStyle = sky;
    context.fillRect(0, 0, 96, 96);
    for (let radius = 40; radius > 0; radius -= 6) {
        context.fillStyle = (radius / 2) % 6 === 2 ? "#fdf6e3" : "#c0392b";
        context.beginPath();
        context.arc(40, 44, radius * 0.7, 0, 2 * Math.PI);
        context.fill();
    }
    context.fillStyle = "#10202f";
    for (let column = 60; column < 96; column += 3) context.fillRect(column, 58, 1, 38);
    takePicture(canvas, 96, 96);
}

/** The picture as twelve by twelve levels from 0 to 9. */
function pictureToMap() {
    const canvas = element("canvas", { width: "12", height: "12" });
    const context = canvas.getContext("2d");
    context.drawImage(byId("picture-input"), 0, 0, 12, 12);
    const { data } = context.getImageData(0, 0, 12, 12);
    const level = (pixel) => Math.round((9 * (data[4 * pixel] + data[4 * pixel + 1] + data[4 * pixel + 2])) / 765);
    state.map = Array.from({ length: 12 }, (_, r) => Array.from({ length: 12 }, (_, c) => level(12 * r + c)));
    leaveExample();
    changed();
}

function startPicture() {
    const drop = byId("drop");
    byId("file").addEventListener("change", (event) => readFile(event.target.files[0]));
    byId("sample").addEventListener("click", drawSample);
    byId("use-picture").addEventListener("click", pictureToMap);
    for (const type of ["dragover", "dragleave", "drop"]) {
        drop.addEventListener(type, (event) => {
            event.preventDefault();
            drop.classList.toggle("over", type === "dragover");
            if (type === "drop") readFile(event.dataTransfer.files[0]);
        });
    }
}
