# SPDX-License-Identifier: MIT
"""Sums in prose and in worked examples are true: every chain of plain numbers with + - · / x
and =, such as 5 · 5 · 10 = 250. Behind ≈ stands the same, rounded as shown.

A side of a chain in which a letter or a unit takes part is passed over; so is code, other
than in worked examples.
"""

import math
import re
from fractions import Fraction

import formulas
from manuscript import Problem, Prose, blank

NUMBER = r"(?!0\d)(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?(?![.,]?\d)"
TOKEN = re.compile(rf"(?P<number>{NUMBER})|(?P<percent> ?%)|(?P<power>[⁻⁰¹²³⁴-⁹]+)|"
                   r"(?P<sign>[-−+·×/()⌊⌋√^]|x(?= ))|(?P<equal>[=≈])|(?P<space>[ \n]+)")
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
TEX = [(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)"), (r"\\(?:cdot|times)(?![a-z])", "·"),
       (r"\\approx(?![a-z])", "≈"), (r"\{,\}", ","), (r"\^\{([^{}]*)\}", r"^(\1)"), ("&", "")]


class Floor:
    """⌊ ... ⌋ as brackets that Python reads."""

    def __getitem__(self, value):
        return Fraction(math.floor(value))


def value(tokens):
    """What a side of a chain comes to, or None when it is no expression."""
    python = ""
    for kind, text in tokens:
        if kind == "number":
            python += f"(Fraction('{text.replace(',', '')}'))"
        elif kind == "percent":
            python += "/100"
        elif kind == "power":
            python += f"**({text.translate(RAISED)})"
        elif kind == "sign":
            python += {"·": "*", "×": "*", "x": "*", "−": "-", "⌊": "floor[", "⌋": "]",
                       "√": "root", "^": "**"}.get(text, text)
    if re.search(r"\*\*[^*/+=-]*\*\*|\*\*\(?(?:Fraction\('|-)?\d{3}", python):
        return None  # a tower, which may have no end
    try:
        return eval(python, {"Fraction": Fraction, "floor": Floor(), "root": math.sqrt})
    except (SyntaxError, TypeError, NameError, ZeroDivisionError, OverflowError):
        return None


def last_place(number):
    """The place of the last digit that a number shows: 0.01 for 3.14, 100 for 7,800."""
    number = number.replace(",", "")
    if "e" in number:
        head, power = number.split("e")
        return last_place(head) * Fraction(10) ** int(power)
    if "." in number:
        return Fraction(1, 10 ** len(number.split(".")[1]))
    zeros = len(number) - len(number.rstrip("0"))
    return Fraction(10 ** max(0, min(zeros, len(number) - 2)))


def agree(relation, left, right, side):
    """Whether two sides agree; `side` is the right one as it stands there."""
    shown = [text for kind, text, _ in side if kind == "number"]
    if relation == "=":
        return left == right or isinstance(right - left, float) and math.isclose(left, right)
    place = Fraction(abs(right)) / 100
    if len(shown) == 1:
        percent = any(kind == "percent" for kind, _, _ in side)
        place = last_place(shown[0]) / (100 if percent else 1)
    return abs(left - right) <= place / 2


def runs(text):
    """The stretches of tokens in a text, each with the offset of its first and last letter."""
    run, start, end = [], 0, 0
    at = 0
    while at <= len(text):
        match = TOKEN.match(text, at) if at < len(text) else None
        if match:
            start = start if run else at
            run.append((match.lastgroup, match[0], at))
            at = end = match.end()
            continue
        if run:
            yield start, end, run
            run = []
        # A number in a word, as in w1 or 1.2.3, is a name; 05 is a stage.
        at += max(1, len(re.match(r"[^\W\d][\w.]*|\d[\w.,]*|", text[at:])[0]))


def chains(text, formula=False):
    """The chains in a text: lists of (tokens, relation to the side before, value)."""
    for start, end, run in runs(text):
        if not any(kind == "equal" for kind, _, _ in run):
            continue
        sides, side, relation = [], [], None
        for kind, token, at in run:
            if kind == "equal":
                sides.append((relation, side))
                side, relation = [], token
            elif kind != "space":
                side.append((kind, token, at))
        sides.append((relation, side))
        yield from whole(text, start, end, run, sides, formula)


def whole(text, start, end, run, sides, formula):
    """The sides of one run in which no letter takes part. In a formula a letter may stand
    apart from what it multiplies."""
    before, after = text[:start].rstrip(" \n")[-1:], text[end:][:1]
    apart = formula or run[0][0] != "space"
    if sides[0][1] and (starts_binary(sides[0][1], text) or
                        apart and re.match(r"[\w\]})']", before) or
                        re.search(r"\bof\s*$", text[:start])):
        sides[0] = (None, [])
    apart = formula or run[-1][0] != "space"
    if apart and re.match(r"[\w\[{\\_^']", after):
        sides[-1] = (sides[-1][0], [])
    good = []
    for relation, side in sides:
        result = value([(k, t) for k, t, _ in side]) if side else None
        if result is None:
            if len(good) > 1:
                yield good
            good = []
        else:
            good.append((side, relation, result))
    if len(good) > 1:
        yield good


def starts_binary(side, text):
    """Whether a side begins with an operator that wants something before it."""
    kind, token, at = side[0]
    return kind == "power" or token in "+·×/^x" or (token in "-−" and text[at + 1:at + 2] == " ")


def readable(prose):
    """A text without code, formulas, links' targets and marks of lists."""
    text = prose.without_code()
    text = formulas.INLINE.sub(lambda m: blank(m[0], "\0"), text)
    text = re.sub(r"\]\([^)\s]*\)", lambda m: blank(m[0], "\0"), text)
    text = re.sub(r"(?m)^( *)([-*+]|\d+\.)(?= )", lambda m: m[1] + blank(m[2], "\0"), text)
    text = re.sub(r"(?m)^#+ |\|", lambda m: blank(m[0], "\0"), text)
    return re.sub(r"\n(?=\s*\n)", "\0", text)


def check(book):
    for path in book.texts():
        prose = book.prose(path)
        yield from false_chains(prose, readable(prose))
        for offset, formula in formulas.inline(prose):
            yield from in_line(path, prose.line(offset), formula, formula=True)
        for block in book.blocks(path):
            if block.kind in ("pencil", "math"):
                for number, line in enumerate(block.lines, block.line + 1):
                    yield from in_line(path, number, line, formula=block.kind == "math")


def in_line(path, number, line, formula):
    for pattern, plain in TEX if formula else ():
        line = re.sub(pattern, plain, line)
    for problem in false_chains(Prose(path, line), line, formula):
        yield Problem(path, number, problem.message)


def false_chains(prose, text, formula=False):
    for chain in chains(text, formula):
        for (_, _, left), (side, relation, right) in zip(chain, chain[1:]):
            if not agree(relation, left, right, side):
                first, last = chain[0][0][0][2], side[-1][2] + len(side[-1][1])
                yield prose.problem(side[0][2], f"{' '.join(text[first:last].split())}: the left "
                                    f"side is {plain(left)}, the right one {plain(right)}")


def plain(number):
    return f"{float(number):.10g}"
