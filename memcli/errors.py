"""The one error family and the exit-code table.

Every failure a user can meet is a `MemError`: what happened, which exit code it has, and the next safe step.
Subclasses only fix the code; `cli.boundary` is the one place that turns an error into text or JSON.
A hint never holds a ready-made destructive command: agents run what they read.
"""

from __future__ import annotations


class MemError(Exception):
    """A failure with an exit code (docs/cli.md) and a hint; `retryable` says that the same call may succeed later."""

    exit_code = 1
    code = "failure"
    retryable = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Failure(MemError):
    """Something broke that no other code describes."""


class Usage(MemError):
    exit_code, code = 2, "usage"


class NoStore(MemError):
    exit_code, code = 3, "no-store"


class NotFound(MemError):
    exit_code, code = 4, "not-found"


class Conflict(MemError):
    """A ref moved, or two things want one place; nothing was changed."""

    exit_code, code, retryable = 5, "conflict", True


class Refused(MemError):
    """A check or a rule refused it; nothing was changed."""

    exit_code, code = 6, "refused"


class Busy(MemError):
    exit_code, code, retryable = 7, "busy", True


class NotInstalled(MemError):
    exit_code, code = 8, "not-installed"


class Interrupted(BaseException):
    """Ctrl-C. Not an Exception, so that nothing on the way takes it for a failure of its own; not a KeyboardInterrupt
    either, which the parser of the command line takes for the answer to a prompt."""


EXIT_INTERRUPTED = 130
EXIT_CODES: dict[int, str] = {
    0: "done (an empty answer too)",
    1: "failure",
    2: "usage",
    3: "no store here",
    4: "not found",
    5: "conflict or ref moved (retry)",
    6: "refused by the gate",
    7: "busy (retry)",
    8: "optional part not installed",
    EXIT_INTERRUPTED: "interrupted",
}
