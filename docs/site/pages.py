# SPDX-License-Identifier: MIT
"""The pages of the book: which there are, and how each becomes HTML."""
import html
import pathlib
import re
import subprocess

import formulas

site = pathlib.Path(__file__).resolve().parent
root = site.parent.parent
mistakes = []  # what the author must mend before there is a book


class Page:
    """A file of the repository and the page that shows it."""

    def __init__(self, path, file):
        self.path, self.file = path, file
        self.text = (root / path).read_text("utf-8", "replace")
        self.back = "../" * file.count("/")  # from the page to the root of the site
        self.before = self.after = None

    def setBody(self, body):
        """Reads the title and the sections off the finished text."""
        self.body = body
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.S)
        self.title = plain(heading[1]) if heading else self.path
        stage = re.match(r"Stage (\d+): (.*)", self.title)
        self.number, self.short = stage.groups() if stage else ("", self.title)
        if self.file == "index.html":
            self.short = "Introduction"
        self.sections = [(id, plain(text)) for id, text in
                         re.findall(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', body, re.S)]


def plain(text):
    """What a reader sees of HTML, in one line."""
    text = re.sub(r"<annotation.*?</annotation>", "", text, flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))).strip()


def contents():
    """The pages in the order of docs/contents, each knowing its neighbours."""
    pages = []
    for line in (root / "docs/contents").read_text("utf-8").split("\n"):
        if not line or line.startswith("#"):
            continue
        for path in sorted(root.glob(line)):
            name = path.parent.name if path.name == "README.md" else path.stem.lower()
            name = "index" if path == root / "README.md" else name
            pages.append(Page(path.relative_to(root).as_posix(), name + ".html"))
    for before, after in zip(pages, pages[1:]):
        before.after, after.before = after, before
    return pages


def quoted(file, here):
    """The path of a quoted file: it is named from its stage, from stages/ or the root."""
    for folder in (root / here).parent, root / "stages", root:
        if (folder / file).is_file():
            return (folder / file).relative_to(root).as_posix()
    return None


def lineOf(quote, path):
    """The line in which a quote begins; it may leave out blank lines and /// comments."""
    def code(text):
        return [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)
                if line.strip() and not line.lstrip().startswith("///")]
    wanted = [line for _, line in code(quote)]
    there = code((root / path).read_text("utf-8"))
    for start, (number, _) in enumerate(there):
        if [line for _, line in there[start:start + len(wanted)]] == wanted:
            return number
    return 1


def fences(page, places):
    """```cpp FILE becomes ```{.cpp file="FILE" place="its address"}; pandoc drops second words."""
    def fence(match):
        opening, language, rest, text = match[1], match[3], match[4].strip(), match[5]
        path = quoted(rest.split()[0], page.path) if language == "cpp" else None
        place = f' place="{places.source(path, lineOf(text, path))}"' if path else ""
        return f'{opening}{{.{language} file="{rest}"{place}}}\n{text}'
    return re.sub(r"^( *(`{3,}))(\w+) +([^\n`{]+)\n(.*?(?=^ *\2 *$))", fence, page.text,
                  flags=re.M | re.S)


def render(page, places):
    made = subprocess.run(
        ["pandoc", "--from=gfm+attributes+tex_math_dollars", "--to=html5", "--mathml",
         "--wrap=preserve", "--fail-if-warnings", f"--lua-filter={site / 'page.lua'}"],
        input=fences(page, places), capture_output=True, encoding="utf-8")
    if made.returncode or made.stderr:
        mistakes.append(f"{page.path}: {made.stderr.strip()}")
    body = made.stdout
    # pandoc gives every line of code an address; the lines are many and nobody asks.
    body = re.sub(r'<span id="cb[\d-]+"><a href="#cb[^>]*></a>(.*?)</span>(?=\n|</code>)', r"\1",
                  body)
    body = re.sub(r'<span class="(?:op|ot|fu|va)">(.*?)</span>', r"\1", body)  # these have no colour
    body = re.sub(r'<div class="sourceCode" id="cb\d+">(<pre.*?</pre>)</div>', r"\1", body,
                  flags=re.S)
    body = re.sub(r"<code>(?=[^<]* )([^<]{0,20}</code>)", r'<code class="short">\1', body)
    return formulas.mend(body)


def show(page):
    """A file that is no chapter as it is, its lines numbered so that a link can name one."""
    lines = "\n".join(f'<span id="{number}">{html.escape(line)}</span>' for number, line in
                      enumerate(page.text.rstrip("\n").split("\n"), 1))
    return (f"<h1>{html.escape(page.path)}</h1>\n"
            f'<pre class="numbered"><code>{lines}</code></pre>')
