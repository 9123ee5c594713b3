"""A service that asks for an API key: the pages come without one, and have a field for it."""

import pathlib
import subprocess
import tempfile

import pytest

from conftest import SERVER, listening_address
from page import Page


@pytest.fixture(scope="module")
def locked(browser):
    with tempfile.TemporaryDirectory() as directory:
        keys, log = pathlib.Path(directory, "keys"), pathlib.Path(directory, "log")
        keys.write_text("alpha\n")
        with log.open("w") as stream:
            process = subprocess.Popen([SERVER, "--port", "0", "--api-key-file", keys], stderr=stream, stdout=stream)
        try:
            yield Page(browser, listening_address(process, log))
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.mark.parametrize("path, ready", [("/", "[data-run]"), ("/docs", "[data-op=last] svg")])
def test_the_page_asks_until_the_key_is_right_and_keeps_it(locked, path, ready):
    locked.browser.get(locked.address + "/healthz")
    locked.script("sessionStorage.clear(); localStorage.setItem('language', 'en')")
    locked.browser.get(locked.address + path)
    for key, message in [("beta", "asks for an API key"), ("alpha", "does not know this key")]:
        locked.wait(lambda: locked.all("#key") and message in locked.text("#key p"))
        locked.one("#api-key").send_keys(key)
        locked.one("#key button").click()
    locked.wait(lambda: locked.all(ready))
    assert not locked.all("#key")
    locked.browser.get(locked.address + path)
    locked.wait(lambda: locked.all(ready))
    assert not locked.all("#key")
