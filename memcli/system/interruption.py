"""Ctrl-C (SIGINT): what a call does when it comes, and what it tells about the operation that it interrupted.

`Interrupted` is raised wherever the call is, except in a `deferred` block, which is finished first. Python itself may
swallow it (in a finalizer, say): `has_arrived` tells. A process that was started with SIGINT ignored goes on ignoring
it. Only the command line takes the signal; a program that imports memcli keeps its own handler.
"""

from __future__ import annotations

import os
import signal

from memcli.errors import EXIT_INTERRUPTED, Interrupted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

AT_ONCE = 3
"""The Ctrl-C that ends the process without any clean-up: the ones before it only had to end the call."""


class _State:
    """The signals that have come, the `deferred` blocks that run, whether `Interrupted` was raised, and what tells the
    fates of this call's operations, and what is kept for the next one."""

    arrivals, blocks, is_raised = 0, 0, False
    fates: list[Callable[[], str]] = []  # noqa: RUF012, there is one process
    kept: list[Callable[[], str]] = []  # noqa: RUF012


def exit_at_once() -> None:
    """Until `watch` is called: Ctrl-C exits, since there is nothing to clean up."""
    _set(lambda *_: os._exit(EXIT_INTERRUPTED))


def watch() -> None:
    """From now on: Ctrl-C raises Interrupted in the main thread."""
    import sys

    _set(_handle)
    sys.unraisablehook = _without_interruptions


def restore() -> None:
    """Give the signal back to Python."""
    _set(signal.default_int_handler)


def _set(handler: Callable[..., object]) -> None:
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, handler)


def _handle(*_: object) -> None:
    _State.arrivals += 1
    if _State.arrivals >= AT_ONCE:
        os._exit(EXIT_INTERRUPTED)
    if not _State.blocks:
        _raise_once()


def _raise_once() -> None:
    """Later signals do not raise: they would interrupt the clean-up."""
    if not _State.is_raised:
        _State.is_raised = True
        raise Interrupted


def _without_interruptions(unraisable: object) -> None:
    """What Python does with an exception that it cannot raise, but for ours: it prints nothing."""
    import sys

    if getattr(unraisable, "exc_type", None) is not Interrupted:
        sys.__unraisablehook__(unraisable)  # type: ignore[arg-type]


class deferred:
    """A block that a Ctrl-C does not break: Interrupted is raised at its end."""

    def __enter__(self) -> None:
        _State.blocks += 1

    def __exit__(self, *_: object) -> None:
        _State.blocks -= 1
        if _State.arrivals and not _State.blocks:
            _raise_once()


class left_to_child(deferred):
    """A block that runs a program at the terminal, which may have a use of its own for Ctrl-C, such as a pager."""

    def __exit__(self, *_: object) -> None:
        _State.arrivals = 0
        super().__exit__()


def has_arrived() -> bool:
    """Whether this call was interrupted, even where nothing was raised."""
    return _State.arrivals > 0


def tell_fate(fate: Callable[[], str]) -> None:
    """Have an interrupted call tell what has become of an operation: `fate` says so, empty where nothing has."""
    _State.fates.append(fate)


def fates() -> list[str]:
    """What has become of this call's operations so far."""
    return [text for fate in _State.fates if (text := fate())]


def tell_kept(kept: Callable[[], str]) -> None:
    """Have an interrupted call that did nothing tell what is kept for when it is run again, empty for nothing."""
    _State.kept.append(kept)


def kept_for_later() -> str:
    """What this call keeps for when it is run again; empty for nothing."""
    return "; ".join(text for kept in _State.kept if (text := kept()))
