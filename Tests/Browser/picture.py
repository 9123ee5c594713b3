"""Takes a picture of the playground's first view: picture.py FILE, with the server's address in POOLING_SERVER_URL."""

import base64
import os
import pathlib
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from conftest import browser_options
from page import Page

WIDTH, HEIGHT, SCALE = 1200, 750, 1.6


def take(target):
    with tempfile.TemporaryDirectory() as profile:
        browser = webdriver.Chrome(options=browser_options(profile), service=Service("/usr/bin/chromedriver"))
        try:
            page = Page(browser, os.environ["POOLING_SERVER_URL"]).open(width=WIDTH, height=HEIGHT)
            page.script("document.documentElement.style.setProperty('--sans', 'Inter')")
            page.wait(lambda: page.script("return document.fonts.status") == "loaded")
            page.script("dispatchEvent(new Event('resize'))")
            page.shows_formula("max(1, 2, 5, 6) = 6")
            picture = browser.execute_cdp_cmd("Page.captureScreenshot", {
                "format": "png", "clip": {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": SCALE}})
            target.write_bytes(base64.b64decode(picture["data"]))
        finally:
            browser.quit()


if __name__ == "__main__":
    take(pathlib.Path(sys.argv[1]))
