"""Marked blocks in scripts and instructions: they can be removed to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.text.marked_block import (
    append_block,
    append_markdown_block,
    find_block,
    has_block,
    insert_after_shebang,
    remove_blocks,
    shell_script_problem,
)

SCRIPT = b"# mem:begin (x)\nmem hook git post-commit &\n# mem:end\n"
MARKDOWN = b"<!-- mem:begin (x) -->\n@AGENTS.md\n<!-- mem:end -->\n"
PIECES = st.lists(
    st.sampled_from([b"#!/bin/sh", b"\n", b"\r\n", b"exit 0", b"\xff\xe9", b" ", b"# mem: begin", b"a\n\n"])
)


@given(PIECES.map(b"".join))
def test_blocks_can_be_removed_to_the_byte(data: bytes) -> None:
    for place, block in ((insert_after_shebang, SCRIPT), (append_block, SCRIPT), (append_markdown_block, MARKDOWN)):
        edited = place(data, block)
        assert has_block(edited) and not has_block(data)
        assert find_block(edited).split() == block.split()
        assert remove_blocks(edited) == data


@given(PIECES.map(b"".join))
def test_a_shebang_stays_the_first_line(data: bytes) -> None:
    edited = insert_after_shebang(data, SCRIPT)
    assert edited.split(b"\n")[0] == data.split(b"\n")[0] or not data.startswith(b"#!")
    assert b"\nmem hook git post-commit &\n" in edited


@pytest.mark.parametrize(
    ("head", "is_shell"),
    [
        (b"#!/bin/sh\n", True), (b"#!/usr/bin/env bash\n", True), (b"#! /bin/dash -e\n", True), (b"echo\n", True),
        (b"#!/usr/bin/env -S zsh -f\n", True), (b"#!/usr/bin/env python3\n", False), (b"#!/usr/bin/fish\n", False),
        (b"\x7fELF\0", False), (b"#!/usr/bin/node\n", False), (b"", True),
    ],
)  # fmt: skip
def test_only_shell_scripts_get_a_block(head: bytes, is_shell: bool) -> None:
    assert (not shell_script_problem(head)) is is_shell
