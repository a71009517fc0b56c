"""Blocks of ours in scripts, instructions and YAML: what goes in comes out again to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.text.hooks_yaml import in_repos, lefthook_entry, marked, pre_commit_entries, why_no_lefthook
from memcli.core.text.marked_block import appended, atop, beneath, block_in, holds, why_no_shell, without

SCRIPT = b"# mem:begin (x)\nmem hook git post-commit &\n# mem:end\n"
MARKDOWN = b"<!-- mem:begin (x) -->\n@AGENTS.md\n<!-- mem:end -->\n"
PIECES = st.lists(
    st.sampled_from([b"#!/bin/sh", b"\n", b"\r\n", b"exit 0", b"\xff\xe9", b" ", b"# mem: begin", b"a\n\n"])
)


@given(PIECES.map(b"".join))
def test_blocks_come_out_again_to_the_byte(data: bytes) -> None:
    for put, block in ((atop, SCRIPT), (beneath, SCRIPT), (appended, MARKDOWN)):
        more = put(data, block)
        assert holds(more) and not holds(data)
        assert block_in(more).split() == block.split()
        assert without(more) == data


@given(PIECES.map(b"".join))
def test_a_shebang_stays_the_first_line(data: bytes) -> None:
    more = atop(data, SCRIPT)
    assert more.split(b"\n")[0] == data.split(b"\n")[0] or not data.startswith(b"#!")
    assert b"\nmem hook git post-commit &\n" in more


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        (b"#!/bin/sh\n", True), (b"#!/usr/bin/env bash\n", True), (b"#! /bin/dash -e\n", True), (b"echo\n", True),
        (b"#!/usr/bin/env -S zsh -f\n", True), (b"#!/usr/bin/env python3\n", False), (b"#!/usr/bin/fish\n", False),
        (b"\x7fELF\0", False), (b"#!/usr/bin/node\n", False), (b"", True),
    ],
)  # fmt: skip
def test_only_shell_scripts_get_a_block(head: bytes, fits: bool) -> None:
    assert (not why_no_shell(head)) is fits


REPOS = [
    "repos:\n-   repo: https://x\n    rev: v1\n    hooks:\n    -   id: a\n",
    "# c\nrepos:\n  - repo: https://x\n    rev: v1\n    hooks:\n      - id: a\n\n# later\ndefault_stages: [x]\n",
    "fail_fast: true\nrepos: # ours\n  - repo: local\n    hooks: []",
]


@pytest.mark.parametrize("text", REPOS)
def test_an_item_goes_to_the_end_of_repos(text: str) -> None:
    from ruamel.yaml import YAML

    block = marked(pre_commit_entries({"post-commit": "a 'b' &\nc \"$@\"", "post-checkout": 'x "$@"'}))
    more = in_repos(text, block)
    assert more is not None
    repos = YAML(typ="safe").load(more)["repos"]
    assert [one["id"] for one in repos[-1]["hooks"]] == ["mem-post-commit", "mem-post-checkout"]
    assert repos[:-1] == YAML(typ="safe").load(text)["repos"]
    assert without(more.encode()).decode() == text


@pytest.mark.parametrize("text", ["repos: []\n", "repos: [{repo: x}]\n", "a: 1\n", "{repos: []}"])
def test_repos_in_another_form_is_left_alone(text: str) -> None:
    assert in_repos(text, "- x\n") is None


def test_lefthooks_entries_are_not_merged_into_others() -> None:
    assert why_no_lefthook("pre-commit:\n  jobs: []\n", ["post-commit"]) == ""
    assert "post-commit" in why_no_lefthook("post-commit:\n  jobs: []\n", ["post-commit", "post-merge"])
    assert lefthook_entry("post-rewrite", 'x "$@"').endswith("      use_stdin: true\n      run: |\n        x {0}\n")
