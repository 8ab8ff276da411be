# SPDX-License-Identifier: MIT
r"""Formulas are shown alike by GitHub and by the site.

A formula in a line stands between single dollars, on one line, and has no backslash before a
punctuation mark: GitHub takes that for an escape. One on lines of its own is a block
```` ```math ````. Both use commands of KaTeX's core only, with balanced braces.
"""

import re

from manuscript import Problem

INLINE = re.compile(r"(?<![\\\w$])\$([^$\n]+)\$(?![\w$])")
COMMAND = re.compile(r"\\([a-zA-Z]+|.)")
CORE = set("""
alpha beta gamma delta epsilon varepsilon eta theta kappa lambda mu nu pi rho sigma tau phi chi
psi omega Gamma Delta Theta Lambda Pi Sigma Phi Psi Omega partial nabla infty ell sum prod int
frac dfrac sqrt cdot times div pm mp odot oplus otimes ast star circ bullet le ge ne leq geq neq
approx equiv sim propto ll gg in notin subset subseteq cup cap forall exists to mapsto
leftarrow rightarrow Leftarrow Rightarrow iff implies leftrightarrow longrightarrow uparrow
downarrow quad qquad left right big Big bigl bigr Bigl Bigr lfloor rfloor lceil rceil langle
rangle lbrace rbrace lvert rvert lVert rVert vert Vert mid ldots cdots dots vdots ddots max min
arg exp log ln sin cos tan tanh det dim lim sup inf Pr text mathrm mathbf mathit mathsf mathbb
mathcal operatorname bar hat tilde vec dot overline underline overbrace underbrace widehat
begin end substack limits phantom boxed prime top bot
""".split())
ENVIRONMENTS = {"matrix", "bmatrix", "pmatrix", "vmatrix", "aligned", "cases", "array", "gathered"}


def faults(formula, display):
    """What is wrong with a formula, in words."""
    for name in COMMAND.findall(formula):
        if name.isalpha():
            if name not in CORE:
                yield f"\\{name} is not among the commands that formulas.py knows"
        elif not display:
            yield f"\\{name} in a line: GitHub takes the backslash away"
        elif name not in "\\,;:!{}| ":
            yield f"\\{name} is no command"
    bare = re.sub(r"\\[\\{}]", "", formula)
    depth = 0
    for c in bare:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            break
    if depth:
        yield "its braces do not match"
    if bare.count("\\left") - bare.count("\\leftarrow") - bare.count("\\leftrightarrow") != (
            bare.count("\\right") - bare.count("\\rightarrow")):
        yield "\\left and \\right do not match"
    begun = re.findall(r"\\begin\{(\w+)\}", bare)
    if sorted(begun) != sorted(re.findall(r"\\end\{(\w+)\}", bare)):
        yield "\\begin and \\end do not match"
    for name in set(begun) - ENVIRONMENTS:
        yield f"{name} is not among the environments that formulas.py knows"


def inline(prose):
    """The formulas in lines, each with its offset."""
    for match in INLINE.finditer(prose.without_code()):
        yield match.start(1), match[1]


def check(book):
    for path in book.texts():
        prose = book.prose(path)
        rest = prose.without_code()
        for offset, formula in inline(prose):
            for fault in faults(formula, display=False):
                yield prose.problem(offset, f"${formula}$: {fault}")
            rest = rest[:offset - 1] + " " * (len(formula) + 2) + rest[offset + len(formula) + 1:]
        for match in re.finditer(r"\$\$[^$]*\$\$|\$", rest):
            yield prose.problem(match.start(), "a dollar that opens or ends no formula on its line"
                                if match[0] == "$" else "a formula on lines of its own is a "
                                "block ```math")
        for block in book.blocks(path):
            if block.kind == "math":
                for fault in faults("\n".join(block.lines), display=True):
                    yield Problem(path, block.line, fault)
