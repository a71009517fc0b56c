"""Selection: the limit, shares of sources and files, lineages, near-copies, and the same result in any order."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.memory import Memory
from memcli.core.sources.passages import EPOCH, Filing, Passage, memory_of
from memcli.core.sources.source_reader import Reading, SourceReader, SourceUnit, extracts_of
from memcli.core.sources.source_reading import SourceReading
from memcli.core.worth.selection import DIARY, NEAR_COPY, OVER_LIMIT, WorthContext, select

AT = datetime(2026, 12, 1, tzinfo=UTC)
CONTEXT = WorthContext({}, AT)
SYLLABLES = ["ba", "co", "di", "fu", "ga", "ho", "ki", "lu", "me", "no", "pa", "ru", "si", "to", "va", "xe"]


def some_words(number: int) -> str:
    """Twelve words that no other number has."""
    chooser = random.Random(number)
    return " ".join("".join(chooser.choices(SYLLABLES, k=4)) for _ in range(12))


def memory(number: int, path: str, type_: str = "fact", extra: str = "") -> Memory:
    words = some_words(number)
    text = f"Never change `{words}` in `src/{number}.py`, because {words} must hold. {extra}"
    return memory_of(Passage(f"{path}#L{number + 1}", text, EPOCH), Filing(f"{words} {number}", type_, "x"))


def reading(reader: str, memories: list[Memory], diary: bool = False) -> SourceReading:
    extracts = tuple(replace(extract, diary=diary) for extract in extracts_of(memories))
    source = SourceReader(reader, reader, lambda *_: iter(()), lambda *_: Reading())
    return SourceReading(source, SourceUnit(reader, ()), Reading(extracts))


def many(reader: str, count: int, start: int = 0, files: int = 1000) -> SourceReading:
    return reading(reader, [memory(n, f"docs/{reader}-{n % files}.md") for n in range(start, start + count)])


def test_one_source_leaves_room_for_the_others() -> None:
    selection = select([many("decisions", 80), many("rules", 40, 100), many("guides", 5, 200)], CONTEXT, 60)
    assert Counter(each.reader.name for each in selection.kept) == {"decisions": 42, "rules": 18}
    scores = [each.worth.score for each in selection.kept]
    assert scores == sorted(scores, reverse=True)
    assert len(selection.left[OVER_LIMIT]) == 65


def test_a_source_alone_has_the_whole_limit() -> None:
    assert len(select([many("decisions", 80)], CONTEXT, 60).kept) == 60
    assert len(select([many("decisions", 80)], CONTEXT, None).kept) == 80


def test_one_file_leaves_room_for_the_others() -> None:
    selection = select([many("guides", 30, files=1), many("guides", 10, 100)], CONTEXT, 12)
    files = Counter(each.extract.path for each in selection.kept)
    assert files["docs/guides-0.md"] <= 8
    assert len(selection.kept) == 12


def test_records_that_supersede_each_other_stay_together() -> None:
    old, new = memory(1, "docs/adr/1.md", "decision"), memory(2, "docs/adr/2.md", "decision")
    old, new = replace(old, status="superseded", superseded_by=new.id), replace(new, supersedes=(old.id,))
    readings = [reading("decisions", [old, new]), many("decisions", 3, 10)]
    for limit in range(6):
        ids = {each.extract.memory.id for each in select(readings, CONTEXT, limit).kept}
        assert (old.id in ids) == (new.id in ids)


def test_diaries_are_left_out_unless_they_are_wanted() -> None:
    diary = reading("claude-notes", [memory(1, "notes/2026-01-01.md")], diary=True)
    assert list(select([diary], CONTEXT).left) == [DIARY]
    assert len(select([diary], WorthContext({}, AT, diaries=True)).kept) == 1


def test_copies_are_folded_across_sources() -> None:
    text = memory(1, "CONTRIBUTING.md")
    copy = replace(text, id=memory(2, "x.md").id, source=replace(text.source, ref="AGENTS.md#L1"))
    selection = select([reading("guides", [text]), reading("rules", [copy])], CONTEXT)
    assert [each.reader.name for each in selection.kept] == ["rules"]
    assert [each.reader.name for each in selection.left[NEAR_COPY]] == ["guides"]


@pytest.mark.parametrize("extra", ["", "The same words stand in all of them, as in the copies of a form. " * 10])
def test_thousands_of_extracts_take_little_time(extra: str) -> None:
    readings = [reading("guides", [memory(n, f"docs/{n}.md", extra=extra) for n in range(2000)])]
    started = time.process_time()
    select(readings, CONTEXT)
    assert time.process_time() - started < 8


READINGS = st.lists(
    st.tuples(st.sampled_from(["decisions", "rules", "guides", "docs", "claude-notes"]), st.integers(0, 40)),
    max_size=20,
    unique_by=lambda pair: pair[1],
)


@settings(max_examples=60)
@given(READINGS, st.integers(0, 12) | st.none(), st.randoms(use_true_random=False))
def test_the_selection_does_not_depend_on_the_order(
    pairs: list[tuple[str, int]], limit: int | None, shuffling: random.Random
) -> None:
    readings = [many(name, 1, number) for name, number in pairs]
    selection = select(readings, CONTEXT, limit)
    shuffled = readings.copy()
    shuffling.shuffle(shuffled)
    again = select(shuffled, CONTEXT, limit)
    assert [each.extract for each in again.kept] == [each.extract for each in selection.kept]
    assert {reason: len(some) for reason, some in again.left.items()} == {
        reason: len(some) for reason, some in selection.left.items()
    }
    assert len(selection.kept) <= (len(pairs) if limit is None else limit)
    left = sum(map(len, selection.left.values()))
    assert left + len(selection.kept) == len(pairs)


def test_a_note_of_a_store_is_proposed_however_little_it_says() -> None:
    text = "The board is at the door."
    note = memory_of(Passage("notes/board.md", text, EPOCH), Filing("The board", "fact", "x"))
    assert select([reading("claude-notes", [note])], CONTEXT).kept
    assert not select([reading("guides", [note])], CONTEXT).kept
    assert not select([reading("memory-bank", [note])], CONTEXT).kept


def test_a_diary_entry_that_repeats_a_fact_is_folded_into_it() -> None:
    entry, fact = memory(1, "a/progress.md"), memory(1, "b/context.md")
    readings = [reading("notes", [entry], diary=True), reading("notes", [fact])]
    [kept] = select(readings, WorthContext({}, AT, diaries=True)).kept
    assert kept.extract.path == "b/context.md"
