"""What the tests do with a page: open it, find things, wait for a response to be shown."""

import json

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait


class Page:
    def __init__(self, browser, address):
        self.browser = browser
        self.address = address

    def open(self, path="/", width=1360, height=900, language="en", scheme="light"):
        self.emulate(width, height, scheme)
        self.browser.get(self.address + "/healthz")
        self.browser.execute_script("localStorage.setItem('language', arguments[0])", language)
        self.messages()
        self.requests()
        self.browser.get(self.address + path)
        self.wait(lambda: self.all("[data-op=last] svg" if path.startswith("/docs") else "[data-run]"))
        return self

    def emulate(self, width, height, scheme):
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme},
                          {"name": "prefers-reduced-motion", "value": "reduce"}]})

    # Looking

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self._of_one(selector, lambda element: element.text)

    def shows(self, selector):
        return self._of_one(selector, lambda element: element.is_displayed())

    def _of_one(self, selector, read):
        """Looks again where the page has drawn the element anew since it was found."""
        while True:
            try:
                return read(self.one(selector))
            except StaleElementReferenceException:
                pass

    def script(self, source, *arguments):
        return self.browser.execute_script(source, *arguments)

    def cells(self, kind):
        """The numbers of the stage's cells of a kind (input, output, grad, reached, …), in their order."""
        return self.script(
            """return [...document.querySelectorAll(`#drawing [data-${arguments[0]}]`)]
                 .map(cell => cell.querySelector('.number')?.textContent ?? '')""", kind)

    def inked(self):
        """The keys of the input's cells that the page holds a 9 in, small cells too."""
        return self.script(
            """return new URLSearchParams(location.hash.slice(1)).get('map').split(';').flatMap((line, r) =>
                 line.split(',').flatMap((value, c) => (value === '9' ? [`${r},${c}`] : [])))""")

    def marked(self, mark, kind="input"):
        """Which cells of a kind carry a mark, by their keys."""
        return self.script(
            """return [...document.querySelectorAll(`#drawing [data-${arguments[1]}].${arguments[0]}`)]
                 .map(cell => cell.dataset[arguments[1]])""", mark, kind)

    def formula(self):
        """The arithmetic on the stage, in one line."""
        return self.script(
            "return [...document.querySelectorAll('#drawing .formula')].map(text => text.textContent).join(' ')")

    def shows_formula(self, text):
        self.wait(lambda: self.formula() == text, told=self.formula)

    def hash(self):
        return self.script("return location.hash.slice(1)")

    # Doing

    def wait(self, condition, seconds=60, told=lambda: ""):
        try:
            return WebDriverWait(self.browser, seconds, poll_frequency=0.05).until(lambda _: condition())
        except Exception as error:
            raise AssertionError(f"waited in vain; now: {told()}") from error

    def settled(self, action):
        """Waits until the responses to what `action` changed are shown."""
        before = self.runs()
        action()
        self.wait(lambda: self.runs() > before)

    def runs(self):
        return int(self.script("return document.body.dataset.run ?? 0"))

    def click(self, selector):
        self.settled(lambda: self.script("document.querySelector(arguments[0]).click()", selector))

    def slide(self, name, value):
        self.settled(lambda: self.script(
            """const slider = document.getElementById(`slide-${arguments[0]}`);
               slider.value = arguments[1]; slider.dispatchEvent(new Event('input', {bubbles: true}))""", name, str(value)))

    def choose_op(self, name):
        if not self.script("return document.getElementById(`any-op-${arguments[0]}`).checked", name):
            self.click(f"#any-op-{name}")

    def choose_region(self, name):
        select = Select(self.one("#region"))
        if select.first_selected_option.get_attribute("value") != name:
            self.settled(lambda: select.select_by_value(name))

    def example(self, name):
        self.settled(lambda: Select(self.one("#example")).select_by_value(name))

    def show(self, tab):
        self.click(f"#tab-{tab}")

    def field(self, name, text):
        """Writes a parameter below More."""
        def write():
            self.script(
                """const field = document.getElementById(arguments[0]); field.value = arguments[1];
                   field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', {bubbles: true}))""", name, text)
        self.settled(write)

    def middle(self, selector):
        return self.script(
            """const cell = document.querySelector(arguments[0]); cell.scrollIntoView({block: 'center'});
               const box = cell.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]""", selector)

    def mouse(self, kind, point, buttons=1):
        self.browser.execute_cdp_cmd("Input.dispatchMouseEvent", {
            "type": kind, "x": point[0], "y": point[1], "button": "left" if kind != "mouseMoved" or buttons else "none",
            "buttons": buttons, "clickCount": 0 if kind == "mouseMoved" else 1})

    def drag(self, points):
        self.mouse("mousePressed", points[0])
        for point in points[1:]:
            self.mouse("mouseMoved", point)
        self.mouse("mouseReleased", points[-1], buttons=0)

    def swipe(self, points):
        """A finger that moves over points."""
        def touch(kind, points):
            self.browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
        self.browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
        try:
            touch("touchStart", points[:1])
            for point in points[1:]:
                touch("touchMove", [point])
            touch("touchEnd", [])
        finally:
            self.browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})

    def point_at(self, selector):
        self.mouse("mouseMoved", self.middle(selector), buttons=0)

    def click_on(self, selector):
        self.drag([self.middle(selector)])

    def press(self, *keys):
        self.browser.switch_to.active_element.send_keys(*keys)

    def type_at_once(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def paste(self, text):
        self.script(
            """const data = new DataTransfer(); data.setData('text', arguments[0]);
               document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))""", text)

    # What the browser noticed

    def messages(self):
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def requests(self):
        """The addresses that the page asked for since the last time."""
        events = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
