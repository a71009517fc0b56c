"""Twins: which memories say much the same and, decided apart from that, what is to become of two that do.

No likeness is safe for uniting by itself. Two memories are united where each sentence of one stands in the other; one
supersedes the other within a lineage; whatever else is alike is left as it is and goes to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from memcli.core.dream.containment import stands_in
from memcli.core.dream.merged_memory import FACTS
from memcli.core.dream.time_phrases import PHRASE
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.review.checks.context import said
from memcli.core.review.checks.keys import strength
from memcli.core.review.secrets import find_secrets
from memcli.core.text.claims import claims
from memcli.core.text.differences import differing
from memcli.core.text.enumeration import first_few
from memcli.core.text.similarity import jaccard, surely_alike, word_set

UNITE, SUPERSEDE, ASK = "unite", "supersede", "ask"
MOST, NEAR = 4, 0.15
"""More than so many texts whose likeness comes that near to the best are a form that was filled in, not twins."""


class Fate(NamedTuple):
    """What is to become of two twins, and why; for a person to read."""

    kind: str
    reason: str


def chosen(
    words: frozenset[str],
    others: Iterable[tuple[str, frozenset[str]]],
    cosine: Callable[[str], float | None] = lambda _: None,
) -> list[str]:
    """The ids of those of the others that are twins of a word set, the most alike first."""
    scored = sorted(
        ((jaccard(words, own), memory_id, own) for memory_id, own in others), key=lambda one: (-one[0], one[1])
    )
    alike = [one for one in scored if surely_alike(words, one[2], lambda memory_id=one[1]: cosine(memory_id))]  # type: ignore[misc]
    near = [memory_id for score, memory_id, _ in alike if score >= alike[0][0] - NEAR]
    return near if len(near) <= MOST else []


def fate(elder: Memory, younger: Memory, beside: bool = True) -> Fate | None:
    """What is to become of two active twins; None where they may well be alike. `beside`: what their files say beside
    the known keys is the same."""
    if elder.id in younger.supersedes or younger.id in elder.supersedes:
        return _within_lineage(*((elder, younger) if elder.id in younger.supersedes else (younger, elder)))
    if _apart(elder, younger):
        return None
    if beside and unitable(elder, younger):
        return Fate(UNITE, "each sentence of one stands in the other")
    if "episodic" in (elder.kind, younger.kind):
        return None
    found = differing(said(elder), said(younger))
    if not found:
        return Fate(ASK, "says much the same, in other words")
    if any(map(find_secrets, (said(elder), said(younger)))):
        return Fate(ASK, "makes another claim")
    return Fate(ASK, f"differs: {first_few(map(str, found))}".replace("; ", ", "))


def _within_lineage(old: Memory, new: Memory) -> Fate:
    """The successor takes the place, unless it rests on weaker evidence."""
    if strength(old) > strength(new):
        return Fate(ASK, f"is meant to supersede what rests on stronger evidence ({old.evidence})")
    return Fate(SUPERSEDE, f"superseded by {short(new.id)}, which says so")


def _apart(elder: Memory, younger: Memory) -> bool:
    """Whether the two are of two matters or two times, or a person has them already."""
    if elder.key and younger.key:
        return True
    if younger.id in elder.merged_from or elder.id in younger.merged_from or elder.conflict or younger.conflict:
        return True
    ends = [(one.valid_to, other.starts) for one, other in ((elder, younger), (younger, elder))]
    return any(end is not None and end <= start for end, start in ends)


def unitable(elder: Memory, younger: Memory) -> bool:
    """Whether all that one says is said by the other, of the same thing and the same time."""
    if younger.key or younger.valid_from not in (None, elder.valid_from) or _facts(elder) != _facts(younger):
        return False
    if not (elder.body.strip() and younger.body.strip()) or _of_two_days(elder, younger):
        return False
    if elder.topic != younger.topic and "general" not in (elder.topic, younger.topic):
        return False
    whole, part = (elder, younger) if stands_in(younger.body, elder.body) else (younger, elder)
    return stands_in(part.body, whole.body) and _is_said(younger.title, f"{elder.title}\n{whole.body}")


def _of_two_days(elder: Memory, younger: Memory) -> bool:
    """Whether the same words mean two things because they were written on two days: events, and `yesterday`."""
    if elder.created.date() == younger.created.date():
        return False
    return "episodic" in (elder.kind, younger.kind) or any(map(PHRASE.search, (elder.body, younger.body)))


def _facts(memory: Memory) -> list[object]:
    return [getattr(memory, name) for name in (*FACTS, "type")]


def _is_said(title: str, text: str) -> bool:
    """Whether no word of a title is lost with it."""
    lost, kept = vars(claims(title)), vars(claims(text))
    return word_set(title) <= word_set(text) and all(lost[kind] <= kept[kind] for kind in lost)
