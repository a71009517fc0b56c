"""Staleness and verification in real repositories: what a memory is worth after its code has gone on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.core.memory.questions import listed_questions
from memcli.core.memory.staleness import FRESH, STALE, SUSPECT, UNANCHORED
from memcli.errors import NotFound, Refused
from memcli.index.storage.anchor_cache import HEADS
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.retire import retire_memory
from memcli.operations.memories.show import ShownMemory, show_memory
from memcli.operations.memories.supersede import supersede_memory
from memcli.operations.memories.verify import Verification, verify_memories
from memcli.operations.recall.recall import Recalled, RecallRequest, recall
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace
from tests.conftest import Repo

Open = Callable[..., Workspace]
LONG = "".join(f"line {number} of it\n" for number in range(40))


@pytest.fixture(autouse=True)
def store(workspace: Open, repo: Repo) -> None:
    repo.commit("code", {"src/pay.py": LONG, "src/queue.py": LONG.replace("it", "that")})
    init(workspace())


def remember(here: Workspace, *paths: str, body: str = "Retries are seven.", **more: str | tuple[str, ...]) -> str:
    """A memory's id."""
    return add_memories(here, [{"body": body, "paths": paths, **more}])[0].id


def state(here: Workspace, memory_id: str) -> str:
    return show_memory(here, memory_id).staleness.state


def anchors(found: ShownMemory | Verification) -> list[tuple[str, str, str | None]]:
    return [(one.path, one.state, one.moved_to) for one in found.staleness.anchors]


def ask(here: Workspace, query: str = "retries seven") -> Recalled:
    return recall(here, RecallRequest(query))


def test_change_delete_and_rename(workspace: Open, repo: Repo) -> None:
    both, one, none = (
        remember(workspace(), "src/pay.py", "src/queue.py"),
        remember(workspace(), "src/queue.py", body="Queues hold failed deliveries."),
        remember(workspace(), body="Deploys happen on Tuesdays."),
    )
    assert [state(workspace(), each) for each in (both, one, none)] == [FRESH, FRESH, UNANCHORED]
    repo.commit("change", {"src/queue.py": LONG.replace("it", "that") + "more\n"})
    assert [state(workspace(), each) for each in (both, one, none)] == [SUSPECT, SUSPECT, UNANCHORED]
    repo.git("mv", "src/pay.py", "src/billing.py")
    repo.git("rm", "-q", "src/queue.py")
    repo.commit("move and delete")
    assert anchors(show_memory(workspace(), both)) == [
        ("src/pay.py", FRESH, "src/billing.py"),
        ("src/queue.py", STALE, None),
    ]
    assert [state(workspace(), each) for each in (both, one, none)] == [SUSPECT, STALE, UNANCHORED]
    repo.commit("change what moved", {"src/billing.py": LONG + "more\n"})
    assert anchors(show_memory(workspace(), both))[0] == ("src/pay.py", SUSPECT, "src/billing.py")
    repo.commit("back again", {"src/pay.py": LONG, "src/queue.py": LONG.replace("it", "that")})
    assert [state(workspace(), each) for each in (both, one)] == [FRESH, FRESH]


def test_what_is_about_code_not_yet_committed(workspace: Open, repo: Repo) -> None:
    """An agent changes a file and makes one, notes why, then commits: nothing has changed since."""
    repo.write("src/pay.py", LONG + "more\n")
    repo.write("src/new.py", "NEW = 1\n")
    about = remember(workspace(), "src/pay.py", "src/new.py")
    assert state(workspace(), about) == FRESH
    repo.git("add", "-A")
    repo.commit("the change")
    assert state(workspace(), about) == FRESH
    repo.commit("another", {"src/pay.py": LONG})
    assert anchors(show_memory(workspace(), about)) == [("src/pay.py", SUSPECT, None), ("src/new.py", FRESH, None)]
    repo.git("rm", "-q", "src/new.py")
    repo.commit("gone")
    assert anchors(show_memory(workspace(), about))[1] == ("src/new.py", STALE, None)


def test_odd_files_of_the_worktree_tell_nothing(workspace: Open, repo: Repo) -> None:
    """A pipe is not waited for, a link not followed, a checkout with CRLF is no change."""
    os.mkfifo(repo.path / "src/pipe")
    (repo.path / "src/link").symlink_to("/etc/hostname")
    (repo.path / "src/pay.py").write_bytes(LONG.replace("\n", "\r\n").encode())
    about = remember(workspace(), "src/pipe", "src/link", "src/pay.py", "src")
    pay = repo.git("rev-parse", "HEAD:src/pay.py")
    assert show_memory(workspace(), about).front["paths"] == ("src/pipe", "src/link", f"src/pay.py@{pay[:8]}", "src")


def test_verify_makes_fresh_and_follows_what_moved(workspace: Open, repo: Repo) -> None:
    about = remember(workspace(), "src/pay.py", "src/queue.py", "src/*.py", "gone.py@12345678")
    promote(workspace(), PromoteRequest(workspace().selection.name or "", consent=True))
    repo.git("mv", "src/queue.py", "src/deliveries.py")
    head = repo.commit("change", {"src/pay.py": LONG + "more\n"})
    before = repo.git("for-each-ref")
    (shown,) = verify_memories(workspace(), [about[-6:]], dry_run=True)
    assert (shown.verified, shown.recorded, repo.git("for-each-ref")) == (True, None, before)
    (found,) = verify_memories(workspace(), [about, about[-6:]])
    assert found.verified and found.staleness == shown.staleness and found.staleness.state == SUSPECT
    assert anchors(found)[:2] == [("src/pay.py", SUSPECT, None), ("src/queue.py", FRESH, "src/deliveries.py")]
    assert found.recorded and found.recorded.state == "committed"
    after = show_memory(workspace(), about)
    pay, queue = repo.git("rev-parse", "HEAD:src/pay.py", "HEAD:src/deliveries.py").split()
    paths = (f"src/pay.py@{pay[:8]}", f"src/deliveries.py@{queue[:8]}", "src/*.py", "gone.py@12345678")
    assert after.front["paths"] == paths
    assert after.front["verified"] == {"at": after.front["modified"], "commit": head[:12]}
    assert anchors(after) == [
        ("src/pay.py", FRESH, None),
        ("src/deliveries.py", FRESH, None),
        ("src/*.py", FRESH, None),
        ("gone.py", STALE, None),
    ]
    assert state(workspace(session="none"), about) == SUSPECT, "a candidate changes nothing for others"
    undo(workspace())
    assert state(workspace(), about) == SUSPECT


def test_rules_decide_and_false_ones_ask_for_attention(workspace: Open, repo: Repo) -> None:
    rules = ("src/app.py contains RETRIES = 7", "src/app.py lacks sleep(", "src/ exists", "src/old.py absent")
    about = remember(workspace(), "src/app.py", holds_if=rules)
    other = remember(workspace(), body="Something else altogether.")
    (found,) = verify_memories(workspace(), [about])
    assert found.verified and [(one.rule, one.holds) for one in found.rules] == [(rule, True) for rule in rules]
    repo.commit("change", {"src/app.py": "RETRIES = 8\n", "src/old.py": ""})
    found, word = verify_memories(workspace(), [about, other])
    assert [one.holds for one in found.rules] == [False, True, True, False] and not found.verified and word.verified
    front = show_memory(workspace(), about).front
    (question,) = listed_questions(front["attention"])
    assert (question.kind, question.reason) == (
        "doubt",
        "holds_if is false: src/app.py contains RETRIES = 7 (src/app.py lacks it); "
        "src/old.py absent (src/old.py exists)",
    )
    assert show_memory(workspace(), other).front["verified"]
    assert found.recorded and word.recorded and found.recorded.session == word.recorded.session
    (again,) = verify_memories(workspace(), [about])
    assert again.recorded is None and show_memory(workspace(), about).front == front, "it says so already"
    repo.git("rm", "-q", "src/old.py")
    repo.commit("right again", {"src/app.py": "RETRIES = 7\n"})
    assert verify_memories(workspace(), [about])[0].verified
    assert "attention" not in show_memory(workspace(), about).front


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("src/app.py matches ^RETRIES", "it is not"),
        ("src contains x", "is a directory"),
        ("link contains root", "is a link"),
        ("big.bin lacks x", "larger than 1 MiB"),
    ],
)
def test_what_cannot_be_checked_is_not_verified_and_changes_nothing(
    rule: str, why: str, workspace: Open, repo: Repo
) -> None:
    (repo.path / "link").symlink_to("/etc/passwd")
    repo.write("big.bin", "y" * (1 << 20) + "y")
    repo.git("add", "-A")
    repo.commit("odd files")
    about = remember(workspace(), holds_if=("src/app.py exists", rule))
    before = show_memory(workspace(), about).text
    (found,) = verify_memories(workspace(), [about])
    assert (found.verified, found.recorded) == (False, None) and [one.holds for one in found.rules] == [True, None]
    assert why in found.rules[1].why and show_memory(workspace(), about).text == before


def test_a_rule_never_leaves_the_tree(workspace: Open) -> None:
    for path in ("/etc/passwd", "../x", ".git/config", "a/../../etc/passwd", '"../a b"'):
        with pytest.raises(Refused):
            remember(workspace(), holds_if=(f"{path} exists",))


def test_who_may_verify_what(workspace: Open) -> None:
    locked = remember(workspace(session="one"), read_only="true")
    promote(workspace(), PromoteRequest("one", consent=True))
    with pytest.raises(Refused):
        verify_memories(workspace(agent="codex"), [locked])
    assert verify_memories(workspace(), [locked])[0].verified
    gone = remember(workspace(), body="To be retired.")
    retire_memory(workspace(), gone, "over")
    with pytest.raises(Refused):
        verify_memories(workspace(), [locked, gone])
    with pytest.raises(NotFound):
        verify_memories(workspace(), ["ZZZZZZ"])
    mine = remember(workspace(agent="codex"), body="An agent's note.")
    assert verify_memories(workspace(agent="codex"), [mine])[0].verified


def test_an_edit_does_not_verify_and_a_successor_is_as_new(workspace: Open, repo: Repo) -> None:
    about = remember(workspace(), "src/pay.py")
    repo.commit("change", {"src/pay.py": LONG + "more\n"})
    edit_memory(workspace(), open_memory(workspace(), about), {"title": "Retries"})
    assert state(workspace(), about) == SUSPECT
    later = supersede_memory(workspace(), about, {"body": "Retries are eight."})
    assert state(workspace(), later.id) == FRESH


def test_what_is_suspect_or_stale_ranks_down_and_is_still_found(workspace: Open, repo: Repo) -> None:
    old = remember(workspace(), "src/pay.py", body="The webhook queue retries seven times.")
    new = remember(workspace(), "src/queue.py", body="The webhook queue retries seven times!")
    for number in range(8):
        remember(workspace(), body=f"Something else about matter number {number}.")
    first = [hit.record.id for hit in ask(workspace(), "webhook queue retries").hits][:2]
    assert sorted(first) == sorted([old, new])
    repo.git("rm", "-q", "src/pay.py" if first[0] == old else "src/queue.py")
    repo.commit("gone")
    found = ask(workspace(), "webhook queue retries")
    assert [hit.record.id for hit in found.hits][:2] == first[::-1]
    assert [found.staleness[one].state for one in first] == [STALE, FRESH]


def test_no_code_to_judge_by(workspace: Open, tmp_path: Path) -> None:
    """An unborn HEAD: unanchored, and only what needs no code can be verified."""
    empty = Repo(tmp_path / "empty")
    empty.path.mkdir()
    empty.git("init", "-q")
    init(workspace(empty.path))
    about = remember(workspace(empty.path), "src/app.py@12345678", holds_if=("src/app.py absent",))
    plain = remember(workspace(empty.path), body="Another one.")
    assert state(workspace(empty.path), about) == UNANCHORED
    ruled, word = verify_memories(workspace(empty.path), [about, plain])
    assert (ruled.verified, ruled.rules[0].holds, word.verified) == (False, None, True)
    assert set(show_memory(workspace(empty.path), plain).front["verified"] or ()) == {"at"}


def test_each_worktree_is_judged_by_its_own_head(workspace: Open, repo: Repo, tmp_path: Path) -> None:
    about = remember(workspace(), "src/pay.py")
    repo.commit("change", {"src/pay.py": LONG + "more\n"})
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"), "HEAD~1")
    linked = tmp_path / "linked"
    for _ in range(2):
        assert state(workspace(), about) == SUSPECT
        assert state(workspace(linked, session=workspace().selection.name), about) == FRESH
    repo.git("checkout", "-q", "--detach", "HEAD~1")
    assert state(workspace(), about) == FRESH


def test_a_bare_clone_and_a_shallow_one(workspace: Open, repo: Repo, tmp_path: Path) -> None:
    """Where the commit of the writing is not there the anchor's own blob tells; where neither is, that it is there."""
    known = remember(workspace(session="one"), "src/pay.py")
    unknown = remember(workspace(session="one"), "src/queue.py", body="Queues hold failed deliveries.")
    source = open_memory(workspace(session="one"), unknown)
    text = source.document.text().replace("@" + repo.git("rev-parse", "HEAD:src/queue.py")[:8], "")
    from memcli.operations.memories.edit import replace_file_text

    replace_file_text(workspace(session="one"), source, text)
    promote(workspace(), PromoteRequest("one", consent=True))
    repo.commit("change", {"src/pay.py": LONG + "more\n", "src/queue.py": LONG})
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    repo.git("clone", "-q", "--no-single-branch", "--depth", "1", f"file://{repo.path}", str(tmp_path / "shallow"))
    states = {place: [state(workspace(tmp_path / place), one) for one in (known, unknown)]
              for place in ("bare.git", "shallow")}  # fmt: skip
    assert states == {"bare.git": [SUSPECT, SUSPECT], "shallow": [SUSPECT, FRESH]}


def test_anchor_statuses_are_cached_for_a_few_heads_outside_the_digest(workspace: Open, repo: Repo) -> None:
    about = remember(workspace(), "src/pay.py")
    promote(workspace(), PromoteRequest(workspace().selection.name or "", consent=True))
    digest = workspace().index.digest("refs/heads/mem/main")
    for number in range(HEADS + 3):
        repo.commit("next", {"src/queue.py": f"{number}\n"})
        assert state(workspace(), about) == FRESH
    connection = workspace().index.database.connection
    heads = {head for (head,) in connection.execute("SELECT head FROM anchor_statuses")}
    wanted = repo.git("rev-list", f"-{HEADS}", "HEAD").split()
    assert heads == set(wanted)
    assert workspace().index.digest("refs/heads/mem/main") == digest


def test_judging_at_another_commit(workspace: Open, repo: Repo) -> None:
    about = remember(workspace(), "src/pay.py")
    front = {about: show_memory(workspace(), about).front}
    later = repo.commit("change", {"src/pay.py": LONG + "more\n"})
    repo.git("checkout", "-q", "HEAD~1")
    assert Reader(workspace()).judge().of_fronts(front)[about].state == FRESH
    assert Reader(workspace()).judge(later).of_fronts(front)[about].state == SUSPECT
    assert Reader(workspace()).judge("f" * 40).of_fronts(front)[about].state == UNANCHORED
