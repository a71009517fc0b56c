"""Which paths are sources, and of which kinds."""

from __future__ import annotations

import pytest

from memcli.core.sources.decisions.record_places import is_list_of_records, is_template_place, may_be_record
from memcli.core.sources.source_paths import is_page, is_rule, is_template, may_be_note

DECISION, NOTE, PAGE, RULE = "decision", "note", "page", "rule"


def is_decision(path: str) -> bool:
    return may_be_record(path) and not is_template_place(path) and not is_list_of_records(path)


def source_kinds(path: str) -> tuple[str, ...]:
    kinds = ((RULE, is_rule), (NOTE, may_be_note), (DECISION, is_decision), (PAGE, is_page))
    return tuple(kind for kind, applies in kinds if applies(path))


def is_source(path: str) -> bool:
    return bool(source_kinds(path))


@pytest.mark.parametrize(
    "path, expected",
    [
        ("README.md", (PAGE,)),
        ("docs/architecture/decisions/0004-dns.md", (DECISION, PAGE)),
        ("doc/adr/0001-record.md", (DECISION, PAGE)),
        ("rfcs/0042-streams.md", (DECISION,)),
        ("text/0001-private-fields.md", (DECISION,)),
        ("services/pay/ADR-007-ledger.md", (DECISION,)),
        ("packages/web/docs/adr/20200926-hooks.md", (DECISION, PAGE)),
        (".claude/memory/MEMORY.md", (NOTE,)),
        (".claude/memory/topics/fog.md", (NOTE,)),
        ("memory/2026-02-01.md", (NOTE,)),
        ("docs/memory/allocator.md", (NOTE, PAGE)),
        ("CLAUDE.md", (RULE,)),
        ("packages/api/AGENTS.md", (RULE,)),
        (".cursor/rules/style.mdc", (RULE,)),
        (".cursorrules", (RULE,)),
        (".github/copilot-instructions.md", (RULE,)),
        (".github/instructions/tests.instructions.md", (RULE,)),
        (".ai/rules/naming.md", (RULE,)),
        ("examples/AGENTS.md", (RULE,)),
        ("MEMORY.md", (NOTE,)),
        ("docs/memory.md", (PAGE,)),
        ("packages/api/README.md", (PAGE,)),
        ("docs/guides/getting-started.md", (PAGE,)),
        ("CONTRIBUTING.md", (PAGE,)),
        ("docs/history-service.md", (PAGE,)),
    ],
)
def test_a_path_gives_the_kinds_of_source(path: str, expected: tuple[str, ...]) -> None:
    assert source_kinds(path) == expected
    assert is_source(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "src/main.py",
        "notes.txt",
        "CHANGELOG.md",
        "LICENSE.md",
        "LICENSE",
        "CODE_OF_CONDUCT.md",
        "docs/changelog/v2.md",
        "docs/CHANGELOG-1.0.md",
        "docs/licence-mit.md",
        "docs/SUMMARY.md",
        "docs/adr/README.md",
        "docs/adr/template.md",
        "docs/adr/templates/0000-template.md",
        "docs/archive/old.md",
        ".github/ISSUE_TEMPLATE/bug_report.md",
        ".github/PULL_REQUEST_TEMPLATE.md",
        "node_modules/left-pad/README.md",
        "vendor/x/docs/a.md",
        "third_party/y/CLAUDE.md",
        "packages/core/integration-tests/project/docs/adr/0001-x.md",
        "tests/fixtures/README.md",
        "examples/todo/README.md",
        "examples/todo/AGENTS.md",
        "integrations/editor/CLAUDE.md",
        "dist/README.md",
        ".changeset/funny-cats.md",
    ],
)
def test_paths_that_are_not_sources(path: str) -> None:
    assert not is_source(path)


@pytest.mark.parametrize(
    "stem", ["template", "adr-template", "0000-template", "_template", "madr-template-minimal", "NNNN-template"]
)
def test_templates_are_not_decisions(stem: str) -> None:
    assert is_template(stem)
    assert not is_decision(f"docs/adr/{stem}.md")


def test_a_decision_about_templates_is_a_decision() -> None:
    assert is_decision("docs/adr/0012-use-a-template-engine.md")
    assert is_decision("docs/decisions/0000-use-markdown-architectural-decision-records.md")
