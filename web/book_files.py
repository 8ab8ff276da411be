# SPDX-License-Identifier: MIT
"""What the page has from the book: its icon, its switch of colours, and its chapters as text,
for a page that stands alone; on the book's site the links lead to the chapters' own pages."""
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def book_files():
    """Files, and where they go beside the page."""
    for name in "icon.svg", "theme.js":
        yield ROOT / "docs/site" / name, name
    for line in (ROOT / "docs/contents").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            for path in sorted(ROOT.glob(line)):
                name = path.parent.name if path.name == "README.md" else path.stem.lower()
                yield path, f"chapters/{'index' if path.parent == ROOT else name}.txt"
