"""Photographs the what-if page of the Istanbul case for the documentation: `make pictures`.

python -m tests.photographs docs/pictures/page-switched.png ...
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attendance as at
from attendance.faces.page import page
from tests.chromium import browser

SEED = "seeds/istanbul-2025.yaml"
Opened = Callable[..., Any]


def switched(opened: Opened, picture: Path) -> None:
    """Putin switched to come, on a desk."""
    opened(1120, 980, "#comes=putin").screenshot(path=picture)


def telephone(opened: Opened, picture: Path) -> None:
    """The same on a telephone in the dark."""
    seen = opened(360, 780, "#comes=putin", "dark")
    seen.locator("section.gathering").first.evaluate("there => scrollTo(0, there.offsetTop - 20)")
    seen.screenshot(path=picture)


def timeline(opened: Opened, picture: Path) -> None:
    """What each moment changed, one reason open."""
    seen = opened(1000, 800)
    seen.locator("#timeline details").nth(2).locator("summary").click()
    seen.locator("#timeline").screenshot(path=picture)


def scenarios(opened: Opened, picture: Path) -> None:
    """All scenarios."""
    opened(1000, 800).locator("#scenarios .scroll").first.screenshot(path=picture)


PICTURES = {f"page-{take.__name__}.png": take for take in (switched, telephone, timeline, scenarios)}


def main(pictures: list[str]) -> None:
    """Take the pictures of those names."""
    with TemporaryDirectory() as folder, browser() as found:
        file = Path(folder, "page.html")
        file.write_text(page(at.load(SEED), file=SEED), encoding="utf-8")

        def opened(width: int, height: int, fragment: str = "", scheme: str = "light") -> Any:
            size = {"width": width, "height": height}
            seen = found.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
            seen.goto(file.as_uri() + fragment)
            return seen

        for picture in map(Path, pictures):
            PICTURES[picture.name](opened, picture)


if __name__ == "__main__":
    main(sys.argv[1:])
