"""What the tests do with a page: open it, find things, wait for an answer to be shown."""

import json

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait


class Page:
    def __init__(self, browser, address):
        self.browser = browser
        self.address = address

    def open(self, path="/", width=1360, language="en", scheme="light"):
        self.emulate(width, scheme)
        self.browser.get(self.address + "/healthz")
        self.browser.execute_script("localStorage.setItem('language', arguments[0])", language)
        self.messages()
        self.requests()
        self.browser.get(self.address + path)
        ready = "[data-run]" if path == "/" else "[data-op=last] svg"
        self.wait(lambda: self.all(ready))
        return self

    def emulate(self, width, scheme):
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
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
        return self.one(selector).text

    def shows(self, selector):
        return self.one(selector).is_displayed()

    def script(self, source, *arguments):
        return self.browser.execute_script(source, *arguments)

    def grid(self, selector):
        """The texts of a table's cells, row by row."""
        return self.script(
            """return [...document.querySelectorAll(arguments[0] + ' tbody tr')].map(line =>
                 [...line.querySelectorAll('td')].map(cell => (cell.querySelector('input')?.value ?? cell.textContent)))""",
            selector)

    def marked(self, kind):
        """The places of the input's cells that carry a class."""
        return self.script(
            """return [...document.querySelectorAll('#input tbody tr')].flatMap(line =>
                 [...line.querySelectorAll('td')].flatMap((cell, column) => cell.classList.contains(arguments[0])
                   ? [[Number(line.querySelector('th').textContent),
                       Number(document.querySelectorAll('#input thead th')[column].textContent)]] : []))""",
            kind)

    def focus(self):
        return self.script(
            "const e = document.activeElement; return e.id || e.dataset.example || e.dataset.output || e.textContent.trim()")

    # Doing

    def wait(self, condition, seconds=15):
        return WebDriverWait(self.browser, seconds, poll_frequency=0.05).until(lambda _: condition())

    def settled(self, action):
        """Waits until the answer to what `action` changed is shown everywhere."""
        before = self.runs()
        action()
        self.wait(lambda: self.runs() > before)

    def runs(self):
        return int(self.script("return document.body.dataset.run ?? 0"))

    def fill(self, selector, text):
        def write():
            field = self.one(selector)
            field.clear()
            if text:
                field.send_keys(text)
        self.settled(write)

    def choose(self, selector, value):
        select = Select(self.one(selector))
        if select.first_selected_option.get_attribute("value") != value:
            self.settled(lambda: select.select_by_value(value))

    def example(self, name):
        self.settled(lambda: self.one(f"[data-example={name}]").click())

    # What the browser noticed

    def messages(self):
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def requests(self):
        """The addresses that the page asked for since the last time."""
        events = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
