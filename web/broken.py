# SPDX-License-Identifier: MIT
"""The book's sources with a mistake of the bug museum in them."""
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests" / "museum"))
from patches import Refused, exhibit_called  # noqa: E402

EXHIBIT = "missing-flip"


@dataclass
class Spoiled:
    """Where they are, and what is wrong with them."""
    folder: Path
    words: dict


def spoil(folder, name=EXHIBIT):
    """Copies the sources and makes the mistake; an unchanged file keeps its time, so that
    nothing is compiled again. Refused is raised when the mistake does not fit them."""
    exhibit = exhibit_called(name)
    file, before, after = next(exhibit.edits())
    words = {"name": name, "title": exhibit.title, "stage": exhibit.stage, "why": exhibit.why,
             "file": file, "before": before, "after": after}
    wanted = {}
    for part in ("common", "stages"):
        for path in sorted((ROOT / part).rglob("*.?pp")):
            wanted[str(path.relative_to(ROOT))] = path.read_text()
    for file in exhibit.files:
        wanted[file] = exhibit.spoiled(file, wanted[file])
    for path in folder.rglob("*.?pp"):
        if str(path.relative_to(folder)) not in wanted:
            path.unlink()
    for file, text in wanted.items():
        path = folder / file
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return Spoiled(folder, words)
