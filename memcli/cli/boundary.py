"""The one boundary where an error becomes text or JSON and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from memcli.errors import Failure, MemError, Usage


def run(words: list[str]) -> int:
    """Run one command line and return its exit code."""
    from memcli.cli.app import command
    from memcli.cli.views.output import report

    _open_closed_streams()
    try:
        _refuse_undecodable(words)
        code = command().main(args=words, prog_name="mem", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        _let_go_of_stdout()  # the reader has left; that is no error
        return 0
    except Exception as error:
        found = _as_mem_error(error)
        try:
            sys.stdout.flush()
        except OSError:
            _let_go_of_stdout()
        report(found, as_json="--json" in words)
        return found.exit_code


def _open_closed_streams() -> None:
    """Where a caller has closed a stream (`mem list >&-`): read and write nothing instead of failing at its use."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _let_go_of_stdout() -> None:
    """Send what cannot be written nowhere, so that Python does not try once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse_undecodable(words: Sequence[str]) -> None:
    """Everything but a directory becomes text of memories, queries or names. Raises Usage for what is no UTF-8."""
    for before, word in zip(("", *words), words, strict=False):
        if before != "-C" and not word.isascii() and word != word.encode("utf-8", "replace").decode():
            raise Usage(f"an argument is not UTF-8: {word[:60]!r}", "give the text as UTF-8, or from a pipe")


def _as_mem_error(error: Exception) -> MemError:
    if isinstance(error, MemError):
        return error
    if hasattr(error, "format_message"):  # a usage error of Typer's parser, whose class is private to it
        context = getattr(error, "ctx", None)
        return Usage(error.format_message(), f"'{context.command_path if context else 'mem'} --help' shows how")
    if type(error).__name__ == "Abort":
        return MemError("stopped; nothing was changed")
    if isinstance(error, OSError):
        return Failure(
            f"{error.strerror or error}: {error.filename or 'the repository'}", "'mem doctor' looks for the cause"
        )
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    words = f"{type(error).__name__}: {error}, {Path(place.filename).name}:{place.lineno}"
    return Failure(
        f"this is a fault of mem itself ({words})", "nothing acknowledged is lost; please report these words"
    )
