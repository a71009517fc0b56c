"""What answers make of memories: the kept one is in force, the others are out of use, and the question is gone."""

from __future__ import annotations

from memcli.core.memory.document import Document, Value, new_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.questions import CONTRADICTION, Question, doubt, listed_questions
from memcli.core.memory.recorded_answers import is_answered_pair
from memcli.core.memory.resolution import Decision, keep_all, keep_one, still_true, without_mentions
from memcli.core.memory.schema import read_memory
from memcli.core.memory.timeline import arrange

ONE, TWO, THREE = (f"01K9Z3V5C4M8Q2T7R6W1XABCD{end}" for end in "EFG")
ASKED = Question(CONTRADICTION, (TWO,), "differs: 10 against 12", "2026-11-30")
DECISION = Decision("2026-12-01T10:00:00Z", "ada", "measured")


def document(memory_id: str, day: int = 20, **values: Value) -> Document:
    at = f"2026-11-{day:02}T09:30:00Z"
    front = {"id": memory_id, "title": memory_id[-2:], "status": "active", "created": at, "modified": at}
    return new_document({**front, **values}, f"The cost is {memory_id}.\n")


def memory(document: Document) -> Memory:
    parsed, findings = read_memory(document)
    assert parsed, findings
    return parsed


def test_both_stay_and_the_pair_is_answered() -> None:
    members = {ONE: document(ONE, attention=(ASKED.line, "ask Ann")), TWO: document(TWO)}
    after = keep_all(ASKED, ONE, members, DECISION)
    assert after[ONE].get("attention") == ("ask Ann",) and after[TWO].get("attention") is None
    assert [each.get("status") for each in after.values()] == ["active", "active"]
    assert is_answered_pair(memory(after[ONE]), memory(after[TWO]))
    assert "measured" in str(after[TWO].get("resolved"))


def test_the_one_that_is_not_kept_is_retired_with_the_reason() -> None:
    members = {ONE: document(ONE, attention=(ASKED.line,)), TWO: document(TWO)}
    after = keep_one(ASKED, ONE, TWO, members, DECISION)
    assert after[ONE].get("retired") == {"at": DECISION.at, "by": "ada", "reason": "measured"}
    assert after[ONE].get("attention") is None and after[TWO].get("status") == "active"


def test_within_a_lineage_the_one_that_is_not_kept_is_superseded() -> None:
    members = {ONE: document(ONE, supersedes=(TWO,), attention=(ASKED.line,)), TWO: document(TWO)}
    after = keep_one(ASKED, ONE, TWO, members, DECISION)
    assert (after[ONE].get("status"), after[ONE].get("superseded_by"), after[ONE].get("supersedes")) == (
        "superseded", TWO, None)  # fmt: skip
    assert after[TWO].get("supersedes") == (ONE,)


def test_on_a_timeline_the_kept_one_holds_from_then_on() -> None:
    flip = Question(CONTRADICTION, (TWO, ONE), "repeats a claim", "2026-11-30")
    members = {
        ONE: document(ONE, 1, key="a.b", status="superseded"),
        TWO: document(TWO, 2, key="a.b", status="superseded", superseded_by=THREE),
        THREE: document(THREE, 3, key="a.b", attention=(flip.line,)),
    }
    after = keep_one(flip, THREE, TWO, members, DECISION)
    for memory_id, changes in arrange(map(memory, after.values())).items():
        after = {**after, memory_id: after[memory_id].with_values(changes)}
    assert [memory(after[each]).status for each in (ONE, TWO, THREE)] == ["superseded", "active", "superseded"]
    kept = keep_one(flip, THREE, THREE, members, DECISION)
    assert [memory(kept[each]).status for each in (ONE, TWO, THREE)] == ["superseded", "superseded", "active"]
    assert kept[THREE].get("valid_from") is None and kept[THREE].get("attention") is None


def test_a_memory_that_is_still_true_has_no_doubts_left() -> None:
    drifted, basis = doubt("drifted", "a.py", "2026-11-30"), Question("doubt", (TWO,), "is retired", "2026-11-30")
    members = {ONE: document(ONE, attention=(drifted.line, ASKED.line, basis.line)), TWO: document(TWO)}
    verified: dict[str, Value] = {"verified": {"at": DECISION.at}}
    after = still_true([drifted, basis], ONE, members, verified, DECISION)
    assert after.keys() == {ONE}
    assert listed_questions(after[ONE].get("attention")) == (ASKED,)
    assert len(memory(after[ONE]).resolved) == 2 and after[ONE].get("verified") == verified["verified"]


def test_questions_about_a_memory_out_of_use_are_moot_but_doubts_are_not() -> None:
    basis = Question("doubt", (TWO,), "what it is based on is retired", "2026-11-30")
    asking = document(ONE, attention=(ASKED.line, basis.line))
    assert without_mentions(asking, TWO).get("attention") == (basis.line,)
