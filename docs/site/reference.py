# SPDX-License-Identifier: MIT
"""The reference to the code, by Doxygen."""
import pathlib
import re
import shutil
import subprocess

from names import Names
from pages import mistakes, root, site

THEME = pathlib.Path("/usr/share/doxygen-awesome-css")
BACK = """<p id="back"><a href="$relpath^../index.html">← The book</a>
<button onclick="switchTheme()">light / dark</button></p>
"""


def header(work):
    """Doxygen's own header, with the book's colours and the way back to the book."""
    made = work / "header.html"
    subprocess.run(["doxygen", "-w", "html", made, work / "footer.html", work / "style.css"],
                   cwd=work, check=True, capture_output=True)
    text = made.read_text("utf-8")
    text = text.replace("</head>", '<script src="$relpath^../theme.js"></script>\n</head>')
    made.write_text(re.sub(r'(<div id="top">.*\n)', r"\1" + BACK, text, count=1), "utf-8")
    return made


def settings(out, work):
    """The Doxyfile, and what depends on this machine."""
    lines = [(site / "Doxyfile").read_text("utf-8"),
             f'OUTPUT_DIRECTORY = "{out.parent}"',
             f"HTML_OUTPUT = {out.name}",
             f'GENERATE_TAGFILE = "{work}/tags.xml"',
             f'HTML_HEADER = "{header(work)}"']
    if not shutil.which("dot"):
        lines.append("HAVE_DOT = NO")
    if THEME.exists():
        sheets = [THEME / "doxygen-awesome.css", THEME / "doxygen-awesome-sidebar-only.css",
                  site / "reference.css"]
        lines.append("HTML_EXTRA_STYLESHEET = " + " ".join(f'"{sheet}"' for sheet in sheets))
        # Newer versions of Doxygen have dark colours of their own; the theme brings its own.
        known = subprocess.run(["doxygen", "-s", "-g", "-"], capture_output=True, text=True)
        if "\nHTML_COLORSTYLE " in known.stdout:
            lines.append("HTML_COLORSTYLE = LIGHT")
    return "\n".join(lines) + "\n"


def build(out):
    """Writes the reference; every warning is a mistake. Returns the names that it knows."""
    work = out.parent.parent / "reference"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    (work / "Doxyfile").write_text(settings(out, work), "utf-8")
    said = subprocess.run(["doxygen", work / "Doxyfile"], cwd=root, stderr=subprocess.PIPE,
                          encoding="utf-8").stderr
    mistakes.extend(said.strip().split("\n") if said.strip() else [])
    return Names(work / "tags.xml", root)
