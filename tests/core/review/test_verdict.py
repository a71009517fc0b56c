"""The verdict: who may let a session's candidates through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.finding import BLOCK, INFO, SEVERITIES, WARN, Finding
from memcli.core.review.candidates import POLICY, Candidate
from memcli.core.review.checks.check_registry import FIXED
from memcli.core.review.policy import Policy
from memcli.core.review.verdict import apply_overrides, displaces_stronger, review_verdict
from tests.core.review.checks.test_checks import OTHER, make, numbered, proposal

ADDED = [proposal(make(1))]
RULES = [Candidate("policy", POLICY, "policy.yaml", None, None, "", "promote: auto\n")]
PERSON, REVIEWER, AUTO = Policy(), Policy(promote="reviewer"), Policy(promote="auto")


def of_severity(severity: str, check: str = "near-duplicate") -> list[Finding]:
    return [Finding(check, severity, numbered(1), "message", "step")]


def test_nothing_to_promote_is_empty_with_any_findings() -> None:
    assert review_verdict([], of_severity(BLOCK), AUTO, agent_session=True) == "empty"


@pytest.mark.parametrize("policy", [PERSON, REVIEWER, AUTO])
@pytest.mark.parametrize("agent", [True, False])
def test_one_block_blocks_and_one_warning_asks_for_a_person(policy: Policy, agent: bool) -> None:
    assert review_verdict(ADDED, [*of_severity(WARN), *of_severity(BLOCK)], policy, agent, reviewed=True) == "blocked"
    assert review_verdict(ADDED, [*of_severity(INFO), *of_severity(WARN)], policy, agent, reviewed=True) == "person"


def test_an_agent_does_not_approve_its_own_session() -> None:
    assert review_verdict(ADDED, of_severity(INFO), PERSON, agent_session=True) == "person"
    assert review_verdict(ADDED, of_severity(INFO), PERSON, agent_session=True, reviewed=True) == "person"
    assert review_verdict(ADDED, of_severity(INFO), PERSON, agent_session=False) == "promotable"


def test_a_reviewer_stands_in_for_the_person() -> None:
    assert review_verdict(ADDED, [], REVIEWER, agent_session=True) == "person"
    assert review_verdict(ADDED, [], REVIEWER, agent_session=True, reviewed=True) == "promotable"
    assert review_verdict(ADDED, [], REVIEWER, agent_session=False) == "promotable"


def test_auto_leaves_it_to_the_checks() -> None:
    assert review_verdict(ADDED, of_severity(INFO), AUTO, agent_session=True) == "promotable"


def test_auto_leaves_owned_topics_to_a_person() -> None:
    owned = replace(AUTO, owners={"payments": ("ada",)})
    assert review_verdict(ADDED, [], owned, agent_session=True) == "person"
    assert review_verdict(ADDED, [], replace(AUTO, owners={"infra": ("ada",)}), agent_session=True) == "promotable"


def test_auto_never_displaces_stronger_evidence_even_where_the_warning_is_lowered() -> None:
    lowered = apply_overrides(of_severity(WARN, "key-conflict"), replace(AUTO, checks={"key-conflict": "info"}))
    assert review_verdict(ADDED, lowered, AUTO, agent_session=True) == "person"


@pytest.mark.parametrize(
    ("before", "after", "displaces"),
    [
        ({"evidence": "code"}, {"status": "retired"}, True),
        ({"evidence": "inference"}, {"status": "retired"}, False),
        ({}, {"status": "retired"}, False),
        ({"evidence": "test"}, {"status": "superseded", "superseded_by": numbered(2)}, True),
        ({"evidence": "document"}, {"status": "superseded", "superseded_by": numbered(2)}, False),
        ({"evidence": "document"}, {"status": "superseded"}, True),
        ({"evidence": "human"}, {"body": OTHER}, True),
        ({"evidence": "code"}, {"body": OTHER}, False),
        ({"evidence": "code"}, {"body": OTHER, "evidence": "inference"}, True),
        ({"evidence": "code"}, {"tags": ("new",)}, False),
        ({"evidence": "code", "status": "superseded"}, {"status": "retired"}, False),
    ],
)
def test_what_displaces_stronger_evidence(before: dict[str, Any], after: dict[str, Any], displaces: bool) -> None:
    old = make(1, **before)
    candidates = [proposal(replace(old, **after), old), proposal(make(2, OTHER, evidence="human"))]
    assert displaces_stronger(candidates) is displaces
    assert review_verdict(candidates, [], AUTO, agent_session=True) == ("person" if displaces else "promotable")
    assert review_verdict(candidates, [], AUTO, agent_session=False) == "promotable"


def test_an_unreadable_candidate_displaces_what_it_was() -> None:
    old = make(1, evidence="code")
    assert displaces_stronger([replace(proposal(old, old), after=None)])


@pytest.mark.parametrize("policy", [PERSON, REVIEWER, AUTO])
def test_the_policy_is_for_persons(policy: Policy) -> None:
    assert review_verdict(RULES, [], policy, agent_session=True, reviewed=True) == "blocked"
    assert review_verdict([*ADDED, *RULES], [], policy, agent_session=False) == "person"


def test_overrides_change_a_severity_but_for_the_fixed_checks() -> None:
    policy = Policy(checks={"near-duplicate": "info", "dead-link": "warn", **dict.fromkeys(FIXED, "info")})
    findings = [*of_severity(WARN), *of_severity(INFO, "dead-link"), *of_severity(WARN, "stale-read")]
    findings += [finding for check in FIXED for finding in of_severity(BLOCK, check)]
    severities = [finding.severity for finding in apply_overrides(findings, policy)]
    assert severities == ["info", "warn", "warn", *["block"] * len(FIXED)]


FINDINGS = st.lists(
    st.sampled_from([finding for severity in SEVERITIES for finding in of_severity(severity)]), max_size=4
)


@given(
    FINDINGS, FINDINGS, st.sampled_from([PERSON, REVIEWER, AUTO]), st.booleans(), st.sampled_from([[], ADDED, RULES])
)
def test_more_findings_never_open_the_gate(
    some: list[Finding], more: list[Finding], policy: Policy, agent: bool, candidates: Sequence[Candidate]
) -> None:
    strict = ["empty", "promotable", "person", "blocked"]
    first, second = (
        review_verdict(candidates, some, policy, agent),
        review_verdict(candidates, [*some, *more], policy, agent),
    )
    assert strict.index(first) <= strict.index(second)
    assert strict.index(review_verdict(candidates, some, policy, False)) <= strict.index(
        review_verdict(candidates, some, policy, True)
    )
