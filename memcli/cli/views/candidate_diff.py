"""A candidate's diff for people: the body first, then the keys of the front matter that change."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from memcli.core.memory.document import Document, DocumentError, parse_document
from memcli.core.review.candidates import POLICY, Candidate

_UPKEEP = ("modified", "conflict_sides")
_OF_COURSE = (*_UPKEEP, "id", "title", "kind", "status", "created", "source")
"""Keys that mem fills in or that the page shows elsewhere: of any memory, and of a new one."""


def candidate_diff(candidate: Candidate) -> str:
    """What the store says now against what it would say; a file that is no memory line by line."""
    try:
        old, new = parse_document(candidate.old_text), parse_document(candidate.new_text)
    except DocumentError:
        return candidate.diff
    if candidate.change == POLICY or candidate.after is None:
        return candidate.diff
    names = [f"--- a/{candidate.path}", f"+++ b/{candidate.path}"]
    return "\n".join([*names, *_body_lines(old, new), *_key_lines(old, new, candidate.before is None)])


def _body_lines(old: Document, new: Document) -> Iterator[str]:
    lines = difflib.unified_diff(old.body.splitlines(), new.body.splitlines(), lineterm="")
    yield from list(lines)[2:]


def _key_lines(old: Document, new: Document, is_new: bool) -> Iterator[str]:
    before, after = ({entry.key: entry.raw for entry in side.entries} for side in (old, new))
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key) and key not in (_OF_COURSE if is_new else _UPKEEP):
            yield from (f"-{line}" for line in before.get(key, "").splitlines())
            yield from (f"+{line}" for line in after.get(key, "").splitlines())
