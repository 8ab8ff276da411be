# SPDX-License-Identifier: MIT
"""The fonts that go with the site. Where one is missing, the style sheet names the system's."""
import pathlib
import shutil
import subprocess

FONTS = {"text": "texgyrepagella-regular.otf", "italic": "texgyrepagella-italic.otf",
         "bold": "texgyrepagella-bold.otf", "math": "texgyrepagella-math.otf",
         "code": "JetBrainsMono-Regular.ttf", "code-bold": "JetBrainsMono-Bold.ttf"}
SHELVES = ["/usr/share/fonts", "/usr/share/texmf/fonts", "/Library/Fonts", "~/Library/Fonts"]


def copy(out):
    """Compressed once and kept beside the site, for that takes longer than all the pages."""
    kept = out.parent / "fonts"
    kept.mkdir(exist_ok=True)
    if shutil.which("woff2_compress"):
        there = {path.name: path for shelf in SHELVES
                 for path in pathlib.Path(shelf).expanduser().rglob("*.[ot]tf")}
        for name, file in FONTS.items():
            if file in there and not (kept / f"{name}.woff2").exists():
                raw = kept / f"{name}{there[file].suffix}"
                shutil.copy(there[file], raw)
                subprocess.run(["woff2_compress", raw], check=True, capture_output=True)
                raw.unlink()
    shutil.copytree(kept, out / "fonts")
