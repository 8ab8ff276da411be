# SPDX-License-Identifier: MIT
"""The course: every exercise, in order. NN_stage/K_name.md says what it is, K_name.cpp holds
its cases. This is the only list: map, chapters, checks and tests are made from it."""
import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


class Refused(Exception):
    """A wrong word from the reader; the message says what is wrong and what to do."""


@dataclass
class Mistake:
    """A wrong variant of a function, and what the check must say of it."""

    name: str
    museum: bool
    edits: list  # pairs of old and new lines
    says: str


@dataclass
class Exercise:
    stage: str  # 03_conv_backprop
    k: int  # its place in the stage, from 1
    path: Path  # of its .md
    title: str
    file: str  # of the stage
    signature: str
    scope: str  # the class, if it stands in one
    given: int  # lines of the body that are not the reader's
    chapter: str  # the heading under which the chapter has it
    task: str
    hints: list
    mistakes: list = field(default_factory=list)

    @property
    def number(self):
        return f"{int(self.stage[:2])}.{self.k}"

    @property
    def name(self):
        """dilate, FCLayer::forward"""
        name = re.search(r"(\w+)\(", self.signature)[1]
        return f"{self.scope}::{name}" if self.scope and self.scope != name else name

    @property
    def header(self):
        return f"{self.stage}/{self.file}"

    @property
    def cases(self):
        return self.path.with_suffix(".cpp")

    def __hash__(self):
        return hash(self.number)


def sections(text):
    """Heading of the second level -> text below it; the text above them under ""."""
    parts = re.split(r"^## (.+)\n", text, flags=re.M)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2]))}


def mistakes(text):
    for part in re.split(r"^### ", text, flags=re.M)[1:]:
        name, _, rest = part.partition("\n")
        says = " ".join(" ".join(re.findall(r"^> (.+)", rest, re.M)).split())
        edits = []
        for diff in re.findall(r"^```diff\n(.*?)^```", rest, re.M | re.S):
            edits += hunks(diff)
        yield Mistake(name.removeprefix("museum: ").strip(), name.startswith("museum: "),
                      edits, says)


def hunks(diff):
    """Pairs of old and new lines; a hunk ends where old lines follow new ones."""
    old, new = [], []
    for line in diff.splitlines():
        if old and new and not line.startswith("+"):
            yield "".join(old), "".join(new)
            old, new = [], []
        if line[:1] == "-":
            old.append(line[1:] + "\n")
        elif line[:1] == "+":
            new.append(line[1:] + "\n")
    if old or new:
        yield "".join(old), "".join(new)


def read(path):
    parts = sections(path.read_text(encoding="utf-8"))
    head = parts[""]
    fields = dict(re.findall(r"^(File|Function|In|Given|Chapter): +(.+)$", head, re.M))
    missing = {"File", "Function", "Chapter"} - fields.keys() | {"Hints"} - parts.keys()
    if missing:
        raise Refused(f"{path.relative_to(ROOT)}: lacks {', '.join(sorted(missing))}")
    task = re.sub(r"^(#|(File|Function|In|Given|Chapter):).*\n", "", head, flags=re.M).strip()
    hints = [re.sub(r"\n +", "\n", hint).strip()
             for hint in re.split(r"^\d\. +", parts["Hints"], flags=re.M)[1:]]
    return Exercise(path.parent.name, int(path.name.split("_")[0]), path,
                    re.search(r"^# (.+)$", head, re.M)[1], fields["File"], fields["Function"],
                    fields.get("In", ""), int(fields.get("Given", 0)), fields["Chapter"],
                    task, hints, list(mistakes(parts.get("Mistakes", ""))))


def exercises(stage=None):
    """All exercises in order, or those of a stage, which has a number or a name."""
    found = [read(path) for path in HERE.glob("[0-9][0-9]_*/[0-9]*_*.md")
             if stage is None or path.parent.name == stage or path.parent.name[:2] == stage]
    return sorted(found, key=lambda e: (e.stage, e.k))


def stages():
    """The stages that have exercises, by name."""
    return sorted(path.name for path in HERE.glob("[0-9][0-9]_*") if any(path.glob("*.md")))


def named(word):
    """What a reader's word means: (stage, exercise), the exercise None for "3", and for
    "3.2" the one."""
    match = re.fullmatch(r"(\d{1,2})(?:\.(\d{1,2}))?", word)
    number = f"{int(match[1]):02d}" if match else ""
    stage = next((name for name in stages() if number and name.startswith(number)), None)
    if not stage:
        have = ", ".join(str(int(name[:2])) for name in stages())
        raise Refused(f"'{word}' is no exercise: stages {have} have some; "
                      "./learn mine lists them")
    if not match[2]:
        return stage, None
    for exercise in exercises(stage):
        if exercise.k == int(match[2]):
            return stage, exercise
    raise Refused(f"there is no exercise {word}: stage {int(number)} has 1 to "
                  f"{len(exercises(stage))}; ./learn mine lists them")
