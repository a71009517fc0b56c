"""The picture of the report in the README: `python -m tests.html.picture` takes it again."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.html.browser import chromium, visited
from tests.html.team_store import build_team_store

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect

PICTURE = Path(__file__).parents[2] / "docs/images/report.png"
WIDTH, MARGIN = 1000, 28


def main() -> None:
    """Make the team's store, and photograph the beginning of its report."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["HOME"] = place
        file = Path(place, "report.html")
        build_team_store(Path(place, "harbour")).mem("report", "--output", str(file))
        with chromium() as browser, visited(browser, file, width=WIDTH) as visit:
            end = visit.page.evaluate("document.querySelector('.key').getBoundingClientRect().bottom")
            clip: FloatRect = {"x": 0, "y": 0, "width": WIDTH, "height": end + MARGIN}
            visit.page.screenshot(path=PICTURE, clip=clip, full_page=True)


if __name__ == "__main__":
    main()
