"""What the store's branch is moved to is looked at before anything is read from it or built on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.verified_tip import FILE
from tests.conftest import Mem, Repo, copy_of, forked
from tests.forks import Forks

MAIN, SESSION = "refs/heads/mem/main", "refs/mem/sessions/line"


@pytest.fixture(scope="module")
def undamaged(started: Path, fork: Forks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = copy_of(started, tmp_path_factory.mktemp("undamaged"))
    mem = forked(fork, made.path)
    mem("init")
    mem("add", "Deploys happen on Tuesdays.", "--promote")
    mem("session", "start", "line"), mem("add", "The ledger locks rows.")
    return made.path


@pytest.fixture
def store(repo: Repo, undamaged: Path) -> Repo:
    """A store with one memory, and an open session `line` with one candidate."""
    shutil.rmtree(repo.path)
    return copy_of(undamaged, repo.path)


def written(repo: Repo, ref: str, data: bytes) -> int:
    file = repo.path / ".git" / ref
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.write_bytes(data)


def object_of(repo: Repo, kind: str) -> str:
    if kind == "tag":
        repo.git("tag", "-a", "-m", "x", "v1", "mem/main")
        return repo.git("rev-parse", "v1")
    name = {"tree": "HEAD^{tree}", "blob": "HEAD:README.md", "code": "HEAD"}[kind]
    return repo.git("rev-parse", name)


def deleted(repo: Repo, ref: str) -> None:
    repo.git("pack-refs", "--all")
    repo.git("update-ref", "-d", ref)


DAMAGES: dict[str, tuple[Callable[[Repo, str], object], str]] = {
    "the code's commit": (lambda repo, ref: written(repo, ref, object_of(repo, "code").encode() + b"\n"), "outside"),
    "a tree": (lambda repo, ref: written(repo, ref, object_of(repo, "tree").encode() + b"\n"), "no commit"),
    "a blob": (lambda repo, ref: written(repo, ref, object_of(repo, "blob").encode() + b"\n"), "no commit"),
    "a tag": (lambda repo, ref: written(repo, ref, object_of(repo, "tag").encode() + b"\n"), "no commit"),
    "a missing object": (lambda repo, ref: written(repo, ref, b"0123456789" * 4 + b"\n"), "no commit"),
    "an empty file": (lambda repo, ref: written(repo, ref, b""), "is empty"),
    "an empty file over a packed ref": (
        lambda repo, ref: repo.git("pack-refs", "--all") or written(repo, ref, b""),
        "is empty",
    ),
    "zeros, as after a power cut": (lambda repo, ref: written(repo, ref, bytes(41)), "no commit id"),
    "garbage": (lambda repo, ref: written(repo, ref, b"\xff\xfe garbage\n"), "no commit id"),
    "a symbolic ref to the code": (lambda repo, ref: repo.git("symbolic-ref", ref, "refs/heads/main"), "symbolic ref"),
    "a symbolic ref to nothing": (lambda repo, ref: repo.git("symbolic-ref", ref, "refs/heads/none"), "is gone"),
    "nothing: deleted": (deleted, "is gone"),
}
COMMANDS = (
    ("add", "Something new."),
    ("recall", "deploys"),
    ("list",),
    ("status",),
    ("hydrate",),
    ("review",),
    ("promote", "--yes"),
    ("dream",),
    ("init",),
    ("session", "start", "next"),
    ("index", "rebuild"),
    ("log",),
    ("undo",),
)


def state(repo: Repo) -> dict[str, bytes]:
    """The refs, the journal and the log; HEAD and the index of the user."""
    git = repo.path / ".git"
    files = [file for place in ("refs", "mem/journal") for file in (git / place).rglob("*") if file.is_file()]
    files += [git / name for name in ("packed-refs", "mem/oplog", "HEAD", "index") if (git / name).exists()]
    return {str(file): file.read_bytes() for file in files}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_branch_that_is_no_store_is_refused(store: Repo, fast: Mem, words: tuple[str, ...], damage: str) -> None:
    good = store.git("rev-parse", "--short=12", MAIN)
    harm, problem = DAMAGES[damage]
    harm(store, MAIN)
    before = state(store)
    done = fast(*words, "--json")
    assert done.code == 1, done
    error = done.error()
    assert error["code"] == "store-damaged" and problem in error["message"], error
    assert f"git log -3 {good}" in error["hint"], error
    assert "mem init" not in error["hint"]
    assert state(store) == before


def test_put_back_it_is_as_it_was(store: Repo, fast: Mem) -> None:
    good = store.git("rev-parse", MAIN)
    listed = fast("list").out
    store.git("update-ref", MAIN, store.git("rev-parse", "HEAD"))
    assert fast("list").code == fast("promote", "--yes").code == 1
    store.git("update-ref", MAIN, good)
    assert fast("list").out == listed and fast("promote", "--yes").code == 0


def test_doctor_tells_it(store: Repo, fast: Mem) -> None:
    store.git("update-ref", MAIN, store.git("rev-parse", "HEAD"))
    checks = fast("doctor", "--json").json()["checks"]
    assert [one["name"] for one in checks if not one["ok"] and "outside the history" in one["message"]]


def test_a_tip_that_others_have_moved_on_is_a_store(store: Repo, fast: Mem) -> None:
    tree = store.git("rev-parse", f"{MAIN}^{{tree}}")
    store.git("update-ref", MAIN, store.git("commit-tree", "-p", MAIN, "-m", "from elsewhere", tree))
    assert fast("list").code == fast("add", "Built on that.").code == 0


def test_the_note_of_the_tip_can_be_lost(store: Repo, fast: Mem) -> None:
    file = store.path / ".git/mem" / FILE
    for data in (b"", b"\xff\xff", b"garbage refs/heads/mem/main\n"):
        file.write_bytes(data)
        assert fast("recall", "deploys").code == 0
    file.unlink()
    assert fast("add", "Goes on.").code == 0
    file.unlink(missing_ok=True)
    store.git("update-ref", "-d", MAIN)
    done = fast("init")
    assert done.code == 1 and "open sessions build on it: ada, line" in done.err


def test_a_clone_and_a_shallow_one_are_stores(store: Repo, fast: Mem, mem: Mem) -> None:
    store.git("branch", "other"), fast("promote", "--yes")
    shallow = Repo(store.path.parent / "shallow")
    store.git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{store.path}", str(shallow.path))
    assert "Tuesdays" in mem("list", cwd=shallow.path).out
    assert mem("init", cwd=shallow.path).code == mem("add", "In a shallow clone.", cwd=shallow.path).code == 0
    shallow.git("update-ref", MAIN, "HEAD")
    assert mem("list", cwd=shallow.path).code == 1


def test_a_lost_branch_comes_back_from_the_remote(store: Repo, mem: Mem) -> None:
    clone = Repo(store.path.parent / "clone")
    store.git("clone", "-q", str(store.path), str(clone.path))
    mem("init", cwd=clone.path)
    clone.git("update-ref", "-d", MAIN)
    assert mem("init", cwd=clone.path).code == 0, "the remote has all of it"
    mem("add", "Not pushed yet.", "--promote", cwd=clone.path)
    clone.git("update-ref", "-d", MAIN)
    done = mem("init", cwd=clone.path)
    assert done.code == 1 and "is gone" in done.err and mem("list", cwd=clone.path).code == 1


SESSION_DAMAGES = [name for name in DAMAGES if "deleted" not in name and "to nothing" not in name]


@pytest.mark.parametrize("damage", SESSION_DAMAGES)
def test_a_sessions_ref_that_is_none_is_refused(store: Repo, fast: Mem, damage: str) -> None:
    DAMAGES[damage][0](store, SESSION)
    refs = state(store)
    for words in (("review", "line"), ("promote", "line", "--yes"), ("reject", "line"), ("session", "show", "line")):
        done = fast(*words, "--json")
        assert done.code == 1 and SESSION in done.error()["message"], (words, done)
    added = fast("add", "Written beside it.", "--session", "line", "--json")
    assert added.code == 1 or (added.json()["state"] == "queued" and SESSION in str(json_warnings(added.out))), added
    assert {name: data for name, data in state(store).items() if "/refs/" in name} == {
        name: data for name, data in refs.items() if "/refs/" in name
    }
    for command in ("list", "recall deploys", "status", "session list", "doctor"):
        assert "Traceback" not in fast(*command.split()).err
    assert fast("recall", "deploys", "--session", "none").code == 0


def json_warnings(text: str) -> list[str]:
    import json

    warnings: list[str] = json.loads(text)["warnings"]
    return warnings
