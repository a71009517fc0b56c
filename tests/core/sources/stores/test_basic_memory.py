"""Notes of basic-memory: observations, relations and types."""

from __future__ import annotations

import pytest

from memcli.core.sources.stores.basic_memory import READER
from tests.core.sources.stores.read_stores import by_ref, only, read_store

BODY = """# Authentication

## Observations
- [decision] Use JWT for stateless authentication #security (based on the audit)
- [tech] Refresh tokens are in HTTP-only cookies
- [decision] Tokens expire after 15 minutes

## Relations
- implements [[API Security]]
- depends_on [[User Database]]
"""


def note(title: str, body: str = BODY, front: str = "type: note\n") -> str:
    name = title.lower().replace(" ", "-")
    return f"---\ntitle: {title}\n{front}permalink: main/{name}\ntags:\n- auth\n- backend\n---\n\n{body}"


def test_a_note_is_one_memory_with_all_its_text() -> None:
    memory = only(read_store(READER, {"kb/authentication.md": note("Authentication")})).memory
    assert memory.body == BODY
    assert (memory.title, memory.type, memory.evidence) == ("Authentication", "decision", "inference")
    assert (memory.tags, memory.topic) == (("auth", "backend"), "main")


def test_relations_to_notes_of_the_store_become_links() -> None:
    files = {"kb/auth.md": note("Authentication"), "kb/x/security.md": note("API Security", "Always use TLS 1.3.\n")}
    memories = by_ref(read_store(READER, files))
    body = memories["kb/auth.md"].body
    assert f"- implements [[{memories['kb/x/security.md'].id}|API Security]]" in body
    assert "- depends_on [[User Database]]" in body


@pytest.mark.parametrize(
    "front, body, expected",
    [
        ("type: decision\n", "Orders live in Postgres.", "decision"),
        ("type: requirement\n", "Orders are kept for ten years.", "constraint"),
        ("type: Guide\n", "Run the migration first.", "procedure"),
        ("type: note\n", "- [requirement] Keep orders for ten years\n- [rule] No deletes", "constraint"),
        ("type: note\n", "- [preference] Short names\n- [gotcha] The cache is per node\n- [tech] Redis", "fact"),
        ("type: Person\n", "Ada maintains the checkout.", "fact"),
    ],
)
def test_types_and_categories_give_the_type(front: str, body: str, expected: str) -> None:
    assert only(read_store(READER, {"kb/n.md": note("A note", body, front)})).memory.type == expected


@pytest.mark.parametrize(
    "front, title",
    [
        ("type: task\n", "Mail"),
        ("type: note\nstatus: in progress\n", "Mail"),
        ("type: note\n", "Mail migration plan"),
        ("type: meeting\n", "Mail"),
    ],
)
def test_work_under_way_is_a_diary(front: str, title: str) -> None:
    extract = only(read_store(READER, {"kb/n.md": note(title, "The mailer moves to the new queue.", front)}))
    assert (extract.diary, extract.memory.type) == (True, "event")


def test_a_proposed_decision_says_so_and_a_superseded_one_is_not_active() -> None:
    files = {
        "kb/a.md": note("Stripe", "Billing moves to Stripe.", "type: decision\nstatus: proposed\n"),
        "kb/b.md": note("Paypal", "- [status] superseded\n- [decision] Billing uses Paypal", "type: decision\n"),
    }
    memories = by_ref(read_store(READER, files))
    assert "proposed" in memories["kb/a.md"].tags
    assert (memories["kb/a.md"].status, memories["kb/b.md"].status) == ("active", "superseded")


def test_a_note_without_a_permalink_is_known_by_its_graph() -> None:
    text = f"---\ntitle: Authentication\ntags: [auth]\n---\n{BODY}"
    assert only(read_store(READER, {"kb/auth.md": text})).memory.body == BODY
    assert not read_store(READER, {"kb/auth.md": text.replace("- [", "- ")}).extracts


def test_names_are_read_as_words() -> None:
    text = note("AD-012-nvme-split", "# AD-012 — The first disk has the system\n\nIt is faster.\n")
    assert only(read_store(READER, {"kb/n.md": text})).memory.title == "The first disk has the system"
    assert only(read_store(READER, {"kb/n.md": note("flux-gitops", "It reconciles.")})).memory.title == "Flux gitops"


def test_every_file_of_a_store_is_read_or_has_a_reason() -> None:
    files = {
        "kb/a.md": note("A", "The mailer retries."),
        "kb/plain.md": "# Plain\n\nWithout front matter.\n",
        "kb/schema.md": note("Person", "name: string", "type: schema\n"),
        "kb/Index.md": note("Notes Index", "- [[A]]\n"),
        "kb/b.md": note("B", "The parser caches."),
        "kb/c.md": note("C", "The cache expires."),
        "kb/Template.md": note("Note Template", "## Observations\n"),
        "kb/photo.svg": "<svg/>",
    }
    reading = read_store(READER, files)
    assert {extract.path for extract in reading.extracts} == {"kb/a.md", "kb/b.md", "kb/c.md", "kb/plain.md"}
    assert {skipped.path: skipped.reason for skipped in reading.skipped} == {
        "kb/schema.md": "a schema: it says how notes are written",
        "kb/Index.md": "a list of links",
        "kb/Template.md": "a template",
        "kb/photo.svg": "not markdown",
    }


@pytest.mark.parametrize("permalink", ["/adr/1/", "docs/page.html", "/:title", ""])
def test_pages_of_a_web_site_are_no_notes(permalink: str) -> None:
    text = f"---\ntitle: X\ntype: page\npermalink: {permalink}\n---\n\nThe page of the site.\n"
    assert not read_store(READER, {"docs/x.md": text}).extracts


def test_rules_and_skills_are_left_to_their_reader() -> None:
    files = {"AGENTS.md": note("Agents", "Use tabs."), "skills/x/SKILL.md": note("X", "Run it.")}
    assert not read_store(READER, files).extracts
