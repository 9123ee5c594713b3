// The sources that the catalogue names, as links to the papers and to the reference of other libraries.

import { element } from "../shared/dom.js";

const arxiv = (number) => `https://arxiv.org/abs/${number}`;

/** What is recognised in a source, and where it leads. */
const patterns = [
    [/torchvision\.ops\.\w+/, (name) => `https://docs.pytorch.org/vision/stable/generated/${name}.html`],
    [/torch\.\w+(?:\.\w+)*/, (name) => `https://docs.pytorch.org/docs/stable/generated/${name}.html`],
    [/ONNX \w+/, (name) => `https://onnx.ai/onnx/operators/onnx__${name.slice(5)}.html`],
    [/tf\.\w+(?:\.\w+)+/, (name) => `https://www.tensorflow.org/api_docs/python/${name.replaceAll(".", "/")}`],
    [/jax\.lax\.\w+/, (name) => `https://docs.jax.dev/en/latest/_autosummary/${name}.html`],
    [/flax\.linen\.\w+/, () => "https://flax-linen.readthedocs.io/en/latest/api_reference/flax.linen/layers.html"],
    [/numpy\.\w+/, (name) => `https://numpy.org/doc/stable/reference/generated/${name}.html`],
    [/PyTorch Geometric/, () => "https://pytorch-geometric.readthedocs.io/en/latest/modules/nn.html"],
    [/sentence-transformers/, () => "https://www.sbert.net/docs/package_reference/sentence_transformer/models.html"],
    [/Graham 2014/, () => arxiv("1412.6071")],
    [/Lin, Chen, Yan 2014/, () => arxiv("1312.4400")],
    [/He et al\. 2014/, () => arxiv("1406.4729")],
    [/Girshick 2015/, () => arxiv("1504.08083")],
    [/Dai et al\. 2016/, () => arxiv("1605.06409")],
    [/He et al\. 2017/, () => arxiv("1703.06870")],
    [/Radenovic, Tolias, Chum 2018/, () => arxiv("1711.02512")],
    [/Pinheiro, Collobert 2015/, () => arxiv("1411.6228")],
    [/Stergiou, Poppe, Kalliatakis 2021/, () => arxiv("2101.00440")],
    [/Snyder et al\. 2018/, () => "https://www.danielpovey.com/files/2018_icassp_xvectors.pdf"],
    [/Lee, Gallagher, Tu 2016/, () => arxiv("1509.08985")],
    [/Zeiler, Fergus 2013/, () => arxiv("1301.3557")],
    [/Zhang 2019/, () => arxiv("1904.11486")],
];

const anySource = new RegExp(`(${patterns.map(([pattern]) => pattern.source).join("|")})`);

/** A source with links in it; a name that nothing here knows stays text. */
export function sourceLinks(text) {
    return element("span", {}, text.split(anySource).map((part) => {
        const known = patterns.find(([pattern]) => new RegExp(`^${pattern.source}$`).test(part));
        return known ? element("a", { href: known[1](part), rel: "noreferrer" }, part) : part;
    }));
}
