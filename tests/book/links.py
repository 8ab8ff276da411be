# SPDX-License-Identifier: MIT
"""What a text points to is there: files, pictures, headings, and names of files in code."""

import difflib
import re
import unicodedata
from posixpath import basename, dirname, join, normpath

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^\s)>]*)>?(?:\s+\"[^\"]*\")?\s*\)")
HTML = re.compile(r"<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)=[\"']([^\"'\s]+)", re.I)
HEADING = re.compile(r"^#{1,6} +(.*?)(?: +#+)?$", re.M)
ANCHOR = re.compile(r"<a (?:name|id)=\"([^\"]+)\"")
# In code, what looks like a file of this repository.
FOLDERS = ("stages", "common", "tests", "docs", "data", "learner", "web", ".ci", ".github")
SOURCE = re.compile(r"[\w./-]*\w\.(?:hpp|cpp|md|gp|py|patch|cmake)")


def links(prose):
    """The targets in a text, each with its offset and whether it is a picture."""
    text = prose.without_code("x")
    for match in LINK.finditer(text):
        yield match.start(3), match[3], match[1] == "!"
        # A picture may be what one clicks on.
        yield from ((match.start(2) + m.start(3), m[3], True) for m in LINK.finditer(match[2]))
    for match in HTML.finditer(text):
        yield match.start(1), match[1], "href" not in match[0]


def anchors(book, path):
    """The anchors of a text's headings, as GitHub makes them."""
    prose, count = book.prose(path), {}
    for heading in HEADING.findall(prose.text):
        plain = re.sub(LINK, r"\2", heading).strip().lower()
        slug = "".join("-" if c == " " else c for c in plain
                       if c in " -_" or unicodedata.category(c)[0] in "LN")
        repeat = count[slug] = count.get(slug, -1) + 1
        yield f"{slug}-{repeat}" if repeat else slug
    yield from ANCHOR.findall(prose.text)


def target_of(path, link):
    """The file that a link in `path` leads to, and the anchor in it."""
    file, _, anchor = link.partition("#")
    return normpath(join(dirname(path), file)) if file else path, anchor


def check(book):
    known = [file for folder in FOLDERS for file in book.find(f"{folder}/**/*.*")]
    for path in book.texts():
        prose = book.prose(path)
        for offset, link, picture in links(prose):
            if re.match(r"https?://\S+\.\S|mailto:", link):
                continue
            file, anchor = target_of(path, link)
            what = "picture" if picture else "file"
            if not link or file.startswith("..") or not book.exists(file):
                yield prose.problem(offset, f"there is no {what} {link}")
            elif anchor and not file.endswith(".md"):
                yield prose.problem(offset, f"{file} has no headings, so no #{anchor}")
            elif anchor and anchor not in anchors(book, file):
                yield prose.problem(offset, f"{file} has no heading #{anchor}")
        commands = " ".join(code for _, code in prose.code() if " " in code)
        for offset, code in prose.code():
            if not named(book, path, code, known) and code not in commands:  # the reader's own
                yield prose.problem(offset, f"there is no file {code}")


def named(book, path, code, known):
    """Whether the file that a piece of code names exists; true of all other code."""
    code = code.strip('"')
    if "NN" in code or not re.fullmatch(r"[\w./-]+", code):
        return True
    beside = join(dirname(path), code)
    if any(book.exists(p) for p in (beside, f"stages/{code}", code)) or (
            any(basename(k) == code for k in known)):
        return True
    first, last = code.split("/")[0], basename(code)
    if "/" in code and difflib.get_close_matches(first, FOLDERS, 1, 0.75):
        return False
    # A letter beside the name of a file is a slip of the pen.
    return not SOURCE.fullmatch(code) and not any(
        len(name) == len(last) and sum(a != b for a, b in zip(name, last)) == 1
        for name in map(basename, known) if "." in last)
