"""The score of an extract, 0 to 1: half of it for where it stands, half for what it says.

    score = 0.50 × source + 0.20 × wording + 0.20 × specifics + 0.06 × anchors + 0.04 × links
            + 0.06 for a decision or what is stable (of files) − 0.10 for a fragment or a chapter
            − 0.10 where it is no longer in force − up to 0.05 for its age

`MINIMUM` is what a rule for agents reaches with next to no evidence of its own, a guide with some, and any other
document only where it is full of it. A guide's fact with hardly a rule, a reason or a pitfall
in it explains how something works, which the code says too, so it needs more; a glossary does not.
"""

from __future__ import annotations

import re
from datetime import datetime

from memcli.core.sources.passage_text import is_instruction
from memcli.core.worth.extract_facts import (
    BANKS,
    CODE,
    DECISIONS,
    DOCS,
    GUIDES,
    HISTORY,
    OWNERS,
    RULES,
    ExtractFacts,
)

MINIMUM, MINIMUM_OF_EXPLANATIONS, MINIMUM_OF_PROMISES = 0.48, 0.63, 0.39
SOURCES = {DECISIONS: 1.0, BANKS: 0.9, RULES: 0.85, GUIDES: 0.6, CODE: 0.6, OWNERS: 0.8, HISTORY: 0.5, DOCS: 0.4}
STORES = 0.9
"""Of stores of other tools, of skills, and of what is named without a reader of its own: ranked, but proposed whatever
the score, since somebody kept each of them."""
DESIGN = 0.5
FEW_HITS = 3
FEW_WORDS, MANY_WORDS = 25, 900
OLD_YEARS = 10
JUDGED_WORDS = 300
"""A longer passage need not have more in it than one of so many words."""


def score(subject: ExtractFacts, at: datetime) -> float:
    """How much an extract is worth, 0 to 1."""
    words = max(subject.words, 1)
    judged = min(words, JUDGED_WORDS)
    wording = min(1.0, (subject.hits + subject.strict) / max(4.0, judged / 30))
    specific = min(1.0, subject.specifics / max(6.0, judged / 15))
    total = 0.5 * _source(subject) + 0.2 * wording + 0.2 * specific
    total += 0.06 * bool(subject.memory.paths) + 0.04 * min(1.0, subject.links / 2)
    stands = subject.memory.type in ("decision", "stability") and subject.reader.name != HISTORY
    total += 0.06 * stands
    may_be_short = subject.reader.name in (BANKS, OWNERS) or subject.reader.name not in SOURCES or stands
    says_little = max(subject.commands + subject.strict, subject.hits) < 2 and not may_be_short
    is_short = says_little and words + 4 * subject.commands < FEW_WORDS
    total -= 0.1 * (is_short or words > MANY_WORDS)
    total -= 0.1 * (subject.memory.status != "active") + 0.05 * _age(subject, at)
    return round(min(1.0, max(0.0, total)), 3)


def minimum(subject: ExtractFacts) -> float:
    """The score below which an extract is left out."""
    is_fact = subject.reader.name == GUIDES and subject.memory.type == "fact"
    if subject.reader.name == GUIDES and subject.memory.type == "stability":
        return MINIMUM_OF_PROMISES
    explains = is_fact and subject.hits + subject.strict < FEW_HITS and not is_instruction(subject.title)
    is_glossary = re.search(r"(?i)gloss|terminolog|术语|用語", f"{subject.path} {subject.title}") is not None
    return MINIMUM_OF_EXPLANATIONS if explains and not is_glossary else MINIMUM


def _source(subject: ExtractFacts) -> float:
    """A design note tells what was intended, so it counts less than other guides unless it states a decision."""
    name = subject.reader.name
    is_design = name == GUIDES and re.search(r"(?:^|/)(?:designs?|proposals?|specs?)/", subject.path) is not None
    return DESIGN if is_design and subject.memory.type != "decision" else SOURCES.get(name, STORES)


def _age(subject: ExtractFacts, at: datetime) -> float:
    """The age of a dated extract as a share of `OLD_YEARS`, at most 1; 0 where the source states no date."""
    if not subject.extract.dated:
        return 0.0
    return min(1.0, max(0.0, (at - subject.memory.modified).days / 365 / OLD_YEARS))
