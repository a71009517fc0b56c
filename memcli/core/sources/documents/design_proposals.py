"""Which design documents are proposals: they say what was wanted, not what came of it."""

from __future__ import annotations

import re

from memcli.core.sources.documents.markup import headings_of

SCANNED = 2000
"""Characters of the beginning that may say so."""
_PATH = re.compile(
    r"(?i)(?:^|/)(?:designs?|design[-_]docs?|proposals?|specs?|rfcs?|enhancements|internals?|technical)/"
)
_SAYS_SO = re.compile(
    r"(?i)\bthis (?:document|doc|page|proposal|note)? ?(?:is|describes|presents|outlines|documents) "
    r"(?:an? |the |our )?(?:\w+ )?(?:proposal|plan\b|draft|redesign|aspirational|work in progress)|\bthis proposal\b|"
    r"\b(?:goal|purpose) of this (?:design )?(?:plan|proposal|design document)\b|"
    r"^\W*(?:status|state)\W{1,6}(?:draft|proposed|proposal|pending|in review|"
    r"under (?:review|discussion)|wip|planned)\b",
    re.M,
)
_CERTAIN = re.compile(
    r"(?i)(?:the )?(?:propos(?:ed|al|als)\b.*|alternatives?(?: (?:considered|approaches))?|considered alternatives|"
    r"open (?:points|questions|issues)|unresolved questions|drawbacks|detailed design|high[- ]level design|objectives?|"
    r"strawman.*|future (?:possibilities|work)|migration plan|rollout(?: plan)?)"
)
_USUAL = re.compile(
    r"(?i)(?:goals?|non-?goals?|goals and non-?goals|motivation|background|overview|prior (?:art|work)|related work|"
    r"use[- ]cases.*|requirements|the problem|problem(?: statement)?|user stories|summary|abstract|preface)"
)


def is_proposal(path: str, body: str) -> bool:
    """Whether a document in a directory of designs says that it proposes something, or has the headings of one."""
    if not _PATH.search(path):
        return False
    titles = [heading.title.strip() for heading in headings_of(path, body)(body)]
    certain = sum(_CERTAIN.fullmatch(title) is not None for title in titles)
    usual = sum(_USUAL.fullmatch(title) is not None for title in titles)
    return _SAYS_SO.search(body[:SCANNED]) is not None or certain > 1 or (certain > 0 and usual > 0)
