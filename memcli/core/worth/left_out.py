"""Why an extract is not proposed however high its score: THE table of reasons, in the order in which they are asked.

A reason is a phrase for the report. Rows say to which readers they apply: what a document is judged for need not hold
for a decision record or for a note that somebody kept already.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from memcli.core.worth.community import is_community
from memcli.core.worth.extract_facts import BANKS, DOCS, GUIDES, RULES, ExtractFacts
from memcli.core.worth.fork_steps import is_about_forks
from memcli.core.worth.passage_kinds import (
    has_placeholders,
    is_bare,
    is_changelog,
    is_credits,
    is_example,
    is_fragment,
    is_licence,
    is_list_of_links,
    is_marketing,
    is_plan_or_status,
    is_reference,
    says_it_is_outdated,
    speaks_of_days,
    teaches,
)

DOCUMENTS = frozenset((GUIDES, DOCS))
TEXTS = DOCUMENTS | {RULES, BANKS}


@dataclass(frozen=True)
class LeftOut:
    """A reason, the readers it applies to, and what tells that it holds."""

    reason: str
    readers: frozenset[str]
    holds: Callable[[ExtractFacts], bool]


REASONS = (
    LeftOut("a licence or code of conduct", DOCUMENTS, is_licence),
    LeftOut("biography or credits", TEXTS, is_credits),
    LeftOut("a changelog", DOCUMENTS, is_changelog),
    LeftOut("API reference", TEXTS, is_reference),
    LeftOut("an index", TEXTS, is_list_of_links),
    LeftOut("badges and links only", TEXTS, is_bare),
    LeftOut("a template", TEXTS, has_placeholders),
    LeftOut("a plan or status report", TEXTS, is_plan_or_status),
    LeftOut("marketing", TEXTS, is_marketing),
    LeftOut("about reporting issues or asking for help", DOCUMENTS, is_community),
    LeftOut("how forks and pull requests work", DOCUMENTS, is_about_forks),
    LeftOut("it speaks of a day that it does not name", DOCUMENTS, speaks_of_days),
    LeftOut("it teaches users of the product", frozenset((DOCS,)), teaches),
    LeftOut("it says that it is outdated", DOCUMENTS, says_it_is_outdated),
    LeftOut("an example", DOCUMENTS, is_example),
    LeftOut("a fragment", DOCUMENTS, is_fragment),
)


def reason_to_leave_out(subject: ExtractFacts) -> str:
    """The first reason that holds, else ''."""
    rows = (row for row in REASONS if subject.reader.name in row.readers)
    return next((row.reason for row in rows if row.holds(subject)), "")
