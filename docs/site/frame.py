# SPDX-License-Identifier: MIT
"""What stands around a page's text, and the index that the search reads."""
import html
import json
import re
import string
import urllib.parse

import trainer
from pages import plain, site

template = string.Template((site / "page.html").read_text("utf-8"))


def entry(page, current):
    """A line of the contents; the current page shows its sections."""
    number = f"<b>{page.number}</b> " if page.number else ""
    here = ' aria-current="page"' if page is current else ""
    line = f'<a href="{current.back}{page.file}"{here}>{number}{html.escape(page.short)}</a>'
    if page is current and page.sections:
        line += "<ol>" + "".join(f'<li><a href="#{id}">{html.escape(text)}</a></li>'
                                 for id, text in page.sections) + "</ol>"
    return f"<li>{line}</li>\n"


def turn(page):
    """The links to the neighbours."""
    both = ((page.before, "prev", "previous"), (page.after, "next", "next"))
    return "\n".join(f'<a rel="{rel}" href="{page.back}{other.file}"><span>{word}</span> '
                     f"{html.escape(other.title)}</a>" for other, rel, word in both if other)


def write(page, pages, out, repository, withReference):
    contents = "".join(entry(other, page) for other in pages)
    if trainer.isBuilt():
        contents += f'<li><a href="{page.back}{trainer.PLACE}">Train it in the browser</a></li>\n'
    if withReference:
        place = f"{page.back}reference/index.html"
        contents += f'<li><a href="{place}">Reference to the code</a></li>\n'
    report = f"{page.back}contributing.html"
    if repository:
        report = f"{repository}/issues/new?title={urllib.parse.quote(page.title)}"
    body = re.sub(r'<h([23]) id="([^"]+)">(.*?)</h\1>',
                  r'<h\1 id="\2">\3 <a class="anchor" href="#\2" aria-label="Link to this section">'
                  r"#</a></h\1>", page.body, flags=re.S)
    book = "CNN by Hand"
    file = out / page.file
    file.parent.mkdir(exist_ok=True)
    file.write_text(template.substitute(
        name=html.escape(page.title if page.title == book else f"{page.title} · {book}"),
        place=html.escape(f"Stage {page.number}" if page.number else page.short),
        root=page.back, contents=f"<ol>\n{contents}</ol>", body=body, turn=turn(page),
        report=html.escape(report)), "utf-8")


def index(pages, names):
    """For each section its page, address, heading and text; the names of the reference."""
    entries = []
    for page in pages:
        parts = re.split(r'<h([1-3]) id="([^"]+)"[^>]*>(.*?)</h\1>', page.body, flags=re.S)
        for _, id, heading, text in zip(*(parts[i::4] for i in range(1, 5))):
            place = page.title if page.number else page.short
            entries.append([place, f"{page.file}#{id}", plain(heading), plain(text)])
    entries += [["Reference", f"reference/{place}", name, ""] for name, place in names.all()]
    lines = ",\n".join(json.dumps(line, ensure_ascii=False) for line in entries)
    return f"bookIndex = [\n{lines}\n];\n"
