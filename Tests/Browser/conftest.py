"""The built server on a free port, and Debian's Chromium in front of it."""

import os
import pathlib
import re
import subprocess
import tempfile
import time

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from page import Page

SERVER = pathlib.Path(os.environ.get("POOLING_SERVER", ""))


@pytest.fixture(scope="session")
def address():
    with tempfile.NamedTemporaryFile("w+") as log:
        process = subprocess.Popen([SERVER, "--port", "0"], stderr=log, stdout=log)
        try:
            yield listening_address(process, pathlib.Path(log.name))
        finally:
            process.terminate()
            process.wait(timeout=20)


def listening_address(process, log):
    while process.poll() is None:
        found = re.search(r"listening on (http://\S+)", log.read_text())
        if found:
            return found[1]
        time.sleep(0.02)
    raise RuntimeError("the server ended before it listened: " + log.read_text())


@pytest.fixture(scope="session")
def browser():
    with tempfile.TemporaryDirectory() as profile:
        driver = webdriver.Chrome(options=browser_options(profile), service=Service("/usr/bin/chromedriver"))
        driver.set_script_timeout(300)
        yield driver
        driver.quit()


def browser_options(profile):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1360,1000",
                     "--force-prefers-reduced-motion", "--hide-scrollbars", "--lang=en-US", f"--user-data-dir={profile}"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return options


@pytest.fixture
def page(browser, address):
    return Page(browser, address)
