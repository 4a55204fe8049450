"""The icons of the console: one sprite, made of the vendored pictures.

`static/icons.svg` is kept in the repository so that nothing has to be built; a test compares it
with `sprite()`. Run `python -m monitor.icons` after adding a picture to static/vendor/lucide.
"""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
PICTURES = STATIC / "vendor" / "lucide"
SPRITE = STATIC / "icons.svg"
INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def sprite() -> str:
    """An SVG with one `<symbol>` a picture, named like its file.

    Raises ValueError for a file that is no picture.
    """
    symbols = []
    for file in sorted(PICTURES.glob("*.svg")):
        found = INSIDE.search(file.read_text("utf-8"))
        if found is None:
            raise ValueError(f"{file.name} is no picture")
        symbols.append(
            f'<symbol id="{file.stem}" viewBox="0 0 24 24">{" ".join(found[1].split())}</symbol>'
        )
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


if __name__ == "__main__":
    SPRITE.write_text(sprite(), "utf-8")
