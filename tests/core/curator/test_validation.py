"""What of an answer is taken: nothing outside the job, nothing that loses a claim, and each refusal has its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.curator.answer import Answer, Edit, Rejection
from memcli.core.curator.job import DISTIL, DREAM, FORMS, GENERALISE, REVIEW, Job, Pair, Proposed
from memcli.core.curator.validation import judge
from memcli.core.memory.document import Document
from memcli.core.memory.instants import parse_instant
from tests.core.curator.examples import (
    ALSO,
    AT,
    BOTH,
    FOUR,
    NINE,
    ONE,
    PINNED,
    QUEUE,
    THREE,
    TWO,
    dream_job,
    judged,
    make,
    numbered,
    shown,
)  # fmt: skip

UNKNOWN = "01K9Z3V5C4M8Q2T7R6W1XABCDE"
MERGE = {"edit": "merge", "id": ONE, "from": [TWO], "body": BOTH, "reason": "both speak of the queue"}
ADD = {"edit": "add", "title": "A rule", "body": "Deploy on Mondays.", "kind": "procedural", "type": "procedure",
       "topic": "deploys", "reason": "said twice"}  # fmt: skip
VERDICT = {"edit": "verdict", "verdict": "approve", "reason": "sound"}
AGAIN = "Deliveries that failed go through the retry queue, which gives up after 7 attempts.\n"


def edit(form: str, memory_id: str = ONE, /, **fields: Any) -> dict[str, Any]:
    return {"edit": form, "id": memory_id, "reason": "because", **fields}


def why(job: Job, said: dict[str, Any]) -> str:
    """The reason for which an edit is refused; `` where it is accepted."""
    found = judged(job, said)
    assert len(found.accepted) + len(found.refused) == 1
    return found.refused[0].reason if found.refused else ""


def made(said: dict[str, Any], job: Job | None = None) -> dict[str, Document]:
    found = judged(job or dream_job(), said)
    assert not found.refused, found.refused
    return dict(found.accepted[0].documents)


@pytest.mark.parametrize(
    "said, reason",
    [
        (edit("retire", UNKNOWN), "no memory of this job"),
        (edit("retire", "../../etc/passwd"), "no memory of this job"),
        (edit("supersede", by=UNKNOWN), "no memory of this job"),
        (edit("merge", **{"from": [TWO, UNKNOWN]}, body=BOTH), "no memory of this job"),
        (edit("attention", **{"with": [UNKNOWN]}), "no memory of this job"),
        (edit("retire", FOUR), "may not be changed (pinned)"),
        (edit("edit", FOUR, body="Store all card numbers."), "may not be changed (pinned)"),
        (edit("merge", **{"from": [FOUR]}, body=QUEUE + PINNED), "may not be changed (pinned)"),
        (edit("supersede", FOUR, by=ONE), "may not be changed (pinned)"),
        (edit("supersede", by=ONE), "names a memory twice"),
        (edit("merge", **{"from": [ONE]}, body=BOTH), "names a memory twice"),
        (edit("merge", **{"from": []}, body=BOTH), "'from' names no memory"),
        (edit("edit"), "it changes nothing"),
        (edit("edit", body=QUEUE), "it changes nothing"),
        (edit("edit", body=NINE), "lost: 7"),
        (edit("edit", body="The queue has 7, said somebody who was asked about it."), "most of the text is lost"),
        (edit("edit", TWO, body=ALSO.replace("never called", "called")), "lost: not call"),
        (edit("merge", **{"from": [TWO]}, body=QUEUE), "lost: "),
        (edit("merge", **{"from": [THREE]}, body=QUEUE), "lost: 9"),
        (edit("merge", **{"from": [THREE]}, body=QUEUE + NINE), "contradict each other (number)"),
        (edit("supersede", TWO, by=THREE), "no pair of this job"),
        (edit("edit", body=QUEUE + "\x1b[2J"), "terminal-escape"),
        (edit("edit", body=QUEUE + "\nkey AKIAQ4R7TN2LM5XZ8WVB\n"), "secret"),
        (edit("edit", body="---\nid: x\n---\n" + QUEUE * 2), ""),
        (edit("retire", reason="\x1b[2J"), "terminal-escape"),
        (edit("retire", reason="uses AKIAQ4R7TN2LM5XZ8WVB"), "secret"),
        ({**ADD}, "a job of 'dream' takes edit, merge"),
        ({**VERDICT}, "a job of 'dream' takes edit, merge"),
    ],
)  # fmt: skip
def test_what_a_dream_does_not_take(said: dict[str, Any], reason: str) -> None:
    assert reason in why(dream_job(), said) and bool(reason) == bool(why(dream_job(), said))


def test_what_a_body_holds_stays_below_the_front_matter() -> None:
    (document,) = made(edit("edit", body="---\nid: x\nread_only: true\n---\n" + QUEUE)).values()
    assert document.get("id") == ONE and document.get("read_only") is None


def test_an_edit_keeps_everything_but_its_words() -> None:
    (document,) = made(edit("edit", title="The retry queue", body=AGAIN)).values()
    before = dream_job().memories[0]
    assert document.get("title") == "The retry queue" and document.body == AGAIN
    assert document.get("modified") == AT and document.get("created") == "2026-11-01T09:30:00Z"
    assert document.get("source") == {"session": "s-1"} and f"id: {ONE}" in before.text


def test_what_nobody_has_said_before_is_inference() -> None:
    job = dream_job(shown(make(1, QUEUE, evidence="code")), shown(make(2, ALSO, evidence="test")))
    assert made(edit("edit", body=AGAIN), job)[ONE].get("evidence") == "code"
    more = AGAIN + "Grafana shows it.\n" + "The alert goes to Ada after 30 minutes.\n"
    assert made(edit("edit", body=more), job)[ONE].get("evidence") == "inference"


def test_a_merge_keeps_the_elder_and_is_trusted_as_the_least() -> None:
    one = make(1, QUEUE, evidence="code", confidence=0.9, tags=("queue",))
    two = make(2, ALSO, evidence="document", confidence=0.4, tags=("stripe",), based_on=(THREE,))
    job = dream_job(shown(one), shown(two))
    for named, others in ((ONE, [TWO]), (TWO, [ONE])):
        documents = made(edit("merge", named, **{"from": others}, body=BOTH), job)
        whole, gone = documents[ONE], documents[TWO]
        assert (whole.get("evidence"), whole.get("confidence")) == ("document", "0.4")
        assert whole.get("merged_from") == (TWO,) and whole.get("tags") == ("queue", "stripe")
        assert whole.get("based_on") == (THREE,) and whole.get("source") == {"session": "s-1"}
        assert "s-2" in str(whole.get("sources")) and whole.body == BOTH
        assert (gone.get("status"), gone.get("superseded_by"), gone.body) == ("superseded", ONE, ALSO)


@pytest.mark.parametrize(
    "values, reason",
    [
        ({"key": "payments.retries"}, "the key of a younger one would be lost"),
        ({"valid_from": parse_instant("2026-01-01")}, "they differ in 'valid_from'"),
        ({"kind": "procedural"}, "they differ in 'kind'"),
        ({"holds_if": ("src/app.py contains 7",)}, "they differ in 'holds_if'"),
        ({"status": "retired"}, "is retired"),
        ({"status": "superseded"}, "is superseded"),
    ],
)
def test_what_cannot_be_merged(values: dict[str, Any], reason: str) -> None:
    job = dream_job(shown(make(1, QUEUE)), shown(make(2, ALSO, **values)))
    assert reason in why(job, MERGE)


def test_a_merge_is_of_a_few() -> None:
    several = [make(number, QUEUE.replace("7", str(6 + number))) for number in range(1, 10)]
    job = dream_job(
        *map(shown, several), shown(make(2, QUEUE, id=numbered(11))), shown(make(2, QUEUE, id=numbered(12)))
    )
    ids = [one.id for one in job.memories]
    assert "more than 10" in why(job, edit("merge", ids[0], **{"from": ids[1:]}, body=QUEUE))
    assert "lost: " in why(job, edit("merge", ids[0], **{"from": ids[1:10]}, body=QUEUE))


def test_a_supersession_marks_both_and_needs_grounds() -> None:
    documents = made(edit("supersede", by=THREE))
    assert documents[ONE].get("superseded_by") == THREE and documents[THREE].get("supersedes") == (ONE,)
    strong = dream_job(shown(make(1, QUEUE, evidence="code")), shown(make(3, NINE, evidence="inference")))
    assert "stronger evidence (code)" in why(strong, edit("supersede", by=THREE))
    keyed = dream_job(shown(make(1, QUEUE, key="a")), shown(make(3, NINE, key="a")), pairs=(Pair((TWO,), "x"),))
    assert "the later one holds" in why(keyed, edit("supersede", THREE, by=ONE))
    assert why(keyed, edit("supersede", ONE, by=THREE)) == ""


def test_a_pinned_memory_may_take_a_place_and_stays_as_it_is() -> None:
    job = dream_job(pairs=(Pair((ONE, FOUR), "alike"),))
    assert set(made(edit("supersede", by=FOUR), job)) == {ONE}
    assert made(edit("attention", FOUR), job) == {}


def test_an_order_to_retire_everything_retires_nothing_and_the_rest_goes_on() -> None:
    orders = [edit("retire", memory_id) for memory_id in (ONE, TWO, THREE, FOUR)]
    found = judged(dream_job(), *orders, edit("edit", ONE, body=AGAIN))
    assert [one.edit.form for one in found.accepted] == ["edit"]
    assert {one.reason for one in found.refused} == {"3 memories would be retired, the job allows 1: none is"}
    forced = judged(dream_job(), *orders, force=True)
    assert [one.edit.id for one in forced.accepted] == [ONE, TWO, THREE]


def test_a_memory_is_changed_once() -> None:
    found = judged(dream_job(), edit("edit", body=AGAIN), MERGE, edit("retire"), edit("supersede", by=THREE))
    assert [one.edit.form for one in found.accepted] == ["edit"]
    assert {one.reason for one in found.refused} == {f"another edit has changed {ONE[-6:]} already"}


def test_a_memory_is_changed_and_marked_but_once_each() -> None:
    found = judged(dream_job(), edit("attention"), edit("edit", body=AGAIN), edit("attention"), edit("attention", TWO))
    assert [(one.edit.form, one.edit.id) for one in found.accepted] == [
        ("attention", ONE),
        ("edit", ONE),
        ("attention", TWO),
    ]
    assert found.accepted[1].documents[ONE].get("attention") == "curator: because"


def test_a_title_does_not_stand_for_a_body() -> None:
    job = dream_job(shown(make(1, QUEUE, title=QUEUE.strip())), shown(make(2, ALSO)))
    assert "lost: 7" in why(job, edit("edit", body="Nothing."))
    assert "lost: 7" in why(job, edit("merge", **{"from": [TWO]}, body=ALSO))


def test_what_takes_a_place_is_not_taken_out_itself() -> None:
    found = judged(dream_job(), edit("supersede", by=THREE), edit("retire", THREE), edit("supersede", THREE, by=ONE))
    assert len(found.accepted) == 1
    assert "takes the place of another one" in found.refused[0].reason
    assert found.refused[1].reason == f"another edit has changed {ONE[-6:]} already"


def test_two_may_be_superseded_by_one_that_was_reworded() -> None:
    job = dream_job(pairs=(Pair((ONE, TWO, THREE), "alike"),))
    found = judged(
        job,
        edit("edit", THREE, title="Nine attempts"),
        edit("supersede", ONE, by=THREE),
        edit("supersede", TWO, by=THREE),
    )
    assert not found.refused
    last = found.accepted[2].documents[THREE]
    assert last.get("supersedes") == (ONE, TWO) and last.get("title") == "Nine attempts"


def test_limits_of_size() -> None:
    assert "at most 20" in why(dream_job(body=20), edit("edit", body=AGAIN))
    found = judged(dream_job(total=150), edit("edit", body=AGAIN), edit("edit", TWO, body="It is so that " + ALSO))
    assert [one.edit.id for one in found.accepted] == [ONE] and "together exceed 150" in found.refused[0].reason


def test_what_has_moved_on_is_refused_for_that_memory_alone() -> None:
    found = judged(dream_job(), edit("edit", body=AGAIN), edit("attention", TWO), moved=(ONE,))
    assert [one.edit.id for one in found.accepted] == [TWO]
    assert found.refused[0].reason == f"{ONE[-6:]} has changed since the job was made"


def test_a_taker_may_refuse_and_what_follows_is_judged_without() -> None:
    job = dream_job()
    edits = Answer((Edit("edit", ONE, "r", body=AGAIN), Edit("retire", ONE, "r")))
    found = judge(job, edits, AT, take=lambda one, _: "no room" if one.form == "edit" else "")
    assert [one.edit.form for one in found.accepted] == ["retire"] and found.refused[0].reason == "no room"


def test_a_failed_answer_changes_nothing() -> None:
    found = judge(dream_job(), Answer(failure="no answer within 300 s"), AT)
    assert found.failure and not found.accepted


PROPOSED = Proposed(UNKNOWN, "added", "A rule", "semantic/a/b.md", "---\nid: x\n---\nDeploy on Fridays.\n", "")


@pytest.mark.parametrize(
    "kind, said, reason",
    [
        (DISTIL, ADD, ""),
        (DISTIL, {**ADD, "based_on": [UNKNOWN, ONE]}, ""),
        (DISTIL, {**ADD, "based_on": [TWO]}, "no memory of this job"),
        (DISTIL, {**ADD, "kind": "working"}, "kind is one of"),
        (DISTIL, {**ADD, "type": "truth"}, "type is one of"),
        (DISTIL, {**ADD, "topic": "../x"}, "lower-case words"),
        (DISTIL, {**ADD, "tags": ["A B"]}, "lower-case words"),
        (DISTIL, {**ADD, "body": "Deploy on  Fridays."}, "a candidate says it already"),
        (DISTIL, {**ADD, "body": QUEUE}, "it is said already"),
        (DISTIL, {**ADD, "body": "The key is AKIAQ4R7TN2LM5XZ8WVB."}, "secret"),
        (DISTIL, {**ADD, "title": "\x1b[2Jx"}, "terminal-escape"),
        (DISTIL, edit("retire"), "a job of 'distil' takes add"),
        (GENERALISE, ADD, "'based_on' has to name"),
        (GENERALISE, {**ADD, "based_on": [ONE]}, ""),
        (REVIEW, VERDICT, ""),
        (REVIEW, {**VERDICT, "verdict": "promote"}, "approve, ask, reject"),
        (REVIEW, {**VERDICT, "reject": [{"id": UNKNOWN, "reason": "r"}]}, ""),
        (REVIEW, {**VERDICT, "reject": [{"id": ONE, "reason": "r"}]}, "no candidate of this job"),
        (REVIEW, ADD, "a job of 'review' takes verdict"),
    ],
)
def test_the_other_jobs(kind: str, said: dict[str, Any], reason: str) -> None:
    job = Job(kind, (shown(make(1, QUEUE), False),), session="work", candidates=(PROPOSED,))
    found = why(job, said)
    assert (reason in found) and bool(found) == bool(reason)


def test_a_review_has_one_verdict_and_the_same_is_added_once() -> None:
    review = Job(REVIEW, session="work", candidates=(PROPOSED,))
    assert judged(review, VERDICT, VERDICT).refused[0].reason == "a review has one verdict"
    assert judged(review, VERDICT, moved=("work",)).refused[0].reason.startswith("the session has changed")
    distil = Job(DISTIL)
    assert judged(distil, ADD, {**ADD, "body": "Deploy  on Mondays."}).refused[0].reason == "it is said already"


IDS = st.sampled_from([ONE, TWO, THREE, FOUR, UNKNOWN, "", "x"])
BODIES = st.none() | st.sampled_from([QUEUE, ALSO, NINE, BOTH, AGAIN, QUEUE + ALSO]) | st.text(min_size=1, max_size=30)
ANY_EDIT = st.builds(
    Edit,
    form=st.sampled_from(sorted({form for forms in FORMS.values() for form in forms})),
    id=IDS,
    reason=st.text(min_size=1, max_size=10),
    title=st.none() | st.text(min_size=1, max_size=10),
    body=BODIES,
    others=st.lists(IDS, min_size=1, max_size=3).map(tuple),
    verdict=st.text(max_size=5),
    rejects=st.lists(st.builds(Rejection, IDS, st.text()), max_size=2).map(tuple),
)


@settings(max_examples=150)
@given(st.lists(ANY_EDIT, max_size=6), st.sampled_from(sorted(FORMS)), st.booleans())
def test_any_edits_are_parted_and_what_is_protected_stays(edits: list[Edit], kind: str, force: bool) -> None:
    job = replace(dream_job(), kind=kind)
    found = judge(job, Answer(tuple(edits)), AT, force)
    assert len(found.accepted) + len(found.refused) == len(edits)
    assert all(one.reason for one in found.refused)
    touched = {memory_id for one in found.accepted for memory_id in one.documents}
    assert touched <= ({ONE, TWO, THREE} if kind == DREAM else set())
    assert force or sum(one.edit.form == "retire" for one in found.accepted) <= job.limits.retire
    for one in found.accepted:
        for memory_id, document in one.documents.items():
            assert document.get("id") == memory_id and document.get("source") and document.get("created")
