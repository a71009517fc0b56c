"""The laws of comparing many memories: whatever their order, each pair once, a form once, and cost in proportion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.finding import BLOCK, WARN, Finding
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.memory import Memory
from memcli.core.review.claim import claim_hash, claim_text
from memcli.core.review.key_timeline import KeyTimeline, held_interval, meet
from tests.core.review.checks.test_checks import judge, make, names, numbered, proposal

WORDS = ["queue", "ledger", "retries", "webhook", "payments", "gateway", "staging", "tenant", "cache"]
DATES = [parse_instant(f"2026-0{month}-01") for month in range(1, 10)]


def _memories(bodies: Sequence[str]) -> list[Memory]:
    return [replace(make(number + 1, body), title=body.strip()[:60] or "x") for number, body in enumerate(bodies)]


def _told(memories: Sequence[Memory], store: Sequence[Memory] = ()) -> list[Finding]:
    checks = ("duplicate", "near-duplicate", "contradiction", "key-conflict")
    return [finding for finding in judge(*map(proposal, memories), store=store) if finding.check in checks]


def _set(findings: Sequence[Finding]) -> set[tuple[str, str, str]]:
    return {(finding.check, finding.id, finding.message) for finding in findings}


sentences = st.lists(st.sampled_from(WORDS), min_size=2, max_size=6, unique=True).map(" ".join)


@given(st.lists(sentences, min_size=2, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_candidates_changes_nothing(bodies: list[str], random: object) -> None:
    memories = _memories(bodies)
    shuffled = memories[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _set(_told(memories)) == _set(_told(shuffled))


@given(st.lists(sentences, min_size=2, max_size=9))
def test_a_pair_is_told_once_and_from_either_side(bodies: list[str]) -> None:
    memories = _memories(bodies)
    findings = _told(memories)
    assert len(findings) == len(_set(findings))
    backwards = [replace(memory, id=numbered(100 - place)) for place, memory in enumerate(memories)]
    assert len(_told(backwards)) == len(findings)


rows_of_times = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(DATES), st.sampled_from([None, *DATES])), max_size=7
)


@given(rows_of_times)
def test_what_is_no_repetition_never_says_the_same_at_a_common_time(rows: list[tuple[str, Any, Any]]) -> None:
    members = [
        make(number + 1, text, key="a.b", valid_from=start, valid_to=end)
        for number, (text, start, end) in enumerate(rows)
    ]
    repeated = {finding.id for finding in _told(members) if finding.check == "duplicate"}
    timeline = KeyTimeline(members)
    kept = [(member, held_interval(member, timeline)) for member in members if member.id not in repeated]
    for one, span in kept:
        for other, theirs in kept:
            if one is not other and one.body == other.body and span and theirs:
                assert not meet(span, theirs)


@given(st.text(max_size=60))
def test_a_claim_text_stays_as_it_is(text: str) -> None:
    once = claim_text(text)
    assert claim_text(f"  {text}\n") == once
    assert once == " ".join(once.split())


def test_case_matters_in_code_words_alone() -> None:
    same = [make(1, body) for body in ("Use the Queue.", "use  the **queue**", "> USE the `queue`")]
    assert len({claim_hash(memory) for memory in same}) == 1
    assert claim_text("Use -V.") != claim_text("Use -v.")
    assert claim_text("call retryQueue") != claim_text("call retryqueue")


def test_markup_and_a_final_stop_change_no_claim() -> None:
    same = ("Empty the box at 3.", "Empty the box at 3!", "Empty the `box` at 3", '1) Empty the [box](/b "x") at 3.')
    assert len({claim_text(body) for body in same}) == 1
    assert claim_text("1. Start.\n2. Stop.") == claim_text("- Start.\n- Stop.")
    assert claim_text("3. May is free.") != claim_text("4. May is free.")
    assert claim_text("Empty it?") != claim_text("Empty it!")
    assert claim_text("handlers[name](event)") != claim_text("handlersname")


def test_many_that_differ_in_markup_alone_are_no_form() -> None:
    words = ["The", "retry", "queue", "owns", "every", "webhook", "failure."]
    marked = [" ".join([*words[:n], f"{mark}{words[n]}{mark}", *words[n + 1 :]]) for n in range(6) for mark in "*_"]
    findings = _told(_memories(marked))
    assert [(finding.check, finding.severity) for finding in findings] == [("near-duplicate", WARN)]
    assert findings[0].message.startswith("12 memories say the same, but for markup")


def test_a_form_that_was_filled_in_many_times_is_one_finding() -> None:
    for count in (6, 30, 33, 34, 120):
        numbers = _memories([f"Fact number {n} about the retry queue of subsystem {n * 17}." for n in range(count)])
        findings = _told(numbers)
        assert [(finding.check, finding.severity) for finding in findings] == [("near-duplicate", WARN)], count
        assert findings[0].message.startswith(f"{count} memories")
        named = _memories(
            [f"The service {'abcdefghij'[n % 10]}{n:03}x retries before it gives up." for n in range(count)]
        )
        assert len(_told(named)) == 1, count


def test_what_is_more_alike_than_the_copies_of_a_form_is_told_beside_it() -> None:
    copies = [f"The service svc{n:03} retries deliveries {n} times." for n in range(60)]
    again = "The service svc007 retries deliveries 99 times."
    findings = _told(_memories([*copies, again]))
    assert sorted(finding.check for finding in findings) == ["contradiction", "near-duplicate"]


def test_many_copies_are_told_once_each() -> None:
    findings = _told(_memories(["The retry queue owns webhook failures."] * 50))
    assert len(findings) == 49 and names(findings) == {("duplicate", BLOCK)}
    assert len({finding.id for finding in findings}) == 49


def test_near_duplicates_beyond_ten_are_counted() -> None:
    shared = [f"alpha{n} beta{n} gamma{n}" for n in range(16)]
    whole = " ".join(shared)
    store = _memories([" ".join(shared[: n + 1]) + " delta epsilon zeta" for n in range(1, 16)])
    findings = _told([replace(make(99, whole + " delta epsilon zeta"), title="all")], store)
    assert len(findings) <= 11


def test_the_same_text_after_its_interval_has_ended_is_no_duplicate() -> None:
    old = make(1, valid_from=parse_instant("2025-01-01"), valid_to=parse_instant("2026-01-01"))
    assert _told([make(2)], [old]) == []
    assert names(_told([make(2)], [replace(old, valid_to=None)])) == {("duplicate", BLOCK)}
    a, b = make(1, "A.\n", key="k", valid_from=DATES[0]), make(2, "B.\n", key="k", valid_from=DATES[1])
    again = make(3, "A.\n", key="k", valid_from=DATES[2])
    stored = [replace(a, status="superseded", superseded_by=b.id), b]
    assert ("duplicate", BLOCK) not in names(_told([again], stored))
    assert ("duplicate", BLOCK) in names(_told([replace(again, valid_from=DATES[0])], stored))
    assert ("duplicate", BLOCK) not in names(_told([a, b, again]))
