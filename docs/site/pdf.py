# SPDX-License-Identifier: MIT
"""The whole book as one A4 file: its pages in one, printed by Chromium."""
import os
import re
import shutil
import string
import subprocess
import tempfile

BROWSERS = ["chromium", "chromium-browser", "google-chrome",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]


def chapter(page, files):
    """A page as a part of the whole: its anchors carry its name, its links stay inside."""
    name = page.file.removesuffix(".html")

    def link(match):
        target = match[1]
        file, _, anchor = target.partition("#")
        if re.match(r"\w+:", target):
            return match[0]
        if file in files or not file:
            return f'<a href="#{(file or page.file).removesuffix(".html")}{"." + anchor if anchor else ""}"'
        return "<a"  # the sources and the reference are not in here

    body = re.sub(r'\bid="([^"]+)"', rf'id="{name}.\1"', page.body)
    body = re.sub(r'<a (?:tabindex=-1 )?href="([^"]*)"', link, body)
    body = re.sub(r'<img[^>]* class="dark"[^>]*>', "", body)
    # Code of up to 25 lines stays on one page.
    body = re.sub(r'<pre\s+class="(sourceCode [^"]*)"(?=[^>]*>(?:[^\n]*\n){0,24}[^\n]*</pre>)', r'<pre class="keep \1"', body)
    body = body.replace('loading="lazy" ', "").replace("<details>", "<details open>")
    return f'<section class="page" id="{name}">\n{body}\n</section>'


def whole(pages, template):
    """The book as one page of HTML."""
    files = {page.file for page in pages}
    contents = "\n".join(f'<li><a href="#{page.file.removesuffix(".html")}">'
                         f"{page.title if page.number else page.short}</a></li>" for page in pages)
    return string.Template(template).substitute(
        contents=contents, body="\n".join(chapter(page, files) for page in pages))


def write(pages, template, out):
    """Puts the PDF beside the site."""
    browser = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if not browser:
        raise SystemExit("error: no Chromium here to print the book")
    source, made = out / "print.html", out.parent / "cnn-by-hand.pdf"
    source.write_text(whole(pages, template), "utf-8")
    made.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [browser, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             *(["--no-sandbox"] if os.geteuid() == 0 else []), "--virtual-time-budget=20000",
             "--no-pdf-header-footer", "--generate-pdf-document-outline",
             f"--print-to-pdf={made}", source.as_uri()], check=True, capture_output=True)
    return made
