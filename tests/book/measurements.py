# SPDX-License-Identifier: MIT
"""What was measured stands in a log that says how.

In prose, a number with a unit of time or rate is the text of a link to its log (or to the
source that says it), unless arithmetic in the same text gives it. A table that has such
numbers is followed by a line "Measured on PROCESSOR, ..., by `COMMAND` ([log](...))", or the
rows that have them link to logs. The numbers of a link stand on one line of the log, those
of a table's row (or of its column) on one of its own, as they are or rounded as shown. The
first comment of a log names command and processor.
"""

import re
from fractions import Fraction

import arithmetic
from links import LINK, target_of
from manuscript import Problem, blank

WORD = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
NUMBER = re.compile(rf"(?<![\w.])(?:{arithmetic.NUMBER})(?!\w)")
RATE = r"(?:samples|images|pictures|epochs|numbers)(?:/s| (?:a|per) second)|GFLOPS|GFlop/s|GB/s"
TIME = r"m?s|[µun]s|(?:milli|micro|nano)?seconds?|minutes?|hours?"
FASTER = (r"times (?:as (?:fast|slow|long|many (?:samples|images))|faster|slower)|"
          r"% of (?:the|its) peak")
MEASURED = re.compile(rf"(?<![\w.,])(?:{arithmetic.NUMBER}|(?:{WORD})(?= ))[ \n](?:{TIME}|{RATE}|"
                      rf"{FASTER})(?!\w)")
# In a table the unit may stand in the head or in the first column.
UNIT = re.compile(rf"(?<!\w)(?:seconds|milliseconds|microseconds|ms|µs|us|{RATE}|{FASTER})(?!\w)")
TABLE = re.compile(r"^ *\|.*\n *\|[-:| ]+\|\n(?: *\|.*\n?)+", re.M)
LOG = re.compile(r"(?:^|/)docs/logs/")
SCALES = {"ms": 1000, "µs": 10 ** 6, "us": 10 ** 6, "ns": 10 ** 9, "%": 100,
          "milliseconds": 1000, "microseconds": 10 ** 6, "minutes": Fraction(1, 60),
          "thousand": Fraction(1, 1000), "million": Fraction(1, 10 ** 6)}


class Log:
    """The numbers of a log, line by line, and its comments."""

    def __init__(self, text):
        lines = text.split("\n")
        self.comments = "\n".join(line for line in lines if line.startswith("#"))
        self.rows = [[Fraction(n) for n in re.findall(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?", line)]
                     for line in lines if not line.startswith("#")]

    def has(self, numbers):
        """Whether one line has all these numbers, each once."""
        return any(on_one(numbers, row) for row in self.rows)

    def missing(self, numbers):
        return [n for n in numbers if not self.has([n])]


def stands(number, row):
    """Whether a row has a number, (text, unit), as it is or rounded as shown; takes it out."""
    text, unit = number
    value = Fraction(text.replace(",", ""))
    miss = {entry: min(abs(entry * scale - value) for scale in (1, SCALES.get(unit, 1)))
            for entry in row}
    best = min(row, key=miss.get, default=None)
    if best is None or miss[best] > arithmetic.last_place(text) / 2:
        return False
    row.remove(best)
    return True


def numbers_in(text):
    """The numbers in a piece of text, each with the unit behind it."""
    for match in NUMBER.finditer(text):
        unit = re.match(r" ?(%|[µ\w]+)", text[match.end():])
        yield match[0], unit[1] if unit else ""


def spell(numbers):
    return ", ".join(text for text, _ in numbers)


class Text:
    """One Markdown text and the logs that it links to."""

    def __init__(self, book, path):
        self.book, self.path = book, path
        self.prose = book.prose(path)
        self.plain = self.prose.without_code(" ")
        self.logs = {}

    def log(self, target):
        """The log behind a link, or None."""
        path, _ = target_of(self.path, target)
        if not LOG.search(path) or not self.book.exists(path):
            return None
        if path not in self.logs:
            self.logs[path] = Log(self.book.read(path))
        return self.logs[path]

    def logs_in(self, text):
        return [log for m in LINK.finditer(text) if (log := self.log(m[3])) is not None]

    def check(self):
        tables = list(TABLE.finditer(self.plain))
        for table in tables:
            yield from self.check_table(table)
        prose = self.plain
        for table in tables:
            prose = prose[:table.start()] + blank(table[0]) + prose[table.end():]
        yield from self.check_links()
        prose = LINK.sub(lambda m: blank(m[0], "\0"), prose)
        computed = self.computed()
        for match in MEASURED.finditer(prose):
            if " ".join(match[0].split()) not in computed:
                yield self.prose.problem(match.start(), f"'{' '.join(match[0].split())}' is "
                                         "measured: link it to its log")

    def computed(self):
        """What chains of arithmetic in this text give, each number with its unit."""
        text = arithmetic.readable(self.prose)
        found = set()
        for chain in arithmetic.chains(text):
            end = chain[-1][0][-1][2] + len(chain[-1][0][-1][1])
            start = chain[-1][0][-1][2]
            if match := MEASURED.match(self.plain, start):
                found.add(" ".join(match[0].split()))
        return found

    def check_links(self):
        for match in LINK.finditer(self.plain):
            log = self.log(match[3])
            numbers = list(numbers_in(match[2]))
            if log is None or not numbers or log.has(numbers):
                continue
            missing = spell(log.missing(numbers))
            yield self.prose.problem(match.start(), f"{missing or spell(numbers)}: not "
                                     f"{'' if missing else 'on one line '}in {match[3]}")

    def check_table(self, table):
        head, _, *rows = [[c.strip() for c in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
                          for line in table[0].rstrip("\n").split("\n")]
        after = re.match(r"\s*([^\n]+(?:\n[^\n]+)*)", self.prose.text[table.end():])
        caption = after[1] if after and after[1].startswith("Measured on") else ""
        at = self.prose.line(table.start()) + 2
        if caption:
            yield from self.check_caption(self.prose.line(table.end() + after.start(1)), caption)
            yield from self.check_rows(at, rows, self.logs_in(caption))
            return
        united = any(UNIT.search(cell) for cell in head)
        unlinked = []
        for number, row in enumerate(rows, at):
            text = " | ".join(row)
            shown = LINK.sub("", text)
            logs = self.logs_in(text)
            for match in MEASURED.finditer(shown) if logs else ():
                if not any(log.has(list(numbers_in(match[0]))) for log in logs):
                    yield Problem(self.path, number, f"'{match[0]}' is not in the row's log")
            if not logs and (MEASURED.search(shown) or (united or UNIT.search(row[0])) and
                             any(numbers_in(" ".join(row[1:])))):
                unlinked.append(number)
        if unlinked:
            yield Problem(self.path, unlinked[0], f"{len(unlinked)} rows of measurements: neither "
                          "have they a link to a log, nor the table a line 'Measured on ...' below")

    def check_caption(self, line, caption):
        logs = self.logs_in(caption)
        if not logs and any(LOG.search(target_of(self.path, m[3])[0])
                            for m in LINK.finditer(caption)):
            return  # links.py says that it is not there
        said = re.match(r"Measured on (?:an? |the )?([^,]+),", caption)
        command = re.search(r"\bby\s+`([^`]+)`", caption)
        if not logs or not said or not command:
            yield Problem(self.path, line, "expected 'Measured on PROCESSOR, ..., by `COMMAND` "
                          "([log](...))', with a log in docs/logs")
            return
        for what in (said[1], command[1]):
            what = " ".join(what.split())
            if not any(what in log.comments for log in logs):
                yield Problem(self.path, line, f"no comment of the log says '{what}'")

    def check_rows(self, at, rows, logs):
        """Every row's numbers, or every column's, stand on a line of the log, each on its own."""
        cells = [[list(numbers_in(LINK.sub(r"\2", cell))) for cell in row[1:]] for row in rows]
        lines = [row for log in logs for row in log.rows]
        if not logs or not unseated([sum(column, []) for column in zip(*cells)], lines):
            return
        for i in unseated([sum(row, []) for row in cells], lines):
            row = sum(cells[i], [])
            missing = min((log.missing(row) for log in logs), key=len, default=[])
            where = "" if missing else "on a line of their own "
            yield Problem(self.path, at + i, f"{spell(missing or row)}: not {where}in the log "
                          "below the table")


def unseated(groups, lines):
    """Gives each group of numbers a line of its own that has them; those without one."""
    fits = [[j for j, line in enumerate(lines) if on_one(group, line)] for group in groups]
    taken = {}

    def seat(i, tried):
        for j in fits[i]:
            if j not in tried:
                tried.add(j)
                if j not in taken or seat(taken[j], tried):
                    taken[j] = i
                    return True
        return False

    return [i for i, group in enumerate(groups) if group and not seat(i, set())]


def on_one(numbers, line):
    """Whether a line has all these numbers, each once."""
    rest = list(line)
    return all(stands(number, rest) for number in numbers)


def check(book):
    for path in book.texts():
        yield from Text(book, path).check()
    if not book.names:
        for path in book.find("docs/logs/*"):
            if not book.lines(path)[0].startswith("# "):
                yield Problem(path, 1, "expected a comment '# ' that names command and processor")
