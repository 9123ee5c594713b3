"""The playground, as a person uses it."""

import json
import subprocess

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys


def test_the_page_loads_without_a_complaint_and_asks_nothing_from_elsewhere(page):
    page.open()
    assert page.messages() == []
    requests = [url for url in page.requests() if not url.startswith(("data:", "chrome"))]
    assert requests and all(url.startswith(page.address + "/") for url in requests)


def test_the_first_example_is_computed(page):
    page.open()
    assert page.grid("#output") == [["6", "8"], ["14", "16"]]
    assert page.grid("#grad-input") == [["0"] * 4, ["0", "1", "0", "2"], ["0"] * 4, ["0", "3", "0", "4"]]
    assert page.marked("winner") == [[1, 1], [1, 3], [3, 1], [3, 3]]


def test_stepping_lights_the_taps_of_each_window(page):
    page.open()
    page.wait(lambda: page.marked("tap") == [[0, 0], [0, 1], [1, 0], [1, 1]])
    page.one("#next").click()
    page.wait(lambda: page.marked("tap") == [[0, 2], [0, 3], [1, 2], [1, 3]])
    assert "(3, 4, 7, 8) → 8" in page.text("#window-sentence")
    assert page.text("#step-count") == "window 2 of 4"


def test_playing_lets_the_output_appear_cell_by_cell(page):
    page.open()
    page.one("#play").click()
    assert len(page.all("#output td.waiting")) == 3
    page.wait(lambda: len(page.all("#output td.waiting")) == 2)
    page.wait(lambda: not page.all("#output td.waiting"))


def test_stride_and_padding_change_the_output_and_are_explained(page):
    page.open()
    page.fill("#stride", "1")
    page.wait(lambda: len(page.grid("#output")) == 3)
    assert "overlap" in page.text("#explanation")
    page.fill("#padding", "1")
    page.wait(lambda: len(page.grid("#output")) == 5)
    assert page.shows("#input td.padding")
    assert "(4 + 1 + 1 − 2) ÷ 1⌋ + 1 = 5" in page.text("#explanation")
    page.wait(lambda: [-1, -1] in page.marked("tap"))


def test_cells_that_no_window_reads_are_marked(page):
    page.open()
    page.example("unread")
    assert len(page.marked("unread")) == 9
    assert "Never read: 1 row(s) and 1 column(s)" in page.text("#explanation")


def test_dilated_windows_light_cells_apart(page):
    page.open()
    page.example("dilation")
    page.wait(lambda: page.marked("tap") == [[0, 0], [0, 2], [2, 0], [2, 2]])


def test_an_error_stands_beside_its_field(page):
    page.open()
    page.fill("#kernel", "9")
    page.wait(lambda: page.shows("#error-kernel"))
    assert "a window of 9 does not fit" in page.text("#error-kernel")
    assert page.one("#kernel").get_attribute("aria-invalid") == "true"
    assert "error-kernel" in page.one("#kernel").get_attribute("aria-describedby")
    page.fill("#kernel", "2")
    page.wait(lambda: not page.shows("#error-kernel"))
    assert page.grid("#output") == [["6", "8"], ["14", "16"]]


def test_a_typed_value_is_pooled(page):
    page.open()
    page.fill("#input tbody tr:nth-child(1) td:nth-child(2) input", "50")
    page.wait(lambda: page.grid("#output")[0] == ["50", "8"])


def test_a_drawn_value_is_pooled(page):
    page.open()
    page.one("#pen").click()
    cell = page.one("#input tbody tr:nth-child(3) td:nth-child(5)")
    page.settled(lambda: page.browser.execute_cdp_cmd("Input.dispatchMouseEvent", pressed(page, cell)))
    page.browser.execute_cdp_cmd("Input.dispatchMouseEvent", {**pressed(page, cell), "type": "mouseReleased"})
    assert page.grid("#input")[2][3] == "9"


def pressed(page, cell):
    x, y = page.script(
        """arguments[0].scrollIntoView({block: 'center'}); const box = arguments[0].getBoundingClientRect();
           return [box.left + box.width / 2, box.top + box.height / 2]""", cell)
    return {"type": "mousePressed", "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}


def test_the_copied_curl_command_answers_what_the_page_shows(page):
    page.open()
    command = page.text("#curl")
    answer = json.loads(subprocess.run(["bash", "-c", command], capture_output=True, check=True).stdout)
    assert answer["output"] == [[6, 8], [14, 16]]
    assert answer == json.loads(page.text("#answer"))
    assert json.loads(page.text("#json"))["kernel"] == 2
    page.one("#curl-title + button").click()
    page.wait(lambda: page.text("#curl-title + button") == "Copied")


def test_every_op_and_region_of_the_catalogue_can_be_chosen(page):
    page.open()
    catalog = page.script("return fetch('/v1/operations').then(answer => answer.json())")
    for kind in ["op", "region"]:
        offered = [option.get_attribute("value") for option in page.all(f"#{kind} option")]
        assert offered == [entry["name"] for entry in catalog[kind + "s"]]
    for region in catalog["regions"]:
        page.choose("#region", region["name"])
        assert page.all("#output td"), f"{region['name']}: {page.text('#layer')}"
    page.choose("#region", "sliding")
    for op in catalog["ops"]:
        page.choose("#op", op["name"])
        assert page.all("#output td"), f"{op['name']}: {page.text('#layer')}"
        assert page.all("#op-formula math"), op["name"]


def test_a_shift_shows_which_outputs_change(page):
    page.open()
    assert page.text("#shift-results").count("nothing changed") == 3
    page.one("#shift-right").click()
    page.wait(lambda: page.all("#shift-results td.changed"))
    assert "4 of 4 outputs changed, by 1 on average" in page.text("#shift-results")
    page.one("#shift-reset").click()
    page.wait(lambda: not page.all("#shift-results td.changed"))


def test_the_binomial_filter_changes_less_than_max_where_stripes_move(page):
    page.open()
    page.example("blur")
    page.one("#shift-right").click()
    page.wait(lambda: page.all("#shift-results td.changed"))
    mean = {card.find_element(By.CSS_SELECTOR, "h3").text: float(card.find_element(By.CSS_SELECTOR, ".count").text.split("by ")[1].split()[0])
            for card in page.all("#shift-results > div") if "by " in card.text}
    assert mean["weighted, binomial"] < mean["avg"]


def test_a_stack_shows_its_receptive_field(page):
    page.open()
    page.example("stack")
    assert page.grid("#stack-table")[1][:2] == ["2 × 2", "4 × 4"]
    assert len(page.all("#stack-maps td.field-seen")) == 16
    page.all("#stack-maps button")[3].click()
    page.wait(lambda: "rows 4 to 7 and columns 4 to 7" in page.text("#stack-sentence"))
    page.one("#stack-add").click()
    page.wait(lambda: len(page.grid("#stack-table")) == 3)
    page.wait(lambda: "rows 0 to 7" in page.text("#stack-sentence"))


def test_the_gradient_of_an_average_is_spread_evenly(page):
    page.open()
    page.example("average")
    page.wait(lambda: page.grid("#grad-input")[0] == ["0.25", "0.25", "0.5", "0.5"])
    page.one("#one-window").click()
    page.wait(lambda: page.grid("#grad-input")[3] == ["0", "0", "0", "0"])


def test_a_picture_is_pooled(page):
    page.open()
    page.one("#sample").click()
    page.wait(lambda: page.text("#picture-output-caption") == "48 × 48")
    colours = page.script(
        """const canvas = document.getElementById('picture-output');
           return new Set(canvas.getContext('2d').getImageData(0, 0, 48, 48).data).size""")
    assert colours > 20
    page.settled(lambda: page.one("#use-picture").click())
    assert len(page.grid("#input")) == 12


def test_it_speaks_chinese_and_remembers(page):
    page.open()
    page.settled(lambda: page.one("[data-language=zh]").click())
    assert page.script("return document.documentElement.lang") == "zh-Hans"
    assert page.text("h1") == "看看池化做了什么"
    assert page.text("#step-count") == "第 1 个窗口，共 4 个"
    page.browser.refresh()
    page.wait(lambda: page.all("[data-run]"))
    assert page.text("h1") == "看看池化做了什么"


def test_both_languages_have_every_text(page):
    page.open()
    for path in ["/", "/docs"]:
        source = page.script("return fetch(arguments[0]).then(answer => answer.text())", path)
        english, chinese = ({line.split(":")[0].strip(' "') for table in source.split(f"Object.assign(texts.{tag}, {{")[1:]
                             for line in table.split("});")[0].splitlines() if ": \"" in line}
                            for tag in ("en", "zh"))
        assert english == chinese and len(english) > 30


def test_the_keyboard_alone_is_enough(page):
    page.open()
    press = lambda *keys: page.browser.switch_to.active_element.send_keys(*keys)
    page.script("document.getElementById('rows').focus()")
    seen = []
    for _ in range(7):
        press(Keys.TAB)
        seen.append(page.focus())
    assert seen[:4] == ["columns", "pen", "random", "clear"]
    page.one("#input tbody input").send_keys(Keys.ARROW_DOWN)
    page.settled(lambda: press("77"))
    assert page.grid("#output")[0][0] == "77"
    page.script("document.querySelector('#output button').focus()")
    press(Keys.ARROW_RIGHT)
    press(Keys.ENTER)
    page.wait(lambda: page.text("#step-count") == "window 2 of 4")
    assert page.focus() == "1"
