"""The documentation page."""

import json
import subprocess

import pytest
from selenium.webdriver.common.by import By


def test_the_page_loads_without_a_complaint_and_asks_nothing_from_elsewhere(page):
    page.open("/docs")
    assert page.messages() == []
    requests = [url for url in page.requests() if not url.startswith(("data:", "chrome"))]
    assert requests and all(url.startswith(page.address + "/") for url in requests)


def test_every_op_has_formula_gradient_drawing_and_source(page):
    page.open("/docs")
    catalog = page.script("return fetch('/v1/operations').then(response => response.json())")
    assert [card.get_attribute("data-op") for card in page.all("[data-op]")] == [op["name"] for op in catalog["ops"]]
    page.wait(lambda: len(page.all("[data-op] svg")) == len(catalog["ops"]))
    for op in catalog["ops"]:
        assert len(page.all(f"#op-{op['name']} math")) == 2, op["name"]
        assert op["source"] in page.text(f"#op-{op['name']}")


def test_the_drawing_of_max_shows_the_response_of_the_service(page):
    page.open("/docs")
    texts = page.script("return [...document.querySelectorAll('#op-max svg text')].map(text => text.textContent)")
    assert texts == ["1", "2", "3", "6", "input", "→", "6", "output", "→", "0", "0", "0", "1", "gradient"]


def test_every_path_and_schema_of_the_description_is_there(page):
    page.open("/docs")
    description = page.script("return fetch('/openapi.json').then(response => response.json())")
    assert len(page.all(".endpoint")) == sum(len(item) for item in description["paths"].values())
    assert len(page.all("#schemas details")) == len(description["components"]["schemas"])


def test_the_table_tells_rejections_and_their_reasons(page):
    page.open("/docs")
    catalog = page.script("return fetch('/v1/operations').then(response => response.json())")
    assert len(page.all("#table td")) == len(catalog["ops"]) * len(catalog["regions"])
    rejections = [rejection for region in catalog["regions"] for rejection in region["refuses"]]
    assert len(page.all("#table td.no")) == len(rejections)
    assert all(rejection["reason"] in page.text("#rejections") for rejection in rejections)


def test_an_example_is_run_in_the_page_and_in_a_shell_and_responds_as_documented(page):
    page.open("/docs")
    example = page.one("[data-example=max_with_indices]")
    command, response = (block.get_attribute("textContent") for block in example.find_elements(By.TAG_NAME, "pre"))
    given = subprocess.run(["bash", "-c", command], capture_output=True, check=True).stdout
    assert json.loads(given) == json.loads(response)
    page.script("document.querySelector('[data-example=max_with_indices] [data-run-example]').click()")
    page.wait(lambda: "200" in example.text)
    assert json.loads(example.find_elements(By.TAG_NAME, "pre")[1].get_attribute("textContent")) == json.loads(response)


def test_a_chain_of_layers_opens_as_a_stack(page):
    page.open("/docs")
    page.script("document.querySelector('[data-example=layers]').open = true")
    page.wait(lambda: page.all("[data-example=layers] a.open"))
    link = page.one("[data-example=layers] a.open").get_attribute("href")
    page.open(link.removeprefix(page.address))
    assert page.one("#tab-stack").get_attribute("aria-selected") == "true"
    assert page.cells("layered") == ["6", "8", "14", "16", "11"]


def test_an_example_opens_in_the_playground(page):
    page.open("/docs")
    link = page.one("[data-example=max_with_indices] a.open").get_attribute("href")
    page.open(link.removeprefix(page.address))
    assert page.cells("output") == ["6", "8", "14", "16"]
    page.open("/docs")
    for kind in ["op", "region"]:
        for link in [a.get_attribute("href") for a in page.all(f"[data-{kind}] a.open")][::7]:
            page.open(link.removeprefix(page.address))
            assert page.cells("output") and not page.shows("#error-layer"), link
            page.open("/docs")


def test_every_region_is_drawn_with_the_numbers_of_the_service(page):
    page.open("/docs")
    catalog = page.script("return fetch('/v1/operations').then(response => response.json())")
    page.wait(lambda: len(page.all("[data-region] svg")) == len(catalog["regions"]))
    cells = page.script("return [...document.querySelectorAll('#region-sliding svg text')].map(text => text.textContent)")
    assert cells == [str(n) for n in range(1, 17)] + ["input", "→", "6", "8", "14", "16", "output"]
    lit = page.script("return document.querySelectorAll('#region-sliding svg rect.lit').length")
    assert lit == 5


def test_sources_are_links(page):
    page.open("/docs")
    links = {a.text: a.get_attribute("href") for a in page.all("#op-max dd a, #region-pyramid dd a")}
    assert links["torch.nn.MaxPool2d"] == "https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html"
    assert links["He et al. 2014"] == "https://arxiv.org/abs/1406.4729"


def test_search_leaves_what_has_every_word(page):
    page.open("/docs")
    page.one("#search").send_keys("softpool")
    page.wait(lambda: "match" in page.text("#found"))
    assert page.shows("#op-softmax") and not page.shows("#op-min")
    assert [a.text for a in page.all("#contents a[data-entry]") if a.is_displayed()] == ["softmax"]
    page.one("#search").clear()
    page.one("#search").send_keys("x")
    page.wait(lambda: page.shows("#op-max"))


@pytest.mark.parametrize("words, name, entry", [
    ("kernel_size", "kernel", "region-sliding"), ("GeM", "power_avg", "op-power_avg"), ("ddof", "correction", "op-variance"),
    ("num_segments", "segments", "region-segments"), ("attention_mask", "mask", "region-sliding")])
def test_search_knows_the_words_of_other_frameworks(page, words, name, entry):
    page.open("/docs", width=1440)
    page.one("#search").send_keys(words)
    page.wait(lambda: page.shows(f"#{entry}") and name in page.text(f"#{entry}"))
    page.wait(lambda: page.text("#found") in [f"No entry matches. Shown instead: {name}."] or "match" in page.text("#found"))
    page.wait(lambda: 0 <= page.script("return document.getElementById(arguments[0]).getBoundingClientRect().top", entry) < 900)


def test_endpoints_about_the_service_are_folded(page):
    page.open("/docs")
    assert not page.shows("#get-healthz") and page.shows("#get-v1-operations")
    page.script("location.hash = '#get-healthz'")
    page.wait(lambda: page.shows("#get-healthz"))


def test_the_contents_have_verbs_and_fold_the_routes_of_kserve(page):
    page.open("/docs")
    assert page.text("#contents a[data-entry=post-v1-forward]").split() == ["POST", "/v1/forward"]
    link = page.one("#contents a[data-entry=get-v2]")
    assert not link.is_displayed()
    page.script("location.hash = '#get-v2'")
    page.wait(lambda: page.shows("#get-v2"))
    assert len(page.all(".concepts .card")) == 4


def test_a_link_to_a_schema_opens_it(page):
    page.open("/docs")
    page.script("location.hash = '#schema-Problem'")
    page.wait(lambda: page.one("#schema-Problem").get_attribute("open"))


def test_it_speaks_chinese(page):
    page.open("/docs", language="zh")
    assert page.text("#ops-title") == "运算"
    assert "最大的元素" in page.text("#op-max")
