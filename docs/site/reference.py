# SPDX-License-Identifier: MIT
"""The reference to the code: Doxygen's pages, and where in them each name stands."""
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree

BACK = """<p id="back"><a href="$relpath^../index.html">← The book</a>
<button onclick="switchTheme()">light / dark</button></p>
"""
THEME = pathlib.Path("/usr/share/doxygen-awesome-css")


class Names:
    """The names of a tag file. Of several with the same name, a chapter means its own one."""

    def __init__(self, tags=None, root=None):
        self.places, self.sources, self.files = {}, {}, {}
        if tags is None:
            return
        compounds = xml.etree.ElementTree.parse(tags).getroot().findall("compound")
        for compound in compounds:
            if compound.get("kind") == "file":
                path = compound.findtext("path") + compound.findtext("name")
                path = str(pathlib.Path(path).relative_to(root)) if path.startswith("/") else path
                self.sources[path] = compound.findtext("filename").replace(".html", "_source.html")
                for within in compound.findall("class"):
                    self.files[within.text] = path
                self.addMembers(compound, path)
        for compound in compounds:
            if compound.get("kind") in ("class", "struct"):
                name = compound.findtext("name")
                path = self.files.get(name, "")
                self.add(name.split("::")[-1], compound.findtext("filename"), path)
                self.addMembers(compound, path, name.split("::")[-1] + "::")

    def addMembers(self, compound, path, within=""):
        for member in compound.findall("member"):
            if member.get("kind") in ("function", "typedef", "enumeration"):
                name = member.findtext("name")
                place = member.findtext("anchorfile") + "#" + member.findtext("anchor")
                self.add(name, place, path)
                if within:
                    self.add(within + name, place, path)

    def add(self, name, place, path):
        stage = re.match(r"stages/(\d\d)_", path)
        self.places.setdefault(name, []).append((int(stage[1]) if stage else 0, place))

    def find(self, name, stage):
        """In this stage, else in the nearest one before it; elsewhere only if there is one."""
        there = self.places.get(re.sub(r"^(cnn::)?(\w+::)*?(?=(\w+::)?\w+$)", "", name), [])
        if stage is None:
            return there[0][1] if len(there) == 1 else None
        there = [place for place in there if place[0] <= stage]
        return max(there, key=lambda place: place[0])[1] if there else None

    def source(self, path):
        return self.sources.get(path)

    def all(self):
        return sorted((name, place) for name, places in self.places.items()
                      for _, place in places if "::" not in name)


def said(command):
    return subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8").stdout


def header(work):
    """Doxygen's own, with the book's colours and the way back to the book."""
    made = work / "header.html"
    subprocess.run(["doxygen", "-w", "html", made, work / "footer.html", work / "style.css"],
                   cwd=work, check=True, capture_output=True)
    text = made.read_text("utf-8")
    text = text.replace("</head>", '<script src="$relpath^../theme.js"></script>\n</head>')
    text = re.sub(r'(<div id="top">.*\n)', r"\1" + BACK, text, count=1)
    made.write_text(text, "utf-8")
    return made


def build(root, out, mistakes):
    """Runs Doxygen; what it says is a mistake."""
    work = out.parent.parent / "reference"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    settings = [(root / "docs/site/Doxyfile").read_text("utf-8"),
                f"OUTPUT_DIRECTORY = \"{out.parent}\"",
                f"HTML_OUTPUT = {out.name}",
                f"GENERATE_TAGFILE = \"{work}/tags.xml\""]
    if not shutil.which("dot"):
        settings.append("HAVE_DOT = NO")
    sheets = [THEME / "doxygen-awesome.css", THEME / "doxygen-awesome-sidebar-only.css"]
    if sheets[0].exists():
        sheets.append(root / "docs/site/reference.css")
        settings.append("HTML_EXTRA_STYLESHEET = " + " ".join(f'"{sheet}"' for sheet in sheets))
        settings.append(f"HTML_HEADER = \"{header(work)}\"")
        # Newer versions of Doxygen have dark colours of their own; the theme brings its own.
        if "\nHTML_COLORSTYLE " in said(["doxygen", "-s", "-g", "-"]):
            settings.append("HTML_COLORSTYLE = LIGHT")
    (work / "Doxyfile").write_text("\n".join(settings), "utf-8")
    warnings = subprocess.run(["doxygen", work / "Doxyfile"], cwd=root, stderr=subprocess.PIPE,
                              encoding="utf-8").stderr.strip()
    mistakes += warnings.split("\n") if warnings else []
    return Names(work / "tags.xml", root)
