#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads a built book as its files stand: tests/site/check.py FOLDER

Every link leads somewhere, every page of docs/contents is there in its order, no Markdown
or TeX has come through as text, every quoted file has its name, no page is too large.
"""
import html.parser
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
site = pathlib.Path(sys.argv[1]).resolve()
LARGEST = 300_000
CODE = {"pre", "code", "math", "script", "style"}
mistakes = []


class Reader(html.parser.HTMLParser):
    """What the checks want to know of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.turns, self.captions = [], set(), {}, []
        self.text, self.within, self.caption = [], [], False
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.update(attributes[key] for key in ("id", "name") if attributes.get(key))
        self.links += [attributes[key] for key in ("href", "src") if attributes.get(key)]
        if attributes.get("rel") in ("prev", "next"):
            self.turns[attributes["rel"]] = attributes["href"]
        if tag in CODE:
            self.within.append(tag)
        self.caption = self.caption or tag == "figcaption"

    def handle_endtag(self, tag):
        if tag in CODE and tag in self.within:
            self.within.remove(tag)
        self.caption = self.caption and tag != "figcaption"

    def handle_data(self, data):
        if self.caption and data.strip():
            self.captions.append(data.strip())
        if not self.within:
            self.text.append(data)


def expected():
    """The pages of docs/contents: a Markdown file and the name of its page."""
    for line in (root / "docs/contents").read_text("utf-8").split("\n"):
        if line and not line.startswith("#"):
            for path in sorted(root.glob(line)):
                name = path.parent.name if path.name == "README.md" else path.stem.lower()
                yield path, "index.html" if path == root / "README.md" else f"{name}.html"


def quotedFiles(path):
    """The file names of the fences ```cpp FILE of a chapter, in order."""
    return [name.strip() for name in
            re.findall(r"^ *`{3,}cpp +(\S[^\n]*)$", path.read_text("utf-8"), re.M)]


pages = list(expected())
readers = {path.relative_to(site).as_posix(): Reader(path) for path in sorted(site.rglob("*.html"))
           if path.name != "print.html"}

for name, reader in readers.items():
    for link in reader.links:
        file, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = (site / name).parent / file if file else site / name
        if not target.resolve().is_file():
            mistakes.append(f"{name}: {link} leads nowhere")
        elif anchor and target.suffix == ".html" and not name.startswith("reference/"):
            there = readers.get(target.resolve().relative_to(site).as_posix())
            if there and anchor not in there.ids:
                mistakes.append(f"{name}: there is no place {link}")

for (path, name), after in zip(pages, pages[1:] + [None]):
    reader = readers.get(name)
    if not reader:
        mistakes.append(f"{name}: no page of {path.relative_to(root)}")
        continue
    if after and reader.turns.get("next") != after[1]:
        mistakes.append(f"{name}: is followed by {reader.turns.get('next')}, expected {after[1]}")
    size = (site / name).stat().st_size
    if size > LARGEST:
        mistakes.append(f"{name}: {size} bytes, expected at most {LARGEST}")
    for sign in "$`":
        for found in re.findall(rf".{{,40}}\{sign}.{{,40}}", "".join(reader.text)):
            mistakes.append(f"{name}: a raw {sign} in the text: {found.strip()}")
    if reader.captions != quotedFiles(path):
        mistakes.append(f"{name}: the quotes are of {reader.captions}, expected {quotedFiles(path)}")

print(*mistakes, f"{len(readers)} pages, {sum(len(r.links) for r in readers.values())} links, "
      f"{len(mistakes)} mistakes", sep="\n")
sys.exit(bool(mistakes))
