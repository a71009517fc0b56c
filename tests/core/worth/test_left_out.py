"""What is not proposed, and the reason that the report gives."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from memcli.core.memory.memory import Memory
from memcli.core.sources.source_reading import read_sources
from memcli.core.sources.source_registry import OPTIONS
from memcli.core.sources.source_tree import SourceTree
from memcli.core.text.instruction_files import PROSE_FILES
from memcli.core.worth.selection import WorthContext, WorthSelection, select
from tests.core.sources.test_extraction import HOSTILE

HOSTILE_LINES = [
    "a --b" * 3000 + "!",
    "::\n\n" * 4000,
    "a/" * 6000,
    "- [" * 4000,
    "by contributing " * 800,
    "`a " * 4000,
]
AT = datetime(2026, 12, 1, tzinfo=UTC)
RULE = "Never merge your own change: two maintainers must approve it, because a release follows every merge."


def selected(files: dict[str, str]) -> WorthSelection:
    tree = SourceTree(dict.fromkeys(files, ""), lambda path: files[path].encode())
    readings = list(read_sources(tree, OPTIONS - {"code"}))
    return select(readings, WorthContext({name: files[name] for name in PROSE_FILES if name in files}, AT))


def reasons(files: dict[str, str]) -> list[str]:
    return list(selected(files).left)


def kept(files: dict[str, str]) -> list[Memory]:
    return [weighed.extract.memory for weighed in selected(files).kept]


GUIDE = "CONTRIBUTING.md"
LEFT_OUT = [
    (
        "no rule, reason or step",
        GUIDE,
        "## Lookup\n\n`Cache.get` asks `Store.read` for a `Key`. The store reads `index.db`, sorts rows by `rank` and "
        "gives them to `Cache.fill`, which returns 20 of them to `Query.run` in `src/query.py`.\n",
    ),
    ("a licence or code of conduct", GUIDE, "## License\n\nBy contributing you agree that your work is under MIT.\n"),
    ("a licence or code of conduct", GUIDE, f"## Code of Conduct\n\n{RULE}\n"),
    ("biography or credits", GUIDE, f"## Acknowledgements\n\nAnna built the queue in her spare time. {RULE}\n"),
    ("a changelog", "docs/development/deprecations.rst", f"## `queue.old`\n\nUse `queue.new`. {RULE}\n"),
    ("a changelog", "docs/development/changes.md", f"## 1.2.0\n\nThe queue is faster. {RULE}\n"),
    ("badges and links only", GUIDE, "## Status of CI\n\n[![ci](https://x/b.svg)](https://x) [site](https://x.org)\n"),
    ("an index", GUIDE, "## Guides\n\n- [Running the tests](a.md)\n- [Making a release](b.md)\n- [The queue](c.md)\n"),
    (
        "a template",
        "DEVELOPMENT.md",
        "## Record\n\n[Describe the context here]\n\n[Describe the decision]\n\n[Name of it]\n",
    ),
    ("a plan or status report", GUIDE, f"## Roadmap\n\nWe will move the queue to Postgres. {RULE}\n"),
    ("a plan or status report", GUIDE, "## Queue\n\n- [x] Write it\n- [x] Test it\n- [x] Ship it\n- [ ] Sell it\n"),
    ("API reference", "docs/development/api.rst", "Queue\n=====\n\n.. autoclass:: queue.Queue\n   :members:\n"),
    ("marketing", GUIDE, "## Why Queue\n\nA blazing fast, powerful, modern and beautiful queue that is easy to use.\n"),
    (
        "about reporting issues or asking for help",
        GUIDE,
        "## Reporting bugs\n\nOpen an issue, and say what you expected and what happened. Thank you for your help!\n",
    ),
    (
        "how forks and pull requests work",
        GUIDE,
        "## Workflow for changes\n\n1. Fork the repository\n2. Clone your fork\n3. Create a feature branch\n"
        "4. Push to your fork\n5. Open a pull request\n",
    ),
    (
        "it speaks of a day that it does not name",
        GUIDE,
        f"## Queue\n\nThe queue was moved to Postgres last week. {RULE}\n",
    ),
    (
        "it teaches users of the product",
        "docs/quickstart.md",
        "# Quickstart\n\nYou can install it with pip install queue. Add it to your application and let's see it run.\n",
    ),
    ("an example", GUIDE, f"## Example of a review\n\nAnna looks at the change of Bert. {RULE}\n"),
    ("a fragment", GUIDE, "## Tests\n\nSee below.\n"),
    (
        "no rule, reason or step",
        GUIDE,
        "## The garage\n\nThe project began in a garage, and people from many countries have met there ever since.\n",
    ),
]


@pytest.mark.parametrize("reason, path, text", LEFT_OUT, ids=[reason for reason, _, _ in LEFT_OUT])
def test_what_is_not_worth_keeping_is_left_out_with_its_reason(reason: str, path: str, text: str) -> None:
    assert reasons({path: f"# Queue\n\n## Rules of review\n\n{RULE}\n\n{text}" if path == GUIDE else text}) == [reason]


KEPT = [
    "## Format of pages\n\nA page must use `{{placeholder}}` for values, and `{{path/to/file}}` for files. Never use "
    "`{{file}}` alone, because readers cannot tell names from paths. Keep a page at eight examples at most.\n",
    "## Add an entry to the changelog\n\nIf a change alters the behaviour of `queue`, please update `CHANGELOG.md` and "
    "describe it below `# Unreleased`, as `- Fixed #123 (@name)`. Only the release process changes versions.\n",
    "## Scope\n\nWe consider denial of service to be an ordinary bug, not a vulnerability, because this is a tool, no "
    "server: report such bugs on the issue tracker. Never open an issue for other vulnerabilities.\n",
    f"## Review\n\n{RULE}\n",
    "## Running the tests\n\n```sh\nmake test\nmake lint\nmake docs\n```\n\nAlways run them before a push.\n",
    "## Release\n\n1. Bump the version in `VERSION`\n2. Run `make release`\n3. Push the tag, after CI passed.\n",
    "## Pitfalls\n\nThe worker fails silently when `QUEUE_URL` is not set, because it falls back to `memory://`.\n",
    "## Why SQLite\n\nWe chose SQLite over Postgres because one process writes, so that nobody has to run a server.\n",
    "## Tests ausführen\n\n```sh\nmake test\nmake lint\n```\n\nBeide müssen laufen, weil CI sonst ablehnt.\n",
    "## 提交规范\n\n提交前必须运行 `make test` 和 `make lint`,否则 CI 会拒绝。不要直接推送到 `main` 分支。\n",
]


@pytest.mark.parametrize("text", KEPT, ids=[text.split("\n")[0] for text in KEPT])
def test_rules_reasons_and_steps_are_proposed(text: str) -> None:
    assert len(kept({GUIDE: f"# Guide\n\n{text}"})) == 1


def test_what_the_readme_says_is_left_out() -> None:
    assert reasons({GUIDE: f"## Review\n\n{RULE}\n", "README.md": f"# Queue\n\n{RULE}\n"}) == [
        "README, AGENTS.md or CLAUDE.md say it already"
    ]


def test_rules_for_agents_are_proposed_whatever_agents_read_anyway() -> None:
    assert len(kept({"CLAUDE.md": f"## Review\n\n{RULE}\n", "AGENTS.md": "Be brief.\n"})) == 1


def test_of_near_copies_the_better_one_stays() -> None:
    selection = selected({GUIDE: f"## Review\n\n{RULE}\n", "HACKING.md": f"## Reviews\n\n{RULE} Always.\n"})
    assert [weighed.extract.path for weighed in selection.kept] == [GUIDE]
    [[copy]] = selection.left.values()
    assert copy.worth.left_out.startswith("a near-copy of Review: Never merge your own change")


@pytest.mark.parametrize("text", [*HOSTILE, *HOSTILE_LINES], ids=lambda text: repr(text[:12]))
def test_hostile_text_takes_little_time(text: str) -> None:
    body = text.replace("\0", "").encode("utf-8", "replace").decode()
    started = time.process_time()
    selected({GUIDE: body, "docs/page.rst": body, "docs/page.md": body, "docs/development.adoc": body})
    assert time.process_time() - started < 10


def test_a_document_that_was_named_is_proposed_whatever_it_says() -> None:
    text = "## The team\n\nThe project began in a garage, and people from many countries have met there ever since.\n"
    tree = SourceTree({GUIDE: ""}, lambda _path: text.encode(), named=(GUIDE,))
    context = WorthContext({}, AT, named=frozenset((GUIDE,)))
    assert len(select(list(read_sources(tree)), context).kept) == 1


SHORT = [
    "## Tips\n\nNever push to `main`: a deploy follows every push, because the server pulls it.\n",
    "## Running the tests\n\n```sh\nmake test\nmake lint\n```\n",
]


@pytest.mark.parametrize("text", SHORT)
def test_a_short_rule_or_procedure_is_worth_it(text: str) -> None:
    assert len(kept({GUIDE: f"# Guide\n\n{text}"})) == 1


LEFT_OUT_TOO = [
    (
        "badges and links only",
        "## Commit hygiene\n\nPlease see our [style guide](https://x.example/a), which says it.\n",
    ),
    (
        "badges and links only",
        "## Adding a feature\n\nPlease read the [wiki](https://x.example/wiki) before you start.\n",
    ),
    ("biography or credits", "## People\n\n- Ann (@ann), queue\n- Bert (@bert), retries\n- Cy (@cyril), web pages\n"),
    ("a licence or code of conduct", "## Documents\n\n- Contributions must be licensed under the [CC](../CC.txt)\n"),
    ("a template", "## Versions\n\nUse this section to tell people which versions get fixes.\n"),
    ("about reporting issues or asking for help", f"## Mentees' meetup\n\nMentees meet and talk. {RULE}\n"),
    ("about reporting issues or asking for help", "## Hello there\n\nWelcome! We are glad that you want to help us.\n"),
    (
        "API reference",
        "## Start\n\n| Flag | Default |\n|---|---|\n| `--a` | 1 |\n| `--b` | 2 |\n| `--c` | 3 |\n| `--d` | 4 |\n",
    ),
]


@pytest.mark.parametrize("reason, text", LEFT_OUT_TOO)
def test_what_says_nothing_of_its_own_is_left_out(reason: str, text: str) -> None:
    assert reasons({GUIDE: f"# Queue\n\n## Rules of review\n\n{RULE}\n\n{text}"}) == [reason]


def test_pages_for_those_who_report_are_left_out() -> None:
    assert reasons({"docs/contributing/bug-report.md": f"## Before you submit\n\n{RULE}\n"}) == [
        "about reporting issues or asking for help"
    ]


WORTH_IT = [
    (
        "docs/contributing/issue_triage.md",
        "## Closing issues\n\nClose an issue only after two weeks without an answer, and say why, because its "
        "author must know.\n",
    ),
    ("CONTRIBUTING.md", "# Code of conduct\n\nBe kind.\n\n## Building\n\nAlways run `make all`, as CI checks it.\n"),
    (
        "CONTRIBUTING.md",
        "## Tips for code contributions\n\n- Always return a `Result` of `queue`, because `unwrap` ends the process\n"
        "- Never log with `println!`, because the daemon has no terminal\n",
    ),
    (
        "CONTRIBUTING.md",
        "## Hygiene\n\nIf you fix a bug, add a test. Run it first, then fix the bug, and run `tox` again.\n",
    ),
    (
        "CONTRIBUTING.md",
        "# Example commands\n\n## Options\n\nAlways use long options, because a reader of `queue` then "
        "understands them at once.\n",
    ),
    (
        "SECURITY.md",
        "## Supported versions\n\nWe, the maintainers of our queue, fix security issues of the latest release "
        "of 2.x only.\n",
    ),
    (
        "SECURITY.md",
        "## Vulnerabilities\n\nWe do not consider a crash a vulnerability, because our queue trusts its input: "
        "a file of a user is out of scope.\n",
    ),
]


@pytest.mark.parametrize("path, text", WORTH_IT)
def test_short_rules_promises_and_reasons_are_worth_it(path: str, text: str) -> None:
    assert len(kept({path: text})) == 1
