"""The oplog only grows, and a torn line costs nothing but itself."""

from __future__ import annotations

from pathlib import Path

from memcli.git.objects import Move
from memcli.state.oplog import Change, Operation, Oplog


def _operation(number: int) -> Operation:
    moves = (Move("refs/mem/sessions/one", None, "a" * 40),)
    changes = (Change("semantic/general/a.md", None, "b" * 40),)
    return Operation(f"OP{number}", "add", "one", "ada", None, "2026-11-20T09:30:00Z", "a fact\n", moves, changes)


def test_operations_read_back_newest_first(tmp_path: Path) -> None:
    log = Oplog(tmp_path / "oplog")
    assert list(log.newest_first()) == []
    log.append([_operation(1), _operation(2)])
    log.append([_operation(3)])
    assert list(log.newest_first()) == [_operation(3), _operation(2), _operation(1)]
    assert log.find("OP2") == _operation(2)
    assert log.find("OP4") is None


def test_a_torn_last_line_is_skipped_and_does_not_spoil_the_next(tmp_path: Path) -> None:
    log = Oplog(tmp_path / "oplog")
    log.append([_operation(1)])
    with log.file.open("a") as stream:
        stream.write('{"op": "OP2", "verb"')
    assert list(log.newest_first()) == [_operation(1)]
    log.append([_operation(3)])
    assert list(log.newest_first()) == [_operation(3), _operation(1)]


def test_many_operations_are_all_there(tmp_path: Path) -> None:
    log = Oplog(tmp_path / "oplog")
    log.append(_operation(number) for number in range(2_000))
    assert [one.op for one in log.newest_first()] == [f"OP{number}" for number in reversed(range(2_000))]
