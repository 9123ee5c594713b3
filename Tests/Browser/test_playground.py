"""The playground, as a person uses it."""

import json
import subprocess
import sys
from urllib.parse import quote

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

EXAMPLES = ["first", "average", "single", "padding", "dilation", "unread", "ceil", "gradient", "overlap", "edge", "blur", "stack",
            "global", "adaptive", "roi", "align", "tokens", "photo"]


def test_the_page_loads_without_a_complaint_and_asks_nothing_from_elsewhere(page):
    page.open()
    assert page.messages() == []
    requests = [url for url in page.requests() if not url.startswith(("data:", "chrome"))]
    assert requests and all(url.startswith(page.address + "/") for url in requests)


# The stage

def test_input_window_arithmetic_and_output_are_on_the_stage(page):
    page.open()
    assert page.cells("input") == [str(n) for n in range(1, 17)]
    assert page.cells("output") == ["6", "8", "14", "16"]
    assert page.marked("selected-value") == ["1,1", "1,3", "3,1", "3,3"]
    page.shows_formula("max(1, 2, 5, 6) = 6")
    assert page.marked("tap") == ["0,0", "0,1", "1,0", "1,1"]
    lifted = page.script("return [...document.querySelectorAll('.lifted .number')].map(n => n.textContent)")
    assert lifted == ["1", "2", "5", "6"]
    assert page.script("return document.querySelector('.lifted.selected-value .number').textContent") == "6"


@pytest.mark.parametrize("op, formula", [
    ("avg", "(1 + 2 + 5 + 6) / 4 = 3.5"), ("sum", "1 + 2 + 5 + 6 = 14"), ("min", "min(1, 2, 5, 6) = 1"),
    ("product", "1 · 2 · 5 · 6 = 60"), ("median", "median(1, 2, 5, 6) = 2"),
    ("quantile", "2 + 0.5 · (5 − 2) = 3.5"), ("variance", "((1 − 3.5)² + (2 − 3.5)² + (5 − 3.5)² + (6 − 3.5)²) / 4 = 4.25"),
    ("std", "√(((1 − 3.5)² + (2 − 3.5)² + (5 − 3.5)² + (6 − 3.5)²) / 4) = 2.062"),
    ("softmax", "(1 · e^1 + 2 · e^2 + 5 · e^5 + 6 · e^6) / (e^1 + e^2 + e^5 + e^6) = 5.659"),
    ("stochastic", "random(1: 7 %, 2: 14 %, 5: 36 %, 6: 43 %) = 6"),
    ("weighted", "0.25 · 1 + 0.25 · 2 + 0.25 · 5 + 0.25 · 6 = 3.5"), ("lp", "√(|1|² + |2|² + |5|² + |6|²) = 8.124")])
def test_the_arithmetic_of_an_op_has_its_live_numbers(page, op, formula):
    page.open()
    page.choose_op(op)
    page.wait(lambda: " ".join(page.formula().split()) == formula, told=page.formula)


def test_stepping_shows_each_window(page):
    page.open()
    page.one("#next").click()
    page.shows_formula("max(3, 4, 7, 8) = 8")
    assert page.marked("tap") == ["0,2", "0,3", "1,2", "1,3"]
    assert page.text("#step-count") == "window 2 of 4"
    assert "Rows 0 to 1, columns 2 to 3: max(3, 4, 7, 8) = 8." == page.text("#sentence")


def test_pointing_at_an_output_shows_its_window(page):
    page.open()
    page.point_at("[data-output='3']")
    page.shows_formula("max(11, 12, 15, 16) = 16")
    assert page.marked("chosen", "output") == ["3"]


def test_playing_lets_the_output_appear_cell_by_cell(page):
    page.open()
    page.one("#play").click()
    page.wait(lambda: len(page.marked("waiting", "output")) == 3)
    page.wait(lambda: len(page.marked("waiting", "output")) == 2)
    page.wait(lambda: not page.marked("waiting", "output"))
    page.wait(lambda: page.text("#play") == "▶ Play")


def test_the_average_divides_by_what_the_service_divides_by(page):
    page.open("/#op=avg&kernel=2&stride=2&padding=1&map=4,4;4,4")
    page.shows_formula("(4) / 4 = 1")
    page.field("count_include_pad", "false")
    page.shows_formula("(4) / 1 = 4")


SQUARE = "&map=1,2,3,4;5,6,7,8;9,10,11,12;13,14,15,16"


@pytest.mark.parametrize("layer, formula", [
    ("op=avg&kernel=&stride=1&footprint=[[0,1,0],[1,1,1],[0,1,0]]", "(2 + 5 + 6 + 7 + 10) / 5 = 6"),
    ("op=sum&kernel=3&stride=1&padding=same&footprint=[[0,1,0],[1,1,1],[0,1,0]]", "1 + 2 + 5 = 8"),
    ("op=sum&kernel=3&stride=1&padding=1&mask=[[1,1,1,1],[1,0,1,1],[1,1,1,1],[1,1,1,1]]", "1 + 2 + 5 = 8"),
    ("op=max&kernel=2&structure=[[5,0],[0,-9]]", "max(1 + 5, 2 + 0, 5 + 0, 6 + (−9)) = 6"),
    ('op=min&kernel=2&structure=[[5,0],[0,"-Infinity"]]', "min(1 − 5, 2 − 0, 5 − 0) = −4"),
    ("op=max&kernel=3&stride=1&padding=1&structure=[[5,0,0],[0,-9,0],[0,0,0]]", "max(1 + (−9), 2 + 0, 5 + 0, 6 + 0) = 6"),
    ("op=max&kernel=&structure=[[0,5]]&stride=1&padding=[[0,0],[1,0]]", "max(1 + 5) = 6"),
    ("op=avg&region=bags&spans=&members=[0,0,1]&offsets=[0,3]", "(1 + 1 + 5) / 3 = 2.333")])
def test_the_arithmetic_holds_for_windows_of_any_shape(page, layer, formula):
    page.open(f"/#{layer}{SQUARE}")
    page.shows_formula(formula)
    assert page.messages() == []


def test_another_kernel_drops_what_had_the_shape_of_the_old_one(page):
    page.open(f"/#op=max&kernel=&stride=1&footprint=[[0,1,0],[1,1,1],[0,1,0]]{SQUARE}")
    assert page.one("#slide-kernel").get_attribute("value") == "3"
    assert "The footprint takes 5 of the 9 cells" in page.text("#explanation")
    page.slide("kernel", 2)
    page.shows_formula("max(1, 2, 5, 6) = 6")
    assert "footprint" not in page.hash()


# The bar

def test_sliders_change_the_output_and_the_explanation_follows(page):
    page.open()
    page.slide("stride", 1)
    page.wait(lambda: len(page.cells("output")) == 9)
    assert "overlap" in page.text("#explanation")
    page.slide("padding", 1)
    page.wait(lambda: len(page.cells("output")) == 25)
    assert page.all("#drawing .padding")
    assert "⌊(4 + 1 + 1 − 2) ÷ 1⌋ + 1 = 5" in page.text("#explanation")


def test_every_op_and_region_that_go_together_are_computed_without_a_failing_request(page):
    page.open()
    catalog = page.script("return fetch('/v1/operations').then(response => response.json())")
    assert [option.get_attribute("value") for option in page.all("#region option")] == [region["name"] for region in catalog["regions"]]
    for region in catalog["regions"]:
        page.choose_region(region["name"])
        rejected = {rejection["op"] for rejection in region["refuses"]}
        for op in catalog["ops"]:
            radio = f"#any-op-{op['name']}"
            assert page.script("return document.querySelector(arguments[0]).disabled", radio) == (op["name"] in rejected)
            if op["name"] not in rejected:
                page.choose_op(op["name"])
                assert page.cells("output"), f"{op['name']} over {region['name']}: {page.text('#error-layer')}"
                assert not page.shows("#error-layer")
    assert page.messages() == []


def test_a_pair_that_is_not_supported_cannot_be_chosen_and_says_why(page):
    page.open()
    page.choose_region("roi_align")
    assert page.script("return document.getElementById('op-min').disabled")
    page.one("#more-ops > summary").click()
    assert "roi_align does not support min" in page.text("#op-reasons")


def test_weights_follow_the_kernel_and_the_region(page):
    page.open()
    page.choose_op("weighted")
    page.slide("kernel", 3)
    assert json.loads(page.one("#weights").get_attribute("value")) == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    page.choose_region("sequence")
    assert json.loads(page.one("#weights").get_attribute("value")) == [1, 1, 1, 1]
    page.choose_region("global")
    assert len(json.loads(page.one("#weights").get_attribute("value"))) == 4
    assert not page.shows("#error-layer")


def test_an_error_is_told_and_its_field_is_marked(page):
    page.open()
    page.field("kernel", "9")
    page.wait(lambda: page.shows("#error-layer"))
    assert "9" in page.text("#error-layer")
    assert page.one("#kernel").get_attribute("aria-invalid") == "true"
    assert page.cells("input") == [str(n) for n in range(1, 17)]
    page.field("kernel", "2")
    page.wait(lambda: not page.shows("#error-layer"))
    assert page.cells("output") == ["6", "8", "14", "16"]


def test_one_window_is_not_called_windows(page):
    page.open()
    page.example("global")
    assert page.text("#explanation") == "One window turns 16 values into 1."


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_parameter_that_is_set_has_a_sentence(page, language):
    page.open(language=language)
    for region in ["adaptive", "fractional", "pyramid", "roi", "roi_align", "sequence", "segments", "bags"]:
        page.choose_region(region)
        fields = page.script("return [...document.querySelectorAll('#fields [name]')].filter(field => field.value).map(field => field.name)")
        lines = page.script("return [...document.querySelectorAll('#explanation li')].map(line => line.textContent)")
        assert fields and [name for name in fields if not any(line.startswith(name + " ") for line in lines)] == [], region
        assert not any("explain." in line or "{" in line for line in lines)


def test_the_legend_names_the_marks_that_are_there(page):
    page.open()
    assert "selected element" in page.text("#legend") and "read by no window" not in page.text("#legend")
    page.example("unread")
    assert len(page.marked("unread")) == 9
    assert "read by no window" in page.text("#legend")
    assert "1 rows and 1 columns" in page.text("#explanation")


# Writing into the input

def test_a_typed_number_is_pooled(page):
    page.open()
    page.click_on("[data-input='0,1']")
    page.wait(lambda: page.shows("#editor"))
    page.settled(lambda: page.type_at_once("50", Keys.ENTER))
    page.wait(lambda: page.cells("output")[0] == "50")
    assert not page.shows("#editor")


def test_text_that_is_no_number_is_told_and_changes_nothing(page):
    page.open()
    page.click_on("[data-input='0,1']")
    page.type_at_once("abc")
    assert "“abc” is not a number" in page.text("#error-input")
    assert page.one("#editor").get_attribute("aria-invalid") == "true"
    page.type_at_once(Keys.ESCAPE)
    assert page.cells("input") == [str(n) for n in range(1, 17)]
    assert not page.shows("#error-input")


def test_enter_keeps_the_editor_open_over_text_that_is_no_number(page):
    page.open()
    page.click_on("[data-input='0,1']")
    page.type_at_once("abc", Keys.ENTER)
    assert page.shows("#editor") and "“abc” is not a number" in page.text("#error-input")
    page.type_at_once(Keys.TAB)
    assert not page.shows("#editor") and page.text("#error-input") == "“abc” is not a number. The cell keeps 2."
    assert page.cells("input")[1] == "2"
    page.click_on("[data-input='0,1']")
    assert not page.shows("#error-input")
    page.settled(lambda: page.type_at_once("1,5", Keys.ENTER))
    page.wait(lambda: page.cells("input")[1] == "1.5")


def test_what_cannot_be_drawn_with_is_told(page):
    page.open()
    page.one("#ink").clear()
    page.one("#ink").send_keys("abc")
    assert "“abc” is not a number. Drawing uses 9." in page.text("#error-input")
    assert page.one("#ink").get_attribute("aria-invalid") == "true"
    page.one("#ink").clear()
    page.one("#ink").send_keys("0,5")
    assert not page.shows("#error-input")
    page.settled(lambda: page.drag([page.middle(f"[data-input='0,{column}']") for column in range(2)]))
    page.wait(lambda: page.cells("input")[:3] == ["0.5", "0.5", "3"])


ZEROS = ";".join([",".join(["0"] * 16)] * 16)


def test_a_fast_stroke_skips_no_cell(page):
    page.open(f"/#op=max&kernel=2&map={ZEROS}", width=1440)
    page.settled(lambda: page.drag([page.middle(f"[data-input='3,{column}']") for column in (1, 7, 13)]))
    row = ["0"] + ["9"] * 13 + ["0"] * 2
    page.wait(lambda: [key for key in page.inked()] == [f"3,{c}" for c in range(16) if row[c] == "9"], told=page.inked)


def test_a_finger_draws_in_every_direction_where_it_is_told_to(page):
    page.open(f"/#op=max&kernel=2&map={ZEROS}", width=390, height=844)
    page.script("document.getElementById('draw').click()")
    assert page.one("#draw").get_attribute("aria-pressed") == "true"
    page.settled(lambda: page.swipe([page.middle(f"[data-input='{row},3']") for row in (2, 6, 10)]))
    page.wait(lambda: page.inked() == [f"{row},3" for row in range(2, 11)], told=page.inked)
    assert page.script("return scrollY") == 0


def test_a_finger_moves_a_box(page):
    page.open("/#example=roi", width=390, height=844)
    x, y = page.middle(".roi-area")
    page.settled(lambda: page.swipe([[x, y], [x, y + 20], [x, y + 40]]))
    page.wait(lambda: "[[0,1,1,4,4]]" in page.hash(), told=page.hash)


def test_the_pointer_draws_from_the_first_moment(page):
    page.open()
    points = [page.middle(f"[data-input='0,{column}']") for column in range(3)]
    page.settled(lambda: page.drag(points))
    page.wait(lambda: page.cells("input")[:4] == ["9", "9", "9", "4"])
    page.wait(lambda: page.cells("output")[:2] == ["9", "9"])
    assert not page.shows("#editor")


@pytest.mark.parametrize("text", ["[[1, 2], [3, 4]]", "1\t2\n3\t4", "array([[1., 2.],\n       [3., 4.]])", "1,2;3,4"])
def test_a_pasted_matrix_becomes_the_input(page, text):
    page.open()
    page.settled(lambda: page.paste(text))
    page.wait(lambda: page.cells("input") == ["1", "2", "3", "4"])


@pytest.mark.parametrize("text", ["tensor([[1., 2.], [3., 4.]])", "torch.tensor([[1., 2.],\n        [3., 4.]], dtype=torch.float64)",
                                  "np.array([[1, 2], [3, 4]])", "tensor([[1., 2.],\n        [3., 4.]], grad_fn=<ViewBackward0>)"])
def test_what_pytorch_prints_is_pasted(page, text):
    page.open()
    page.settled(lambda: page.paste(text))
    page.wait(lambda: page.cells("input") == ["1", "2", "3", "4"])


def test_what_is_too_large_is_told_and_not_cut(page):
    page.open()
    page.script(
        """const rows = document.getElementById('rows'); rows.value = 40; rows.dispatchEvent(new Event('change'))""")
    assert "from 1 to 16" in page.text("#error-input")
    assert len(page.cells("input")) == 16
    page.paste("\n".join(["1 " * 20] * 20))
    assert "20 × 20 is too large" in page.text("#error-input")
    page.paste("no numbers")
    assert "no matrix" in page.text("#error-input")
    assert len(page.cells("input")) == 16


def test_a_box_is_dragged_and_moved_by_keys(page):
    page.open()
    page.example("roi")
    page.wait(lambda: page.cells("output") == ["9", "11", "21", "23"])
    size = page.script("return document.querySelector(\"[data-input='1,0']\").getBoundingClientRect().top"
                       " - document.querySelector(\"[data-input='0,0']\").getBoundingClientRect().top")
    x, y = page.middle(".roi-area")
    page.settled(lambda: page.drag([[x, y], [x, y + size]]))
    page.wait(lambda: page.cells("output") == ["15", "17", "27", "29"])
    page.script("document.querySelector('[data-box]').focus()")
    page.settled(lambda: page.press(Keys.ARROW_RIGHT))
    page.wait(lambda: page.cells("output") == ["16", "18", "28", "30"])
    assert "[[0,2,1,5,4]]" in page.hash()


@pytest.mark.parametrize("link, message", [
    ("map=1,2;3", "Row 1 of this link’s map has length 1, row 0 has length 2."),
    ("map=x", "This link’s map contains “x”, which is not a number."),
    (f"map={';'.join([','.join(['1'] * 40)] * 40)}", "This link’s map has 40 rows and 40 columns; the stage holds at most 16 of each."),
    ("op=foo", "This link names no op “foo”. Shown: max."), ("region=nosuch", "This link names no region “nosuch”. Shown: sliding."),
    ("example=nosuch", "This link names no example “nosuch”."), ("story=9", "This link opens step 9; the story has steps 1 to 6."),
    ("op=max&kernel=2&kernal=3", "This link sets “kernal”, which is not a parameter."), ("layers=[1]", "This link’s layers are not valid."),
    ("op=max&kernel=2&tab=7", "This link names no tab “7”. Shown: forward."),
    ("op=max&kernel=2&window=99", "This link names no window “99”; the output has windows 0 to 3. Shown: 3.")])
def test_a_link_that_cannot_be_shown_says_why(page, link, message):
    page.open("/#" + link)
    assert message in page.text("#error-link")
    assert page.cells("output") == ["6", "8", "14", "16"]
    page.choose_op("avg")
    assert not page.shows("#error-link")


def test_numbers_with_more_digits_than_are_shown_have_an_exponent(page):
    page.open("/#op=sum&kernel=1&map=123456.789,1e20,-12345.6,0.00001234;123456,0.12345,9999,-0.5")
    assert page.cells("input") == ["1.235e5", "1e20", "−1.235e4", "1.234e−5", "123456", "0.1235", "9999", "−0.5"]


@pytest.mark.parametrize("op", ["avg", "max", "product", "softmax", "std"])
def test_on_a_phone_the_arithmetic_is_not_cut(page, op):
    page.open(f"/#op={op}&kernel=3&map=1.5e20,123456.789,-0.0001234;3,-123456.789,2;1e-8,2.5,1e7", width=390, height=844)
    page.wait(lambda: page.formula())
    ends = page.script("return [...document.querySelectorAll('#drawing .formula')].map(e => e.getBoundingClientRect()).map(({left, right}) => [left, right])")
    assert ends and all(left >= 0 and right <= 390 for left, right in ends)


@pytest.mark.parametrize("drawer", ["more-ops", "more"])
def test_a_drawer_closes_on_escape_and_on_a_click_elsewhere(page, drawer):
    page.open()
    summary = f"#{drawer} > summary"
    page.one(summary).click()
    page.type_at_once(Keys.ESCAPE)
    assert not page.one(f"#{drawer}").get_attribute("open")
    assert page.script("return document.activeElement === document.querySelector(arguments[0])", summary)
    page.one(summary).click()
    page.one("h1").click()
    assert not page.one(f"#{drawer}").get_attribute("open")


def test_the_choice_of_an_op_closes_its_drawer(page):
    page.open()
    page.one("#more-ops > summary").click()
    page.settled(lambda: page.one("label[for=any-op-product]").click())
    assert not page.one("#more-ops").get_attribute("open")
    page.shows_formula("1 · 2 · 5 · 6 = 60")


# The other views

def test_a_caption_is_on_the_tab_of_its_example(page):
    page.open("/#example=average")
    assert page.text("#caption-title") == "Average"
    page.show("photo")
    assert not page.shows("#caption")
    page.show("forward")
    assert page.text("#caption-title") == "Average"


def test_the_first_example_gives_way_to_the_photograph_and_comes_back(page):
    page.open()
    page.show("photo")
    assert page.hash() == "example=photo" and "128 × 85" in page.text("#sentence")
    page.show("forward")
    assert page.hash() == "example=first" and page.cells("output") == ["6", "8", "14", "16"]


@pytest.mark.parametrize("region, text", [
    ("sequence", "sequence pools the rows of a table"), ("segments", "segments pools the rows of a table"),
    ("bags", "bags pools the rows of a table"), ("pyramid", "its shape is [15].")])
def test_a_region_that_makes_no_picture_says_so(page, region, text):
    page.open()
    page.choose_region(region)
    page.show("photo")
    assert text in page.text("#error-photo")
    page.show("forward")
    assert not page.shows("#error-photo")
    assert page.messages() == []


@pytest.mark.parametrize("op", ["max", "avg"])
@pytest.mark.parametrize("region", ["roi", "roi_align"])
@pytest.mark.parametrize("tab", ["photo", "stack"])
def test_boxes_are_shown_on_every_tab(page, tab, region, op):
    page.open()
    page.choose_region(region)
    page.choose_op(op)
    page.show(tab)
    assert not page.shows("#error-photo") and not page.shows("#error-stack") and not page.shows("#error-layer")
    assert page.messages() == []


def test_the_note_about_whiskers_is_there_where_it_is_true(page):
    page.open("/#example=photo")
    assert "max thickens them" in page.text("#sentence")
    page.choose_op("min")
    page.wait(lambda: "min removes them" in page.text("#sentence"))
    page.choose_op("sum")
    page.wait(lambda: "hiskers" not in page.text("#sentence"))


def test_the_fault_of_a_stack_names_its_layer(page):
    layers = [{"op": "max", "region": "sliding", "fields": {"kernel": "2"}}] * 2 + [{"op": "avg", "region": "sliding", "fields": {"kernel": "9"}}]
    page.open(f"/#layers={quote(json.dumps(layers))}&map={ZEROS}&tab=stack")
    assert "Layer 3: " in page.text("#error-stack")
    assert [button.get_attribute("data-layer") for button in page.all("#layers .faulty")] == ["2"]


@pytest.mark.parametrize("link", ["/#example=gradient", "/#example=average&tab=gradient", "/#story=4"])
def test_the_code_is_of_the_request_of_the_tab_however_it_was_opened(page, link):
    page.open(link)
    assert "/v1/backward" in code(page, "curl")
    assert page.one("#endpoint").get_attribute("value") == "backward"
    page.example("first")
    assert "/v1/forward" in code(page, "curl")
    page.example("overlap")
    assert "/v1/backward" in code(page, "curl")


def test_a_kernel_of_two_has_no_blur_that_is_an_average(page):
    page.open("/#op=max&kernel=2&map=1,2,3;4,5,6;7,8,9&tab=shift")
    assert [text.get_attribute("data-change") for text in page.all("[data-change]")] == ["this layer: max", "avg"]
    page.slide("kernel", 3)
    assert "binomial blur" in [text.get_attribute("data-change") for text in page.all("[data-change]")]


def test_a_map_that_cannot_be_turned_says_why(page):
    page.open("/#example=edge")
    assert not page.one("#turn").is_enabled() and page.text("#turn-reason") == "Only a square map can be turned."
    assert page.script("return document.querySelector('#drawing .title').textContent").startswith("Input7")

def test_the_gradient_of_max_goes_to_the_selected_elements(page):
    page.open()
    page.show("gradient")
    assert page.cells("reached") == ["0", "0", "0", "0", "0", "1", "0", "2", "0", "0", "0", "0", "0", "3", "0", "4"]
    page.shows_formula("1 → (0, 0, 0, 1)")


def test_the_gradient_of_an_average_is_spread_and_overlapping_windows_add_up(page):
    page.open("/#example=average&tab=gradient")
    assert page.cells("reached")[:4] == ["0.25", "0.25", "0.5", "0.5"]
    page.settled(lambda: page.one("#one-window").click())
    assert page.cells("reached")[12:] == ["0", "0", "0", "0"]
    page.example("overlap")
    assert page.cells("reached")[4] == "10"


def test_a_gradient_can_be_typed(page):
    page.open("/#example=gradient")
    page.click_on("[data-grad='0']")
    page.settled(lambda: page.type_at_once("7", Keys.ENTER))
    page.wait(lambda: page.cells("reached")[5] == "7")


def test_a_moving_edge_keeps_the_pooled_output_as_its_note_says(page):
    page.open("/#example=edge")
    before = page.cells("shifted")
    assert before[:5] == ["0", "0", "2", "0", "0"] and before[30:] == ["0", "2"] * 3
    page.click("#shift-right")
    after = page.cells("shifted")
    assert after[2:4] == ["0", "2"] and after[30:] == ["0", "2"] * 3
    changes = [text.text for text in page.all("[data-change]")]
    # The column of 2s leaves six cells and comes to six: no other column changes.
    assert after[:5] == ["0", "0", "0", "2", "0"]
    assert changes[0].startswith("12 of 30 changed") and changes[1] == "nothing changed"
    page.click("#shift-right")
    assert page.cells("shifted")[30:] != ["0", "2"] * 3
    page.click("#shift-reset")
    assert page.cells("shifted") == before


def test_a_blur_changes_less_than_an_average_where_stripes_move(page):
    page.open("/#example=blur&moved=1,0,0")
    told = {text.get_attribute("data-change"): text.text for text in page.all("[data-change]")}
    assert told["this layer: weighted"] == "nothing changed"
    assert told["avg"] == "16 of 16 changed, mean change 3"


def test_a_stack_lights_the_receptive_field_through_all_layers(page):
    page.open()
    page.example("stack")
    page.wait(lambda: len(page.marked("tap", "seen")) == 16)
    assert page.marked("tap", "layered") == ["1:0", "1:1", "1:4", "1:5"]
    page.point_at("[data-layered='2:3']")
    page.wait(lambda: "rows 4 to 7 and columns 4 to 7" in page.text("#sentence"))
    page.point_at("[data-layered='1:0']")
    page.wait(lambda: page.marked("tap", "seen") == ["0", "1", "8", "9"])
    page.click("#layer-add")
    page.wait(lambda: len(page.all("#layers button")) == 3)
    assert page.cells("layered")[-1] == "64"
    page.click("#layer-remove")
    assert len(page.all("#layers button")) == 2


def test_a_layer_of_the_stack_is_set_by_the_bar(page):
    page.open()
    page.example("stack")
    page.click("[data-layer='1']")
    page.choose_op("avg")
    assert [button.text for button in page.all("#layers button")] == ["1 · max 2 / 2", "2 · avg 2 / 2"]
    page.wait(lambda: page.cells("layered")[-4:] == ["19", "23", "51", "55"])


def test_the_stack_is_one_request_with_all_layers(page):
    page.open()
    page.example("stack")
    sent = json.loads(code(page, "curl").split(" -d '")[1].rstrip("'"))
    assert [layer["op"] for layer in sent["layers"]] == ["max", "max"]
    shown = json.loads(page.script("return document.getElementById('response').textContent"))
    assert shown["output"] == [[28, 32], [60, 64]]
    page.field("kernel", "9")
    assert page.shows("#error-stack") and not page.cells("layered")
    page.field("kernel", "2")
    page.click("[data-layer='1']")
    page.field("kernel", "9")
    assert page.shows("#error-stack") and len(page.cells("layered")) == 16


def test_a_photograph_is_pooled_and_four_ops_are_side_by_side(page):
    page.open()
    page.example("photo")
    page.wait(lambda: "512 × 341 pixels become 128 × 85" in page.text("#sentence"))
    assert [button.text for button in page.all("#photo-comparisons button")] == ["max", "avg", "min", "blur"]
    colours = page.script(
        """return [...document.querySelectorAll('#photo-after, #photo-comparisons canvas')].map(canvas => {
             const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
             return data.reduce((sum, value) => sum + value, 0) / data.length})""")
    after, maximum, mean, minimum, _ = colours
    assert after == maximum > mean > minimum
    page.click("[data-photo-op=min]")
    assert page.script("return document.getElementById('op-min').checked")
    page.script(
        "const d = document.getElementById('photo-divider'); d.value = 25; d.dispatchEvent(new Event('input'))")
    assert "25%" in page.script("return document.getElementById('photo-after').style.clipPath")
    assert "image/png" in code(page, "curl") and "op=min&kernel=4" in code(page, "curl")
    assert not page.shows("#explanation-part")
    page.choose_op("lp")
    assert not page.shows("#code-part")
    page.click("#photo-use")
    assert len(page.cells("input")) == 256


# Sharing

def test_a_link_opens_what_was_shown(page):
    page.open()
    page.slide("stride", 1)
    page.show("gradient")
    page.one("#next").click()
    page.wait(lambda: "window=1" in page.hash())
    link = page.hash()
    page.open("/#" + link)
    assert page.one("#tab-gradient").get_attribute("aria-selected") == "true"
    page.wait(lambda: page.text("#step-count") == "window 2 of 9")
    assert page.hash() == link


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_has_a_link_and_no_error(page, name):
    page.open(f"/#example={name}")
    assert Select(page.one("#example")).first_selected_option.get_attribute("value") == name
    assert page.hash() == f"example={name}"
    assert not page.shows("#error-layer")
    assert page.messages() == []


def test_a_link_with_layers_and_with_nonsense(page):
    layers = [{"op": "avg", "region": "sliding", "fields": {"kernel": "2"}}, {"op": "max", "region": "global", "fields": {}}]
    page.open(f"/#layers={quote(json.dumps(layers))}&map=1,3;5,7&tab=stack")
    assert page.cells("layered") == ["4", "4"]
    page.open("/#op=nothing&region=none&map=1,x&tab=7&layers=[1]&window=-3")
    assert page.cells("output")


def test_presenting_shows_the_stage_alone_and_the_keys_lead(page):
    page.open()
    page.one("#present").click()
    page.wait(lambda: not page.shows("#bar") and not page.shows(".site"))
    page.type_at_once(Keys.ARROW_RIGHT)
    page.wait(lambda: page.text("#step-count") == "window 2 of 4")
    page.settled(lambda: page.type_at_once(Keys.PAGE_DOWN))
    assert page.text("#caption-title") == "One window becomes one number"
    page.settled(lambda: page.type_at_once(Keys.PAGE_DOWN))
    assert page.hash() == "story=2&present"
    page.type_at_once(Keys.ESCAPE)
    page.wait(lambda: page.shows("#bar"))


def test_the_story_has_six_steps(page):
    page.open()
    page.click("#story")
    titles = []
    for step in range(1, 7):
        assert page.text("#story-count") == f"{step} / 6"
        titles.append(page.text("#caption-title"))
        assert not page.shows("#error-layer")
        if step < 6:
            page.click("#story-next")
    assert len(set(titles)) == 6
    page.one("#story-next").click()
    page.wait(lambda: not page.shows("#story-steps"))


def test_the_stage_is_saved_as_svg_and_as_png(page, tmp_path):
    page.open()
    page.shows_formula("max(1, 2, 5, 6) = 6")
    page.browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    for kind in ["svg", "png"]:
        page.one(f"#save-{kind}").click()
        page.wait((tmp_path / f"pooling-forward.{kind}").exists)
    drawing = (tmp_path / "pooling-forward.svg").read_text()
    assert drawing.startswith("<svg") and "max(1, 2, 5, 6)" in drawing
    assert "class=" not in drawing and "var(" not in drawing and "color-mix" not in drawing
    picture = (tmp_path / "pooling-forward.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and int.from_bytes(picture[16:20]) == 2 * page.one("#drawing").size["width"]
    assert page.messages() == []


def code(page, language):
    page.one(f"[data-code={language}]").click()
    return page.script("return document.getElementById('code').textContent")


def test_the_code_in_each_language_gives_what_the_page_shows(page):
    page.open()
    shown = json.loads(page.script("return document.getElementById('response').textContent"))
    assert shown["output"] == [[6, 8], [14, 16]]
    assert json.loads(subprocess.run(["bash", "-c", code(page, "curl")], capture_output=True, check=True).stdout) == shown
    printed = subprocess.run([sys.executable, "-c", code(page, "python")], capture_output=True, check=True, text=True).stdout
    assert json.loads(printed.replace("'", '"')) == shown
    program = code(page, "javascript").replace("console.log(", "done(")
    assert page.browser.execute_async_script(f"const done = arguments[0]; (async () => {{ {program} }})()") == shown
    assert "F.max_pool2d(x[None], kernel_size=2, stride=2, return_indices=True)" in code(page, "pytorch")
    page.show("gradient")
    assert "y.backward(" in code(page, "pytorch")
    page.show("stack")
    assert "F.max_pool2d(x[None], kernel_size=2, stride=2)" in code(page, "pytorch")
    page.one("#languages + button").click()
    page.wait(lambda: page.text("#languages + button") == "Copied")


# Everybody

def test_it_speaks_chinese_and_remembers(page):
    page.open()
    page.settled(lambda: page.one("[data-language=zh]").click())
    assert page.script("return document.documentElement.lang") == "zh-Hans"
    assert page.text("h1") == "看看池化做了什么"
    assert page.text("#step-count") == "窗口 1 / 4"
    page.field("kernel", "9")
    page.wait(lambda: "窗口大于补齐后的输入" in page.text("#error-layer"))
    page.browser.refresh()
    page.wait(lambda: page.all("[data-run]"))
    assert page.text("h1") == "看看池化做了什么"


def test_the_keyboard_alone_is_enough(page):
    page.open()
    page.script("document.getElementById('tab-forward').focus()")
    page.settled(lambda: page.press(Keys.ARROW_RIGHT))
    assert page.one("#tab-gradient").get_attribute("aria-selected") == "true"
    page.settled(lambda: page.press(Keys.ARROW_LEFT))
    page.script("document.querySelector('[data-input=\"0,0\"]').focus()")
    page.press(Keys.ARROW_DOWN)
    page.press(Keys.ARROW_RIGHT)
    assert page.script("return document.activeElement.dataset.input") == "1,1"
    page.settled(lambda: page.type_at_once("77"))
    page.type_at_once(Keys.ENTER)
    page.wait(lambda: page.cells("output")[0] == "77")
    assert page.script("return document.activeElement.dataset.input") == "1,1"
    page.script("document.querySelector('[data-output]').focus()")
    page.press(Keys.ARROW_RIGHT)
    page.wait(lambda: page.text("#step-count") == "window 2 of 4")


def test_on_a_phone_the_stage_comes_first_and_the_controls_slide_up(page):
    page.open(width=390, height=844)
    assert page.one("#drawing").location["y"] < 150
    assert page.shows("#ops") and not page.shows("#settings")
    assert page.one("#step").size["width"] > 250
    page.one("#controls").click()
    page.wait(lambda: page.shows("#slide-kernel") and page.shows("#region"))
    assert all(page.shows(f"#{name}") for name in ["link", "save-png", "save-svg", "present"])
    page.slide("stride", 1)
    page.wait(lambda: len(page.cells("output")) == 9)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("example", ["padding", "gradient", "roi", "align", "edge", "stack"])
def test_on_a_phone_no_title_is_cut(page, example, language):
    page.open(f"/#example={example}", width=390, height=844, language=language)
    ends = page.script("""return [...document.querySelectorAll('#drawing .title')].map(title => title.getBoundingClientRect())
        .map(({left, right}) => [left, right])""")
    assert ends and all(left >= 0 and right <= 390 for left, right in ends)


def test_on_a_phone_nothing_of_a_stack_is_cut(page):
    layers = [{"op": "max", "region": "sliding", "fields": {"kernel": "2"}}] * 3
    page.open(f"/#layers={quote(json.dumps(layers))}&map={ZEROS}&tab=stack", width=390, height=844)
    ends = page.script("return [...document.querySelectorAll('#drawing .note')].map(e => e.getBoundingClientRect()).map(({left, right}) => [left, right])")
    assert len(ends) == 3 and all(left >= 0 and right <= 390 for left, right in ends)


def test_on_a_phone_the_buttons_of_a_shift_are_above_its_maps(page):
    page.open(f"/#op=max&kernel=2&map={ZEROS}&tab=shift", width=390, height=844)
    bottom = page.script("return document.getElementById('shift-right').getBoundingClientRect().bottom")
    assert bottom <= page.script("return document.getElementById('drawing').getBoundingClientRect().top")
    last = page.script("return Math.max(...[...document.querySelectorAll('#drawing .cell')].map(cell => cell.getBoundingClientRect().bottom))")
    assert page.script("return document.getElementById('drawing').getBoundingClientRect().bottom") - last < 120


def test_values_of_sliders_have_one_line(page):
    page.open("/#op=max&kernel=2&map=1,2;3,4", width=1024)
    assert len({output.location["y"] for output in page.all(".slider output")}) == 1
    assert len({field.location["y"] for field in page.all(".slider input")}) == 1


@pytest.mark.parametrize("story", [1, 2, 3, 4, 5, 6])
def test_on_a_phone_a_presented_step_fits_on_the_screen(page, story):
    page.open(f"/#story={story}&present", width=390, height=844)
    assert page.script("return document.getElementById('caption').offsetHeight") < 844 / 4
    stage, below = [page.script("const {top, bottom} = document.getElementById(arguments[0]).getBoundingClientRect(); return [top, bottom]", name)
                    for name in ("drawing", "below")]
    assert stage[1] <= below[0] + 1 and below[1] <= 844
    assert page.script("""const scale = document.getElementById('drawing').getScreenCTM().a;
        return Math.min(...[...document.querySelectorAll('#drawing text')].map(text => parseFloat(getComputedStyle(text).fontSize) * scale))""") > 9
    # What is drawn stays on its sheet.
    assert page.script("""const sheet = document.getElementById('drawing').getBoundingClientRect();
        return [...document.querySelectorAll('#drawing .cell, #drawing .sheet')].filter(part =>
            part.getBoundingClientRect().bottom > sheet.bottom + 1).length""") == 0


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("example", ["roi", "align"])
def test_no_handle_of_a_box_covers_a_number(page, example, width):
    page.open(f"/#example={example}", width=width)
    assert page.script("""const box = part => part.getBoundingClientRect();
        const handles = [...document.querySelectorAll('#drawing .handle')].map(box);
        return [handles.length, [...document.querySelectorAll('#drawing [data-input] .number')].filter(number => {
            const {left, right, top, bottom} = box(number);
            return handles.some(h => h.left < right && left < h.right && h.top + 2 < bottom && top + 2 < h.bottom);
        }).map(number => number.textContent)]""") == [4, []]
    # Lines of the box run below the numbers.
    assert page.script("""const all = [...document.querySelectorAll('#drawing .roi-area, #drawing .number-above')];
        return all.length > 1 && all[0].classList.contains('roi-area')""")


def test_an_error_says_that_there_is_no_output_and_why_and_nothing_plays(page):
    page.open("/#op=max&kernel=9&map=1,2;3,4")
    assert page.text("#drawing .none") == "no output"
    assert "kernel 9 is larger" in page.text("#sentence")
    assert not page.one("#play").is_enabled() and not page.one("#step").is_enabled()
    page.slide("kernel", 2)
    assert page.one("#play").is_enabled() and page.all("#drawing .none") == []


@pytest.mark.parametrize("language, text", [("en", "Choose a picture"), ("zh", "选择图片")])
def test_the_button_for_a_picture_speaks_the_language_of_the_page(page, language, text):
    page.open("/#example=photo", language=language)
    assert page.text("#photo-choose") == text
    assert not page.shows("#file")
    page.script("document.getElementById('file').click = () => { window.asked = true }; document.getElementById('photo-choose').click()")
    assert page.script("return window.asked")


@pytest.mark.parametrize("example", ["edge", "blur"])
def test_on_a_phone_shifted_outputs_are_readable_and_the_buttons_in_sight(page, example):
    page.open(f"/#example={example}", width=390, height=844)
    assert all(page.cells("shifted"))
    sizes = page.script("return [...document.querySelectorAll('#drawing [data-shifted] .number')].map(text => Number(text.getAttribute('font-size')))")
    assert min(sizes) >= 9
    assert page.script("return document.getElementById('shift-right').getBoundingClientRect().bottom") \
        < page.script("return document.getElementById('bar').getBoundingClientRect().top")
