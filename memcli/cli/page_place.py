"""Where a page is written."""

from __future__ import annotations

import os
from pathlib import Path

from memcli.cli.options import Call
from memcli.errors import Usage
from memcli.html.page_file import make_place, refuse_other_file
from memcli.operations.views.reader import Reader


def page_place(call: Call, output: str | None, name: str, opens: bool) -> Path | None:
    """The file that `--output` names, by default one of this name below git's directory; None for stdout.

    Raises Usage where stdout cannot take it, Refused where the file holds something else, NoStore before
    the default's directory is made.
    """
    if output == "-":
        if call.flags.json or opens:
            raise Usage("'--output -' prints the page alone", "leave out --json and --open, or name a file")
        return None
    place = Path(output) if output else Path(call.workspace.layout.mem_dir, name)
    if not output:
        Reader(call.workspace).tip()
        make_place(place.parent)
    refuse_other_file(place)
    return place


def shown_place(file: Path) -> str:
    """A file as people read it: relative where it lies below the directory they are in."""
    return os.path.relpath(file) if file.absolute().is_relative_to(Path.cwd()) else str(file)
