"""The one boundary where an error becomes text or JSON and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from memcli.errors import EXIT_INTERRUPTED, Failure, Interrupted, MemError, Usage
from memcli.system.interruption import fates, has_arrived, kept_for_later


class Interruption(MemError):
    """What an interrupted call reports."""

    exit_code, code = EXIT_INTERRUPTED, "interrupted"


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    from memcli.cli.app import program
    from memcli.cli.views.output import report_error

    _open_closed_streams()
    try:
        _refuse_undecodable(arguments)
        code = program().main(args=arguments, prog_name="mem", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        _discard_stdout()  # the reader has gone, which is not an error
        return 0
    except Exception as raised:
        if has_arrived() or isinstance(raised.__cause__, KeyboardInterrupt):
            raise Interrupted from raised
        error = as_mem_error(raised)
        try:
            sys.stdout.flush()
        except OSError:
            _discard_stdout()
        report_error(error, as_json="--json" in arguments)
        return error.exit_code


def report_interruption(arguments: list[str]) -> int:
    """Tell what an interrupted call has done, and return its exit code."""
    from memcli.cli.views.output import report_error

    done = "; ".join(fates())
    hint = "do not repeat it; 'mem op log' lists what was carried out" if done else "run the command again"
    outcome = done or kept_for_later() or "nothing was recorded"
    report_error(Interruption(f"interrupted; {outcome}", hint), as_json="--json" in arguments)
    return Interruption.exit_code


def _open_closed_streams() -> None:
    """Give streams that the caller has closed (`mem list >&-`) a null device, so that using them does not fail."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _discard_stdout() -> None:
    """Send unwritten output to the null device, so that Python does not try to write it again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse_undecodable(arguments: Sequence[str]) -> None:
    """Raise Usage for arguments that are not UTF-8: all but a directory end up in memories, queries or names."""
    for previous, argument in zip(("", *arguments), arguments, strict=False):
        is_utf8 = argument.isascii() or argument == argument.encode("utf-8", "replace").decode()
        if previous != "-C" and not is_utf8:
            raise Usage(f"an argument is not UTF-8: {argument[:60]!r}", "pass UTF-8 text, or pipe it in")


def as_mem_error(error: Exception) -> MemError:
    if isinstance(error, MemError):
        return error
    if hasattr(error, "format_message"):  # a usage error of Typer's parser, whose class is private to it
        context = getattr(error, "ctx", None)
        return Usage(error.format_message(), f"run '{context.command_path if context else 'mem'} --help'")
    if type(error).__name__ == "Abort":
        return MemError("cancelled; nothing was changed")
    if isinstance(error, OSError):
        return Failure(f"{error.strerror or error}: {error.filename or 'the repository'}", "run 'mem doctor'")
    return _internal_error(error)


def _internal_error(error: Exception) -> MemError:
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    details = f"{type(error).__name__}: {error}, {Path(frame.filename).name}:{frame.lineno}"
    return Failure(f"internal error ({details})", "report it with this line; acknowledged writes are kept")
