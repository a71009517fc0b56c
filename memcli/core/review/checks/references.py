"""Checks of what a memory refers to: source-missing, anchor-missing and dead-link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.memory.key_types import KEY_PATTERN
from memcli.core.review.checks.case import Case
from memcli.core.review.safe_paths import unsafe_anchor

_ID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def source_missing(case: Case) -> Iterator[Problem]:
    """A new memory of which nobody can say where it comes from."""
    after, source = case.after, case.after.source
    if case.before is not None:
        return
    if not (source.session or source.commit or source.ref):
        step = f"name its source: 'source: ref' with a file and line or a URL (`mem edit {short(after.id)}`)"
        yield Problem("names no session, commit or reference", step)
    elif after.evidence == "document" and not source.ref:
        step = f"name the document in 'source: ref' (`mem edit {short(after.id)}`)"
        yield Problem("is based on a document that it does not name", step)


def anchor_missing(case: Case) -> Iterator[Problem]:
    """Anchors that do not exist in the code."""
    for anchor in case.after.paths:
        if not unsafe_anchor(anchor.path) and not case.code.has(anchor.path):
            step = f"correct 'paths' with `mem edit {short(case.after.id)}`, unless the file is on another branch"
            yield Problem(f"anchor {anchor.path!r} does not exist in the code", step)


def dead_link(case: Case) -> Iterator[Problem]:
    """Links by id or key, and the ids of `based_on` and `supersedes`, that do not name a memory."""
    after = case.after
    for target in dict.fromkeys([*_linked(after.body), *after.based_on, *after.supersedes]):
        known = case.proposed.memory(target) if _ID.fullmatch(target) else case.proposed.by_key(target)
        if not known:
            step = f"find the memory with `mem recall`, then correct the link with `mem edit {short(after.id)}`"
            yield Problem(f"{target[:60]!r} does not name a memory", step)


def _linked(body: str) -> list[str]:
    """The ids and keys in `[[target|text]]`; names and titles are not looked up here, and `![[embeds]]` are files."""
    targets = [
        target.strip() for target in re.findall(r"(?<!!)\[\[([^\[\]|\n]{1,200})(?:\|[^\[\]\n]{0,300})?\]\]", body)
    ]
    return [target for target in targets if _ID.fullmatch(target) or ("." in target and KEY_PATTERN.fullmatch(target))]
