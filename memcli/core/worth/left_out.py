"""Why an extract is not proposed however high its score: THE table of reasons, in the order in which they are asked.

A reason is a phrase for the report. Rows say to which readers they apply: what a document is judged for need not hold
for a decision record or for a note that somebody kept already.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from memcli.core.worth import passage_kinds as kinds
from memcli.core.worth.subject import BANKS, DOCS, GUIDES, RULES, Subject

DOCUMENTS = frozenset((GUIDES, DOCS))
TEXTS = DOCUMENTS | {RULES, BANKS}


@dataclass(frozen=True)
class LeftOut:
    """A reason, the readers it applies to, and what tells that it holds."""

    reason: str
    readers: frozenset[str]
    holds: Callable[[Subject], bool]


REASONS = (
    LeftOut("a licence or code of conduct", DOCUMENTS, kinds.is_licence),
    LeftOut("biography or credits", TEXTS, kinds.is_credits),
    LeftOut("a changelog", DOCUMENTS, kinds.is_changelog),
    LeftOut("API reference", TEXTS, kinds.is_reference),
    LeftOut("an index", TEXTS, kinds.is_index),
    LeftOut("badges and links only", TEXTS, kinds.is_bare),
    LeftOut("a template", TEXTS, kinds.is_template),
    LeftOut("a plan or status report", TEXTS, kinds.is_plan),
    LeftOut("marketing", TEXTS, kinds.is_marketing),
    LeftOut("about reporting issues or asking for help", DOCUMENTS, kinds.is_community),
    LeftOut("how forks and pull requests work", DOCUMENTS, kinds.is_about_forks),
    LeftOut("it speaks of a day that it does not name", DOCUMENTS, kinds.speaks_of_days),
    LeftOut("it teaches users of the product", frozenset((DOCS,)), kinds.teaches),
    LeftOut("it says that it is outdated", DOCUMENTS, kinds.is_outdated),
    LeftOut("an example", DOCUMENTS, kinds.is_example),
    LeftOut("a fragment", DOCUMENTS, kinds.is_fragment),
)


def left_out(subject: Subject) -> str:
    """The first reason that holds, else ''."""
    rows = (row for row in REASONS if subject.reader.name in row.readers)
    return next((row.reason for row in rows if row.holds(subject)), "")
