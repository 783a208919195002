"""Takes the README's picture of the report: python tests/browser/picture.py REPORT.html OUT.png."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from conftest import ARGUMENTS, Browser, program
from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WIDTH_PX, COLOURS = 1000, 256

if __name__ == "__main__":
    report, target = map(Path, sys.argv[1:])
    options = webdriver.ChromeOptions()
    options.binary_location = program("CHROMIUM", "chromium")
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = Service(program("CHROMEDRIVER", "chromedriver"))
    with webdriver.Chrome(options=options, service=service) as driver:
        browser = Browser(driver)
        browser.open(report.resolve(), WIDTH_PX, 2400)
        # From the headline to the pictures of the reps of the first clip, which is open.
        end = browser.run("return document.querySelector('.shots').getBoundingClientRect().bottom")
        picture = Image.open(io.BytesIO(driver.get_screenshot_as_png()))
    picture = picture.convert("RGB").crop((0, 0, WIDTH_PX, round(float(str(end))) + 12))
    picture.quantize(
        COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG
    ).save(target, optimize=True)
