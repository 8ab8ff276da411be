# SPDX-License-Identifier: MIT
"""Small mends to the MathML that pandoc writes, where it and TeX differ."""
import re

TALL = re.compile(r"<(mfrac|mtable|munder|mover|munderover|msqrt)\b")
MATH = re.compile(r"<math.*?</math>", re.S)
PARENTHESIS = re.compile(r'<mo stretchy="true"( form="\w+">[()]</mo>)')
SIGN = re.compile(r'(<mo(?: [^>]*form="prefix")?>[^<)]*</mo>(?:<mspace [^>]*></mspace>)?)<mo>−</mo>')
GLUED = re.compile(r'(?:\([^\s<]*)?<math display="inline"(?:(?!</math>).)*</math>[.,;:!?)]+', re.S)


def formula(match):
    text = match[0]
    if not TALL.search(text):  # parentheses keep their size
        text = PARENTHESIS.sub(r"<mo stretchy=\"false\"\1", text)
    # A minus behind another operator or an opening parenthesis is a sign.
    return SIGN.sub(r'\1<mo form="prefix">−</mo>', text)


def mend(body):
    body = MATH.sub(formula, body)
    return GLUED.sub(r'<span class="whole">\g<0></span>', body)  # no comma at the start of a line
