# SPDX-License-Identifier: MIT
"""Small mends to the MathML that pandoc writes."""
import re


def mend(body):
    """Parentheses around nothing tall keep their size, and a comma stays with its formula."""
    def still(match):
        if re.search(r"<(mfrac|mtable|munder|mover|munderover|msqrt)\b", match[0]):
            return match[0]
        return re.sub(r'<mo stretchy="true" form="(\w+)">([()])</mo>', r'<mo stretchy="false" form="\1">\2</mo>', match[0])
    body = re.sub(r"<math.*?</math>", still, body, flags=re.S)
    return re.sub(r'((?:\(|(?<=\s)[\w-]+-)?<math display="inline".*?</math>[.,;:!?)]+)', r'<span class="whole">\1</span>',
                  body, flags=re.S)
