"""The one way to the store's refs: what is committed in it is logged, what fails in it leaves everything as it was."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

import pytest

from memcli.branch import ENDED, SESSIONS
from memcli.errors import Conflict, Failure
from memcli.git.objects import Move
from memcli.operations.memories.add import add_memories
from memcli.operations.setup.init import init
from memcli.operations.writing.transaction import locked, write_transaction
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.house import modules

Open = Callable[..., Workspace]


def test_only_the_publisher_moves_refs() -> None:
    movers = ("refs.move", "move_together", "transaction.set_target")
    calls = {
        (path, ast.unparse(node.func))
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in movers
    }
    removes_all_of_them = "operations/setup/uninstall.py"
    assert {path for path, _ in calls} == {"state/publication.py", "git/refs.py", removes_all_of_them}
    publishers = {
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("publisher.publish")
    }
    assert publishers == {"operations/writing/transaction.py"}


def test_a_session_that_ends_in_it_is_nobodys_current_one(workspace: Open) -> None:
    init(workspace())
    name = add_memories(workspace(), [{"body": "The queue owns failures."}])[0].session
    assert workspace().selection.current() == name
    with write_transaction(workspace()) as tx:
        here = workspace()
        tip = here.sessions.load(name).tip
        moves = (Move(SESSIONS + name, tip, None), Move(ENDED + name, None, tip))
        tx.commit(replace(here.actor.operation("close", name, "by hand"), moves=moves))
    assert workspace().selection.current() is None
    assert next(workspace().oplog.newest_first()).verb == "close"


def test_a_ref_that_has_moved_leaves_nothing_behind(repo: Repo, workspace: Open) -> None:
    init(workspace())
    name = add_memories(workspace(), [{"body": "The queue owns failures."}])[0].session
    before = repo.git("for-each-ref")
    here = workspace()
    wrong = (Move(SESSIONS + name, "1" * 40, None), Move(ENDED + name, None, here.sessions.load(name).tip))
    with write_transaction(here) as tx, pytest.raises(Conflict, match="has moved"):
        tx.commit(replace(here.actor.operation("close", name, "by hand"), moves=wrong))
    assert repo.git("for-each-ref") == before
    assert [file.name for file in (repo.path / ".git/mem").glob("intent*")] == []
    assert next(workspace().oplog.newest_first()).verb == "add"


def test_what_is_not_logged_yet_stops_the_next_operation(repo: Repo, workspace: Open) -> None:
    init(workspace())
    here = workspace()
    with locked(here) as tx:
        (repo.path / ".git/mem/intent").write_text("{}")
        with pytest.raises(Failure, match="a previous operation is not yet logged"):
            tx.commit(here.actor.operation("close", "line", "by hand"))
    assert add_memories(workspace(), [{"body": "The next one drops what is torn."}])[0].state == "committed"
