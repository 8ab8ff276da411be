# SPDX-License-Identifier: MIT
"""What a compiler says, on a few lines: the first error, where the reader wrote it, and what
it usually means."""
import re
import textwrap
from pathlib import Path

MEANINGS = [
    (r"expected [‘'`]?;", "a semicolon is missing; look at the end of the line before, too"),
    (r"expected [‘'`]?[})]|expected unqualified-id|at end of input|expected declaration",
     "a brace or a parenthesis is missing or one too many, here or a little above"),
    (r"no return statement|control reaches end|does not return a value|non-void function",
     "the function must end with `return ...;` on every way through it"),
    (r"not declared in this scope|undeclared identifier|no member named|has no member",
     "nobody knows this name: a slip of the pen, or it must be declared first"),
    (r"discards qualifiers|read-only|const-qualified|is not assignable|drops [‘'`]?const",
     "what comes in as const cannot be changed: make a copy and change that"),
    (r"no match for|invalid operands|no matching function|no viable",
     "these types do not go together: compare with the shapes and types above"),
    (r"could not convert|cannot convert|no known conversion|conversion from",
     "the value has another type than is wanted here"),
    (r"redeclaration|redefinition", "this name is taken: is it one of the arguments?"),
]
ERROR = re.compile(r"^(.+?):(\d+)(?::(\d+))?: (?:fatal )?error: (.*)$", re.M)


def first_error(text, mine):
    """(file, line, lines to show) of the first error; the file is the reader's, in the folder
    `mine`, if any line of the message names one."""
    match = ERROR.search(text)
    if not match:
        return "", 0, textwrap.wrap(" ".join(text.split())[:300], 78)
    file, line, message = match[1], int(match[2]), match[4]
    if not file.startswith("mine/"):  # deep in a library: who asked for it?
        asked = re.search(r"\b(mine/[\w./]+):(\d+)", text)
        if asked:
            file, line = asked[1], int(asked[2])
    shown = textwrap.wrap(re.sub(r"\s+", " ", message), 78)[:3]
    path = Path(mine) / file.removeprefix("mine/")
    if file.startswith("mine/") and path.exists():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        if line <= len(lines):
            shown.append(f"  {line} | {lines[line - 1].rstrip()}"[:80])
    meaning = next((words for pattern, words in MEANINGS if re.search(pattern, message)), "")
    if meaning:
        shown += textwrap.wrap(f"Usually: {meaning}.", 78)
    return file, line, shown
