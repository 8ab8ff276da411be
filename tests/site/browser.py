#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Looks at a built book in Chromium: tests/site/browser.py FOLDER [axe.min.js]

Every page, wide and on a phone, light and dark: nothing in the console, nothing wider than
the page, every formula and picture there, nothing serious that axe-core objects to. Then
search, keys, the switch of the colours, and the PDF if it lies beside the folder.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

site = pathlib.Path(sys.argv[1]).resolve()
axe = pathlib.Path(sys.argv[2]).read_text("utf-8") if len(sys.argv) > 2 else None
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
mistakes = []

LOOK = """
const page = document.documentElement, found = [];
if (page.scrollWidth > page.clientWidth)
  found.push(`${page.scrollWidth} pixels wide, expected ${page.clientWidth}`);
for (const details of document.querySelectorAll("details")) details.open = true;
for (const box of document.querySelectorAll("main p, main li, main h1, main h2, main h3")) {
  const right = box.getBoundingClientRect().right;
  if (box.scrollWidth > box.clientWidth + 1 && box.clientWidth)
    found.push(`cut off or hanging over: ${box.textContent.slice(0, 60)}`);
}
for (const math of document.querySelectorAll("math")) {
  const { width, height } = math.getBoundingClientRect();
  if (width < 2 || height < 2) found.push(`no formula: ${math.textContent}`);
}
return found;
"""
PICTURES = """
const done = arguments[0], shown = [...document.images].filter((image) => image.offsetParent);
Promise.all(shown.map((image) => {
  image.loading = "eager";
  return image.decode().then(() => null, () => `no picture: ${image.src}`);
})).then((found) => done(found.filter(Boolean)));
"""
AXE = """
const done = arguments[0];
axe.run(document, { resultTypes: ["violations"], preload: false }).then(({ violations }) => done(
  violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id, nodes }) =>
    `axe: ${id}: ${nodes.length} times, first ${nodes[0].html.slice(0, 120)}`)));
"""


def start(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in [*FLAGS, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


def show(browser, width, theme):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": theme}]})


def expect(where, right, sentence):
    if not right:
        mistakes.append(f"{where}: {sentence}")


def checkPage(browser, name, where):
    browser.get((site / name).as_uri())
    mistakes.extend(f"{where}: {found}" for found in browser.execute_script(LOOK))
    mistakes.extend(f"{where}: {found}" for found in browser.execute_async_script(PICTURES))
    mistakes.extend(f"{where}: {entry['message']}" for entry in browser.get_log("browser"))
    if axe:
        browser.execute_script(axe)
        mistakes.extend(f"{where}: {found}" for found in browser.execute_async_script(AXE))


def checkSearch(browser):
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys("/")
    field = browser.find_element(By.CSS_SELECTOR, "dialog input")
    field.send_keys("gradient check")
    WebDriverWait(browser, 5).until(lambda b: b.find_elements(By.CSS_SELECTOR, "dialog li a"))
    found = [a.get_attribute("href")
             for a in browser.find_elements(By.CSS_SELECTOR, "dialog li a")]
    expect("search", any("03_conv_backprop.html#the-gradient-check" in a for a in found[:5]),
           f"'gradient check' finds {found[:5]}, expected chapter 03 among them")
    field.send_keys(Keys.ENTER)
    expect("search", browser.current_url in found, f"Enter leads to {browser.current_url}")


def checkKeys(browser):
    browser.get((site / "notation.html").as_uri())
    for key, page in ((Keys.RIGHT, "01_convolution.html"), (Keys.LEFT, "notation.html")):
        browser.find_element(By.TAG_NAME, "body").send_keys(key)
        expect("keys", browser.current_url.endswith(page), f"{browser.current_url}, expected {page}")


def checkTheme(browser):
    show(browser, 1280, "light")
    browser.get((site / "01_convolution.html").as_uri())
    theme = "return document.documentElement.dataset.theme"
    expect("theme", browser.execute_script(theme) == "light", "is not that of the system")
    browser.find_element(By.ID, "theme").click()
    browser.get((site / "02_pooling.html").as_uri())
    expect("theme", browser.execute_script(theme) == "dark", "is forgotten on the next page")
    light = browser.execute_script("return [...document.querySelectorAll('img.light')]"
                                   ".some((picture) => picture.offsetParent)")
    expect("theme", not light, "the figures stay light")
    browser.find_element(By.ID, "theme").click()


def checkPdf(file):
    """Every word stands within the paper's margins."""
    words = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True,
                           encoding="utf-8").stdout
    pages = re.split(r'<page width="([\d.]+)" height="([\d.]+)">', words)[1:]
    expect("PDF", len(pages) / 3 > 60, f"{len(pages) // 3} pages")
    for number, (width, height, text) in enumerate(zip(pages[::3], pages[1::3], pages[2::3]), 1):
        found = re.findall(r'xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', text)
        for right, bottom, word in found:
            if float(right) > float(width) - 45 or float(bottom) > float(height) - 15:
                mistakes.append(f"PDF, page {number}: cut off at '{word}'")


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = start(profile)
    names = sorted(path.name for path in site.glob("*.html") if path.name != "print.html")
    for width in (1280, 390):
        for theme in ("light", "dark"):
            show(browser, width, theme)
            for name in names:
                checkPage(browser, name, f"{name}, {width} pixels, {theme}")
        checkSearch(browser)
    checkKeys(browser)
    checkTheme(browser)
    browser.quit()
pdf = site.parent / "cnn-by-hand.pdf"
if pdf.exists() and shutil.which("pdftotext"):
    checkPdf(pdf)

print(*dict.fromkeys(mistakes), sep="\n")
print(f"{len(names)} pages four times, {len(mistakes)} mistakes")
sys.exit(bool(mistakes))
