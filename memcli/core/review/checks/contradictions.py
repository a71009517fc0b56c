"""The check for claims that contradict each other: between near-duplicates, and between the values of one key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from memcli.core.finding import INFO, Problem
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory, memory_text, strength
from memcli.core.review.checks.case import MOST_NAMED, Case
from memcli.core.review.checks.context import cited, text_quote
from memcli.core.review.claim import claim_hash
from memcli.core.review.key_timeline import KeyTimeline, meet
from memcli.core.review.secrets import find_secrets
from memcli.core.text.first_few import first_few


def contradiction(case: Case) -> Iterator[Problem]:
    """The near-duplicates that make another claim about the same matter, and the other values of the same key."""
    yield from _other_claims(case)
    yield from _replaced_value(case)
    yield from _values_elsewhere(case)


def _other_claims(case: Case) -> Iterator[Problem]:
    for other, differences in case.near_duplicates:
        if differences and _same_matter(case.after, other):
            claims = (
                "another claim"
                if find_secrets(memory_text(other))
                else first_few(map(str, differences), separator="; ")
            )
            session = case.proposed.session_of(other)
            step = (
                f"compare with `mem review {session}`, and promote the one that holds"
                if session
                else f"compare with `mem show {short(other.id)}`; if this one replaces it, record that with "
                f"`mem supersede {short(other.id)}`"
            )
            yield Problem(f"contradicts {case.cite(other)}: {claims}", step, with_ids=(other.id,))


def _same_matter(after: Memory, other: Memory) -> bool:
    """Whether other claims contradict: not between two keys or two events."""
    return not (after.key and other.key) and "episodic" not in (after.kind, other.kind)


def _replaced_value(case: Case) -> Iterator[Problem]:
    """The value of the same key that this one ends, and the later one of the store that ends this one.

    `info` where the author has said since when the new value holds, or rests it on stronger evidence. Nothing at all
    where one session gives both values and says so, or names what it supersedes.
    """
    after, timeline = case.after, case.timeline
    if timeline is None or not (case.before is None or case.is_moved):
        return
    is_dated, old, new = after.valid_from is not None, timeline.predecessor(after), timeline.successor(after)
    if old and _is_ended_by(after, old, timeline) and not (is_dated and case.proposed.proposes(old.id)):
        is_told = is_dated or strength(after) > strength(old)
        step = f"compare with `mem show {short(old.id)}`; `--valid-from DATE` says since when the new value holds"
        message, severity = f"replaces: {text_quote(old)} ({cited(old)}, key {after.key})", INFO if is_told else ""
        yield Problem(message, step, severity, with_ids=(old.id,))
    if new and not is_dated and not case.proposed.proposes(new.id) and _is_ended_by(new, after, timeline):
        step = f"compare with `mem show {short(new.id)}`, and leave this one out if it no longer holds"
        message = f"is replaced at once by: {text_quote(new)} ({cited(new)}, key {after.key})"
        yield Problem(message, step, with_ids=(new.id,))


def _is_ended_by(new: Memory, old: Memory, timeline: KeyTimeline) -> bool:
    """Whether the claim of one memory ends where the other claim of another one starts."""
    has_ended = old.valid_to is not None and old.valid_to <= new.starts
    return not (has_ended or old.id in new.supersedes or timeline.makes_same_claim(old, new))


def _values_elsewhere(case: Case) -> Iterator[Problem]:
    """The other values that open sessions give the same key, one for each session."""
    after = case.after
    if not after.key or not (case.is_new_claim or case.is_moved):
        return
    claim = claim_hash(after)
    values = case.context.store.elsewhere.values_of(after.key)
    firsts = ((session, _other_value(after, claim, given)) for session, given in values.items())
    others = {session: other for session, other in firsts if other}
    for session, other in list(others.items())[:MOST_NAMED]:
        message = f"the session {session} gives the key {after.key} another value: {text_quote(other)} ({cited(other)})"
        step = f"compare with `mem review {session}`, and promote the one that holds"
        yield Problem(message, step, INFO if _is_succession(after, other) else "", with_ids=(other.id,))
    if len(others) > MOST_NAMED:
        more = len(others) - MOST_NAMED
        yield Problem(f"{more} more sessions give the key {after.key} other values", "compare them in `mem review`")


def _other_value(after: Memory, claim: str, given: Iterable[tuple[str, Memory]]) -> Memory | None:
    """The first of the (claim, memory) of a session that claims something else for a common time."""
    span = after.starts, after.valid_to
    others = (other for theirs, other in given if theirs != claim and other.id != after.id)
    return next((other for other in others if meet(span, (other.starts, other.valid_to))), None)


def _is_succession(after: Memory, other: Memory) -> bool:
    """Whether both values say since when they hold, and not since the same time."""
    return bool(after.valid_from and other.valid_from and after.valid_from != other.valid_from)
