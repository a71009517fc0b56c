"""What a text negates, in the languages whose negating words are known here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from memcli.core.text.analysis import STOP_WORDS, stems

_WORDS = """
not no never without cannot neither nor none nobody nothing nowhere hardly barely scarcely rarely seldom
nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder
pas jamais aucun aucune nunca jamás ningún ninguna tampoco non nessun nessuna nessuno não nenhum nenhuma
niet geen nooit zonder nigdy bez żaden żadna не нет нельзя никогда без ні немає
"""
"""English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian and Ukrainian."""
_NEGATING = frozenset(_WORDS.split())
_UNSPACED_PATTERN = "|".join(
    (
        r"ません|(?<!少)(?<!危)ない|なかった|なく|ずに",
        r"[不没沒别無无未非勿]",
        r"않|(?<!\w)[안못](?= )|못하|없|아니|아닙|마세요",
        r"ไม่",
    )
)
"""Japanese, Chinese (in part Japanese too), Korean and Thai."""


def negations(text: str) -> Iterator[str]:
    """`not <stem>` for each negating word and the first word after it that is not a stop word; at the end, the word
    before it."""
    words = _compiled(r"[^\W_]+").findall(_compiled(r"(?i)n['’]t\b").sub(" not", text.lower()))
    for position, word in enumerate(words):
        if word in _NEGATING:
            following = (other for other in words[position + 1 :] if other not in STOP_WORDS and other != "longer")
            negated = next(following, "" if word in STOP_WORDS else words[max(0, position - 1)])
            yield from (f"not {stem}" for stem in stems(negated))


def unspaced_negations(text: str) -> Counter[str]:
    """The negating endings and letters of scripts that are written without spaces, and how often each stands there."""
    return Counter() if text.isascii() else Counter(_compiled(_UNSPACED_PATTERN).findall(text))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
