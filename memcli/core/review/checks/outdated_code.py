"""The check against code that has moved on: outdated."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.memory.memory import memory_text
from memcli.core.review.checks.case import Case
from memcli.core.review.checks.context import CodeView
from memcli.core.text.drift import MOST_BYTES, describe_drift


def outdated(case: Case) -> Iterator[Problem]:
    """The anchors whose code has lost, since the memory was written, what the memory names, or is gone.

    Nothing is said where the memory was written on a line of code that is not in this one, as on a branch.
    """
    after = case.after
    commit = after.verified.commit if after.verified else after.source.commit
    earlier = case.code.earlier(commit) if commit and after.paths and case.says_news else None
    for anchor in after.paths if earlier else ():
        if earlier and (change := _change(anchor.path, anchor.blob or "", memory_text(after), earlier, case.code)):
            step = f"compare with the code; correct it with `mem edit {short(after.id)}`, or leave it out"
            yield Problem(f"the code has changed since this was written: {change}", step)


def _change(path: str, blob: str, text: str, earlier: CodeView, code: CodeView) -> str:
    """What has happened to an anchor; empty where it does not concern the memory."""
    before, now = earlier.blob_at(path), code.blob_at(path)
    if not before or before == now or not before.startswith(blob):
        return ""  # the author may have had changes that were not committed yet
    if now is None:
        return f"{path} is gone"
    old, new = earlier.content(path), code.content(path)
    return describe_drift(path, text, old, new) if max(len(old), len(new)) <= MOST_BYTES else f"{path} has changed"
