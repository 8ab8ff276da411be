# SPDX-License-Identifier: MIT
"""What ./learn check mystery shows of the tests and gradients that object, on one screen."""
import re
import textwrap

import screen


def objections(answer, that_count, stage, room):
    """Lines: which tests object, at most 5, and what the first found."""
    if not that_count and answer.stopped:
        return textwrap.wrap(f"Stage {stage}'s tests gave no answer: {answer.stopped}.",
                             screen.WIDTH)
    if not that_count:
        return [f"All {answer.passed} tests of stage {stage} are content."]
    first = that_count[-1 if answer.stopped else 0]
    found = [wrapped for line in first.found for wrapped in
             textwrap.wrap(line, screen.WIDTH - 2, drop_whitespace=False) or [""]]
    names = [objection.name for objection in that_count]
    most = max(1, min(5, room - 3 - min(2, len(found))))
    lines = [f"{len(names)} of {answer.passed + len(answer.objections)} tests of stage {stage} "
             "object:", *(f"  {name}"[:screen.WIDTH] for name in names[:most])]
    if len(names) > most:
        lines.append(f"  and {len(names) - most} more")
    lines.append(f"The {'last' if answer.stopped else 'first'}, {first.place}, found:")
    if len(found) > max(2, room - len(lines)):
        found = [*found[:1], "..."]  # a part of a matrix tells nothing
    return [*lines, *(f"  {line}" for line in found)]


def near(lines):
    """The microscope's view; where its three matrices stand below one another, only the row
    of the worst entry and one beside it."""
    worst, rows = (re.search(pattern, "\n".join(lines))
                   for pattern in (r"worst at row (\d+)", r"rows (\d+)-(\d+)"))
    titles = [k for k, line in enumerate(lines) if line.split() in (["analytic"], ["numeric"])]
    if not worst or not rows or len(titles) < 2:
        return lines
    row, (top, bottom) = int(worst[1]), map(int, rows.groups())
    first = max(top, min(row, bottom - 1))
    kept = lines[:titles[0]]
    for k in range(3):
        at = titles[0] + k * (bottom - top + 2)
        kept += [lines[at], *lines[at + 1 + first - top:at + 1 + min(first + 1, bottom) - top + 1]]
    kept += lines[titles[0] + 3 * (bottom - top + 2):]
    return [line.replace(rows[0], f"rows {first}-{min(first + 1, bottom)}") for line in kept]


def gradients(right, lines):
    """Lines: the microscope's view of the worst gradient, and its guess."""
    if right:
        return textwrap.wrap("All gradients of a small network pass their check: no gradient "
                             "shows the mistake, or the network does not use the function.",
                             screen.WIDTH)
    worst = next((line[13:] for line in lines if line.startswith("the worst is ")), "")
    said = [f"The gradients of a small network, at their worst in {worst}:"
            if worst else "The gradients of a small network:"]
    for line in near(lines):
        if line.startswith(" "):
            said.append(line[:screen.WIDTH])
        elif not line.startswith(("error ", "the worst is ")):
            said += textwrap.wrap(line, screen.WIDTH - 2, initial_indent="  ",
                                  subsequent_indent="    ")
    return said
