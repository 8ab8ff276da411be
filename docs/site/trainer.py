# SPDX-License-Identifier: MIT
"""The page that trains in the browser: part of the site where `./learn web` has built it."""
import re
import shutil

from pages import root

SOURCE = "web/page/index.html"  # what a link in the text names
PLACE = "web/index.html"        # where that is on the site
built = root / "build/web"


def isBuilt():
    return all((built / file).is_file() for file in ("index.html", "cnn.wasm"))


def copy(out):
    """Copies the page; what led to a chapter's text leads to its page."""
    shutil.copytree(built, out / "web", ignore=shutil.ignore_patterns("chapters"))
    page = out / PLACE
    page.write_text(re.sub(r'href="chapters/(\w+)\.txt"', r'href="../\1.html"',
                           page.read_text("utf-8")), "utf-8")
