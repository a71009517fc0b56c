"""Our entries in the files of pre-commit and lefthook."""

from __future__ import annotations

import pytest

from memcli.core.text.hooks_yaml import append_to_repos, lefthook_entry, lefthook_problem, mark_lines, pre_commit_item
from memcli.core.text.marked_block import remove_blocks

REPOS = [
    "repos:\n-   repo: https://x\n    rev: v1\n    hooks:\n    -   id: a\n",
    "# c\nrepos:\n  - repo: https://x\n    rev: v1\n    hooks:\n      - id: a\n\n# later\ndefault_stages: [x]\n",
    "fail_fast: true\nrepos: # ours\n  - repo: local\n    hooks: []",
]


@pytest.mark.parametrize("text", REPOS)
def test_an_item_is_appended_to_repos(text: str) -> None:
    from ruamel.yaml import YAML

    block = mark_lines(pre_commit_item({"post-commit": "a 'b' &\nc \"$@\"", "post-checkout": 'x "$@"'}))
    edited = append_to_repos(text, block)
    assert edited is not None
    repos = YAML(typ="safe").load(edited)["repos"]
    assert [hook["id"] for hook in repos[-1]["hooks"]] == ["mem-post-commit", "mem-post-checkout"]
    assert repos[:-1] == YAML(typ="safe").load(text)["repos"]
    assert remove_blocks(edited.encode()).decode() == text


@pytest.mark.parametrize("text", ["repos: []\n", "repos: [{repo: x}]\n", "a: 1\n", "{repos: []}"])
def test_repos_of_another_form_is_left_alone(text: str) -> None:
    assert append_to_repos(text, "- x\n") is None


def test_lefthook_entries_are_not_merged() -> None:
    assert lefthook_problem("pre-commit:\n  jobs: []\n", ["post-commit"]) == ""
    assert "post-commit" in lefthook_problem("post-commit:\n  jobs: []\n", ["post-commit", "post-merge"])
    assert lefthook_entry("post-rewrite", 'x "$@"').endswith("      use_stdin: true\n      run: |\n        x {0}\n")
