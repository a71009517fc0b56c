"""What a README says about the state of its project: that it is over, only maintained, or which versions it supports.

The rest of a README is compared with, not read: agents see it anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from memcli.core.sources.passage_text import count_words, plain_text, short_title, without_fences
from memcli.core.sources.passages import EPOCH, Filing, Passage, SourceFile, memory_of
from memcli.core.sources.sections import line_of
from memcli.core.sources.source_reader import Extract, extracts_of

MOST = 2
MOST_WORDS = 120
_STATE = re.compile(
    r"(?i)\b(?:this|the) (?:\w+ )?(?:project|repo(?:sitory)?|package|library|crate|module|gem|action|plugin|tool|app) "
    r"(?:is|has been|was) (?:\w+ ){0,2}(?:archived|deprecated|unmaintained|abandoned|discontinued|retired|frozen|"
    r"feature[- ](?:complete|frozen)|superseded)\b|"
    r"\bin (?:\w+[- ])?maintenance(?:[- ]only)?(?: mode)?\b|\b(?:maintenance|security|critical)[- ]only\b|"
    r"\b(?:is|are) no longer (?:being |actively )?(?:maintained|developed|supported)\b|"
    r"\bnot accepting (?:any )?(?:new )?(?:features?|contributions|pull requests)|"
    r"\b(?:only|we) support(?:s|ed)? (?:the )?(?:last|latest|current|two|three|\w+ versions?)\b|"
    r"\bminimum supported \w+ version\b|\bMSRV\b|"
    r"\b(?:supports?|requires?|tested (?:on|against|with)) (?:\w+ ){0,3}\w+ v?\d+(?:\.\d+)*"
    r"(?:\+| (?:and|or|to|through) (?:above|later|newer|higher|v?\d))"
)
"""Sentences about the state; of a table or a list the whole paragraph is kept."""


def states_of(text: str) -> list[str]:
    """The paragraphs that say so, those that end the project first."""
    paragraphs = re.split(r"\n[ \t]*\n", without_fences(text))
    stated = [part.strip() for part in paragraphs if _STATE.search(part) and count_words(part) <= MOST_WORDS]
    return [part for part in stated if not part.lstrip().startswith("|") and count_words(part) > 5][:MOST]


def project_state(file: SourceFile) -> Iterator[Extract]:
    """A memory for each of these paragraphs."""
    for text in states_of(file.text):
        passage = Passage(f"{file.path}#L{line_of(file.text, text)}", text, EPOCH)
        yield from extracts_of([memory_of(passage, Filing(_title(text), "stability", "overview"))])


def _title(text: str) -> str:
    """The sentence that says it."""
    plain = plain_text(re.sub(r"(?m)^[ \t>]*(?:\[!\w+\]|#+|[-*+] )?", "", text))
    sentences = re.split(r"(?<=[.!?])\s+", plain)
    return short_title(next((sentence for sentence in sentences if _STATE.search(sentence)), plain).rstrip("."))
