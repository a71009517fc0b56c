"""The picture of `mem ui` in the documentation: `python -m tests.tui.pictures DIR` makes it from the trial."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.trials.forty import make_trial
from tests.tui.driven import Driven, drive

SEED, SIZE = 5, (132, 34)


def main(directory: Path) -> None:
    """Write `decide-ui.svg`."""

    async def steps(driven: Driven) -> None:
        await driven.judged()
        await driven.choose("cost of 10")
        await driven.until(lambda: bool(driven.inbox.list.row and driven.page.context_of(driven.inbox.list.row)))
        await driven.press("1", "down")
        row = driven.inbox.list.row
        await driven.until(lambda: bool(row and driven.page.context_of(row)))
        await driven.press("up")
        await driven.pilot.pause()
        picture = driven.ui.export_screenshot(title="mem ui", simplify=True)
        (directory / "decide-ui.svg").write_text(picture + "\n", "utf-8")

    with tempfile.TemporaryDirectory() as place:
        drive(make_trial(Path(place) / "shop", SEED).path, steps, SIZE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
