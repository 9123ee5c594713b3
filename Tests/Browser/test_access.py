"""Both pages for everybody: narrow, dark, read aloud."""

import importlib.util
import pathlib
import re

import pytest

PATHS = ["/", "/docs"]
VIEWS = ["/", "/#example=roi", "/#example=gradient", "/#example=edge&moved=1,0,0", "/#example=stack", "/#example=photo", "/#story=2",
         "/#story=2&present",
         "/#op=max&kernel=9&map=1,2;3,4", "/docs"]


@pytest.fixture(scope="module")
def axe():
    """The script of axe-core."""
    package = importlib.util.find_spec("pytest_playwright_axe").submodule_search_locations[0]
    return pathlib.Path(package, "resources/axe.min.js").read_text()


def violations(page, axe):
    page.script(axe)
    found = page.browser.execute_async_script("axe.run({resultTypes: ['violations']}).then(arguments[0])")["violations"]
    return [(rule["id"], [node["html"][:150] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("scheme, width, language", [("light", 1360, "en"), ("dark", 390, "zh"), ("dark", 1024, "en"), ("light", 390, "en")])
@pytest.mark.parametrize("path", VIEWS)
def test_axe_finds_nothing(page, axe, path, scheme, width, language):
    page.open(path, width=width, scheme=scheme, language=language)
    assert violations(page, axe) == []


def test_axe_finds_nothing_in_what_opens(page, axe):
    page.open()
    page.one("#more > summary").click()
    assert violations(page, axe) == []
    page.one("#more-ops > summary").click()
    assert violations(page, axe) == []
    page.open(width=390)
    page.one("#controls").click()
    assert violations(page, axe) == []


@pytest.mark.parametrize("path", VIEWS)
@pytest.mark.parametrize("width", [320, 1024])
def test_nothing_is_wider_than_the_window(page, path, width):
    page.open(path, width=width)
    assert page.script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PATHS)
def test_landmarks_and_headings_are_in_order(page, path):
    page.open(path)
    assert len(page.all("main")) == len(page.all("h1")) == 1
    levels = page.script("return [...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert all(deeper <= level + 1 for level, deeper in zip(levels, levels[1:]))
    assert page.script("return document.documentElement.lang") == "en"


@pytest.mark.parametrize("path", PATHS)
def test_ids_are_unique_and_references_lead_somewhere(page, path):
    page.open(path)
    ids = page.script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert sorted(set(ids)) == sorted(ids)
    lost = page.script(
        """return ['for', 'aria-describedby', 'aria-labelledby', 'aria-controls'].flatMap(name =>
             [...document.querySelectorAll(`[${name}]`)].flatMap(e => e.getAttribute(name).split(' ')))
             .concat([...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1)))
             .filter(id => !document.getElementById(id))""")
    assert lost == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_the_surface_behind_them(page, path, scheme):
    page.open(path, scheme=scheme)
    assert page.script(CONTRAST) == []


@pytest.mark.parametrize("path", ["/#example=padding", "/#example=gradient", "/#example=edge&moved=1,0,0"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_stand_out_from_their_cells(page, path, scheme):
    page.open(path, scheme=scheme)
    assert page.script(CELL_CONTRAST) == []


@pytest.mark.parametrize("path", PATHS)
def test_dark_follows_the_system(page, path):
    colours = []
    for scheme in ["light", "dark"]:
        page.open(path, scheme=scheme)
        colours.append(page.script("return getComputedStyle(document.body).backgroundColor"))
    assert colours[0] != colours[1]


@pytest.mark.parametrize("path", PATHS)
def test_both_languages_have_every_text(page, path):
    page.open(path)
    sources = page.script(
        """return Promise.all([...document.querySelectorAll('link[rel=modulepreload]')].map(link => fetch(link.href).then(r => r.text())))""")
    keys = {"en": set(), "zh": set()}
    for source in sources:
        for tag in keys:
            for table in re.findall(rf"(?:texts{tag.capitalize()} = |\b{tag}: )\{{\n(.*?)\n *\}}[,;]", source, re.DOTALL):
                keys[tag] |= set(re.findall(r'^ +"?([\w.]+)"?: "', table, re.MULTILINE))
    # Chinese has one form for one and for many.
    assert {key for key in keys["en"] if not key.endswith(".one")} == keys["zh"]
    assert len(keys["zh"]) > 60
    used = set(re.findall(r'\bt\("([\w.]+)"', "".join(sources)))
    used |= set(page.script("return [...document.querySelectorAll('[data-t]')].map(e => e.dataset.t)"))
    assert used - keys["zh"] == set()


def test_the_catalogue_has_every_text_in_chinese(page):
    page.open()
    catalog = page.script("return fetch('/v1/operations').then(response => response.json())")
    entries = catalog["ops"] + catalog["regions"]
    needed = {f"op.{op['name']}" for op in catalog["ops"]} | {f"region.{region['name']}" for region in catalog["regions"]}
    needed |= {f"parameter.{parameter['name']}" for entry in entries for parameter in entry["parameters"]}
    needed |= {f"reason.{rejection['reason']}" for region in catalog["regions"] for rejection in region["refuses"]}
    source = page.script("return fetch(document.querySelector('link[href$=\"names.zh.js\"]').href).then(response => response.text())")
    assert needed == set(re.findall(r'^    "(.+?)": "', source, re.MULTILINE))


# The texts whose contrast with the nearest opaque background is below 4.5 (WCAG AA).
COLOURS = """
const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
                         return [...canvas.getImageData(0, 0, 1, 1).data]; };
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const ratio = (a, b) => { const [one, other] = [light(rgba(a)), light(rgba(b))].sort((x, y) => y - x); return (one + .05) / (other + .05); };
"""
CONTRAST = COLOURS + """
const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (rgba(c)[3] === 255) return c; }
                      return '#fff'; };
const weak = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility() || e.closest('svg, script, style, :disabled, .visually-hidden, :has(> :disabled)')) continue;
    const found = ratio(getComputedStyle(e).color, behind(e));
    if (found < 4.5) weak.add(`${walker.currentNode.data.trim().slice(0, 30)}: ${found.toFixed(2)}`);
}
return [...weak];
"""
CELL_CONTRAST = COLOURS + """
return [...document.querySelectorAll('#drawing .cell:not(.waiting) .number')].flatMap(text => {
    const fill = getComputedStyle(text.parentElement.querySelector('rect')).fill;
    const paper = fill === 'none' ? getComputedStyle(document.getElementById('stage')).backgroundColor : fill;
    const found = ratio(getComputedStyle(text).fill, paper);
    return found < 4.5 ? [`${text.textContent}: ${found.toFixed(2)}`] : [];
});
"""
