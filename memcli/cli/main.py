"""The entry point. A hook is told apart before anything else is imported: it has milliseconds, and never fails."""

from __future__ import annotations

import os
import sys

VALUED = ("-C", "--color", "--session", "--agent")
"""The global options that take a value."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command line and exit with its documented code; whatever happens, there is no traceback."""
    _open_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    event, place = _hook(words)
    if event is not None:
        from memcli.cli.hook import serve_hook

        serve_hook(event if _gone_to(place) else [])
    from memcli.cli.boundary import run

    sys.exit(run(words))


def _open_streams() -> None:
    """Where a standard stream is closed, the next file that is opened would get what is meant for it."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest that is free: this one


def _hook(words: list[str]) -> tuple[list[str] | None, str]:
    """(what follows `hook`, the value of -C); None for every other command."""
    rest, place = words, ""
    while rest and rest[0].startswith("-"):
        width = 2 if rest[0] in VALUED else 1
        place = rest[1] if rest[0] == "-C" and len(rest) > 1 else place
        rest = rest[width:]
    return (rest[1:], place) if rest[:1] == ["hook"] else (None, "")


def _gone_to(place: str) -> bool:
    try:
        os.chdir(place or ".")
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
