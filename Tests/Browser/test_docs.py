"""The documentation page."""

import json
import subprocess

from selenium.webdriver.common.by import By


def test_the_page_loads_without_a_complaint_and_asks_nothing_from_elsewhere(page):
    page.open("/docs")
    assert page.messages() == []
    requests = [url for url in page.requests() if not url.startswith(("data:", "chrome"))]
    assert requests and all(url.startswith(page.address + "/") for url in requests)


def test_every_op_has_formula_gradient_drawing_and_source(page):
    page.open("/docs")
    catalog = page.script("return fetch('/v1/operations').then(answer => answer.json())")
    assert [card.get_attribute("data-op") for card in page.all("[data-op]")] == [op["name"] for op in catalog["ops"]]
    page.wait(lambda: len(page.all("[data-op] svg")) == len(catalog["ops"]))
    for op in catalog["ops"]:
        assert len(page.all(f"#op-{op['name']} math")) == 2, op["name"]
        assert op["source"] in page.text(f"#op-{op['name']}")


def test_the_drawing_of_max_shows_the_answer_of_the_service(page):
    page.open("/docs")
    texts = page.script("return [...document.querySelectorAll('#op-max svg text')].map(text => text.textContent)")
    assert texts == ["1", "2", "3", "6", "input", "→", "6", "output", "→", "0", "0", "0", "1", "gradient"]


def test_every_path_and_schema_of_the_description_is_there(page):
    page.open("/docs")
    description = page.script("return fetch('/openapi.json').then(answer => answer.json())")
    assert len(page.all(".endpoint")) == sum(len(item) for item in description["paths"].values())
    assert len(page.all("#schemas details")) == len(description["components"]["schemas"])


def test_the_table_tells_refusals_and_their_reasons(page):
    page.open("/docs")
    catalog = page.script("return fetch('/v1/operations').then(answer => answer.json())")
    assert len(page.all("#table td")) == len(catalog["ops"]) * len(catalog["regions"])
    refusals = [refusal for region in catalog["regions"] for refusal in region["refuses"]]
    assert len(page.all("#table td.no")) == len(refusals)
    assert all(refusal["reason"] in page.text("#refusals") for refusal in refusals)


def test_an_example_can_be_run_and_answers_as_written(page):
    page.open("/docs")
    example = page.one("[data-example=max_with_indices]")
    command, answer = (block.text for block in example.find_elements(By.TAG_NAME, "pre"))
    given = subprocess.run(["bash", "-c", command], capture_output=True, check=True).stdout
    assert json.loads(given) == json.loads(answer)


def test_a_link_to_a_schema_opens_it(page):
    page.open("/docs")
    page.script("location.hash = '#schema-Problem'")
    page.wait(lambda: page.one("#schema-Problem").get_attribute("open"))


def test_it_speaks_chinese(page):
    page.open("/docs", language="zh")
    assert page.text("#ops-title") == "运算"
    assert "最大的元素" in page.text("#op-max")
