"""The session that `--session` or MEM_SESSION names has to exist: a typo makes none."""

from __future__ import annotations

import pytest

from memcli.state.liveness import LIVENESS_DIR
from tests.conftest import Mem, Repo

WRITES = (
    ("add", "x y z"),
    ("policy", "set", "dream.sessions", "7"),
    ("bootstrap",),
    ("recall", "x"),
    ("list",),
    ("status",),
    ("hydrate",),
    ("diff",),
    ("undo",),
    ("session", "save"),
    ("session", "close"),
    ("dream",),
)


@pytest.fixture
def store(repo: Repo, fast: Mem) -> Repo:
    """A store with an open session `payments`, which is nobody's current one, and one that has ended, `old`."""
    fast("init")
    fast("session", "start", "old"), fast("add", "It has ended."), fast("promote", "old", "--yes")
    fast("session", "start", "payments")
    (repo.path / ".git/mem/session").unlink()
    return repo


@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_a_typo_makes_no_session(store: Repo, fast: Mem, words: tuple[str, ...]) -> None:
    refs = store.git("for-each-ref")
    for done in (fast(*words, "--session", "paymnts"), fast(*words, env={"MEM_SESSION": "paymnts"})):
        assert (done.code, done.out) == (4, "")
        assert done.err.splitlines() == [
            "error: no session 'paymnts'",
            "hint: did you mean 'payments'? 'mem session start paymnts' starts a new one",
        ]
    assert store.git("for-each-ref") == refs
    assert [file for file in (store.path / ".git/mem/journal").iterdir() if file.is_file()] == []


@pytest.mark.parametrize("name", ["payments", "old", "none"])
def test_a_session_that_exists_can_be_named(store: Repo, fast: Mem, name: str) -> None:
    assert fast("recall", "x", "--session", name).code == fast("recall", "x", env={"MEM_SESSION": name}).code == 0
    assert store.git("for-each-ref", "--format=%(refname)", "refs/mem/sessions/") == "refs/mem/sessions/payments"


@pytest.mark.usefixtures("store")
def test_what_leads_back_to_the_right_name_runs(fast: Mem) -> None:
    for words in (("session", "list"), ("session", "start", "paymnts"), ("session", "resume", "payments"), ("init",)):
        assert fast(*words, env={"MEM_SESSION": "paymnts"}).code == 0, words


def test_without_a_store_that_is_what_is_told(fast: Mem) -> None:
    assert fast("add", "x", "--session", "paymnts").code == 3


def test_the_hook_of_a_harness_makes_its_own_session(store: Repo, mem: Mem) -> None:
    assert mem("hook", "claude", "session-start", input='{"session_id": "abc"}').code == 0
    names = store.git("for-each-ref", "--format=%(refname:lstrip=3)", "refs/mem/sessions/").splitlines()
    assert [name for name in names if name.startswith("claude-code-")]
    assert (store.path / ".git/mem" / LIVENESS_DIR).is_dir()
