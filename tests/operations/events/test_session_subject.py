"""The title of an episode says what was done: from the first prompt that tells something, else from the commits."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.agents.registry import adapters
from memcli.core.session.names import harness_session
from memcli.operations.events.session_subject import note_subject, subject_of
from memcli.operations.events.worker import run_worker
from memcli.state.hook_log import append_failure
from memcli.state.liveness import mark_alive, remove_marks
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.operations.harness import Harness

KEY = "AKIA" + "Z7QK3MN5XWP2RT4V"
LONG = "Move the retries of all webhooks into the queue " + "and then on " * 20
RUNS: list[tuple[list[str], str, str]] = [
    (["go on", "Fix the retry limit. It is low.", "Now the other one."], "", "Fix the retry limit"),
    (["Change the file secret/plans.md soon."], "", "Work on main: 1 memory"),
    ([], f"<private>Acme</private> goes first, with {KEY}", "goes first, with [secret: AWS access key]"),
]
"""(prompts, the message of a commit, the title) of three sessions."""


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("go on", ""), ("/review all of it", ""), ("/src/app.py fails to load. Why?", "/src/app.py fails to load"),
        (f"Use the key {KEY} for uploads.", "Use the key [secret: AWS access key] for uploads"),
        ("Speed it <private>for Acme</private> up a lot.", "Speed it up a lot"),
        ("<private>Speed it up for Acme", ""), ("## Retries of webhooks\n\nText.", "Retries of webhooks"),
        (LONG, "Move the retries of all webhooks into the queue and then on and then on and then on and then on…"),
    ],
)  # fmt: skip
def test_the_first_sentence_is_the_subject(tmp_path: Path, text: str, subject: str) -> None:
    note_subject(str(tmp_path), "one", text)
    assert subject_of(str(tmp_path), "one") == "", "no harness has claimed the session"
    mark_alive(str(tmp_path), "one", os.getpid())
    note_subject(str(tmp_path), "one", text)
    assert subject_of(str(tmp_path), "one") == subject_of(str(tmp_path), "one-2") == subject
    if subject:
        note_subject(str(tmp_path), "one", "Something else that comes later")
        assert subject_of(str(tmp_path), "one") == subject
    remove_marks(str(tmp_path), "one")
    assert subject_of(str(tmp_path), "one") == ""


def test_harnesses_tell_the_subject_in_members_of_their_own() -> None:
    known = adapters()
    assert known["claude"].subject({"compact_summary": "The queue is two now."}) == "The queue is two now."
    assert known["copilot"].subject({"initial_prompt": "Rename the queue"}) == "Rename the queue"
    assert known["gemini"].subject({"prompt_response": "It is done."}) == ""


def test_titles_of_episodes(repo: Repo, mem: Mem, workspace: Callable[..., Workspace]) -> None:
    assert mem("init").code == 0 and mem("exclude", "add", "secret/**").code == 0
    for number, (prompts, message, _) in enumerate(RUNS):
        harness = Harness.begin(repo.path, str(number))
        harness.start()
        for prompt in prompts:
            harness.hook("mention", prompt=prompt)
        session = harness_session("claude-code", str(number))
        if message:
            head = repo.commit(message, {"src/new.py": "x = 1\n"})
            assert harness.shell(f"mem hook git post-commit {head}", MEM_SESSION=session)[0] == 0
        else:
            assert harness.shell(f"mem add --session {session} 'Fact number {number} of many.'")[0] == 0
        harness.kill()
        harness.process.communicate()
    run_worker(workspace())
    for number, (_, _, title) in enumerate(RUNS):
        page = mem("review", harness_session("claude-code", str(number)), "--json").json()
        episodes = [item["title"] for item in page["candidates"] if item["path"].startswith("episodic/")]
        assert episodes == [title]


def test_doctor_forgets_a_failure_when_its_session_has_closed(
    repo: Repo, mem: Mem, workspace: Callable[..., Workspace]
) -> None:
    assert mem("init").code == 0
    harness = Harness.begin(repo.path, "one", "claude")
    harness.start()
    session = harness_session("claude-code", "one")
    mem_dir = workspace().layout.mem_dir
    append_failure(mem_dir, "claude.session-end", f"{session}: OutOfTime: out of time")
    assert "OutOfTime" in mem("doctor").out
    harness.kill()
    harness.process.communicate()
    run_worker(workspace())
    assert "OutOfTime" not in mem("doctor").out
    append_failure(mem_dir, "claude.stop", "OSError: no space")
    assert "no space" in mem("doctor").out
