"""`mem review -p` at a terminal: letters decide, decisions outlive an interruption, one operation carries them out."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from memcli.cli.review_letters import candidate_prompt
from tests.conftest import Mem, Repo
from tests.terminal import Terminal
from tests.waiting import eventually


@pytest.fixture
def terminal(repo: Repo, fast: Mem, tmp_path: Path) -> Terminal:
    """Three candidates of two agents in two topics; one repeats the store in other words."""
    assert fast("init", "-q").code == 0
    stored = fast("add", "The queue keeps failed webhooks for seven days.", "--topic", "queue", "--promote", "-q")
    assert stored.code == 0, stored.err
    fast("--agent", "codex", "session", "start", "first", "-q")
    codex = ("--agent", "codex", "--session", "first", "add", "-q")
    fast(*codex, "Failed webhooks are kept by the queue for seven days.", "--topic", "queue")
    fast(*codex, "Rows are locked in the order of their ids.", "--topic", "ledger")
    fast("--agent", "gemini", "session", "start", "second", "-q")
    fast("--agent", "gemini", "--session", "second", "add", "-q", "Invoices leave at noon.", "--topic", "ledger")
    return Terminal(repo, tmp_path / "editor")


def decide(terminal: Terminal, *letters: str, words: tuple[str, ...] = (), editor: str = "exit 1") -> str:
    """What the terminal shows while these lines are typed, to the end of the input."""
    typed = "".join(f"{line}\n" for line in letters) + "\x04"
    code, output = terminal.run("review", "-p", *words, editor=editor, typed=typed)
    assert code == 0, output
    return output


def stored(repo: Repo) -> str:
    return repo.git("show", "mem/main:MEMORY.md")


def tip(repo: Repo) -> str:
    return repo.git("rev-parse", "mem/main")


def test_what_asks_for_attention_comes_first_with_both_texts(terminal: Terminal) -> None:
    output = decide(terminal, "q")
    assert output.index("Failed webhooks are kept") < output.index("The queue keeps failed")
    for fact in ("1 of 3", "queue", "by codex in first", "near-duplicate", "in the store", "evidence human"):
        assert fact in output
    assert "nothing decided; nothing was changed" in output


def test_all_is_one_operation_that_one_undo_takes_back(terminal: Terminal, repo: Repo, fast: Mem) -> None:
    before = repo.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/mem/sessions", "refs/heads/mem")
    output = decide(terminal, "r it is known", "A", "y")
    assert "promoted 2, rejected 1" in output
    assert "Rows are locked" in stored(repo) and "Invoices leave" in stored(repo)
    assert "Failed webhooks are kept" not in stored(repo)
    assert fast("undo").code == 0
    after = repo.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/mem/sessions", "refs/heads/mem")
    assert after == before


def test_nothing_happens_before_the_summary_is_confirmed(terminal: Terminal, repo: Repo) -> None:
    before = tip(repo)
    output = decide(terminal, "r", "not true", "A", "n", "l", "d", "q")
    assert output.count("Carry out 3 decisions?") == 2 and "accept 2, 2 of them without warnings" in output
    assert "not true" in output and tip(repo) == before
    assert "3 decisions kept" in output


def test_decisions_go_on_where_they_were_left(terminal: Terminal, repo: Repo) -> None:
    decide(terminal, "r it is known", "a")
    output = decide(terminal, "y", "a", "y")
    assert "2 decisions from just now: continue?" in output and "3 of 3" in output
    assert "promoted 2, rejected 1" in output and "Rows are locked" in stored(repo)
    assert (repo.path / ".git" / "mem" / "decisions").read_bytes() == b""


def test_earlier_decisions_may_be_dropped(terminal: Terminal) -> None:
    decide(terminal, "r it is known")
    assert "1 of 3" in decide(terminal, "n", "q")
    assert "continue?" not in decide(terminal, "q")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGHUP, signal.SIGINT])
def test_a_killed_review_loses_no_decision(terminal: Terminal, end: int) -> None:
    process, handle = terminal.start("review", "-p", editor="exit 1")
    shown = ""
    while "(1/3)" not in shown:
        shown += os.read(handle, 1 << 16).decode()
    os.write(handle, b"r it is known\n")
    while "(2/3)" not in shown:
        shown += os.read(handle, 1 << 16).decode()
    assert eventually(lambda: Path(f"/proc/{process.pid}/stat").read_text().rpartition(") ")[2][0] == "S")
    process.send_signal(end)  # now that it waits for a line: Python defers a signal that comes just before it does
    assert eventually(lambda: process.poll() is not None)
    output = os.read(handle, 1 << 16).decode() if end == signal.SIGINT else ""
    os.close(handle)
    assert "Traceback" not in output and (end != signal.SIGINT or "interrupted; 1 decision kept" in output)
    assert "1 decision from just now: continue?" in decide(terminal, "y", "q")


def test_a_changed_candidate_is_asked_about_again(terminal: Terminal, fast: Mem) -> None:
    decide(terminal, "r it is known", "a")
    (rows,) = (each for each in fast("review", "first", "--json").json()["candidates"] if "Rows" in each["title"])
    assert fast("edit", rows["id"], "--session", "first", "--body", "Rows are locked by age.", "-q").code == 0
    output = decide(terminal, "y", "q")
    assert "1 decision dropped: the candidates have changed or are gone" in output
    assert "1 decision from" in output and "Rows are locked by age" in output


def test_after_an_edit_the_candidate_is_checked_and_asked_about_again(terminal: Terminal, repo: Repo) -> None:
    output = decide(terminal, "g 2", "e", "a", "d", "y", editor="sed -i s/noon/night/ $1; sed -i s/order/row/ $1")
    assert "promoted 1, rejected 0, 2 left" in output
    assert ("Invoices leave at night" in stored(repo)) or ("in the row of their ids" in stored(repo))


def test_undo_takes_back_the_last_step_and_shows_it_again(terminal: Terminal, repo: Repo) -> None:
    before = tip(repo)
    output = decide(terminal, "r it is known", "A", "n", "u", "u", "u", "q")
    assert "nothing to take back" in output and "nothing decided" in output and tip(repo) == before


def test_the_rest_of_a_topic_or_a_session_is_decided_at_once(terminal: Terminal) -> None:
    assert "accepted 2" in decide(terminal, "g 2", "T", "q")
    decide(terminal, "n", "q")
    output = decide(terminal, "R s not now", "l", "q")
    assert "rejected 2" in output and output.count("rejected, ") == 2
    decide(terminal, "n", "q")


def test_keeping_the_other_one_rejects_this_one_with_the_reason(terminal: Terminal, fast: Mem) -> None:
    output = decide(terminal, "o", "d", "y")
    assert "was kept: near-duplicate" in output and "rejected 1" in output
    assert [each["title"] for each in fast("review", "first", "--json").json()["candidates"]] == [
        "Rows are locked in the order of their ids"
    ]


def test_history_search_list_and_help(terminal: Terminal) -> None:
    output = decide(terminal, "?", "l", "/failed webhooks", "h", "g 9", "x", "", "q")
    for text in (
        "accept this candidate",
        "NUMBER|ID",
        "1: open,",
        "The queue keeps failed webhooks",
        "not in the store",
    ):
        assert text in output
    assert "there is no candidate 9" in output and "'x' is not one of the letters" in output


def test_only_what_is_selected_is_asked_about(terminal: Terminal, repo: Repo) -> None:
    output = decide(terminal, "a", "y", words=("second",))
    assert "1 of 1" in output and "promoted 1" in output
    assert "Invoices leave" in stored(repo) and "Rows are locked" not in stored(repo)


def test_an_agent_and_a_pipe_are_refused(terminal: Terminal, fast: Mem) -> None:
    refused = fast("--agent", "codex", "review", "-p")
    assert refused.code == 6 and "agents cannot decide" in refused.err
    piped = fast("review", "-p")
    assert piped.code == 2 and "mem reject ID" in piped.err
    code, output = terminal.run("review", "-p", "--no-input", editor="exit 1")
    assert code == 2 and "needs a terminal" in output


def test_a_secret_is_shown_neither_in_the_text_nor_in_the_reason(terminal: Terminal, repo: Repo) -> None:
    ref, key = "refs/mem/sessions/second", f"sk_{'live'}_" + "a1B2c3D4" * 3
    (path,) = repo.git("diff", "--name-only", "mem/main", ref, "--", "semantic/ledger").splitlines()
    blob = repo.git("hash-object", "-w", "--stdin", input=repo.git("show", f"{ref}:{path}") + f"\nThe key is {key}.\n")
    index = {"GIT_INDEX_FILE": str(repo.path / ".git" / "other-index")}
    repo.git("read-tree", ref, env=index)
    repo.git("update-index", "--cacheinfo", f"100644,{blob},{path}", env=index)
    commit = repo.git("commit-tree", "-p", ref, "-m", "key", repo.git("write-tree", env=index))
    repo.git("update-ref", ref, commit)
    output = decide(terminal, "a", f"r it says {key}", "r it holds a key", "d", "q")
    assert "blocked: secret" in output and "a finding blocks it" in output and "1 decision kept" in output
    assert key not in output.replace(f"it says {key}", "")


def test_the_plain_form_has_words_in_place_of_signs_and_colours(terminal: Terminal) -> None:
    env = {"COLUMNS": "40"}
    typed = "l\n?\nr it is known\nA\ny\n"
    code, output = terminal.run("review", "-p", "--plain", editor="exit 1", typed=typed, env=env)
    assert code == 0 and "\x1b" not in output
    shown = output[output.index("candidate: 1 of 3") :]
    for fact in ("topic: queue", "author: codex", "warning: near-duplicate", "place: in the store", "text: Failed"):
        assert fact in shown
    lines = shown.replace("for help: ", "for help:\n").splitlines()
    assert [line for line in lines if len(line) > 40] == []
    assert not set("·→│─✓✗…") & set(shown)


def test_the_plain_page_tells_all_without_a_question(terminal: Terminal, fast: Mem) -> None:
    assert terminal
    done = fast("review", "--plain")
    assert done.code == 0 and done.out.startswith("3 candidates in 2 sessions to review, 1 with findings\n")
    positions = [line for line in done.out.splitlines() if line.startswith("candidate: ")]
    assert positions == [f"candidate: {number} of 3" for number in (1, 2, 3)]
    assert "text: Rows are locked in the order of their ids." in done.out and "\x1b" not in done.out


def test_every_letter_is_explained_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "deciding.md").read_text(encoding="utf-8")
    prompt = candidate_prompt(1, 1, has_sides=True, is_plain=True)
    for letter in prompt.letters:
        assert f"`{letter.letter}" in page
        assert letter.letter == "R" or letter.does.split(";")[0].split(":")[0] in page.replace(
            "go to the previous candidate; to a candidate", "go to the previous candidate; go to a candidate"
        ), letter.does


@pytest.mark.parametrize(
    ("letters", "kept"), [(("k", "a"), "The limit is 9"), (("o",), "The limit is 8"), (("b",), "both")]
)
def test_a_conflict_is_settled_in_place(
    repo: Repo, fast: Mem, tmp_path: Path, letters: tuple[str, ...], kept: str
) -> None:
    fast("init", "-q")
    limit = fast("add", "The limit is 7.", "--promote", "--json").json()["id"]
    for agent, number in (("codex", 8), ("gemini", 9)):
        fast("--agent", agent, "session", "start", agent, "-q")
        fast("--agent", agent, "--session", agent, "edit", limit, "--body", f"The limit is {number}.", "-q")
    assert fast("promote", "codex", "--yes", "-q").code == 0
    output = decide(Terminal(repo, tmp_path / "editor"), *letters, "y")
    assert "'mem undo' takes all of it back" in output, output
    shown = fast("show", limit, "--json").json()
    assert shown["title"] == kept or kept == "both"
    assert [each["kind"] for each in shown["questions"]] == (["conflict"] if kept == "both" else [])


def test_what_vanishes_meanwhile_ends_the_questions(terminal: Terminal, fast: Mem) -> None:
    process, handle = terminal.start("review", "-p", editor="exit 1")
    shown = ""
    while "(1/3)" not in shown:
        shown += os.read(handle, 1 << 16).decode()
    assert fast("reject", "first", "-m", "no").code == fast("promote", "second", "--yes").code == 0
    os.write(handle, b"A\nd\nq\n")
    code, output = Terminal.end(process, handle)
    assert code == 0 and "cannot be carried out" in output and "nothing awaits review" in output, output
