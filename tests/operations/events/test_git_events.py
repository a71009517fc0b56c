"""What git tells its hooks, through real hooks: which commits a session made, and what became of its code branch."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.core.session.fingerprint import fingerprint_lines
from memcli.core.session.line_hash import line_hash, path_hash
from memcli.core.session.names import harness_session
from memcli.operations.events.git_events import caller_session
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.list import SessionSummary, list_sessions
from memcli.operations.sessions.start import resume_session, start_session
from memcli.operations.setup.init import init
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.githooks import EVENTS, failures, install, recorded, shown

Open = Callable[..., Workspace]


@pytest.fixture
def hooked(repo: Repo, workspace: Open) -> Repo:
    init(workspace())
    install(repo, tuple(event for event in EVENTS if event != "prepare-commit-msg"))
    return repo


def started(workspace: Open, name: str = "fix") -> None:
    start_session(workspace(), name)


def listed(workspace: Open, name: str) -> SessionSummary:
    return next(one for one in list_sessions(workspace()) if one.session.name == name)


def waiting(repo: Repo) -> list[dict[str, object]]:
    journal = repo.path / ".git" / "mem" / "journal"
    return [json.loads(file.read_text()) for file in sorted(journal.glob("0*")) if file.is_file()]


def test_a_commit_and_its_amendment_are_recorded_in_the_current_session(hooked: Repo, workspace: Open) -> None:
    started(workspace)
    tip = hooked.git("rev-parse", "refs/mem/sessions/fix^{tree}")
    first = hooked.commit("one", {"a.py": "a\n"})
    hooked.git("commit", "-q", "--amend", "-m", "better")
    second = hooked.git("rev-parse", "HEAD")
    lines = recorded(hooked, "fix", workspace())
    assert [words[0] for words in lines] == [first, second, second] and lines[2][2:] == ["was", first]
    assert hooked.git("rev-parse", "refs/mem/sessions/fix^{tree}") != tip
    assert failures(hooked) == "" and not listed(workspace, "fix").candidates


def test_a_hook_only_appends_to_the_journal(hooked: Repo, workspace: Open) -> None:
    started(workspace)
    tip = hooked.git("rev-parse", "refs/mem/sessions/fix")
    commit = hooked.commit("one")
    assert hooked.git("rev-parse", "refs/mem/sessions/fix") == tip
    [entry] = waiting(hooked)
    assert (entry["verb"], entry["session"], entry["note"]) == ("commit", "fix", {"commit": commit})


def test_nothing_is_recorded_without_a_session_or_for_none(
    hooked: Repo, workspace: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked.commit("without")
    started(workspace)
    monkeypatch.setenv("MEM_SESSION", "none")
    hooked.commit("none")
    monkeypatch.setenv("MEM_SESSION", "../../x")
    hooked.commit("hostile")
    monkeypatch.setenv("MEM_SESSION", "unknown")
    hooked.commit("unknown")
    assert waiting(hooked) == [] and failures(hooked) == ""


def test_an_agent_records_in_its_own_session(hooked: Repo, workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    started(workspace)
    monkeypatch.setenv("CLAUDECODE", "1")
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", "abc")
    add_memories(workspace(), [{"body": "The agent's memory"}])
    hooked.commit("agent")
    name = harness_session("claude-code", "abc")
    assert [words[0] for words in recorded(hooked, name, workspace())] == [hooked.git("rev-parse", "HEAD")]
    assert "commits" not in hooked.git("ls-tree", "-r", "--name-only", "refs/mem/sessions/fix")


@pytest.mark.parametrize(
    "environ",
    [{}, {"MEM_SESSION": "named"}, {"MEM_SESSION": "none"}, {"MEM_AGENT": "bot"}, {"MEM_SESSION": "over"},
     {"CLAUDECODE": "1", "CLAUDE_CODE_SESSION_ID": "abc"}, {"GOOSE_TERMINAL": "1"},
     {"CODEX_THREAD_ID": "x", "MEM_AGENT": "Mine!"}],
)  # fmt: skip
def test_hooks_choose_the_session_that_every_other_command_chooses(
    workspace: Open, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    init(workspace())
    for name in ("named", "over", "mine"):
        start_session(workspace(), name)
    add_memories(workspace(session="over"), [{"body": "Something"}])
    promote(workspace(), PromoteRequest("over", consent=True))
    add_memories(workspace(session="over"), [{"body": "More"}])
    start_session(workspace(), "current")
    for name, text in environ.items():
        monkeypatch.setenv(name, text)
    if "MEM_SESSION" not in environ:
        add_memories(workspace(), [{"body": "So that it is there"}])
    meant = caller_session(workspace().layout, environ)
    assert meant == (workspace().selection.name or "")
    assert bool(meant) == (environ.get("MEM_SESSION") != "none")


def test_a_commit_after_the_end_is_recorded_in_the_successor_if_there_is_one(hooked: Repo, workspace: Open) -> None:
    started(workspace)
    add_memories(workspace(), [{"body": "Something"}])
    promote(workspace(), PromoteRequest("fix", consent=True))
    env = {"MEM_SESSION": "fix"}
    hooked.git("commit", "-q", "--allow-empty", "-m", "late", env=env)
    drain_before_reading(workspace())
    assert hooked.git("for-each-ref", "refs/mem/sessions") == "" and not waiting(hooked)
    add_memories(workspace(session="fix"), [{"body": "More"}])
    hooked.git("commit", "-q", "--allow-empty", "-m", "later", env=env)
    assert [words[0] for words in recorded(hooked, "fix-2", workspace())] == [hooked.git("rev-parse", "HEAD")]


def test_records_are_no_operation_no_movement_and_not_promoted(hooked: Repo, workspace: Open) -> None:
    started(workspace)
    add_memories(workspace(), [{"body": "The retry queue owns failures"}])
    shown = workspace().sessions.load("fix").tip
    hooked.commit("one")
    drain_before_reading(workspace())
    assert [one.verb for one in workspace().oplog.newest_first()] == ["add", "start"]
    done = promote(workspace(), PromoteRequest("fix", expect=shown, consent=True))
    assert ".session" not in hooked.git("ls-tree", "-r", "--name-only", "mem/main")
    assert ".session/commits" in hooked.git("ls-tree", "-r", "--name-only", done.parents[1])


def test_undo_takes_back_the_memory_and_not_the_record(hooked: Repo, workspace: Open) -> None:
    started(workspace)
    add_memories(workspace(), [{"body": "Something wrong"}])
    commit = hooked.commit("one")
    undo(workspace())
    assert [words[0] for words in recorded(hooked, "fix", workspace())] == [commit]
    assert not listed(workspace, "fix").candidates


def test_a_rebase_is_recorded_in_the_sessions_whose_commits_it_rewrote(hooked: Repo, workspace: Open) -> None:
    started(workspace, "other")
    started(workspace)
    hooked.git("checkout", "-q", "-b", "feat")
    old = [hooked.commit(name, {f"{name}.py": "x\n"}) for name in ("one", "two")]
    recorded(hooked, "fix", workspace())
    hooked.git("checkout", "-q", "main")
    resume_session(workspace(), "other")
    hooked.commit("base", {"base.py": "x\n"})
    hooked.git("checkout", "-q", "feat")
    hooked.git("rebase", "-q", "main")
    new = hooked.git("rev-list", "--reverse", "main..HEAD").split()
    lines = recorded(hooked, "fix", workspace())
    assert [words[0] for words in lines] == [*old, *new]
    assert [words[3] for words in lines[2:]] == old
    others = recorded(hooked, "other", workspace())
    assert [words[3] for words in others if len(words) > 2] == old, "who rewrote it knows, whatever becomes of `fix`"
    assert not {words[0] for words in others if len(words) == 2} & set(new), "a rebase makes nothing its own"


def test_a_commit_in_the_middle_of_a_rebase_is_one(hooked: Repo, workspace: Open) -> None:
    started(workspace)
    hooked.commit("one", {"a.py": "x\n"})
    hooked.git("rebase", "-q", "--force-rebase", "--exec", "git commit -q --allow-empty -m between", "HEAD~1")
    between = hooked.git("rev-parse", "HEAD")
    plain = [words[0] for words in recorded(hooked, "fix", workspace()) if len(words) == 2]
    assert len(plain) == 2 and plain[1] == between


def test_a_script_that_does_not_wait_names_the_commit(hooked: Repo, workspace: Open, mem: Mem) -> None:
    (hooked.path / ".git" / "hooks" / "post-commit").unlink()
    started(workspace)
    first, _ = hooked.commit("one"), hooked.commit("two")
    mem("hook", "git", "post-commit", first)
    assert [words[0] for words in recorded(hooked, "fix", workspace())] == [first]


def test_two_worktrees_record_in_their_own_sessions(hooked: Repo, workspace: Open, tmp_path: Path) -> None:
    started(workspace)
    hooked.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    start_session(workspace(side.path), "aside")
    there, here = side.commit("there"), hooked.commit("here")
    assert [words[0] for words in recorded(hooked, "aside", workspace())] == [there]
    assert [words[0] for words in recorded(hooked, "fix", workspace())] == [here]


def test_commits_in_a_sessions_own_files_are_not_recorded(hooked: Repo, workspace: Open) -> None:
    start_session(workspace(), "fix", worktree=True)
    Repo(hooked.path / ".mem" / "fix").git("commit", "-q", "--allow-empty", "-m", "inside")
    assert waiting(hooked) == []


def test_a_git_directory_elsewhere_is_the_one_that_counts(hooked: Repo, workspace: Open, tmp_path: Path) -> None:
    started(workspace)
    away = tmp_path / "away"
    away.mkdir()
    Repo(away).git("init", "-q")
    Repo(away).git(f"--git-dir={hooked.path}/.git", f"--work-tree={away}", "commit", "-q", "--allow-empty", "-m", "x")
    assert [words[0] for words in recorded(hooked, "fix", workspace())] == [hooked.git("rev-parse", "HEAD")]


def test_a_merged_branch_is_offered_and_stays_so_when_it_is_deleted(hooked: Repo, workspace: Open, mem: Mem) -> None:
    hooked.git("checkout", "-q", "-b", "feat")
    started(workspace)
    add_memories(workspace(), [{"body": "Something"}])
    hooked.commit("one", {"a.py": "a\n"})
    hooked.git("checkout", "-q", "main")
    assert listed(workspace, "fix").branch is None
    hooked.git("merge", "-q", "feat")
    assert listed(workspace, "fix").branch == "merged"
    hooked.git("branch", "-q", "-D", "feat")
    found = listed(workspace, "fix")
    assert found.branch == "merged" and found.session.merged and found.session.merged.into == "main"
    assert "its branch was merged into main" in mem().out
    hooked.git("checkout", "-q", "-b", "next")
    hooked.git("checkout", "-q", "main")
    drain_before_reading(workspace())
    assert len([line for line in hooked.git("log", "--format=%s", "refs/mem/sessions/fix").splitlines()
                if line.startswith("branch:")]) == 1  # fmt: skip


def test_a_branch_that_is_gone_unmerged_keeps_its_session(hooked: Repo, workspace: Open, mem: Mem) -> None:
    hooked.git("checkout", "-q", "-b", "feat")
    started(workspace)
    add_memories(workspace(), [{"body": "Something"}])
    hooked.commit("one", {"a.py": "a\n"})
    hooked.git("checkout", "-q", "main")
    hooked.git("merge", "-q", "--squash", "feat")
    hooked.commit("squashed")
    hooked.git("branch", "-q", "-D", "feat")
    assert listed(workspace, "fix").branch == "gone"
    assert "its branch is gone" in mem("session", "list").out


def test_a_branch_merged_elsewhere_is_noticed_at_the_next_checkout_of_main(hooked: Repo, workspace: Open) -> None:
    hooked.git("checkout", "-q", "-b", "feat")
    started(workspace)
    tip = hooked.commit("one", {"a.py": "a\n"})
    hooked.git("update-ref", "refs/heads/main", tip)
    hooked.git("checkout", "-q", "main")
    assert listed(workspace, "fix").branch == "merged"


@pytest.mark.parametrize("names", [("begun", "main"), ("lower", "upper")], ids=["only begun", "stacked"])
def test_what_is_contained_is_not_merged(hooked: Repo, workspace: Open, names: tuple[str, str]) -> None:
    own, other = names
    hooked.git("checkout", "-q", "-b", own)
    started(workspace)
    if other == "upper":
        hooked.commit("own work", {"a.py": "a\n"})
        hooked.git("checkout", "-q", "-b", "upper")
    hooked.git("checkout", "-q", "main")
    hooked.git("checkout", "-q", other)
    hooked.commit("further")
    hooked.git("checkout", "-q", "-b", "third")
    hooked.commit("third")
    hooked.git("checkout", "-q", other)
    hooked.git("merge", "-q", "third")
    assert listed(workspace, "fix").branch is None and failures(hooked) == ""


def test_hostile_entries_block_nothing(hooked: Repo, workspace: Open) -> None:
    started(workspace)
    commit = hooked.commit("one")
    place = hooked.path / ".git" / "mem" / "journal"
    [good] = waiting(hooked)
    notes = [("commit", {}), ("commit", {"commit": f"{commit} was x\n\n"}), ("rewrite", {"pairs": "x"}), ("read", {}),
             ("rewrite", {}), ("branch", {}), ("branch", {"Mem-Branch-Merged": "x\nMem-State: rejected"}),
             ("commit", {"commit": commit, "own": "true", "Mem-State": "rejected"})]  # fmt: skip
    for number, (verb, note) in enumerate(notes):
        op = f"{good['op']}"[:-2] + f"{number:02}"
        (place / op).write_text(json.dumps({**good, "op": op, "verb": verb, "note": note}))
    assert [words[0] for words in recorded(hooked, "fix", workspace())] == [commit]
    assert listed(workspace, "fix").session.state == "open" and not waiting(hooked)


def test_the_trailer_is_added_to_given_messages_only(repo: Repo, workspace: Open) -> None:
    init(workspace())
    install(repo, ("prepare-commit-msg",))
    repo.commit("no session")
    assert repo.git("log", "-1", "--format=%B") == "no session"
    started(workspace)
    repo.commit("one\n\nSigned-off-by: A <a@b>")
    said = "one\n\nSigned-off-by: A <a@b>\nMem-Session: fix"
    assert repo.git("log", "-1", "--format=%B").strip() == said
    repo.git("commit", "-q", "--allow-empty", "--amend", "--no-edit")
    assert repo.git("log", "-1", "--format=%B").strip() == said
    repo.git("commit", "-q", "--allow-empty", "--amend", "-m", "new words")
    assert repo.git("log", "-1", "--format=%B").strip().endswith("Mem-Session: fix")
    editor = {"GIT_EDITOR": "true"}
    with pytest.raises(Exception, match="exit status 1"):
        repo.git("commit", "-q", "--allow-empty", env=editor)  # given up: an empty message stays one
    assert failures(repo) == ""


def test_a_recorded_commit_leaves_hashes_of_its_lines_and_nothing_of_excluded_paths(
    hooked: Repo, workspace: Open, tmp_path: Path
) -> None:
    hooked.write(".memignore", "secret/\n")
    started(workspace)
    commit = hooked.commit("one", {"a.py": "RETRIES = 7\n}\n", "secret/key.py": "KEY = 'topsecret'\n"})
    hooked.commit("hidden", {"secret/other.py": "OTHER = 1\n"})
    add_memories(workspace(), [{"body": "Something"}])
    promote(workspace(), PromoteRequest("fix", consent=True))
    hooked.git("clone", "-q", "--branch", "mem/main", str(hooked.path), str(tmp_path / "clone"))
    text = shown(Repo(tmp_path / "clone"), "HEAD^2:.session/fingerprints.jsonl")
    [kept, hidden] = fingerprint_lines(text)
    assert (hidden.patch, hidden.is_whole, hidden.files) == ("", False, ())
    assert (kept.commit, kept.is_whole) == (commit, False) and "topsecret" not in text and "RETRIES" not in text
    assert [(file.path, file.added) for file in kept.files] == [(path_hash("a.py"), (line_hash(b" RETRIES=7\r\n"),))]
