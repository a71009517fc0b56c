"""Near-duplicates: memories that say nearly the same and, decided separately, what to do with a pair of them.

No similarity is safe for merging by itself: one supersedes the other within a lineage, every other pair is left alone
and becomes a question for a person. Only copies are merged (`copies`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from memcli.core.dream.copies import names_its_subject
from memcli.core.dream.forms import without_other_fillings
from memcli.core.dream.name_order import other_order
from memcli.core.dream.resemblance import TextProfile, resemble, similarity
from memcli.core.dream.same_words import same_words
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory, memory_text, strength
from memcli.core.memory.questions import CONTRADICTION, NEAR_DUPLICATE
from memcli.core.review.decision_log import are_separate_records
from memcli.core.review.secrets import find_secrets
from memcli.core.text.analysis import stems
from memcli.core.text.claim_differences import claim_differences
from memcli.core.text.first_few import first_few

SUPERSEDE_ONE = "supersede"


class PairAction(NamedTuple):
    """What to do with two near-duplicates (else the kind of the question about them), and the reason to show."""

    kind: str
    reason: str


def nearest_duplicates(profile: TextProfile, others: Mapping[str, TextProfile]) -> list[str]:
    """The ids of the others that say nearly the same as a text, the most similar first; other fillings of one form do
    not."""
    alike = {memory_id: other for memory_id, other in others.items() if resemble(profile, other)}
    nearest = without_other_fillings(profile, alike)
    return sorted(nearest, key=lambda memory_id: (-similarity(profile, alike[memory_id]), memory_id))


def pair_action(elder: Memory, younger: Memory) -> PairAction | None:
    """What to do with two active near-duplicates; None where both may stay as they are."""
    if elder.id in younger.supersedes or younger.id in elder.supersedes:
        return _within_lineage(*((elder, younger) if elder.id in younger.supersedes else (younger, elder)))
    if _are_separate(elder, younger):
        return None
    same = same_words(elder.body, younger.body)
    if elder.key and younger.key:
        asked = same and elder.key != younger.key and names_its_subject(elder.body)
        return PairAction(NEAR_DUPLICATE, "says the same under another key") if asked else None
    if "episodic" in (elder.kind, younger.kind):
        return None
    difference = different_claims(elder, younger)
    if difference:
        return PairAction(CONTRADICTION, difference)
    return PairAction(NEAR_DUPLICATE, "says the same" if same else _how_alike(elder.body, younger.body))


def different_claims(memory: Memory, other: Memory) -> str:
    """What two memories claim differently, for a person: `differs: number 5 against 7`; '' for nothing."""
    texts = memory_text(memory), memory_text(other)
    differences = [*map(str, claim_differences(*texts))] or list(filter(None, [other_order(memory.body, other.body)]))
    if not differences:
        return ""
    if any(map(find_secrets, texts)):
        return "makes a different claim"
    return f"differs: {first_few(differences)}".replace("; ", ", ")


def _within_lineage(old: Memory, new: Memory) -> PairAction:
    """The successor replaces the old one unless its evidence is weaker."""
    if strength(old) > strength(new):
        return PairAction(CONTRADICTION, f"is meant to supersede a memory with stronger evidence ({old.evidence})")
    return PairAction(SUPERSEDE_ONE, f"{short(new.id)} says that it supersedes this")


def _are_separate(elder: Memory, younger: Memory) -> bool:
    """Whether the two have different times, are separate decisions, or were merged or put to a person before."""
    if are_separate_records(elder, younger):
        return True
    if younger.id in elder.merged_from or elder.id in younger.merged_from or elder.conflict or younger.conflict:
        return True
    ends = [(one.valid_to, other.starts) for one, other in ((elder, younger), (younger, elder))]
    return any(end is not None and end <= start for end, start in ends)


def _how_alike(body: str, other: str) -> str:
    """How two texts without different claims are alike."""
    mine, theirs = (f" {' '.join(stems(text))} " for text in (body, other))
    if mine in theirs or theirs in mine:
        return "one repeats the other and says more, which may limit it or take it back"
    return "says nearly the same in other words"
