# SPDX-License-Identifier: MIT
"""What a stage's tests say, and a small network's gradients, of the headers they were compiled
with."""
import html
import re
from dataclasses import dataclass

from workshop import run

SECONDS = 60  # that all tests of a stage may take; the longest take six
# Tests of a program would not see the headers: it is built of the book's.
QUICK = "~[slow]~[program]"


@dataclass
class Objection:
    """A test that fails."""

    name: str
    place: str  # tests/test_04_mlp.cpp:123
    found: list  # what it found, in lines


@dataclass
class Answer:
    """What a test program says."""

    objections: list
    passed: int
    stopped: str  # in words, when it did not come to its end


def inside(tag, text):
    """The lines that stand in an element."""
    match = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", text, re.S)
    text = html.unescape(match[1]).strip() if match else ""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def objection(case, stopped):
    """That of a test case in Catch2's XML that did not end well."""
    failed = re.search(r'<(Expression(?= success="false")|Exception)\b.*', case, re.S)
    found = [stopped] if stopped else []
    if failed:
        at = failed[0].split("</Expression>")[0]
        thrown = inside("Exception", at)
        found = ["it stopped with: " + " ".join(thrown)] if thrown else inside("Expanded", at)
    place = re.search(r'filename="[^"]*?(tests/[^"]*)"\s+line="(\d+)"', case)
    return Objection(html.unescape(re.search(r'name="([^"]*)"', case)[1]),
                     f"{place[1]}:{place[2]}" if place else "", found)


def read(text, ended):
    """The answer in what a test program printed as XML, perhaps not to the end; `ended` are
    the words for a crash or a loop without an end, if there was one."""
    whole = re.search(r"</Catch\w*>\s*$", text)
    stopped = "" if whole and not ended.startswith("it ") else ended or "it stopped half-way"
    cases = text.split("<TestCase ")[1:]
    if not cases:
        stopped = stopped or "no test ran"
    bad = [case for case in cases if '<OverallResult success="true"' not in case]
    objections = [objection(case, stopped) for case in bad]
    return Answer(objections, len(cases) - len(bad), stopped)


def test(program):
    """Runs all tests of a stage that see its headers."""
    ended, text = run([program, QUICK, "-r", "xml"], SECONDS)
    return read(text, ended)


def gradients(program, network):
    """(right, the lines of the gradient check of a small network)."""
    ended, text = run([program, network, "check"], SECONDS)
    lines = text.splitlines()
    if ended:
        return False, [*lines[:3], ended]
    return "gradient check passed" in text, lines
