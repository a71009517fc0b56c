"""The check of timelines: a newer claim under a key supersedes the older one, which is normal; what is not is here."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.memory.memory import strength
from memcli.core.review.checks.case import Case
from memcli.core.review.checks.context import cited, text_quote


def key_conflict(case: Case) -> Iterator[Problem]:
    """Two different claims with one start under a key, and stronger evidence superseded by weaker."""
    if case.says_news or _is_reweighed(case):
        yield from _one_start(case)
        yield from _weaker(case)


def _is_reweighed(case: Case) -> bool:
    """Whether the same words got another place on the timeline, or other evidence."""
    before, after = case.before, case.after
    if before is None:
        return False
    return case.is_moved or (before.evidence, before.supersedes) != (after.evidence, after.supersedes)


def _one_start(case: Case) -> Iterator[Problem]:
    """The first memory with another claim from the same time on; of two candidates the later one is told."""
    after, proposed = case.after, case.proposed
    for other in case.timeline.with_same_start(after) if case.timeline else ():
        if other.id in after.supersedes or (proposed.has_news(other.id) and other.id > after.id):
            continue
        step = f"compare with `mem show {short(other.id)}` and give the later one its own valid_from"
        message = f"{cited(other)} makes a different claim for {after.key} from the same time on: {text_quote(other)}"
        yield Problem(message, step, with_ids=(other.id,))
        return


def _weaker(case: Case) -> Iterator[Problem]:
    """The memories that this one supersedes although they rest on stronger evidence."""
    earlier = case.timeline.predecessor(case.after) if case.timeline else None
    named = set(case.after.supersedes) - set(case.before.supersedes if case.before else ())
    superseded = [earlier, *map(case.proposed.stored, sorted(named))]
    for other in {other.id: other for other in superseded if other}.values():
        if strength(other) > _strength_now(case):
            step = f"confirm it against the code or a test, then record that with `mem edit {short(case.after.id)}`"
            message = f"supersedes {cited(other)}, which rests on stronger evidence ({other.evidence})"
            yield Problem(message, step, with_ids=(other.id,))


def _strength_now(case: Case) -> int:
    """The strength of the change; a person's word that an agent wrote down is the agent's inference."""
    inherited = case.before is not None and case.before.evidence == "human"
    from_agent = case.context.agent and case.after.evidence == "human" and not inherited
    return strength(None if from_agent else case.after)
