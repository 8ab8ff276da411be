# SPDX-License-Identifier: MIT
"""Names of the code, in the text and in quotes, lead to the reference."""
import re
import xml.etree.ElementTree

COMMENTS_AND_WORDS = {"co", "st", "pp", "im", "kw"}  # pandoc's classes for what is no name


class Names:
    """What Doxygen's tag file knows. Of several with one name, a chapter means the nearest."""

    def __init__(self, tags=None, root=None):
        self.places = {}  # name: [(stage, address)]; common/ is stage 0
        self.sources = {}  # path of a file: the page of its source
        if tags is None:
            return
        compounds = xml.etree.ElementTree.parse(tags).getroot().findall("compound")
        files = {}  # class: path
        for compound in compounds:
            if compound.get("kind") == "file":
                path = compound.findtext("path") + compound.findtext("name")
                path = path.removeprefix(f"{root}/")
                page = compound.findtext("filename")
                self.sources[path] = page.replace(".html", "_source.html")
                files.update((within.text, path) for within in compound.findall("class"))
                self.addMembers(compound, path)
        for compound in compounds:
            if compound.get("kind") in ("class", "struct"):
                name = compound.findtext("name")
                path, short = files.get(name, ""), name.split("::")[-1]
                self.add(short, compound.findtext("filename"), path)
                self.addMembers(compound, path, short + "::")

    def addMembers(self, compound, path, within=""):
        for member in compound.findall("member"):
            if member.get("kind") in ("function", "typedef", "enumeration"):
                name = member.findtext("name")
                place = member.findtext("anchorfile") + "#" + member.findtext("anchor")
                for known in {name, within + name}:
                    self.add(known, place, path)

    def add(self, name, place, path):
        stage = re.match(r"stages/(\d\d)_", path)
        self.places.setdefault(name, []).append((int(stage[1]) if stage else 0, place))

    def find(self, name, stage):
        """In this stage, else in the nearest before it. No stage: if there is only one."""
        there = self.places.get("::".join(name.split("::")[-2:]).removeprefix("cnn::"), [])
        if stage is None:
            return there[0][1] if len(there) == 1 else None
        there = [place for place in there if place[0] <= stage]
        return max(there, key=lambda place: place[0])[1] if there else None

    def all(self):
        return sorted((name, place) for name, places in self.places.items()
                      for _, place in places if "::" not in name)


def link(page, names):
    stage = re.search(r"/(\d\d)_", page.path)
    stage = int(stage[1]) if stage else None

    def linked(name, shown, quiet=""):
        place = names.find(name, stage)
        return f'<a {quiet}href="{page.back}reference/{place}">{shown}</a>' if place else shown

    def inCode(match):
        parts, kinds, seen = re.split(r"(<[^>]+>)", match[0]), [], set()

        def first(name):  # once in a piece of code is enough
            if name[0] in seen:
                return name[0]
            seen.add(name[0])
            return linked(name[0], name[0], "tabindex=-1 ")

        for i, part in enumerate(parts):
            if part.startswith("<span"):
                kinds.append(re.search(r'class="(\w*)"', part)[1])
            elif part == "</span>":
                kinds.pop()
            elif i % 2 == 0 and not COMMENTS_AND_WORDS.intersection(kinds):
                parts[i] = re.sub(r"(?<![\w.&])[A-Za-z]\w{2,}", first, part)
        return "".join(parts)

    # Every second piece is one in which no link of its own may stand.
    pieces = re.split(r"(<pre.*?</pre>|<a .*?</a>|<h\d.*?</h\d>)", page.body, flags=re.S)
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            pieces[i] = re.sub(r"<code>([\w:]+)(?:\(\))?</code>",
                               lambda code: linked(code[1], code[0]), piece)
        else:
            pieces[i] = re.sub(r'(?<=<code class="sourceCode cpp">).*(?=</code>)', inCode, piece,
                               flags=re.S)
    page.body = "".join(pieces)
