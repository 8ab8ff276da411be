# SPDX-License-Identifier: MIT
"""Functions in a header: where a body is, taking it out, and putting it back.

A function is found by its signature, as the exercise has it, so that no header needs a mark.
"""
import re
from dataclasses import dataclass

# What braces do not count in: comments, strings and characters.
SKIPPED = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.S)
MARK = re.compile(r"\bnotWritten\s*\(")


class NotFound(Exception):
    """A function that is not where it should be; the message says which and where."""


@dataclass
class Body:
    """What stands between the braces of a function: text[start:end]."""

    start: int
    end: int
    line: int  # of the signature's first line, from 1


def blanked(text):
    """The text with comments and strings as spaces, each character in its place."""
    return SKIPPED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def closing(code, start):
    """Where the brace closes that opened just before `start`; code without comments."""
    depth = 1
    for match in re.compile(r"[{}]").finditer(code, start):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    return None


def find(text, signature, scope=""):
    """The body of the function with this signature, in class `scope` if one is named."""
    code = blanked(text)
    first = 0
    if scope:
        match = re.search(rf"\b(?:class|struct)\s+{scope}\b[^;{{]*{{", code)
        if not match:
            raise NotFound(f"the class {scope}")
        first = match.end()
    tokens = re.findall(r"\w+|[^\w\s]", blanked(signature))
    match = re.compile(r"\s*".join(map(re.escape, tokens)) + r"\s*{").search(code, first)
    end = closing(code, match.end()) if match else None
    if end is None:
        raise NotFound(signature)
    return Body(match.end(), end, text.count("\n", 0, match.start()) + 1)


def stub(body, given, number, indent):
    """A body to be written: its first `given` lines, and the mark."""
    lines = body.split("\n")[1:given + 1]
    mark = f'{indent}  notWritten("{number}");  // yours: ./learn check {number}'
    return "\n".join(["", *lines, mark, indent])


def place(text, exercise):
    return find(text, exercise.signature, exercise.scope)


def strip(text, exercises):
    """The header with the bodies of these exercises to be written."""
    for exercise in exercises:
        at = place(text, exercise)
        indent = re.match(" *", text.split("\n")[at.line - 1])[0]
        text = (text[:at.start] + stub(text[at.start:at.end], exercise.given,
                                       exercise.number, indent) + text[at.end:])
    return text


def is_stub(body):
    """Whether the mark still stands in it."""
    return bool(MARK.search(blanked(body)))


def fill(text, book, exercises):
    """The header with the book's bodies for these exercises; strip's inverse."""
    for exercise in exercises:
        at, of = place(text, exercise), place(book, exercise)
        text = text[:at.start] + book[of.start:of.end] + text[at.end:]
    return text


def assembled(text, name, book, book_name, exercises):
    """The same for the compiler, which is to name the file and line where things stand."""
    pieces, position = [f'#line 1 "{name}"\n'], 0
    places = sorted(((place(text, e), e) for e in exercises), key=lambda p: p[0].start)
    for at, exercise in places:
        of = place(book, exercise)
        pieces += [text[position:at.start],
                   f'\n#line {book.count(chr(10), 0, of.start) + 1} "{book_name}"\n',
                   book[of.start:of.end],
                   f'\n#line {text.count(chr(10), 0, at.end) + 1} "{name}"\n']
        position = at.end
    return "".join([*pieces, text[position:]])
