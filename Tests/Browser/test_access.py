"""Both pages for everybody: narrow, dark, read aloud."""

import pytest

PATHS = ["/", "/docs"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [320, 360, 768])
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
def test_everything_that_takes_the_focus_has_a_name(page, path):
    page.open(path)
    nameless = page.script(
        """const named = e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent.trim() || e.textContent.trim() ||
             (e.getAttribute('aria-labelledby') ?? '').split(' ').some(id => document.getElementById(id)?.textContent.trim());
           return [...document.querySelectorAll('input, select, textarea, button, a, canvas, [tabindex="0"]')]
             .filter(e => !named(e)).map(e => e.outerHTML.slice(0, 120))""")
    assert nameless == []


@pytest.mark.parametrize("path", PATHS)
def test_ids_are_unique_and_references_lead_somewhere(page, path):
    page.open(path)
    ids = page.script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert sorted(set(ids)) == sorted(ids)
    lost = page.script(
        """return ['for', 'aria-describedby', 'aria-labelledby'].flatMap(name =>
             [...document.querySelectorAll(`[${name}]`)].flatMap(e => e.getAttribute(name).split(' ')))
             .concat([...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1)))
             .filter(id => !document.getElementById(id))""")
    assert lost == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_what_is_behind_them(page, path, scheme):
    page.open(path, scheme=scheme)
    weak = page.script(CONTRAST)
    assert weak == []


@pytest.mark.parametrize("path", PATHS)
def test_dark_follows_the_system(page, path):
    colours = []
    for scheme in ["light", "dark"]:
        page.open(path, scheme=scheme)
        colours.append(page.script("return getComputedStyle(document.body).backgroundColor"))
    assert colours[0] != colours[1]


# The texts whose contrast with the nearest opaque background is below 4.5 (WCAG AA).
CONTRAST = """
const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
                         return [...canvas.getImageData(0, 0, 1, 1).data]; };
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const behind = e => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; }
                      return [255, 255, 255]; };
const weak = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility() || e.closest('svg, script, style, :disabled, .visually-hidden')) continue;
    const [one, other] = [light(rgba(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => b - a);
    const ratio = (one + .05) / (other + .05);
    if (ratio < 4.5) weak.add(`${walker.currentNode.data.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
}
return [...weak];
"""
