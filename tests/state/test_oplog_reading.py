"""The oplog is read from its end, in blocks: long lines, torn lines and line separators inside of values."""

from __future__ import annotations

from pathlib import Path

import pytest

from memcli.git.objects import Move
from memcli.state.oplog import BLOCK, Operation, Oplog


def _operation(number: int, summary: str) -> Operation:
    moves = (Move("refs/mem/sessions/s", None, f"{number:040x}"),)
    return Operation(f"{number:026}", "add", "s", "dev", None, "2026-11-20T09:30:00Z", summary, moves)


@pytest.mark.parametrize("summary", ["short", "x" * (BLOCK // 3), "ü" * BLOCK, "one\u2028two\x85three\x0cfour"])
def test_operations_come_newest_first_whatever_their_length(tmp_path: Path, summary: str) -> None:
    oplog, operations = Oplog(tmp_path / "oplog"), [_operation(number, f"{number} {summary}") for number in range(7)]
    oplog.append(operations)
    assert list(oplog.newest_first()) == operations[::-1]
    assert oplog.find(operations[0].op) == operations[0]


def test_a_torn_last_line_is_skipped(tmp_path: Path) -> None:
    oplog = Oplog(tmp_path / "oplog")
    oplog.append([_operation(1, "whole")])
    with oplog.file.open("ab") as stream:
        stream.write(b'{"op": "torn')
    assert [one.summary for one in oplog.newest_first()] == ["whole"]
    oplog.append([_operation(2, "after")])
    assert [one.summary for one in oplog.newest_first()] == ["after", "whole"]


def test_without_a_file_there_are_no_operations(tmp_path: Path) -> None:
    assert list(Oplog(tmp_path / "oplog").newest_first()) == []
