"""Folders of notes: which they are, what is made of a note, and why others are left."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from memcli.core.sources.dating import dated_memories
from memcli.core.sources.notes.notes_folders import READER
from memcli.core.sources.source_reader import Extract, Reading
from memcli.core.sources.source_reading import read_sources
from memcli.core.sources.source_registry import OPTIONS
from memcli.core.sources.source_tree import SourceTree

VAULT = {".obsidian/app.json": "{}"}


def read(files: Mapping[str, str], *named: str) -> Reading:
    """What the reader made of files among all readers; it says of each of its files what became of it."""
    tree = SourceTree(dict.fromkeys(files, ""), lambda path: files[path].encode(), named=named)
    units = [reading for reading in read_sources(tree, OPTIONS if named else ()) if reading.reader is READER]
    for reading in units:
        told = {extract.path for extract in reading.reading.extracts}
        assert told | {skipped.path for skipped in reading.reading.skipped} == set(reading.unit.paths)
    return Reading(
        tuple(extract for reading in units for extract in reading.reading.extracts),
        tuple(skipped for reading in units for skipped in reading.reading.skipped),
    )


def in_vault(text: str, path: str = "git/note.md") -> Extract:
    [extract] = read(VAULT | {path: text}).extracts
    return extract


def topics(number: int = 12) -> dict[str, str]:
    return {f"git/tip-{n}.md": f"# Tip {n}\n\nThe flag number {n} prints what it would do.\n" for n in range(number)}


def test_a_repository_of_topics_has_one_memory_for_each_note() -> None:
    reading = read(topics() | {"README.md": "# TIL\n\nWhat I learned.\n", "LICENSE": "MIT", "a.png": ""})
    assert len(reading.extracts) == 12
    assert {skipped.path: skipped.reason for skipped in reading.skipped} == {"README.md": "an index of other notes"}
    memory = reading.extracts[0].memory
    assert (memory.topic, memory.evidence) == ("git", "document")
    assert memory.title == "Tip 0: The flag number 0 prints what it would do"
    assert memory.body == "The flag number 0 prints what it would do.\n"


@pytest.mark.parametrize(
    "others",
    [
        {f"src/{n}.py": "x" for n in range(9)},
        {"mkdocs.yml": ""},
        {"book.toml": ""},
        {f"git/long-{n}.md": "words of a chapter " * 500 for n in range(20)},
    ],
)
def test_code_sites_and_books_are_no_notes(others: dict[str, str]) -> None:
    assert read(topics() | others) == Reading()


def test_a_documentation_directory_is_no_folder_of_notes() -> None:
    assert read({path.replace("git/", "docs/"): text for path, text in topics().items()}) == Reading()


def test_notes_without_topics_have_links() -> None:
    flat = {f"{n}.md": f"The flag number {n} prints it, see [[{n + 1}]].\n" for n in range(12)}
    assert len(read(flat).extracts) == 12


def test_a_vault_within_documentation_is_read_where_it_is_named() -> None:
    files = {"docs/.obsidian/app.json": "{}", "docs/a.md": "Orders are kept for ninety days.\n"}
    assert read(files) == Reading()
    assert len(read(files, "docs/a.md").extracts) == 1


def test_links_lead_to_the_memories_of_other_notes() -> None:
    files = {
        "queue.md": "The queue calls at midnight, for as long as it takes, "
        "[[Orders|the orders]], [[stores/Blobs#Size]], [[nobody]] and `[[Orders]]`.\n",
        "shop/Orders.md": "---\naliases: [purchases]\n---\nOrders are kept for ninety days, in [[BLOBS]].\n",
        "stores/blobs.md": "# Blobs\n\nBlobs are kept for ninety days, as [[purchases]] are.\n",
    }
    queue, orders, blobs = dated_memories(read(VAULT | files).extracts, {})
    assert queue.body == (
        "The queue calls at midnight, for as long as it takes, "
        f"[[{orders.id}|the orders]], [[{blobs.id}|stores/Blobs]], [[nobody]] and `[[Orders]]`.\n"
    )
    assert orders.body == f"Orders are kept for ninety days, in [[{blobs.id}|BLOBS]].\n\nAlso called: purchases\n"
    assert blobs.body == f"Blobs are kept for ninety days, as [[{orders.id}|purchases]] are.\n"


def test_tags_are_those_of_the_front_matter_and_the_text() -> None:
    text = "---\ntags: [ops, Queue]\n---\n#cron #ops\nDrained at midnight, as #night/jobs are; not C#, `#code` or #1.\n"
    memory = in_vault(text).memory
    assert memory.tags == ("ops", "queue", "cron", "night-jobs")
    assert memory.body == "Drained at midnight, as #night/jobs are; not C#, `#code` or #1.\n"


def test_images_are_left_out() -> None:
    body = in_vault(
        "![[plan.png|300]]\nThe queue is drained at midnight ![x](y.png) by cron.\n![x](y.png)\n"
    ).memory.body
    assert body == "The queue is drained at midnight ![x](y.png) by cron.\n"


@pytest.mark.parametrize(
    "path, text, title",
    [
        ("retry-queue.md", "Drained by a cron job.", "Retry queue"),
        ("202401011200 Retry.md", "Drained by a cron job.", "Retry: Drained by a cron job"),
        ("retry.md", "# Retries of the queue\n\nDrained by a cron job.", "Retries of the queue"),
        (
            "retry.md",
            "# One\n\nDrained at midnight by cron.\n\n# Two\n\nMore words.",
            "Retry: Drained at midnight by cron",
        ),
        ("retry.md", "---\ntitle: The retries\n---\n# Other\n\nDrained at midnight by cron.", "The retries"),
        ("notes.md", "# Notes\n\nThe queue is drained at midnight. By cron.", "The queue is drained at midnight"),
        (
            "a.org",
            "#+TITLE: Retries\n\nDrained by a cron job.",
            "Retries: Drained by a cron job",
        ),
        ("a.adoc", "= Retries\n\nDrained by a cron job.", "Retries: Drained by a cron job"),
        (
            "a.rst",
            "Retries\n=======\n\nDrained by a cron job.",
            "Retries: Drained by a cron job",
        ),
    ],
)
def test_the_title_is_what_names_the_note(path: str, text: str, title: str) -> None:
    assert in_vault(text, path).memory.title == title


@pytest.mark.parametrize(
    "text, type_",
    [
        ("The queue is drained at midnight by cron.", "fact"),
        ("Drain it:\n\n```bash\nqueue drain --all\n```", "procedure"),
        ("How it goes:\n\n1. stop the workers\n2. drain the queue", "procedure"),
        ("---\ntype: decision\n---\nOrders live in Postgres from now on.", "decision"),
    ],
)
def test_the_type_follows_from_the_text(text: str, type_: str) -> None:
    assert in_vault(text).memory.type == type_


@pytest.mark.parametrize("path", ["2024-05-01.md", "journal/a.md", "journals/2024_05_01.md", "x/01 Daily notes/May.md"])
def test_daily_notes_are_a_diary(path: str) -> None:
    extract = in_vault("Met Ann, who told me about the queue.", path)
    assert (extract.diary, extract.memory.kind) == (True, "episodic")
    assert extract.dated == ("05" in path)


def test_a_day_in_the_front_matter_is_the_date_of_the_note() -> None:
    extract = in_vault("---\ncreated: 2024-05-01\nupdated: 2024-06-02\n---\nOrders are kept for ninety days.")
    assert (extract.dated, extract.diary) == (True, False)
    assert (extract.memory.created.day, extract.memory.modified.month) == (1, 6)


@pytest.mark.parametrize(
    "path, text, reason",
    [
        ("a.md", "", "says less than a sentence"),
        (
            "a.md",
            "# A\n\n## Summary\n\n< summary >\n\n- **Type:** #[[x]] and more words here",
            "says less than a sentence",
        ),
        ("templates/a.md", "Words of a note, as many as need be.", "a template"),
        ("a.md", "Made at <% tp.date.now() %> by somebody.", "a template"),
        ("MOC.md", "Words of a note, as many as need be.", "an index of other notes"),
        ("a.md", "- [[One note]]\n- [[Another note]]\n- [[The third note]]\n", "an index of other notes"),
        ("a.md", "- [One note](a.md)\n- [Another note](b.md)\n- [Third note](c.md)\n", "an index of other notes"),
        ("a.md", "- [ ] buy some milk\n- [x] drain the queue\n- [ ] call Ann\n", "a list of tasks"),
        ("a.md", "---\nkanban-plugin: basic\n---\n## Doing\n\nSome words of a card here", "a drawing or a board"),
        ("Clippings/a.md", "Words of a note, as many as need be.", "a clipping of somebody else's text"),
        ("LICENSE.md", "Words of a licence, as many as need be.", "about the repository, not a note"),
    ],
)
def test_what_is_no_note_is_listed(path: str, text: str, reason: str) -> None:
    reading = read(VAULT | {path: text, "other.md": "Orders are kept for ninety days."})
    assert {skipped.path: skipped.reason for skipped in reading.skipped} == {path: reason}


def test_boards_of_a_vault_are_listed() -> None:
    reading = read(VAULT | {"a.md": "Orders are kept for ninety days.", "map.canvas": "{}"})
    assert [(skipped.path, skipped.reason) for skipped in reading.skipped] == [("map.canvas", "a drawing or a board")]


@pytest.mark.parametrize(
    "path", [f"notes/queue{suffix}" for suffix in (".md", ".markdown", ".txt", ".org", ".rst", ".adoc")]
)
def test_a_named_file_is_a_note(path: str) -> None:
    [extract] = read({path: "The queue is drained at midnight by cron.\n", "src/a.py": ""}, path).extracts
    assert extract.memory.title == "The queue is drained at midnight by cron"


def test_notes_in_a_named_directory_of_a_project() -> None:
    files = topics(3) | {"src/a.py": "", "src/CMakeLists.txt": "add_library(x y)"}
    assert not read(files).extracts
    assert len(read(files, *topics(3)).extracts) == 3
    assert not read(files, "src/a.py", "src/CMakeLists.txt").extracts


def test_a_named_page_with_sections_is_left_to_the_reader_of_documents() -> None:
    page = "# Guide\n\n" + "".join(f"## Step {n}\n\nWords about the step, as many as need be.\n\n" for n in range(3))
    assert not read({"guide.md": page, "src/a.py": ""}, "guide.md").extracts


def test_many_notes_with_many_links_are_read_in_seconds() -> None:
    links = " ".join(f"or as [[tip-{n}]] says" for n in range(20))
    files = {f"git/tip-{n}.md": f"The flag {n} prints what it would do.\n" * 20 + f"{links}\n" for n in range(2_000)}
    began = time.process_time()
    extracts = read(VAULT | files).extracts
    assert time.process_time() - began < 20
    assert len(extracts) == 2_000
    assert f"[[{extracts[0].memory.id}|tip-0]]" in extracts[-1].memory.body


@pytest.mark.parametrize("suffix", ["md", "org", "rst", "adoc", "txt"])
@pytest.mark.parametrize(
    "text",
    [
        " " * 200_000,
        "# x" + " " * 200_000 + "y",
        "tags:" + " \t" * 100_000,
        "x " + "#a " * 60_000,
        "#" * 200_000,
        "> " * 100_000,
        "[[" * 100_000,
        "![[" * 60_000 + "a.png",
        "<% " * 60_000,
        "```dataview\n" * 20_000,
        "**" * 100_000,
        "- [ ] " * 40_000,
        "=" * 200_000,
    ],
    ids=lambda text: repr(text[:9]),
)
def test_hostile_text_is_read_in_seconds(text: str, suffix: str) -> None:
    began = time.process_time()
    read(VAULT | {f"a.{suffix}": text, f"b.{suffix}": "Orders are kept for ninety days, see [[a]]."})
    assert time.process_time() - began < 10
