"""The defaults of a new memory."""

from __future__ import annotations

import pytest

from memcli.core.memory.defaults import default_values, kind_of_type, own_evidence, type_of_kind
from memcli.core.memory.key_types import EVIDENCE, KINDS, TYPES

NOW, EARLIER = "2026-11-30T14:05:00Z", "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("kind", KINDS)
def test_the_default_type_of_a_kind_implies_that_kind(kind: str) -> None:
    assert type_of_kind(kind) in TYPES
    assert kind_of_type(type_of_kind(kind)) == kind


def test_an_attempt_is_episodic() -> None:
    assert kind_of_type("attempt") == "episodic"


def test_an_agent_infers_where_a_person_knows() -> None:
    assert [own_evidence(True), own_evidence(False)] == ["inference", "human"]
    assert {"inference", "human"} <= set(EVIDENCE)


def test_a_title_in_the_body_wins_and_a_given_date_of_creation_dates_the_change() -> None:
    values = default_values("# Deploys\n\nOn Mondays.", "untitled", "procedural", "ops", NOW, EARLIER)
    assert (values["title"], values["kind"], values["type"]) == ("Deploys", "procedural", "procedure")
    assert (values["created"], values["modified"]) == (NOW, EARLIER)
    assert default_values("", "untitled", "semantic", "ops", NOW)["title"] == "untitled"
