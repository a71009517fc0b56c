"""What a rewritten text loses and adds, by comparing claims. Strict: a refused edit costs little, a lost claim goes
unnoticed."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from memcli.core.review.secrets import find_secrets
from memcli.core.text.claim_differences import claim_differences
from memcli.core.text.claims import claims_in
from memcli.core.text.first_few import first_few
from memcli.core.text.similarity import contained_share, word_set

LEAST_KEPT, LEAST_KNOWN = 0.5, 0.8
"""Share of the old text's stems that the new one must keep; share of the new one's that must come from the old ones."""
_FEWEST_STEMS = 4
_KINDS = ("numbers", "dates", "names", "negations")


def describe_loss(before: str, after: str) -> str:
    """What the new text lacks of the old one, in words; '' where it lacks nothing."""
    old, new = _claims(before), _claims(after)
    missing = sorted(claim for kind in _KINDS for claim in old[kind] - new[kind])
    if missing and find_secrets(before):
        return f"{len(missing)} claims are lost"
    if missing:
        return f"lost: {first_few(claim[:40] for claim in missing)}"
    if contradiction_kind(before, after):
        return "it says the opposite"
    stems = word_set(before)
    mostly_lost = len(stems) >= _FEWEST_STEMS and contained_share(stems, word_set(after)) < LEAST_KEPT
    return "most of the text is lost" if mostly_lost else ""


def adds_claims(before: Sequence[str], after: str) -> bool:
    """Whether the new text says something that no old one says, so that it is the curator's own conclusion."""
    old, new = [_claims(text) for text in before], _claims(after)
    if any(new[kind] - frozenset().union(*(claims[kind] for claims in old)) for kind in _KINDS):
        return True
    stems = word_set(after)
    return bool(stems) and contained_share(stems, frozenset().union(*map(word_set, before))) < LEAST_KNOWN


@functools.lru_cache(maxsize=512)
def _claims(text: str) -> Mapping[str, frozenset[str]]:
    """The claims of a text by kind; cached, since each edit of an answer may name the same memory."""
    return vars(claims_in(text))


@functools.lru_cache(maxsize=4096)
def contradiction_kind(text: str, other: str) -> str:
    """The kind of the first claim that two texts make differently; '' where there is none."""
    differences = claim_differences(text, other)
    return differences[0].kind if differences else ""
