"""What counts as saying nearly the same: revisions and wordings, not what shares a header, a notice or a form."""

from __future__ import annotations

import pytest
from hypothesis import given

from memcli.core.dream.forms import without_other_fillings
from memcli.core.dream.headers import split_header
from memcli.core.dream.near_duplicates import nearest_duplicates
from memcli.core.dream.resemblance import TextProfile, resemble
from tests.core.dream.opposing_claims import NEGATIONS, RETRACTIONS
from tests.core.text.test_similarity import TEXTS

LICENCE = (
    "Copyright (c) 2026 The Authors. Licensed under the Apache License, Version 2.0; you may not use this file except "
    "in compliance with the License. Distributed WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND."
)
HEADER = "Author: Ada Byron\nStatus: accepted\nTopic: platform\nReviewer: Grace\nCreated: 2026-01-{day}\n"
TABLE = (
    "| Field | Value |\n|---|---|\n| Author | Ada Lovelace |\n| Status | accepted |\n| Reviewer | Grace |\n"
    "| Title | {title} |\n"
)
TEMPLATE = (
    "## Context\n\nDescribe the forces at play, technological, political and social.\n\n## Checklist\n\n"
    "- [ ] tests are written\n- [ ] docs are updated\n- [ ] the owner of the service agrees\n\n## Decision\n\n{own}\n"
)
QUEUE = "The webhook queue keeps failed deliveries in Postgres, since Redis lost them when the node was restarted."
LEDGER = "Invoices are locked by row while finance closes the month, because two regions write to one ledger at once."
PEP = (
    "PEP: {number} Title: {title} Version: $Revision$ Author: {author} Status: Final Type: Standards Track "
    "Content-Type: text/x-rst Created: {day}-Jan-2008 Post-History:"
)
OTHER_DOCUMENTS = [
    (f"{LICENCE}\n\n{QUEUE}", f"{LICENCE}\n\n{LEDGER}"),
    (HEADER.format(day="02") + f"\n{QUEUE}", HEADER.format(day="03") + f"\n{LEDGER}"),
    (HEADER.format(day="02") + "\nQueues use Postgres.", HEADER.format(day="03") + "\nInvoices lock rows."),
    (f"---\n{HEADER.format(day='02')}---\n\n{QUEUE}", f"---\n{HEADER.format(day='03')}---\n\n{LEDGER}"),
    (TABLE.format(title="Queue in Postgres"), TABLE.format(title="Locks of invoices")),
    (TABLE.format(title="Queue") + f"\n{QUEUE}", TABLE.format(title="Locks") + f"\n{LEDGER}"),
    (TEMPLATE.format(own=QUEUE), TEMPLATE.format(own=LEDGER)),
    (
        PEP.format(number=370, title="Per user site-packages directory", author="Christian Heimes", day=11),
        PEP.format(number=371, title="Addition of the multiprocessing package", author="Jesse Noller", day=6),
    ),
    ("- `retry()`: calls the handler again with the delivery", "- `drop()`: calls the handler again with the delivery"),
    (
        "Alpha 1: 2026-01-02, alpha 2: 2026-02-03, beta 1: 2026-03-04, final: 2026-04-05, end of life: 2030-05-06",
        "Alpha 1: 2027-01-12, alpha 2: 2027-02-13, beta 1: 2027-03-14, final: 2027-04-15, end of life: 2031-05-16",
    ),
]
REVISIONS = [
    (f"{LICENCE}\n\n{QUEUE}", QUEUE),
    (HEADER.format(day="02") + f"\n{QUEUE}", HEADER.format(day="02").replace("accepted", "final") + f"\n{QUEUE}"),
    (TEMPLATE.format(own=QUEUE), TEMPLATE.format(own=QUEUE.replace("lost", "dropped"))),
    (
        PEP.format(number=370, title="Per user site-packages directory", author="Christian Heimes", day=11),
        PEP.format(number=370, title="Per user site-packages directory", author="Christian Heimes", day=11).replace(
            "Content-Type: text/x-rst ", ""
        ),
    ),
    (QUEUE, f"{QUEUE} This is no longer so."),
    (QUEUE, QUEUE.replace("failed deliveries", "deliveries that failed")),
    ("Failed deliveries are retried 7 times.", "Failed deliveries are retried 9 times."),
]


@pytest.mark.parametrize(("text", "other"), OTHER_DOCUMENTS)
def test_what_other_documents_share_does_not_make_them_alike(text: str, other: str) -> None:
    assert not resemble(TextProfile(text), TextProfile(other))
    assert not resemble(TextProfile(other), TextProfile(text))


@pytest.mark.parametrize(("text", "other"), OTHER_DOCUMENTS)
def test_titles_that_say_little_do_not_either(text: str, other: str) -> None:
    assert not resemble(TextProfile(text, "Header of document 1"), TextProfile(other, "Header of document 2"))


@pytest.mark.parametrize(("text", "other"), REVISIONS)
def test_revisions_are_alike(text: str, other: str) -> None:
    assert resemble(TextProfile(text), TextProfile(other))
    assert resemble(TextProfile(other), TextProfile(text))


@pytest.mark.parametrize("language", RETRACTIONS)
def test_a_claim_is_like_itself_with_its_retraction(language: str) -> None:
    claim, retractions = RETRACTIONS[language]
    assert all(resemble(TextProfile(claim), TextProfile(f"{claim} {retraction}")) for retraction in retractions)


def test_a_short_claim_is_like_its_negation() -> None:
    assert all(resemble(TextProfile(mine), TextProfile(theirs)) for mine, theirs in NEGATIONS["de"][:2])


@given(TEXTS, TEXTS)
def test_resemblance_has_no_direction(text: str, other: str) -> None:
    assert resemble(TextProfile(text), TextProfile(other)) == resemble(TextProfile(other), TextProfile(text))


def test_fields_are_read_in_lines_in_rows_and_in_tables() -> None:
    expected = {"author": "Ada", "status": "final", "type": "fact", "title": "On queues"}
    assert split_header("Author: Ada\nStatus: final\nType: fact\nTitle: On queues\n\nText.") == (expected, "Text.")
    assert split_header("Author: Ada Status: final Type: fact Title: On queues").fields == expected
    table = "| a | b |\n|---|---|\n| Author | Ada |\n| Status | final |\n| Type | fact |\n| Title | On queues |"
    assert split_header(table).fields == {"a": "b", **expected}
    assert split_header("Note: one field is no header.").fields == {}


def test_fillings_of_a_form_are_told_from_wordings() -> None:
    form = {str(n): TextProfile(f"Service s{n} listens on port {8000 + n} of the gateway.") for n in range(12)}
    first = form.pop("0")
    assert nearest_duplicates(first, form) == []
    again = {**form, "again": TextProfile("Port 8000 of the gateway is where service s0 listens.")}
    assert without_other_fillings(first, again) == ["again"]
    wordings = {str(n): TextProfile(text) for n, text in enumerate([QUEUE] * 3 + [f"{QUEUE} Mostly."] * 4)}
    assert nearest_duplicates(wordings.pop("0"), wordings) == list("123456")
