"""Rules for agents and skills in a real repository: copies and links give each rule once."""

from __future__ import annotations

from pathlib import Path

from memcli.operations.setup.init import init
from tests.conftest import Repo
from tests.operations.bootstrap.sources import Open, run

BUILD = """- Never run `make build` twice in a row, because the second run reads half of the cache.
- Always run `make check` before you commit; the CI runs nothing else.
"""
LEDGER = "- Always book a refund through the ledger, because the provider retries and would pay it twice\n"
SKILL = "---\nname: release\ndescription: Cut a release.\n---\n\n# Release\n\n1. Run `make release`\n2. Push the tag\n"
FILES = {
    "AGENTS.md": f"# Rules\n\n## Builds\n\n{BUILD}",
    "packages/pay/AGENTS.md": f"## Refunds\n\n{LEDGER}",
    "packages/pay/src/refund.ts": "export {}\n",
    ".claude/skills/release/SKILL.md": SKILL + "3. Tell the maintainers of the packages that depend on it by mail\n",
}


def test_a_link_to_a_file_of_rules_is_not_read(repo: Repo, workspace: Open) -> None:
    repo.commit("docs: rules", FILES)
    (Path(repo.path) / "CLAUDE.md").symlink_to("AGENTS.md")
    repo.git("add", "CLAUDE.md")
    repo.git("commit", "-qm", "docs: CLAUDE.md is AGENTS.md")
    init(workspace())
    answer = run(workspace)
    assert sorted((proposal.reader, proposal.memory.source.ref or "") for proposal in answer.proposed) == [
        ("rules", "AGENTS.md#L3"),
        ("rules", "packages/pay/AGENTS.md#L1"),
        ("skills", ".claude/skills/release/SKILL.md#L1"),
    ]
    anchors = {anchor.path for proposal in answer.proposed for anchor in proposal.memory.paths}
    assert anchors == {"packages/pay/**"}


def test_a_copy_of_a_file_of_rules_gives_each_rule_once(repo: Repo, workspace: Open) -> None:
    names = ("AGENTS.md", "CLAUDE.md", ".github/copilot-instructions.md")
    copies = dict.fromkeys(names, FILES["AGENTS.md"])
    repo.commit("docs: rules", copies)
    init(workspace())
    assert len(run(workspace).proposed) == 1
