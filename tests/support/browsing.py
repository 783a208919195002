"""Checks of every page in a browser."""

from __future__ import annotations

import base64
import re

CONTRAST = """
const parse = c => [...c.match(/[\\d.]+/g).map(Number), 1].slice(0, 4);
const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3]));
const lum = c => c.slice(0, 3).map(v => v / 255)
  .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
const behind = e => {
  const layers = [];
  for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
  return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
};
const poor = [];
for (const e of document.querySelectorAll('body *')) {
  if (!e.checkVisibility() || e.closest('svg, .sr, option')) continue;
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
  const style = getComputedStyle(e), under = behind(e);
  const [a, b] = [lum(over(parse(style.color), under)), lum(under)].sort((x, y) => y - x);
  const ratio = (a + .05) / (b + .05);
  if (ratio < 4.5) poor.push([e.className || e.tagName, e.textContent.trim().slice(0, 30), ratio]);
}
return poor;
"""
"""Script: returns the texts whose WCAG contrast with their background is below 4.5."""

PAPER_IN = {"A4": (8.27, 11.69), "Letter": (8.5, 11.0)}


def pdf(browser, paper: str = "A4") -> bytes:
    width, height = PAPER_IN[paper]
    wanted = {"printBackground": False, "paperWidth": width, "paperHeight": height}
    data = browser.driver.execute_cdp_cmd("Page.printToPDF", wanted)["data"]
    return base64.b64decode(data)


def pages(printed: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", printed))
