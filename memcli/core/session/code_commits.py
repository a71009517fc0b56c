"""The code commits of a session: its `.session/commits`, one line each, and from a rewritten commit to its first.

Invariant: `list(commit_lines(one.line())) == [one]`; reading is total: whatever a foreign session's file holds, lines
that name no commits are left out. A line that says `was` follows a commit and claims nothing: whose commit it is, is
said by the line of the first one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from memcli.core.memory.instants import is_instant
from memcli.core.session import trailers
from memcli.core.session.names import PATTERN
from memcli.core.session.verbs import COMMIT

MOST_LINES, MOST_PAIRS = 20_000, 2_000
"""Lines of a session and pairs of one rewrite that count: more than anybody's work, less than would be a burden."""
_ID = "[0-9a-f]{40}"
_LINE = re.compile(f"({_ID}) ([^ ]{{10,40}})(?: was ({_ID}))?")
_PAIR = re.compile(f"({_ID}) ({_ID})(?: .*)?")
_SQUASHED = re.compile(f"(?m)^commit ({_ID})$")
_TRAILER = re.compile(f"(?m)^{trailers.SESSION}: ({PATTERN})$")


@dataclass(frozen=True)
class CodeCommit:
    """A code commit and when (RFC 3339) it was made; `was`: the one that it replaces."""

    id: str
    at: str
    was: str | None = None

    def line(self) -> str:
        """As `.session/commits` has it, without the line end."""
        return f"{self.id} {self.at}" + (f" was {self.was}" if self.was else "")


def commit_lines(text: str) -> Iterator[CodeCommit]:
    """The commits of a file, in its order."""
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        found = _LINE.fullmatch(line)
        if found and is_instant(found[2]):
            yield CodeCommit(found[1], found[2], found[3])


def commits_noted(verb: str, note: Mapping[str, str], at: str) -> tuple[CodeCommit, ...]:
    """What a journal's entry says about commits; nothing where it says something else."""
    if verb == COMMIT:
        return tuple(commit_lines(CodeCommit(note.get("commit", ""), at).line()))
    pairs = (_PAIR.fullmatch(line) for line in note.get("pairs", "").split("\n", MOST_PAIRS)[:MOST_PAIRS])
    return tuple(CodeCommit(pair[2], at, pair[1]) for pair in pairs if pair and pair[1] != pair[2] and is_instant(at))


def with_commits(text: str, new: Iterable[CodeCommit], own: bool = False) -> str:
    """The file with the commits that it lacks; with `own`, only those that follow one it has."""
    known = {(one.id, one.was) for one in commit_lines(text)}
    ids, lines = {one for one, _ in known}, list[str]()
    for one in new:
        if (one.id, one.was) in known or (own and one.was not in ids):
            continue
        known.add((one.id, one.was))
        ids.add(one.id)
        lines.append(one.line() + "\n")
    return text + "".join(lines)


def earlier_forms(commit: str, came_from: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """The commit and all that it was before, the oldest first: what nothing is known of before it comes first."""
    seen, waiting = dict[str, None](), [commit]
    while waiting and len(seen) < MOST_LINES:
        found = waiting.pop()
        if found not in seen:
            seen[found] = None
            waiting += came_from.get(found, ())
    return reversed(seen)


def current_commits(lines: Iterable[CodeCommit]) -> tuple[str, ...]:
    """The commits that no later one replaces, each once, in order."""
    known = list(lines)
    replaced = {one.was for one in known}
    return tuple(dict.fromkeys(one.id for one in known if one.id not in replaced))


def squashed_commits(message: str) -> tuple[str, ...]:
    """The commits that `git merge --squash` lists in its message, the newest first."""
    said = message.partition("Squashed commit of the following:")[2]
    return tuple(_SQUASHED.findall(said))[:MOST_PAIRS]


def session_named(message: str) -> str | None:
    """The session that a code commit's own trailer names."""
    subject, blank, last = message.rstrip().rpartition("\n\n")
    found = _TRAILER.findall(last) if blank and subject else []
    return str(found[-1]) if found else None
