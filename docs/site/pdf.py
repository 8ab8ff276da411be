# SPDX-License-Identifier: MIT
"""The whole book as one A4 file: its pages in one, printed by Chromium."""
import os
import re
import shutil
import string
import subprocess
import tempfile

from pages import site

BROWSERS = ["chromium", "chromium-browser", "google-chrome",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
# Code of up to 25 lines stays on one page.
SHORT = re.compile(r'<pre\s+class="(sourceCode [^"]*)"(?=[^>]*>(?:[^\n]*\n){0,24}[^\n]*</pre>)')


def nameOf(file):
    return file.removesuffix(".html")


def chapter(page, files):
    """A page as a part of the whole: its anchors carry its name, its links stay inside."""
    def link(match):
        if re.match(r"\w+:", match[1]):
            return match[0]
        file, hash, anchor = match[1].partition("#")
        if (file or page.file) not in files:
            return "<a"  # the sources and the reference are not on paper
        return f'<a href="#{nameOf(file or page.file)}{hash and "." + anchor}"'
    name = nameOf(page.file)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{name}.\1"', page.body)
    body = re.sub(r'<a (?:tabindex=-1 )?href="([^"]*)"', link, body)
    body = re.sub(r'<img class="dark"[^>]*>', "", body)
    body = body.replace('loading="lazy" ', "").replace("<details>", "<details open>")
    body = SHORT.sub(r'<pre class="keep \1"', body)
    return f'<section class="page" id="{name}">\n{body}\n</section>'


def whole(book):
    """The book as one page of HTML."""
    files = {page.file for page in book}
    contents = "\n".join(f'<li><a href="#{nameOf(page.file)}">'
                         f"{page.title if page.number else page.short}</a></li>" for page in book)
    template = string.Template((site / "print.html").read_text("utf-8"))
    return template.substitute(contents=contents,
                               body="\n".join(chapter(page, files) for page in book))


def write(book, out):
    """Puts the PDF beside the site."""
    browser = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if not browser:
        raise SystemExit("error: no Chromium here to print the book")
    source, made = out / "print.html", out.parent / "cnn-by-hand.pdf"
    source.write_text(whole(book), "utf-8")
    made.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [browser, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             *(["--no-sandbox"] if os.geteuid() == 0 else []), "--virtual-time-budget=20000",
             "--no-pdf-header-footer", "--generate-pdf-document-outline",
             f"--print-to-pdf={made}", source.as_uri()], check=True, capture_output=True)
    return made
