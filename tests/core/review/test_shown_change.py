"""A candidate as people read it: words of its body, keys that change, both sides of a conflict."""

from __future__ import annotations

from memcli.core.memory.document import Value, new_document, parse_document
from memcli.core.merge.conflict import with_sides
from memcli.core.review.candidates import Candidate
from memcli.core.review.shown_change import ADDITION, KEPT, REMOVAL, REWORDED, SKIPPED, shown_change
from memcli.store import file_candidate

PATH = "semantic/queue/limit-XABCDE.md"
BODY = "The limit is 5.\n\nThe queue is durable.\n"


def text(body: str = BODY, **front: Value) -> str:
    whole: dict[str, Value] = {
        "id": "01K9Z3V5C4M8Q2T7R6W1XABCDE", "title": "The limit is 5", "kind": "semantic", "type": "fact",
        "topic": "queue", "status": "active", "created": "2026-11-20T09:30:00Z", "modified": "2026-11-20T09:30:00Z",
        "evidence": "human", **front,
    }  # fmt: skip
    return new_document({key: value for key, value in whole.items() if value}, body).text()


def changed(old: str, new: str) -> Candidate:
    return file_candidate(PATH, old, new)


def test_a_new_memory_is_shown_whole_with_the_keys_that_its_author_chose() -> None:
    change = shown_change(changed("", text(paths=("src/app.py@3f2a9c1d",), key="queue.limit")))
    assert [line.pieces[0][1] for line in change.lines] == ["The limit is 5.", "", "The queue is durable."]
    assert {key.text for key in change.keys} == {
        "type fact", "evidence human", "key queue.limit", "anchors src/app.py",
    }  # fmt: skip


def test_a_reworded_line_tells_which_words_changed() -> None:
    (line, *rest) = shown_change(changed(text(), text(BODY.replace("5", "7")))).lines
    assert line.sign == REWORDED
    assert line.pieces == ((KEPT, "The limit is "), (REMOVAL, "5"), (ADDITION, "7"), (KEPT, "."))
    assert [line.sign for line in rest] == [KEPT, KEPT]


def test_another_line_in_its_place_is_removed_and_added() -> None:
    lines = shown_change(changed(text(), text("Nobody knows who owns this.\n\nThe queue is durable.\n"))).lines
    assert [line.sign for line in lines][:2] == [REMOVAL, ADDITION]


def test_lines_far_from_a_change_are_skipped() -> None:
    body = "".join(f"Line {number} stays.\n" for number in range(20))
    lines = shown_change(changed(text(body), text(body.replace("Line 10 stays", "Line 10 goes")))).lines
    assert [line.sign for line in lines] == [SKIPPED, *[KEPT] * 2, REWORDED, *[KEPT] * 2, SKIPPED]


def test_changed_keys_have_both_values_and_a_title_that_follows_its_body_is_none() -> None:
    keys = shown_change(changed(text(), text(evidence="code", modified="2026-11-21T09:30:00Z"))).keys
    assert [key.text for key in keys] == ["evidence human → code"]
    assert shown_change(changed(text(), text(BODY.replace("5", "7"), title="The limit is 7"))).keys == ()
    assert [key.key for key in shown_change(changed(text(), text(title="Limits"))).keys] == ["title"]


def test_recorded_sides_are_shown_as_sides_and_not_as_text() -> None:
    ours, theirs = text(BODY.replace("5", "7")), text(BODY.replace("5", "9"), evidence="code")
    both = parse_document(text("The limit is 7.\n\nThe limit is 9.\n\nThe queue is durable.\n", conflict="true"))
    change = shown_change(changed(ours, with_sides(both, parse_document(ours), parse_document(theirs)).text()))
    assert [(side.part, side.base, side.ours, side.theirs) for side in change.sides] == [
        ("body", None, "The limit is 7.", "The limit is 9."),
        ("evidence", None, "human", "code"),
    ]
    assert change.lines == () and not any("conflict" in key.key for key in change.keys)


def test_a_file_that_is_no_memory_is_shown_as_it_is() -> None:
    change = shown_change(changed("", "---\nid: [\n---\nbroken\n"))
    assert change.is_raw and [line.pieces[0][1] for line in change.lines][-1] == "broken"
