# SPDX-License-Identifier: MIT
"""Links and pictures: from where they lead in the repository to where they lead on the site."""
import html
import os
import re
import shutil

import trainer
from pages import Page, mistakes, root

DARK = re.compile(r"\(prefers-color-scheme: ?dark\)")


class Places:
    """Where on the site a file of the repository is. What begins with site: is found already."""

    def __init__(self, pages, names, repository):
        self.pages = {page.path: page for page in pages}
        self.names, self.repository = names, repository
        self.shown = {}  # files that get a page because a link leads to them
        self.pictures = set()

    def source(self, path, line=None):
        """A file of code or data: in the repository, in the reference, or on a page of its own."""
        if self.repository:
            return f"{self.repository}/blob/HEAD/{path}" + (f"#L{line}" if line else "")
        if path in self.names.sources:
            return f"site:reference/{self.names.sources[path]}" + (f"#l{line:05}" if line else "")
        if path not in self.shown:
            self.shown[path] = Page(path, f"files/{path.replace('/', '-')}.html")
        return f"site:{self.shown[path].file}" + (f"#{line}" if line else "")

    def of(self, target, here):
        """The address for a target as a page's text has it; None if nothing can be shown."""
        file, hash, anchor = target.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(here), file)) if file else here
        if (root / path / "README.md").is_file():
            path += "/README.md"
        if path in self.pages:
            return f"site:{self.pages[path].file}{hash}{anchor}"
        if path == trainer.SOURCE and trainer.isBuilt():
            return f"site:{trainer.PLACE}"
        if not (root / path).exists():
            mistakes.append(f"{here}: links to {target}, which is not there")
        elif path.endswith((".png", ".svg", ".jpg")):
            self.pictures.add(path)
            return f"site:{path}"
        elif (root / path).is_file():
            return self.source(path)
        elif self.repository:
            return f"{self.repository}/tree/HEAD/{path}"
        return None


def follow(page, places):
    """Gives every link of a page, and every picture, its address on the site."""
    def address(match):
        target = html.unescape(match[2])
        if not re.match(r"\w+:|#", target):
            target = places.of(target, page.path)
        if not target:
            return ""
        return f'{match[1]}="{html.escape(re.sub("^site:", page.back, target))}"'
    body = re.sub(r'\b(href|src)="([^"]*)"', address, page.body)
    page.body = re.sub(r'<img src="([^"]*)"([^>]*?) */?>', picture, body)


def hasDarkColours(path):
    return path.endswith(".svg") and DARK.search((root / path).read_text("utf-8"))


def picture(match):
    """A picture leads to itself in full size. A drawing with colours for the dark comes twice."""
    source, rest = match.groups()
    if not hasDarkColours(source):
        return f'<a href="{source}"><img class="plate" loading="lazy" src="{source}"{rest}></a>'
    both = "".join(f'<img class="{shade}" loading="lazy" src="{source[:-4]}.{shade}.svg"{rest}>'
                   for shade in ("light", "dark"))
    return f'<a href="{source}">{both}</a>'


def copyPicture(path, out):
    """A drawing follows the system's colours, not the book's switch: each copy has one set."""
    (out / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / path, out / path)
    if hasDarkColours(path):
        text = (root / path).read_text("utf-8")
        for shade, holds in (("light", "not all"), ("dark", "all")):
            copy = (out / path).with_suffix(f".{shade}.svg")
            copy.write_text(DARK.sub(holds, text), "utf-8")
