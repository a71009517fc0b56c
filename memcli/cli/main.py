"""The entry point. A hook is told apart before anything else is imported: it has milliseconds, and never fails."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> None:
    """Run one command line and exit with its documented code; whatever happens, there is no traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["hook"]:
        from memcli.cli.hook import main as serve

        serve(words[1:])
    from memcli.cli.boundary import run

    sys.exit(run(words))


if __name__ == "__main__":
    main()
