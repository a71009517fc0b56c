"""A memory's author is who last changed what it claims."""

from __future__ import annotations

import pytest

from memcli.core.memory.claim_author import as_recorded
from memcli.core.memory.document import Document, Value, new_document
from tests.core.merge.test_three_way import EARLY

CODEX = {"session": "s1", "agent": "codex", "ref": "a.md"}


def memory(evidence: str | None, source: Value = None, **values: Value) -> Document:
    front = {"id": "01K9Z3V5C4M8Q2T7R6W1XABCDE", "title": "Cap", "created": EARLY, "evidence": evidence}
    return new_document({**front, "source": source, **values}, "The cap is 5.\n")


@pytest.mark.parametrize(
    ("evidence", "by_agent", "by_person"),
    [
        ("human", "inference", "human"),
        ("inference", "inference", "human"),
        ("code", "code", "code"),
        ("test", "test", "test"),
        ("document", "document", "document"),
        (None, None, None),
    ],
)
def test_whose_word_a_changed_claim_is(evidence: str | None, by_agent: str | None, by_person: str | None) -> None:
    before = memory(evidence, CODEX)
    changes = [
        before.with_body("The cap is 9.\n"),
        *(before.with_values({key: EARLY}) for key in ("valid_from", "key")),
    ]
    for changed in changes:
        for agent, expected in (("claude", by_agent), (None, by_person)):
            recorded = as_recorded(changed, before, agent, "s2")
            assert recorded.get("evidence") == expected
            named = {"agent": agent} if agent else {}
            assert recorded.get("source") == {"session": "s2", "ref": "a.md", **named}


def test_upkeep_leaves_the_author() -> None:
    for before in (memory("human", {"session": "s1"}), memory("inference", CODEX)):
        changed = before.with_values({"tags": ("limits",), "verified": {"at": EARLY}, "status": "retired"})
        for agent in ("claude", None):
            assert as_recorded(changed, before, agent, "s2") == changed
            assert as_recorded(before.with_body("The cap\nis 5.\n"), before, agent, "s2").get("source") == before.get(
                "source"
            )


def test_evidence_given_anew_stays_but_an_agent_is_no_person() -> None:
    before = memory("human", {"session": "s1"})
    changed = before.with_body("The cap is 9.\n").with_values({"evidence": "test"})
    assert as_recorded(changed, before, "codex", "s2").get("evidence") == "test"
    for earlier in (None, memory("inference"), memory(None)):
        assert as_recorded(before, earlier, "codex", "s2").get("evidence") == "inference"
    assert as_recorded(before, memory("inference"), None, "s2").get("evidence") == "human"
