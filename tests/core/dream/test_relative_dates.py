"""Relative dates become absolute where they have one possible meaning; nothing else in a body changes."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memcli.core.dream.relative_dates import with_absolute_dates
from memcli.core.text.markdown import blocks

FRIDAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

CHANGED = [
    ("Yesterday we moved to pnpm.", "On 2026-11-19 we moved to pnpm."),
    ("We moved to pnpm yesterday.", "We moved to pnpm on 2026-11-19."),
    ("Redis was dropped the day before yesterday.", "Redis was dropped on 2026-11-18."),
    ("We ship tomorrow.", "We ship on 2026-11-21."),
    ("We ship the day after tomorrow.", "We ship on 2026-11-22."),
    ("Tomorrow is the deadline.", "2026-11-21 is the deadline."),
    ("The build broke yesterday morning.", "The build broke on the morning of 2026-11-19."),
    ("It has failed since yesterday evening.", "It has failed since the evening of 2026-11-19."),
    ("It fails since yesterday.", "It fails since 2026-11-19."),
    ("As of yesterday, the API is frozen.", "As of 2026-11-19, the API is frozen."),
    ("Redis was used until yesterday.", "Redis was used until 2026-11-19."),
    ("The fix has to land by tomorrow.", "The fix has to land by 2026-11-21."),
    ("We spent yesterday on the flaky test.", "We spent 2026-11-19 on the flaky test."),
    ("Last Tuesday CI broke.", "On 2026-11-17 CI broke."),
    ("We agreed on last Tuesday.", "We agreed on 2026-11-17."),
    ("We met last Tue, in Berlin.", "We met on 2026-11-17, in Berlin."),
    ("The disk filled up last Friday night.", "The disk filled up on the night of 2026-11-13."),
    ("# The cache was dropped last Monday", "# The cache was dropped on 2026-11-16"),
    ("# Switched last Monday\n\nYesterday it was stable.", "# Switched on 2026-11-16\n\nOn 2026-11-19 it was stable."),
    ("The key was rotated two days ago.", "The key was rotated on 2026-11-18."),
    ("A day ago the key was rotated.", "On 2026-11-19 the key was rotated."),
    ("The key was rotated 10 days ago.", "The key was rotated around 2026-11-10."),
    ("Two weeks ago Anna joined.", "Around 2026-11-06 Anna joined."),
    ("Anna joined a week ago.", "Anna joined around 2026-11-13."),
    ("Anna joined about two weeks ago.", "Anna joined around 2026-11-06."),
    ("Anna joined three months ago.", "Anna joined around 2026-08."),
    ("Anna joined 12 months ago.", "Anna joined around 2025-11."),
    ("Anna joined two years ago.", "Anna joined around 2024."),
    ("We switched to uv last month.", "We switched to uv in 2026-10."),
    ("**Last month** we switched to uv.", "**In 2026-10** we switched to uv."),
    ("The contract was renewed late last year.", "The contract was renewed late in 2025."),
    ("At the end of last year we switched.", "At the end of 2025 we switched."),
    ("The review is next month.", "The review is in 2026-12."),
    ("The freeze was moved to next month.", "The freeze was moved to 2026-12."),
    ("The audit is planned for next year.", "The audit is planned for 2027."),
    ("Last week we merged it.", "In the week of 2026-11-09 we merged it."),
    ("Last week was spent on CI.", "The week of 2026-11-09 was spent on CI."),
    ("The freeze starts next week.", "The freeze starts in the week of 2026-11-23."),
    ("- [ ] ask Anna tomorrow\n- done yesterday", "- [ ] ask Anna on 2026-11-21\n- done on 2026-11-19"),
    ("It was renamed last week – see docs.", "It was renamed in the week of 2026-11-09 – see docs."),
    ("We moved yesterday to `uv`.", "We moved on 2026-11-19 to `uv`."),
    ("A backup from two weeks ago was restored.", "A backup from around 2026-11-06 was restored."),
    ("- Yesterday we met\n* last week we met", "- On 2026-11-19 we met\n* in the week of 2026-11-09 we met"),
    ("It was broken *since* yesterday.", "It was broken *since* 2026-11-19."),
    ("# Switched to uv last Tue", "# Switched to uv on 2026-11-17"),
    ("1. We merged `main` (yesterday).", "1. We merged `main` (on 2026-11-19)."),
    ("We renamed 'foo' to \"bar\" yesterday.", "We renamed 'foo' to \"bar\" on 2026-11-19."),
    ("`foo`'s cache wasn't cleared yesterday.", "`foo`'s cache wasn't cleared on 2026-11-19."),
    ("[The fix](https://x.y/z) was merged yesterday.", "[The fix](https://x.y/z) was merged on 2026-11-19."),
    ("It broke\nyesterday, we think.", "It broke\non 2026-11-19, we think."),
    ("It broke since\r\nyesterday.\r\n", "It broke since\r\n2026-11-19.\r\n"),
    ("## 2026-11-20\n\nWe merged it yesterday.", "## 2026-11-20\n\nWe merged it on 2026-11-19."),
    ("We broke it yesterday. We fix it tomorrow.", "We broke it on 2026-11-19. We fix it on 2026-11-21."),
]

LEFT = [
    "",
    "We use SQLite in WAL mode.",
    # code, quotes, links
    "We ran `git log --since yesterday` and were happy.",
    "We ran ``a ` yesterday`` once.",
    "We ran `git log yesterday\nand it was never closed.",
    "```\nwe moved yesterday\n```",
    "~~~ text\nwe moved yesterday",
    "- a\n\n  ```\n  we moved yesterday\n  ```",
    "    we moved yesterday",
    "- a\n\n      we moved yesterday",
    "\twe moved yesterday",
    "> We moved yesterday.\nand were glad",
    "- > We moved yesterday.",
    'Anna wrote: "we moved yesterday".',
    "Anna wrote: 'we moved yesterday, and the users' data too'.",
    "Anna wrote: “we moved yesterday”.",
    "Anna wrote: „we moved yesterday“.",
    "Anna wrote: ‘we moved yesterday’.",
    "Anna wrote: «we moved yesterday».",
    'The 19" rack and "we moved yesterday".',
    "<pre>we moved\n\nyesterday</pre>",
    "<code>\n\nwe moved yesterday\n\n</code>",
    "<!-- we moved yesterday -->",
    "It was moved, see [yesterday](x.md), [[yesterday]], [notes]( yesterday ).",
    "It was moved, see https://example.org/ yesterday.html and /yesterday and a-yesterday.",
    # ambiguous by itself
    "We moved today, and it works now.",
    "We met on Tuesday.",
    "We meet next Tuesday.",
    "It was merged this week.",
    "We deploy in two days.",
    "We met last Thursday.",  # of a Friday: the day before, or the week before?
    "It was a few weeks ago, or a couple of days ago.",
    "It was moved last night.",
    "We broke the last week, and it was bad.",
    # other meanings
    "It was slower than yesterday.",
    "It was done within last week.",
    "We kept yesterday's backup.",
    "Last month's bill was paid.",
    "It was released on the last Tuesday of the month.",
    "We met last Tuesday of the month.",
    "It was merged in the last week of the sprint.",
    "It was merged over the last month.",
    "Our last week was busy.",
    "The last-week report was sent.",
    "We clicked the last month button.",
    "It was two or three weeks ago.",
    "It was one year and two months ago.",
    "It was over two weeks ago.",
    "It was 1.5 weeks ago.",
    "It was a week ago today.",
    "Half a year ago it was fine.",
    "It was the week of last Tuesday in March.",
    "Time flies, it was like yesterday.",
    # habits, programs, examples
    "We always deployed what was merged yesterday.",
    "If it failed yesterday, we retry.",
    "When we merged yesterday, it broke.",
    "The nightly job imported what changed yesterday.",
    "The report shows what changed yesterday.",
    "The bot merges branches that were updated yesterday.",
    "Rows changed yesterday go to the archive.",
    "Rows changed yesterday are kept.",
    "The build cached yesterday will go.",
    "Tokens issued yesterday expire tomorrow.",
    "The importer was changed to start from yesterday.",
    "The date was set to last month.",
    "The job writes totals for yesterday.",
    "The job builds a plan for tomorrow.",
    "We added ranges: today, yesterday, last month.",
    "We added yesterday and last week.",
    "Yesterday: the rows of the day before.",
    "- Today\n- Yesterday\n- Last week",
    "## Yesterday",
    "| Last month | was |\n|---|---|\n| Last week | 3 |",
    "It accepted e.g. yesterday.",
    "Prices for tomorrow come from the feed.",
    "Move them to last month, please.",
    "- Tomorrow\n- Next week",
    "They moved the last Friday, sadly.",
    "It was lost last week but one.",
    "We met yesterday: it was fun.",
    "We opened last month view.",
    "We opened it and last month view was empty.",
    "It is data of last month, please.",
    "We added last week, what broke two weeks ago, and was fixed yesterday.",
    # relative to another day
    "We merged it yesterday (2026-11-19).",
    "On 2026-03-04 we found that it broke yesterday.",
    "In March we found that it broke last month.",
    "On Monday Anna said it broke yesterday.",
    "On Mon we found that it broke yesterday.",
    "We ran git log --since yesterday and were happy.",
    "Anna said she would finish tomorrow.",
    "Anna said yesterday that it broke two days ago.",
    "## 2026-03-04\n\nYesterday we merged it.",
    "# Notes of 2026-03-04\n\nYesterday we merged it.",
    "2026-03-04: kickoff\n\nYesterday we merged it.",
    "- Mar 4: kickoff\n- we merged it yesterday",
    "Date: 4 March\n\nYesterday we merged it.",
    "Monday:\n\nYesterday we merged it.",
    # other words
    "We watched Yesterday together, it was long.",
    "The file yesterday.md was moved.",
    "We named it last_week and yesterday_total.",
    "Gestern haben wir es verschoben.",
]


@pytest.mark.parametrize(("body", "expected"), CHANGED)
def test_a_phrase_with_one_meaning_becomes_absolute(body: str, expected: str) -> None:
    changed, replaced = with_absolute_dates(body, FRIDAY)
    assert changed == expected
    assert replaced
    assert with_absolute_dates(changed, FRIDAY) == (changed, ())


@pytest.mark.parametrize("body", LEFT)
def test_other_phrases_are_left_alone(body: str) -> None:
    assert with_absolute_dates(body, FRIDAY) == (body, ())


def test_the_replacements_are_returned() -> None:
    _, replaced = with_absolute_dates("Yesterday we met. The review is next month.", FRIDAY)
    assert replaced == (("Yesterday", "On 2026-11-19"), ("next month", "in 2026-12"))


@pytest.mark.parametrize(
    ("day", "phrase", "expected"),
    [
        ("2026-03-31", "last month", "in 2026-02"),
        ("2026-01-31", "last month", "in 2025-12"),
        ("2026-03-01", "yesterday", "on 2026-02-28"),
        ("2028-03-01", "yesterday", "on 2028-02-29"),
        ("2026-01-15", "two months ago", "around 2025-11"),
        ("2026-05-31", "three months ago", "around 2026-02"),
        ("2026-01-01", "last week", "in the week of 2025-12-22"),
        ("2026-11-16", "last week", "in the week of 2026-11-09"),
        ("2026-11-22", "last week", "last week"),  # a Sunday
        ("2026-11-17", "last Tuesday", "on 2026-11-10"),
        ("2026-11-18", "last Tuesday", "last Tuesday"),
        ("2026-11-19", "last Tuesday", "on 2026-11-17"),
        ("1969-12-31", "yesterday", "yesterday"),
        ("9999-12-31", "yesterday", "yesterday"),
    ],
)
def test_the_calendar(day: str, phrase: str, expected: str) -> None:
    written = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert with_absolute_dates(f"We merged it {phrase}.", written)[0] == f"We merged it {expected}."


PHRASES = [
    "yesterday",
    "Tomorrow",
    "last Tuesday",
    "two weeks ago",
    "3 days ago",
    "next month",
    "last year",
    "last week",
]
WORDS = ["we", "met", "shipped", "since", "on", "about", "the", "will", "said", "is", "and", "2026-03-04", "Monday"]
SIGNS = [" ", " ", " ", "\n", "\n\n", ". ", ", ", ": ", "- ", "# ", "> ", "`", "```", "    ", "\t", '"', "'", "“", "”"]
ODD = ["[", "](x)", "]", "(", ")", "*", "|", "<b>", "\\", "\0", "\r\n", "\r", "\x85", "é", "…"]


def bodies() -> st.SearchStrategy[str]:
    """Words separated by spaces, with phrases and the signs of code and quotes."""
    words = st.sampled_from([*PHRASES, *WORDS]).map(lambda word: f"{word} ")
    return st.lists(words | st.sampled_from([*SIGNS, *ODD]), max_size=25).map("".join)


def days() -> st.SearchStrategy[datetime]:
    return st.datetimes(min_value=datetime(1960, 1, 1), max_value=datetime(2110, 1, 1), timezones=st.just(UTC))


@settings(max_examples=400)
@given(bodies(), days())
@example("We met last Tuesday. # Yesterday we met.\n## last Tuesday we met\nwe met yesterday", FRIDAY)
def test_only_phrases_change_and_a_second_run_changes_nothing(body: str, written: datetime) -> None:
    changed, replaced = with_absolute_dates(body, written)
    assert with_absolute_dates(changed, written) == (changed, ())
    at = body_at = 0
    for old, new in replaced:
        position = changed.index(new, at)
        kept = changed[at:position]
        assert body[body_at : body_at + len(kept) + len(old)] == kept + old
        at, body_at = position + len(new), body_at + len(kept) + len(old)
    assert changed[at:] == body[body_at:]


@settings(max_examples=200)
@given(bodies().filter(lambda text: not re.search("(?i)yesterday|tomorrow|last|next|ago", text)), days())
def test_a_body_without_phrases_is_unchanged(body: str, written: datetime) -> None:
    assert with_absolute_dates(body, written) == (body, ())


COVERED_SPANS = ["`{}`", "``` {} ```", '"{}"', "“{}”", "‘{}’", "[{}](x)", "[[{}]]"]
COVERED_BLOCKS = ["\n\n```\n{}\n```\n\n", "\n\n> {}\n\n", "\n\n    {}\n\n", "\n\n~~~\n{}\n~~~\n\n"]
PHRASED = st.sampled_from(["We met yesterday.", "Last week we met", "it was moved two weeks ago", "we ship tomorrow"])
AROUND = st.lists(st.sampled_from(["We met yesterday. ", "We met. ", "Anna's ", "the users' ", "is `x` ", "- ", "\n"]))


@settings(max_examples=300)
@given(st.sampled_from([*COVERED_SPANS, *COVERED_BLOCKS]), PHRASED, AROUND.map("".join), AROUND.map("".join))
def test_code_quotes_and_links_never_change(template: str, phrase: str, before: str, after: str) -> None:
    body = f"{before} {template.format(phrase)} {after}"
    changed, _ = with_absolute_dates(body, FRIDAY)
    assert template.format(phrase) in changed


@pytest.mark.parametrize(
    "unit",
    ["yesterday ", "we met yesterday. ", "a.", "\n", "`", "`a``b```c", "'a", "[", "[a](", "“", "* ", "ed ", "\\",
     "a.a+", "the a bs the ", "1 day ago ", "2026-01-01\n", "last ", "aed"],
)  # fmt: skip
def test_the_time_grows_in_proportion_to_the_text(unit: str) -> None:
    """Ten times the text takes much less than a hundred times as long."""

    def seconds(size: int) -> float:
        text = "We met yesterday. " + unit * (size // len(unit))
        blocks(text)
        return min(_process_time(text) for _ in range(3))

    assert seconds(65_000) < 0.05 + 40 * seconds(6_500)


def _process_time(text: str) -> float:
    start = time.process_time()
    with_absolute_dates(text, FRIDAY)
    return time.process_time() - start
