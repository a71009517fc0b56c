"""The picture of `mem review -p` in the documentation: `python -m tests.trials.pictures DIR` makes it."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests import sandbox
from tests.pictures import Terminal, as_svg
from tests.trials.forty import make_trial

SEED, COLUMNS = 3, 90


def main(directory: Path) -> None:
    """Write `decide-prompts.svg`."""
    file = directory.resolve() / "decide-prompts.svg"
    with tempfile.TemporaryDirectory() as place:
        os.chdir(make_trial(Path(place) / "shop", SEED).path)
        screen = Terminal(COLUMNS).screen([*sandbox.MEM, "review", "-p"], ["r it holds a credential\\n"])
    file.write_text(as_svg(screen), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
