"""Which documents are guides for those who work on a repository."""

from __future__ import annotations

import pytest

from memcli.core.sources.documents.guides import READER
from memcli.core.sources.documents.translations import original_of
from memcli.core.sources.source_reader import Reading
from memcli.core.sources.source_reading import read_sources
from memcli.core.sources.source_tree import SourceTree

OWN = "We squash every pull request, and our CI runs the test suite. Maintainers review it.\n"
USERS = "You can test your application with it. Add it to your app, then let's see what your code does.\n"


def read(path: str, text: str, *others: str) -> Reading | None:
    texts = {path: text} | dict.fromkeys(others, "Other.\n")
    tree = SourceTree(dict.fromkeys(texts, ""), lambda name: texts[name].encode())
    readings = [each for each in read_sources(tree, readers=(READER,)) if each.unit.root == path]
    return readings[0].reading if readings else None


CERTAIN = [
    *("CONTRIBUTING.md", ".github/CONTRIBUTING.md", "HACKING", "RELEASING.rst", "DEVELOPMENT.adoc", "MAINTAINERS.txt"),
    *("docs/contributing.rst", "docs/development/queue.md", "packages/queue/CONTRIBUTING.md", "docs/glossary.md"),
    *("docs/style_guide.md", "Documentation/CodingGuidelines", "docs/known-issues.md", "docs/runbooks/restore.md"),
    *(
        "release/README.md",
        "tests/README.md",
        "scripts/readme.md",
        "docs/releasing/publishing.md",
        "doc/developing/misc.md",
        "runbooks/source/restore-db.html.md.erb",
        "contributing-guides/style.md",
        "docs/release-checklist.md",
        "ARCHITECTURE.md",
        "guides/source/contributing_to_queue.md",
    ),
]


@pytest.mark.parametrize("path", CERTAIN)
def test_guides_are_recognised_by_their_names_whoever_they_speak_to(path: str) -> None:
    reading = read(path, USERS)
    assert reading
    assert reading.extracts


@pytest.mark.parametrize(
    "path", ["docs/testing.rst", "docs/debugging.md", "SECURITY.md", "docs/design.md", "docs/ops/db.md"]
)
def test_names_of_chapters_for_users_are_read_where_the_text_speaks_to_maintainers(path: str) -> None:
    assert read(path, USERS) is None
    assert read(path, OWN)


@pytest.mark.parametrize(
    "path",
    [
        *("README.md", "docs/index.md", "docs/usage.md", "src/contributing.py", "vendor/x/CONTRIBUTING.md"),
        *("docs/archive/development.md", ".github/ISSUE_TEMPLATE/contributing.md", "docs/release-notes.md"),
        *("docs/plans/architecture.md", "CODE_OF_CONDUCT.md", "docs/contributing/code-of-conduct.md", "AGENTS.md"),
    ],
)
def test_other_documents_are_no_guides(path: str) -> None:
    assert read(path, OWN) is None


def test_of_several_languages_one_is_read() -> None:
    reading = read("docs/contributing.zh-CN.md", OWN, "docs/contributing.md")
    assert reading
    assert [skip.reason for skip in reading.skipped] == ["a translation of docs/contributing.md"]


@pytest.mark.parametrize(
    "path, others, expected",
    [
        ("docs/a.de.md", ["docs/a.md"], "docs/a.md"),
        ("docs/a.cs.md", ["docs/a.md"], "docs/a.md"),
        ("docs/a.zh-CN.md", ["docs/a.en-US.md"], "docs/a.en-US.md"),
        ("docs/ja/a.md", ["docs/en/a.md"], "docs/en/a.md"),
        ("docs/fr/a.md", ["docs/a.md"], "docs/a.md"),
        ("docs/a_pt_BR.md", ["docs/a.md"], "docs/a.md"),
        ("docs/a.de.md", [], ""),
        ("docs/it/a.md", ["docs/b.md"], ""),
        ("docs/made.md", ["docs/ma.md"], ""),
    ],
)
def test_translations(path: str, others: list[str], expected: str) -> None:
    assert original_of(path, others) == expected


FILES = ("assets/build.sh", "src/queue.rs", "src/retry.rs")


@pytest.mark.parametrize(
    "path, text, is_read",
    [
        ("doc/assets.md", "We keep `assets/build.sh`, `src/queue.rs` and `src/retry.rs` in step.", True),
        ("doc/assets.md", "We keep `assets/build.sh` up to date.", False),
        ("src/syntax/README.md", OWN, True),
        ("src/syntax/README.md", USERS, False),
        ("packages/queue/README.md", OWN, False),
        ("SECURITY.md", "We do not consider a crash of the example a vulnerability, since it trusts its input.", True),
        (
            "docs/testing.md",
            "Now we can test our route. First, we will build our app, then we can call our server.",
            False,
        ),
    ],
)
def test_other_pages_are_read_where_they_tell_of_the_repository(path: str, text: str, is_read: bool) -> None:
    assert (read(path, text, *FILES) is not None) == is_read
