"""The code commits of a session: the lines of its `.session/commits`, and the way from a rewritten commit to its first.

Invariant: `list(commit_lines(commit.line())) == [commit]`; reading never fails: lines that name no commit are left out.
A line with `was` only continues an earlier commit: the line of the first one says which session made it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from memcli.core.memory.instants import is_instant
from memcli.core.session.entry_verbs import COMMIT

MOST_LINES, MOST_PAIRS = 20_000, 2_000
"""Lines of a session and pairs of one rewrite that are read: more than real work has, few enough to be quick."""
_ID = "[0-9a-f]{40}"
_LINE = re.compile(f"({_ID}) ([^ ]{{10,40}})(?: was ({_ID}))?")
_PAIR = re.compile(f"({_ID}) ({_ID})(?: .*)?")


@dataclass(frozen=True)
class CodeCommit:
    """A code commit and when (RFC 3339) it was made; `was`: the commit that it replaces."""

    id: str
    at: str
    was: str | None = None

    def line(self) -> str:
        """As `.session/commits` has it, without the line end."""
        return f"{self.id} {self.at}" + (f" was {self.was}" if self.was else "")


def commit_lines(text: str) -> Iterator[CodeCommit]:
    """The commits of a file, in its order."""
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        match = _LINE.fullmatch(line)
        if match and is_instant(match[2]):
            yield CodeCommit(match[1], match[2], match[3])


def commits_noted(verb: str, note: Mapping[str, str], at: str) -> tuple[CodeCommit, ...]:
    """The commits in the note of a journal entry; empty for entries about anything else."""
    if verb == COMMIT:
        return tuple(commit_lines(CodeCommit(note.get("commit", ""), at).line()))
    pairs = (_PAIR.fullmatch(line) for line in note.get("pairs", "").split("\n", MOST_PAIRS)[:MOST_PAIRS])
    return tuple(CodeCommit(pair[2], at, pair[1]) for pair in pairs if pair and pair[1] != pair[2] and is_instant(at))


def with_commits(text: str, new: Iterable[CodeCommit], own: bool = False) -> str:
    """The file's text with the commits that it lacks; with `own`, only those that replace a commit it has."""
    present = {(commit.id, commit.was) for commit in commit_lines(text)}
    ids, lines = {commit_id for commit_id, _ in present}, list[str]()
    for commit in new:
        if (commit.id, commit.was) in present or (own and commit.was not in ids):
            continue
        present.add((commit.id, commit.was))
        ids.add(commit.id)
        lines.append(commit.line() + "\n")
    return text + "".join(lines)


def earlier_forms(commit: str, came_from: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """The commit and all that it was made of, directly or not, the oldest first."""
    seen, waiting = dict[str, None](), [commit]
    while waiting and len(seen) < MOST_LINES:
        current = waiting.pop()
        if current not in seen:
            seen[current] = None
            waiting += came_from(current)
    return reversed(seen)


def authored_commits(lines: Iterable[CodeCommit]) -> set[str]:
    """The commits that the session made, and what became of these; not what a rebase made of others' commits."""
    authored = set[str]()
    for commit in lines:
        if commit.was is None or commit.was in authored:
            authored.add(commit.id)
    return authored


def current_commits(lines: Iterable[CodeCommit]) -> tuple[str, ...]:
    """The commits that no later one replaces, each once, in order."""
    commits = list(lines)
    replaced = {commit.was for commit in commits}
    return tuple(dict.fromkeys(commit.id for commit in commits if commit.id not in replaced))
