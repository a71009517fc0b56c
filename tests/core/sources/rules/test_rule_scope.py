"""Which code rules are about."""

from __future__ import annotations

import pytest

from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.rules.rule_scope import rule_scope

PATHS = frozenset((
    *("src/a.ts", "src/ui/b.tsx", "src/ui/c.py", "packages/api/src/d.ts", "packages/api/AGENTS.md", "main.go"),
    "packages/only/AGENTS.md",
))  # fmt: skip


@pytest.mark.parametrize(
    "path, front, expected",
    [
        (".cursor/rules/a.mdc", "globs: src/**/*.ts", ["src/**/*.ts"]),
        (".cursor/rules/a.mdc", "globs: *.ts", ["**/*.ts"]),
        (".cursor/rules/a.mdc", 'globs: ["**/*.tsx", "none/**"]', ["**/*.tsx"]),
        (".cursor/rules/a.mdc", "globs: '**/*.{ts,tsx,rb}'", ["**/*.ts", "**/*.tsx"]),
        (".cursor/rules/a.mdc", "globs: **", []),
        (".cursor/rules/a.mdc", "globs:\nalwaysApply: true", []),
        (".cursor/rules/a.mdc", "globs:\n  - src/ui/*.py\n  - main.go", ["src/ui/*.py", "main.go"]),
        (".github/instructions/a.instructions.md", "applyTo: 'src/ui/**'", ["src/ui/**"]),
        (".claude/rules/a.md", "paths:\n  - src/**/*.ts", ["src/**/*.ts"]),
        (".kiro/steering/a.md", "inclusion: fileMatch\nfileMatchPattern: ['src/**']", ["src/**"]),
        (".windsurf/rules/a.md", "trigger: glob\nglobs: src/**", ["src/**"]),
        ("packages/api/AGENTS.md", "x: y", ["packages/api/**"]),
        ("packages/api/AGENTS.md", "globs: *.ts", ["packages/api/**/*.ts"]),
        ("packages/api/.cursor/rules/a.mdc", "x: y", ["packages/api/**"]),
        ("packages/only/AGENTS.md", "x: y", []),
        ("AGENTS.md", "x: y", []),
    ],
)
def test_the_scope_follows_globs_and_directories(path: str, front: str, expected: list[str]) -> None:
    document = parse_leniently(f"---\n{front}\n---\nbody\n")
    assert [str(anchor) for anchor in rule_scope(path, document, PATHS)] == expected


@pytest.mark.parametrize("glob", ["{" * 5000, "{a,b}" * 200, "," * 5000, "*" * 5000])
def test_hostile_globs_end(glob: str) -> None:
    document = parse_leniently(f"---\nglobs: '{glob}'\n---\nbody\n")
    assert rule_scope(".cursor/rules/a.mdc", document, PATHS) == ()
