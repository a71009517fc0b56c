"""What a rewriting loses and what it adds: the claims of texts compared, for a text that a curator wrote.

Strict on purpose: a claim that is refused goes to a person, one that is lost goes unseen.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from memcli.core.review.secrets import find_secrets
from memcli.core.text.claim_differences import claim_differences
from memcli.core.text.claims import claims_in
from memcli.core.text.first_few import first_few
from memcli.core.text.similarity import contained_share, word_set

KEPT, OWN = 0.5, 0.8
"""Share of an old text's stems that the new one keeps; of the new one's stems that the old ones have."""
_FEW = 4
_KINDS = ("numbers", "dates", "names", "negations")


def lost(before: str, after: str) -> str:
    """What the new text lacks of the old one, in words; `` where it has it all."""
    mine, theirs = _claims(before), _claims(after)
    missing = sorted(claim for kind in _KINDS for claim in mine[kind] - theirs[kind])
    if missing and find_secrets(before):
        return f"{len(missing)} claims are lost"
    if missing:
        return f"lost: {first_few(claim[:40] for claim in missing)}"
    if contradiction(before, after):
        return "it says the opposite"
    words = word_set(before)
    return "most of the text is lost" if len(words) >= _FEW and contained_share(words, word_set(after)) < KEPT else ""


def adds(before: Sequence[str], after: str) -> bool:
    """Whether the new text says what none of the old ones does: then it is the curator's own conclusion."""
    old, new = [_claims(text) for text in before], _claims(after)
    if any(new[kind] - frozenset().union(*(one[kind] for one in old)) for kind in _KINDS):
        return True
    own = word_set(after)
    return bool(own) and contained_share(own, frozenset().union(*map(word_set, before))) < OWN


@functools.lru_cache(maxsize=512)
def _claims(text: str) -> Mapping[str, frozenset[str]]:
    """An answer may name one memory in each of its edits: its claims are looked for once."""
    return vars(claims_in(text))


@functools.lru_cache(maxsize=4096)
def contradiction(one: str, other: str) -> str:
    """The kind of the first claim that the two make differently; `` where there is none."""
    found = claim_differences(one, other)
    return found[0].kind if found else ""
