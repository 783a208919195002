"""A real headless Chromium, driven by selenium; nothing is fetched for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # as root there is none
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--disable-background-networking",
)


def program(variable: str, *usual: str) -> str:
    """The path of a program, as an environment variable gives it or as it is usually called."""
    found = os.environ.get(variable) or next(filter(None, map(shutil.which, usual)), None)
    assert found, f"install {usual[0]} (apt-get install chromium chromium-driver) or set {variable}"
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    """One browser for all tests."""
    options = webdriver.ChromeOptions()
    options.binary_location = program("CHROMIUM", "chromium", "chromium-browser", "google-chrome")
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(
        options=options, service=Service(program("CHROMEDRIVER", "chromedriver"))
    )
    yield driver
    driver.quit()


class Browser:
    """A page at a time, in a window of a given size."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, page: Path, width: int = 1100, height: int = 900, *, dark: bool = False) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.messages(), self.requests()
        self.driver.get(page.as_uri())

    def run(self, script: str, *arguments: object) -> object:
        return self.driver.execute_script(script, *arguments)

    def messages(self) -> list[str]:
        """What the page has written to the console since last asked, errors above all."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Every address that was asked for since last asked."""
        import json

        events = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def shown(self) -> list[str]:
        """The names of the clips that are visible, in their order."""
        found = self.run(
            "return [...document.querySelectorAll('.clip')].filter(c => c.checkVisibility())"
            ".map(c => c.querySelector('h3').textContent)"
        )
        assert isinstance(found, list)
        return found


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> Browser:
    return Browser(chromium)
