"""The built server on a free port, and Debian's Chromium in front of it."""

import os
import pathlib
import re
import subprocess
import tempfile

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

SERVER = pathlib.Path(os.environ["POOLING_SERVER"])


@pytest.fixture(scope="session")
def address():
    process = subprocess.Popen([SERVER, "--port", "0"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield listening_address(process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def listening_address(process):
    for line in process.stderr:
        found = re.search(r"listening on (http://\S+)", line)
        if found:
            return found[1]
    raise RuntimeError("the server ended before it listened")


@pytest.fixture(scope="session")
def browser():
    with tempfile.TemporaryDirectory() as profile:
        driver = webdriver.Chrome(options=browser_options(profile), service=Service("/usr/bin/chromedriver"))
        driver.set_script_timeout(20)
        yield driver
        driver.quit()


def browser_options(profile):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1360,1000",
                     "--force-prefers-reduced-motion", "--lang=en-US", f"--user-data-dir={profile}"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return options
