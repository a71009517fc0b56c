"""The entry point of `mem`. Hooks are recognised before anything else is imported: they have milliseconds."""

from __future__ import annotations

from memcli.system import interruption

interruption.exit_at_once()  # before anything else: what a Ctrl-C does during the imports below

import os  # noqa: E402
import sys  # noqa: E402

from memcli.errors import EXIT_INTERRUPTED, Interrupted  # noqa: E402

WITH_VALUE = ("-C", "--color", "--session", "--agent")
"""The global options that take a value."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command line and exit with its documented code, never with a traceback."""
    _open_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    hook, directory = _hook_arguments(words)
    if hook is not None:
        from memcli.cli.hook import serve_hook

        interruption.restore()
        serve_hook(hook if _enter(directory) else [])
    os._exit(_code_of(words))  # what Python does at its end cannot be interrupted in good order


def _code_of(words: list[str]) -> int:
    """Run one command line, and what has to be run at the exit of a process."""
    import atexit

    try:
        interruption.watch()
        from memcli.cli.boundary import run

        code = run(words)
        with interruption.deferred():
            atexit._run_exitfuncs()
    except Interrupted:
        code = EXIT_INTERRUPTED
    except Exception:
        if not interruption.has_arrived():
            raise
        code = EXIT_INTERRUPTED  # Python turns what is raised while it builds a class into an error of its own
    if not interruption.has_arrived():
        return code
    from memcli.cli.boundary import report_interruption

    return report_interruption(words)


def _open_streams() -> None:
    """Open closed standard streams; otherwise the next file to be opened would receive their output."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free descriptor, which is this one


def _hook_arguments(words: list[str]) -> tuple[list[str] | None, str]:
    """(the arguments of `mem hook`, None for any other command; the value of -C)."""
    rest, directory = words, ""
    while rest and rest[0].startswith("-"):
        width = 2 if rest[0] in WITH_VALUE else 1
        directory = rest[1] if rest[0] == "-C" and len(rest) > 1 else directory
        rest = rest[width:]
    return (rest[1:], directory) if rest[:1] == ["hook"] else (None, "")


def _enter(directory: str) -> bool:
    try:
        os.chdir(directory or ".")
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
