"""Merging by key and by block: the rules one by one, then the laws over generated memories."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.document import MAX_BYTES, Document, Value, decode, new_document, parse_document
from memcli.core.memory.questions import doubt
from memcli.core.memory.schema import read_memory
from memcli.core.memory.titles import is_derived
from memcli.core.merge.conflict import (
    conflicted,
    encode_value,
    other_values,
    sides_of,
    with_other_values,
    with_sides,
    without_conflict,
)
from memcli.core.merge.part_conflict import PartConflict
from memcli.core.merge.sequences import merge_sequences
from memcli.core.merge.status import without_upkeep
from memcli.core.merge.three_way import STUB, changed_parts, merge_versions, stub

EARLY, LATE, LATEST = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"
BASE = parse_document(
    f"""---
# who knows
id: 01K9Z3V5C4M8Q2T7R6W1XABCDE
title: Retries
zebra: kept
kind: semantic
topic: payments
tags:
  - one   # first
  - two
status: active
created: {EARLY}
modified: {EARLY}
source:
  session: s1
  ref: a.md
# the end
---
# Retries

First.

- a
- b

Last.
"""
)


def edit(document: Document, body: str | None = None, /, **values: Value) -> Document:
    edited = document.with_values(values)
    return edited if body is None else edited.with_body(body)


def both(base: Document | None, ours: Document, theirs: Document) -> Document:
    """The merge, after a look that it is the same from both sides and can be read."""
    merged, mirrored = merge_versions(base, ours, theirs), merge_versions(base, theirs, ours)
    document = merged.document
    assert mirrored.document.text() == document.text()
    assert [conflict.swapped() for conflict in mirrored.conflicts] == list(merged.conflicts)
    is_full = len(document.text().encode()) > MAX_BYTES - len("conflict: true\n")
    assert not merged.conflicts or conflicted(document) or is_full
    assert parse_document(decode(document.text().encode())) == document
    return document


# Keys


def test_each_side_keeps_its_own_lines() -> None:
    ours, theirs = edit(BASE, title="Queue"), edit(BASE, tags=("two", "one"), modified=LATE)
    expected = theirs.text().replace("title: Retries", "title: Queue")
    merged = both(BASE, ours, theirs)
    assert merged.text() == expected
    assert not conflicted(merged)


def test_both_titles_are_kept_the_smaller_by_time_and_text_stays() -> None:
    ours, theirs = edit(BASE, title="B", modified=LATE), edit(BASE, title="A", modified=LATEST)
    merged = both(BASE, ours, theirs)
    assert [merged.get(key) for key in ("title", "title_other", "conflict")] == ["B", "A", "true"]
    tied = both(BASE, ours, edit(theirs, modified=LATE))
    assert [tied.get(key) for key in ("title", "title_other", "conflict")] == ["A", "B", "true"]


def test_another_key_takes_the_later_side_and_keeps_the_other_value() -> None:
    ours, theirs = edit(BASE, topic="queues", modified=LATEST), edit(BASE, topic="billing", modified=LATE)
    merged = both(BASE, ours, theirs)
    assert [merged.get(key) for key in ("topic", "conflict")] == ["queues", "true"]
    assert merged.get("conflict_other") == {"topic": "billing"}


def test_a_key_that_one_side_removed_and_the_other_changed_stays_and_is_flagged() -> None:
    merged = both(BASE, edit(BASE, topic=None, modified=LATE), edit(BASE, topic="billing"))
    assert [merged.get(key) for key in ("topic", "conflict", "conflict_other")] == ["billing", "true", None]


def test_a_removed_key_stays_removed() -> None:
    merged = both(BASE, edit(BASE, zebra=None), edit(BASE, topic="billing"))
    assert merged.line_of("zebra") == 0
    assert not conflicted(merged)


def test_times_and_status_have_an_order() -> None:
    base = edit(BASE, key="retries")
    ours = edit(base, modified=LATEST, created="2025-06-01T00:00:00Z", status="superseded", superseded_by="X")
    theirs = edit(base, modified=LATE, created="2025-05-01T00:00:00Z", status="retired")
    merged = both(base, ours, theirs)
    values = [merged.get(key) for key in ("modified", "created", "status", "superseded_by")]
    assert values == [LATEST, "2025-05-01T00:00:00Z", "retired", "X"]
    assert not conflicted(merged)


def test_without_a_key_superseded_against_retired_is_flagged() -> None:
    ours = edit(BASE, modified=LATE, status="superseded", superseded_by="X")
    theirs = edit(BASE, modified=LATEST, status="retired", retired={"at": LATEST, "reason": "wrong"})
    merged = merge_versions(BASE, ours, theirs)
    assert merged.conflicts == (PartConflict("status", "active", "superseded: X", "retired: wrong"),)
    assert both(BASE, ours, theirs).get("status") == "retired"


def test_two_successors_without_a_key_are_both_kept() -> None:
    ours, theirs = (
        edit(BASE, modified=at, status="superseded", superseded_by=by) for at, by in ((LATE, "X"), (LATEST, "Y"))
    )
    merged = both(BASE, ours, theirs)
    assert [merged.get(key) for key in ("superseded_by", "conflict")] == ["Y", "true"]
    assert merged.get("conflict_other") == {"superseded_by": "X"}


def test_two_reasons_for_retiring_are_both_kept_one_reason_is_the_earlier() -> None:
    def retired(at: str, reason: str) -> Document:
        return edit(BASE, modified=at, status="retired", retired={"at": at, "reason": reason} if reason else {"at": at})

    merged = merge_versions(BASE, retired(LATE, "wrong"), retired(LATEST, "moved"))
    assert [conflict.part for conflict in merged.conflicts] == ["retired"]
    assert conflicted(both(BASE, retired(LATE, "wrong"), retired(LATEST, "moved")))
    for earlier, later, expected in (("wrong", "wrong", LATE), ("", "wrong", LATEST), ("wrong", "", LATE)):
        once = both(BASE, retired(LATE, earlier), retired(LATEST, later))
        assert once.get("retired") == {"at": expected, "reason": "wrong"} and not conflicted(once)


def test_a_conflict_has_the_texts_of_all_three() -> None:
    ours, theirs = edit(BASE, BASE.body.replace("First.", "Ours.")), edit(BASE, BASE.body.replace("First.", "Theirs."))
    assert merge_versions(BASE, ours, theirs).conflicts == (PartConflict("body", "First.", "Ours.", "Theirs."),)
    assert merge_versions(BASE, theirs, ours).conflicts == (PartConflict("body", "First.", "Theirs.", "Ours."),)


def test_what_a_version_changes_is_named() -> None:
    changed = edit(BASE, BASE.body.replace("First.", "Ours.").replace("Last.", "End."), title="Queue", status="retired")
    assert changed_parts(BASE, changed) == ("title", "status", "2 blocks")
    assert changed_parts(BASE, edit(BASE, modified=LATE)) == ()


def test_lists_are_sets_in_the_old_order_then_sorted() -> None:
    ours, theirs = edit(BASE, tags=("zoo", "two")), edit(BASE, tags=("one", "two", "ape", "zoo"))
    merged = both(BASE, ours, theirs)
    assert merged.get("tags") == ("two", "ape", "zoo")
    assert not conflicted(merged)
    assert both(BASE, edit(BASE, tags=("one",)), edit(BASE, tags=("two",))).line_of("tags") == 0


def test_mappings_merge_key_by_key() -> None:
    ours = edit(BASE, source={"session": "s2", "ref": "b.md"}, modified=LATE)
    theirs = edit(BASE, source={"session": "s3", "ref": "a.md", "commit": "abc"}, modified=LATEST)
    merged = both(BASE, ours, theirs)
    assert merged.get("source") == {"session": "s3", "ref": "b.md", "commit": "abc"}
    assert not conflicted(merged)
    clash = both(BASE, ours, edit(theirs, source={"session": "s1", "ref": "c.md"}))
    assert clash.get("source") == {"session": "s2", "ref": "c.md"}
    assert clash.get("conflict_other") == {"source.ref": "b.md"}


@pytest.mark.parametrize(("agent", "other"), [("codex", "claude"), ("codex", None), (None, "codex")])
def test_the_author_is_that_of_the_later_side_and_no_conflict(agent: str | None, other: str | None) -> None:
    def by(name: str | None, session: str, old: str, at: str) -> Document:
        author = {"session": session, "ref": "a.md", **({"agent": name} if name else {})}
        return edit(base, BASE.body.replace(old, "New."), source=author, modified=at)

    for first in (None, "codex"):
        base = edit(BASE, source={"session": "s1", "ref": "a.md", **({"agent": first} if first else {})})
        earlier, later = by(agent, "s2", "First.", LATE), by(other, "s3", "Last.", LATEST)
        merged = both(base, earlier, later)
        assert merged.get("source") == later.get("source") and not conflicted(merged)
        assert both(base, earlier, edit(base, tags=("x",), modified=LATEST)).get("source") == earlier.get("source")


def test_the_first_retirement_and_the_last_verification_count() -> None:
    ours, theirs = ({"at": at, "by": by} for at, by in ((EARLY, "ann"), (LATE, "bob")))
    merged = both(
        BASE, edit(BASE, retired=ours, verified=theirs, status="retired"), edit(BASE, retired=theirs, verified=ours)
    )
    assert (merged.get("retired"), merged.get("verified")) == (ours, theirs)


def test_questions_of_both_sides_are_kept_one_of_each_subject() -> None:
    gone, drifted, other = (doubt(subject, "a.py", "2026-11-30").line for subject in ("gone", "drifted", "other"))
    later = doubt("drifted", "b.py", "2026-12-01").line
    base = edit(BASE, attention=(gone, "ask Ann"))
    merged = both(
        base, edit(base, attention=(gone, "ask Ann", drifted)), edit(base, attention=("ask Ann", later, other))
    )
    assert merged.get("attention") == ("ask Ann", later, other)


def test_comments_of_both_sides_survive() -> None:
    ours = parse_document(
        BASE.text().replace("topic: payments", "# mine\ntopic: queues").replace("# the end", "# the end\n# o")
    )
    theirs = parse_document(
        BASE.text().replace("topic: payments", "# yours\ntopic: queues").replace("# the end", "# t")
    )
    text = both(BASE, ours, theirs).text()
    assert "# mine\n# yours\ntopic: queues\n" in text
    assert "# t\n# o\n---\n" in text


def test_a_comment_and_a_value_changed_by_different_sides_are_both_there() -> None:
    ours = parse_document(BASE.text().replace("topic: payments", "# mine\ntopic: payments"))
    merged = both(BASE, ours, edit(BASE, topic="queues"))
    assert "# mine\ntopic: queues\n" in merged.text()
    assert not conflicted(merged)


def test_new_keys_stand_where_the_format_puts_them() -> None:
    merged = both(BASE, edit(BASE, key="a.b"), edit(BASE, pin="true", other="x"))
    keys = [entry.key for entry in merged.entries]
    assert keys.index("key") == keys.index("topic") + 1
    assert keys[-1] == "other"


def test_lines_that_do_not_stand_together_are_written_anew() -> None:
    base = parse_document("---\nx: |\n  text\ny: 1\n---\n")
    ours = parse_document("---\n  # note\nid: a\nx: |\n  text\ny: 1\n---\n")
    merged = both(base, ours, parse_document("---\nx: |\n  text\n---\n"))
    assert merged.front() == {"x": "text\n", "id": "a"}


# Lifecycle


def test_absence_never_means_deletion() -> None:
    assert merge_versions(BASE, None, BASE).document is BASE
    assert merge_versions(BASE, edited := edit(BASE, "new\n"), None).document is edited
    assert merge_versions(BASE, None, None).document is BASE
    assert merge_versions(None, None, edited).document is edited
    with pytest.raises(ValueError, match="nothing to merge"):
        merge_versions(None, None, None)


def test_withdrawn_beats_every_edit() -> None:
    gone = edit(BASE, "secret\n", status="withdrawn", reason="wrong")
    merged = both(BASE, gone, edit(BASE, "edited\n", title="X", status="retired", modified=LATEST))
    assert merged == stub(gone)
    assert merged.front().keys() <= set(STUB)
    assert (merged.get("reason"), merged.body, "who knows" in merged.text()) == ("wrong", "", False)
    assert both(None, stub(gone), BASE) == stub(gone)


def test_two_stubs_make_one() -> None:
    one, other = (stub(edit(BASE, status="withdrawn", reason=reason)) for reason in "ab")
    assert both(BASE, one, other) in (one, other)


def test_an_edit_against_retire_is_kept_and_flagged() -> None:
    for first, second in ((LATE, LATEST), (LATEST, LATE)):
        retired = edit(BASE, status="retired", retired={"at": first, "reason": "old"}, modified=first)
        edited = edit(BASE, "Better.\n", modified=second)
        merged = both(BASE, retired, edited)
        keys = ("status", "retired", "conflict")
        assert [*map(merged.get, keys), merged.body] == ["active", None, "true", "Better.\n"]
        assert other_values(merged)["status"] == {"retired"} and "old" in min(other_values(merged)["retired"])
        assert both(BASE, merged, retired) == both(BASE, merged, edited) == merged
        assert with_other_values(merged).get("retired") == retired.get("retired")
        assert without_conflict(merged) == edit(edited, modified=LATEST)


def test_an_edit_against_superseding_without_a_key_is_kept_and_flagged() -> None:
    gone = edit(BASE, status="superseded", superseded_by="X", modified=LATE)
    merged = both(BASE, gone, edit(BASE, "Better.\n", modified=LATEST))
    keys = ("status", "superseded_by", "conflict")
    assert [*map(merged.get, keys), merged.body] == ["active", None, "true", "Better.\n"]
    on_timeline = both(edit(BASE, key="k"), edit(gone, key="k"), edit(BASE, "Better.\n", key="k", modified=LATEST))
    assert on_timeline.get("status") == "superseded" and not conflicted(on_timeline)


@pytest.mark.parametrize(("ours", "theirs", "expected"), [
    ({}, {"status": "retired", "retired": {"at": LATE, "reason": "gone"}},
     "status: active against retired (gone)"),
    ({"status": "retired", "retired": {"at": LATE, "reason": "moved"}},
     {"status": "retired", "retired": {"at": LATEST, "reason": "gone"}},
     "status: retired (gone) against retired (moved)"),
    ({"status": "superseded", "superseded_by": "X"}, {"status": "retired", "retired": {"at": LATE, "reason": "gone"}},
     "status: retired (gone) against superseded"),
])  # fmt: skip
def test_the_question_names_both_states_and_their_reasons(
    ours: dict[str, Value], theirs: dict[str, Value], expected: str
) -> None:
    sides = edit(BASE, "Better.\n" if not ours else None, **ours), edit(BASE, **theirs)
    memory, _ = read_memory(both(BASE, *sides))
    assert memory is not None and memory.questions[0].reason == f"two versions differ in: {expected}"


@pytest.mark.parametrize("upkeep", [{"modified": LATEST}, {"verified": {"at": LATEST}}, {"importance": "0.4"}])
def test_upkeep_against_retire_is_no_conflict(upkeep: dict[str, Value]) -> None:
    retired = edit(BASE, status="retired", modified=LATE)
    assert not conflicted(both(BASE, retired, BASE.with_values(upkeep)))


def test_a_settled_conflict_stays_settled() -> None:
    base = edit(BASE, conflict="true", title_other="Other", conflict_other={"topic": "x"})
    merged = both(base, without_conflict(base), edit(base, BASE.body + "\nMore.\n", modified=LATE))
    assert not conflicted(merged)
    assert merged.body.endswith("Last.\n\nMore.\n")


def test_an_open_conflict_stays_open() -> None:
    flagged = edit(BASE, conflict="true", title_other="Other")
    merged = both(BASE, flagged, edit(BASE, topic="queues"))
    assert [merged.get(key) for key in ("conflict", "title_other", "topic")] == ["true", "Other", "queues"]


def test_a_third_title_is_not_lost() -> None:
    ours = edit(BASE, title="A", title_other="B", conflict="true", modified=LATE)
    merged = both(BASE, ours, edit(BASE, title="C", modified=LATEST))
    kept = {merged.get("title"), merged.get("title_other"), *_texts(merged.get("conflict_other"), "title")}
    assert kept == {"A", "B", "C"}


def test_merging_the_same_side_again_changes_nothing() -> None:
    ours, theirs = edit(BASE, "X\n", title="B", modified=LATEST), edit(BASE, "Y\n", title="A", modified=LATEST)
    merged = both(BASE, ours, theirs)
    assert both(BASE, merged, theirs) == merged
    assert both(BASE, merged, ours) == merged


def test_settle_takes_the_text_as_it_is_or_what_gave_way() -> None:
    ours = edit(BASE, title="A", topic="queues", meta={"a": "1"}, source={"ref": "x"}, modified=LATEST)
    theirs = edit(BASE, title="B", topic="[billing]", meta=("b",), source={"ref": "y"}, modified=LATE)
    merged = both(BASE, ours, theirs)
    assert conflicted(merged)
    names = ("title", "topic", "meta", "source")
    mine, yours = without_conflict(merged), with_other_values(merged)
    assert [mine.get(name) for name in names] == ["B", "queues", {"a": "1"}, {"ref": "x"}]
    assert [yours.get(name) for name in names] == ["A", "[billing]", ("b",), {"ref": "y"}]
    assert not conflicted(mine) and not conflicted(yours)
    assert merged.body == mine.body == yours.body


def test_both_versions_of_a_conflict_are_kept_whole_where_they_fit() -> None:
    ours, theirs = edit(BASE, "A.\n", title="A", modified=LATEST), edit(BASE, "B.\n", status="retired", modified=LATE)
    merged = with_sides(both(BASE, ours, theirs), ours, theirs)
    assert sides_of(parse_document(merged.text())) == {"ours": ours, "theirs": theirs}
    again = with_sides(merged, merged, theirs)
    assert sides_of(again)["ours"] == merged.with_values({"conflict_sides": None})
    assert sides_of(without_conflict(merged)) == {} == sides_of(edit(BASE, conflict_sides={"ours": "---\nx"}))
    large = edit(ours, "x" * 60_000 + "\n")
    assert with_sides(large, large, theirs) == large


# Bodies


def bodies(ours: str, theirs: str, base: str = BASE.body) -> tuple[str, bool]:
    merged = both(BASE.with_body(base), edit(BASE, ours, modified=LATE), edit(BASE, theirs, modified=LATEST))
    return merged.body, conflicted(merged)


def changed(old: str, new: str) -> str:
    assert old in BASE.body
    return BASE.body.replace(old, new)


def test_edits_of_different_blocks_are_both_applied() -> None:
    assert bodies(changed("- a", "- A"), changed("- b", "- B\n- c")) == (changed("- a\n- b", "- A\n- B\n- c"), False)
    assert bodies(changed("First.\n\n", ""), changed("Last.", "End.\n\nMore.")) == (
        "# Retries\n\n- a\n- b\n\nEnd.\n\nMore.\n",
        False,
    )


def test_edits_of_one_block_are_both_kept_without_markers() -> None:
    assert bodies(changed("First.", "Two."), changed("First.", "One.")) == (changed("First.", "One.\n\nTwo."), True)
    assert bodies(changed("- b", "- y"), changed("- b", "- x")) == (changed("- b", "- x\n- y"), True)


def test_the_same_edit_counts_once() -> None:
    one, other = changed("First.", "New."), changed("First.", "New.").replace("Last.", "End.")
    assert bodies(one, other) == (other, False)


def test_two_additions_at_one_place_share_what_they_share() -> None:
    assert bodies(BASE.body + "\nShared.\n", BASE.body + "\nShared.\n\nMore.\n") == (
        BASE.body + "\nShared.\n\nMore.\n",
        False,
    )
    assert bodies(BASE.body + "\nB.\n", BASE.body + "\nA.\n") == (BASE.body + "\nA.\n\nB.\n", True)


def test_an_edit_beats_a_deletion_and_is_flagged() -> None:
    assert bodies(changed("First.\n\n", ""), changed("First.", "Fresh.")) == (changed("First.", "Fresh."), True)


def test_an_emptied_body_leaves_the_last_line_its_end() -> None:
    assert bodies("", BASE.body + "\nMore.\n") == ("More.\n", False)


def test_of_two_equal_blocks_each_side_may_drop_another_one() -> None:
    assert bodies("- x\n", "- y\n- x\n", base="- x\n- y\n- x\n") == ("- y\n- x\n", True)


def test_what_one_side_removed_does_not_come_back_beside_an_edit_of_its_neighbour() -> None:
    body, flagged = bodies("# Retries\n\nRewritten.\n\nLast.\n", changed("- b", "- B"))
    assert body == "# Retries\n\n- B\n\nRewritten.\n\nLast.\n"
    assert flagged


def test_memories_added_twice_are_united() -> None:
    ours, theirs = (
        edit(BASE, "Same.\n\nOurs.\n", tags=("a",)),
        edit(BASE, "Same.\n\nTheirs.\n", tags=("b",), pin="true"),
    )
    merged = both(None, ours, theirs)
    assert merged.body == "Same.\n\nOurs.\n\nTheirs.\n"
    assert [merged.get(key) for key in ("tags", "pin", "conflict")] == [("a", "b"), "true", "true"]


def test_files_without_front_matter_merge_too() -> None:
    base, ours, theirs = parse_document("A\n\nB\n"), parse_document("A\n\n---\n\nB\n"), parse_document("B\n")
    merged = both(base, ours, theirs)
    assert {"---", "B"} <= set(merged.text().split("\n"))
    assert both(base, parse_document("A1\n\nB\n"), parse_document("A\n\nB1\n")).text() == "A1\n\nB1\n"
    assert (
        both(base, parse_document("---\nid: x\n---\nA\n\nB\n"), parse_document("A\n\nB1\n")).text()
        == "---\nid: x\n---\nA\n\nB1\n"
    )


def test_what_would_not_fit_leaves_the_later_side_flagged() -> None:
    ours, theirs = (edit(BASE, letter * 40000 + "\n", modified=at) for letter, at in (("a", LATEST), ("b", LATE)))
    merged = both(BASE, ours, theirs)
    assert merged == edit(ours, conflict="true")
    full = edit(ours, ours.body + "c" * (MAX_BYTES - len(ours.text())))
    assert both(BASE, full, theirs) == full


# Laws

words = st.sampled_from(["alpha", "beta", "no", "1.10", "12:30", "x: y", "#h", "é", "[a]", '"q"', "two\nlines"])
tags = st.lists(st.sampled_from("abcdef"), max_size=4, unique=True).map(tuple)
times = st.sampled_from([EARLY, LATE, LATEST, "nonsense", "2026-01-02"])
mapping = st.dictionaries(st.sampled_from(["session", "agent", "ref", "at", "odd"]), words, max_size=3)
any_value = words | tags | mapping | st.just({"deep": ({"er": ("x",)},)})
TYPICAL: dict[str, st.SearchStrategy[Any]] = {
    "title": words,
    "kind": st.sampled_from(["semantic", "episodic"]),
    "tags": tags | words,
    "status": st.sampled_from(["active", "superseded", "retired", "odd"]),
    "created": times,
    "modified": times,
    "source": mapping | words,
    "retired": mapping,
    "attention": words,
    "zebra": any_value,
    "meta": any_value,
    "conflict": st.just("true"),
    "title_other": words,
    "conflict_other": st.dictionaries(st.sampled_from(["zebra", "title", "source.ref"]), words, max_size=2),
}
BLOCKS = ["# H", "One.", "Two.\nlines", "- a", "- b", "  - c", "1. n", "```\nx\n\ny\n```", "> q", "---", "    pre", "é"]
blocks = st.lists(st.sampled_from(BLOCKS), max_size=5)
gaps = st.sampled_from(["\n", "\n\n", "\n\n\n"])


@st.composite
def some_bodies(draw: st.DrawFn) -> str:
    parts = draw(blocks)
    return draw(st.sampled_from(["", "\n"])) + "".join(part + draw(gaps) for part in parts)


changes_of = st.fixed_dictionaries({}, optional={key: st.none() | value for key, value in TYPICAL.items()})
fronts = st.fixed_dictionaries({}, optional=TYPICAL)


@st.composite
def triples(draw: st.DrawFn, withdrawn: bool = True) -> tuple[Document, Document, Document]:
    """A memory and two versions of it."""
    base = new_document({"id": "x", **draw(fronts)}, draw(some_bodies()))
    sides = []
    for _ in range(2):
        side = base.with_values(draw(changes_of))
        side = side.with_body(draw(st.just(base.body) | some_bodies()))
        side = _commented(side, draw(st.none() | st.sampled_from(["# one", "# two"])), draw(st.integers(0, 9)))
        if withdrawn and draw(st.integers(0, 9)) == 0:
            side = side.with_values({"status": "withdrawn"})
        sides.append(side)
    return base, sides[0], sides[1]


def _commented(side: Document, comment: str | None, place: int) -> Document:
    if comment is None or not side.entries:
        return side
    raws = [entry.raw for entry in side.entries]
    raws[place % len(raws)] = f"{comment}\n{raws[place % len(raws)]}"
    return parse_document(f"---\n{''.join(raws)}{side.tail}---\n{side.body}")


law = settings(max_examples=50)


@law
@given(triples(), st.booleans())
def test_law_commutative_and_readable(drawn: tuple[Document, Document, Document], based: bool) -> None:
    base, ours, theirs = drawn
    both(base if based else None, ours, theirs)


@law
@given(triples())
def test_law_idempotent_and_verbatim_where_one_side_changed(drawn: tuple[Document, Document, Document]) -> None:
    base, one, _ = drawn
    assert merge_versions(base, one, one).document.text() == one.text()
    assert merge_versions(None, one, one).document.text() == one.text()
    assert both(base, base, one).text() == one.text()


@law
@given(triples(withdrawn=False))
def test_law_untouched_keys_keep_their_lines(drawn: tuple[Document, Document, Document]) -> None:
    base, ours, theirs = drawn
    document = both(base, ours, theirs)
    merged = _raws(document)
    settled = {"conflict", "title_other", "conflict_other"}
    if "status" in other_values(document):
        settled |= {"status", "retired", "superseded_by"}
    if is_derived(ours) and is_derived(theirs):
        settled.add("title")
    for key in (_raws(base) | _raws(ours) | _raws(theirs)).keys() - settled:
        was, one, two = (_raws(side).get(key) for side in drawn)
        if one == two or was in (one, two):
            expected = two if one == was else one
            # a comment above a removed key goes to the key below
            assert (merged.get(key) or "").endswith(expected or "") and (key in merged) == (expected is not None)


@law
@given(triples(withdrawn=False), st.booleans())
def test_law_nothing_that_a_side_said_is_lost(drawn: tuple[Document, Document, Document], based: bool) -> None:
    base, ours, theirs = drawn
    merged = both(base if based else None, ours, theirs)
    for side in (ours, theirs):
        for name in ("title", "zebra", "meta", "kind"):
            value = side.get(name)
            if name == "title" and is_derived(side):
                continue  # it follows the merged body
            if value is not None and not (based and value == base.get(name)):
                assert encode_value(value) in {encode_value(merged.get(name)), *other_values(merged).get(name, ())}, (
                    name
                )
        for line in set(side.body.splitlines()) - (set(base.body.splitlines()) if based else set()):
            assert not line or line in merged.body.splitlines()


@law
@given(triples(withdrawn=False))
def test_law_an_edit_is_never_taken_out_of_use_without_a_flag(drawn: tuple[Document, Document, Document]) -> None:
    base, ours, theirs = (side.with_values({"status": None, "key": None}) for side in drawn)
    retired = theirs.with_values({"status": "retired"})
    merged = both(base, ours, retired)
    if without_upkeep(ours) != without_upkeep(base):
        assert merged.get("status") is None and conflicted(merged)
        assert both(base, merged, retired).get("status") is None


@law
@given(triples(withdrawn=False))
def test_law_different_values_are_flagged(drawn: tuple[Document, Document, Document]) -> None:
    base, ours, theirs = drawn
    merged = both(base, ours, theirs)
    for name in ("title", "zebra", "meta", "kind"):
        was, one, two = (side.get(name) for side in drawn)
        if one != two and was not in (one, two):
            assert merged.get("conflict") == "true"


items = st.lists(st.sampled_from("abcdefgh"), max_size=8)


@settings(max_examples=200)
@given(items, items, items)
def test_law_sequences_keep_all_that_was_added_and_what_neither_removed(
    base: list[str], first: list[str], second: list[str]
) -> None:
    merged, _ = merge_sequences(base, first, second)
    added = (set(first) | set(second)) - set(base)
    kept = set(base) & set(first) & set(second)
    assert added | kept <= set(merged) <= set(base) | added
    assert merge_sequences(base, first, first) == (first, [])
    assert merge_sequences(base, base, second) == (second, [])


def _raws(document: Document) -> dict[str, str]:
    return {entry.key: entry.raw for entry in document.entries}


def _texts(others: Value, name: str) -> tuple[Value, ...]:
    value = others.get(name) if isinstance(others, dict) else None
    return value if isinstance(value, tuple) else (value,)
