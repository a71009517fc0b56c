"""What the message of a code commit tells about whose work it holds: trailers anywhere, and the commits it was made of.

A forge's squash quotes the messages of its commits as bullets, indented or one after the other, and may put lines of
its own behind them; `git merge --squash`, `cherry-pick -x` and `revert` name commits by their ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from memcli.core.session import trailers
from memcli.core.session.names import PATTERN

MOST_NAMED = 2_000
"""Commits and sessions of one message that are read."""
_TRAILER = re.compile(rf"(?:[\s>]|[*+-]\s)*{trailers.SESSION}: ({PATTERN})\s*", re.IGNORECASE)
_OTHER_TRAILER = re.compile(r"[A-Za-z][\w-]*: .*|\(cherry picked from commit [0-9a-f]+\)|-{3,}")
_BULLET = re.compile(r" {0,2}\* +\S")
_SQUASHED = "Squashed commit of the following:"
_LISTED = re.compile(r"(?m)^commit ([0-9a-f]{40})$")
_PICKED = re.compile(r"(?m)^\(cherry picked from commit ([0-9a-f]{40})\)\s*$")
_REVERTED = re.compile(r"(?m)^This reverts commit ([0-9a-f]{40})")
_REVERT_SUBJECT = re.compile(r'\s*Revert "')
_REAPPLY_SUBJECT = re.compile(r'\s*(?:Reapply "|Revert "Revert ")')


@dataclass(frozen=True)
class MessageEvidence:
    """`sessions`: those that trailers name; `is_own`: one trailer, the commit's own; `is_complete`: each message that
    is quoted has one; `has_body`: words beside subject and trailers, which may be another commit's message;
    `is_revert`, `is_reapplied`: it takes back a commit, or brings one back."""

    sessions: tuple[str, ...]
    is_own: bool
    is_complete: bool
    has_body: bool
    squashed: tuple[str, ...]
    picked: str | None
    reverted: str | None
    is_revert: bool
    is_reapplied: bool


def message_evidence(message: str) -> MessageEvidence:
    """What a message tells."""
    text = message.replace("\r\n", "\n").strip()
    quoted = list(_quoted(text))
    named = [tuple(_sessions(lines)) for lines in quoted]
    sessions = tuple(dict.fromkeys(name for names in named for name in names))[:MOST_NAMED]
    is_one = len(quoted) == 1 and len(sessions) == 1
    squashed = _LISTED.findall(text.partition(_SQUASHED)[2]) if _SQUASHED in text else []
    reverted, picked = _REVERTED.findall(text), _PICKED.findall(text)
    is_reapplied = _REAPPLY_SUBJECT.match(text) is not None
    return MessageEvidence(
        sessions,
        is_one and not squashed and _ends_in_trailers(quoted[0]),
        all(named),
        len([part for part in re.split(r"\n\s*\n", text) if not _is_of_trailers(part)]) > 1,
        tuple(squashed)[:MOST_NAMED],
        picked[-1] if picked else None,
        reverted[0] if len(reverted) == 1 else None,
        not is_reapplied and (bool(reverted) or _REVERT_SUBJECT.match(text) is not None),
        is_reapplied,
    )


def _quoted(text: str) -> Iterator[list[str]]:
    """The lines of each message that the text quotes; of the text itself where it quotes none."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if number and _begins_message(lines, number)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        yield lines[start:end]
    if not starts:
        yield lines


def _begins_message(lines: list[str], number: int) -> bool:
    """Whether a line begins a message that is quoted: a bullet behind a blank line, or the id of a squashed commit."""
    line, is_behind_blank = lines[number], not lines[number - 1].strip()
    is_bullet = is_behind_blank and _BULLET.match(line) is not None and not _TRAILER.fullmatch(line)
    return is_bullet or _LISTED.fullmatch(line) is not None


def _sessions(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if match := _TRAILER.fullmatch(line):
            yield match[1]


def _ends_in_trailers(lines: list[str]) -> bool:
    """Whether nothing but trailers follows the first line that names a session."""
    first = next(number for number, line in enumerate(lines) if _TRAILER.fullmatch(line))
    return first > 0 and _is_of_trailers("\n".join(lines[first:]))


def _is_of_trailers(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    return all(_TRAILER.fullmatch(line) or _OTHER_TRAILER.fullmatch(line.strip()) for line in lines)
