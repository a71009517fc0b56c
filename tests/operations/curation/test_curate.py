"""`mem curate`: a guest adds candidates and gives verdicts; one that lies changes nothing but the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memcli.core.curator.job_files import EDITS, JOB
from memcli.core.memory.document import parse_document
from memcli.errors import Conflict, NotFound, NotInstalled, Usage
from memcli.operations.curation.curate import Curated, curate, job_of, prepare_job
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.edit import open_memory
from memcli.operations.review.promote import promote
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.operations.curators import LIARS, answering, configure

Open = Callable[..., Workspace]
ADD = {"edit": "add", "title": "Deploys wait", "body": "Deploys wait for the ledger's lock.", "kind": "procedural",
       "type": "procedure", "topic": "deploys", "tags": ["ledger"], "reason": "it went wrong twice"}  # fmt: skip


@pytest.fixture
def fact(workspace: Open) -> str:
    """A store with one memory, and the session `work` with a candidate."""
    init(workspace())
    known = add_memories(workspace(session="first"), [{"body": "The ledger locks a row for each invoice."}])[0]
    promote(workspace(), "first", consent=True)
    add_memories(workspace(session="work"), [{"body": "Deliveries are retried at most 7 times."}])
    return known.id


def asked(workspace: Open, kind: str, name: str | None = "work", only: tuple[str, ...] = (), **flags: Any) -> Curated:
    here = workspace(**flags)
    return curate(here, job_of(here, kind, name, only))


def world(repo: Repo) -> str:
    """All that is in the repository: refs, the worktree's state, the oplog's length."""
    log = repo.path / ".git" / "mem" / "oplog"
    return repo.git("for-each-ref") + repo.git("status", "--short", "--ignored") + str(log.stat().st_size)


@pytest.mark.parametrize("kind", ["distil", "review", "generalise"])
@pytest.mark.parametrize("liar", sorted(LIARS))
@pytest.mark.usefixtures("fact")
def test_a_lying_curator_changes_nothing(workspace: Open, repo: Repo, kind: str, liar: str) -> None:
    text, why = LIARS[liar]
    configure(repo, text, timeout=0.5 if liar == "no answer" else 20)
    job_of(workspace(), kind, "work")  # what reading alone leaves behind is no change
    before = world(repo)
    done = asked(workspace, kind)
    assert why in done.failure and not done.accepted
    assert world(repo) == before


@pytest.mark.usefixtures("fact")
def test_what_is_distilled_are_candidates_of_the_session_and_the_curators_words(workspace: Open, repo: Repo) -> None:
    answering(repo, ADD, {**ADD, "title": "x" * 200}, {"edit": "retire", "id": "x", "reason": "all of it"})
    done = asked(workspace, "distil")
    assert [(one.edit, one.reason) for one in done.accepted] == [("add", "it went wrong twice")]
    assert len(done.refused) == 2 and done.session == "work"
    made = open_memory(workspace(session="work"), done.accepted[0].id).document
    assert made.get("evidence") == "inference"
    assert {"session": "work", "agent": "curator"}.items() <= dict(made.get("source") or {}).items()  # type: ignore[arg-type]
    here = workspace()
    assert len(here.sessions.candidates(here.sessions.load("work"))) == 2


@pytest.mark.usefixtures("fact")
def test_an_agent_that_asks_signs_what_it_has_asked_for(workspace: Open, repo: Repo) -> None:
    answering(repo, ADD)
    done = asked(workspace, "distil", agent="codex")
    made = open_memory(workspace(session="work"), done.accepted[0].id).document
    assert dict(made.get("source") or {})["agent"] == "codex"  # type: ignore[arg-type]


@pytest.mark.usefixtures("fact")
def test_a_verdict_is_told_and_rejects_nothing(workspace: Open, repo: Repo) -> None:
    here = workspace()
    (candidate,) = here.sessions.candidates(here.sessions.load("work"))
    verdict = {
        "edit": "verdict",
        "verdict": "reject",
        "reject": [{"id": candidate.id, "reason": "stale"}],
        "reason": "no",
    }
    answering(repo, verdict)
    before = world(repo)
    done = asked(workspace, "review")
    assert (done.verdict, [one.id for one in done.rejects]) == ("reject", [candidate.id])
    assert world(repo) == before


def test_the_reviewer_is_shown_what_comes_near(workspace: Open, fact: str) -> None:
    add_memories(workspace(session="work"), [{"body": "The ledger locks no row for an invoice."}])
    job = job_of(workspace(), "review", "work")
    assert [one.id for one in job.memories] == [fact] and not job.memories[0].editable
    assert len(job.candidates) == 2 and job.candidates[0].diff.startswith("--- a/")


def test_what_is_generalised_is_a_candidate_of_the_callers_session(workspace: Open, repo: Repo, fact: str) -> None:
    answering(repo, ADD, {**ADD, "body": "Locks are per row.", "based_on": [fact]})
    done = asked(workspace, "generalise", None, (fact[-8:],), session="mine")
    assert [one.reason for one in done.refused] == ["'based_on' must name the memories it was concluded from"]
    assert done.session == "mine"
    made = open_memory(workspace(session="mine"), done.accepted[0].id).document
    assert made.get("based_on") == (fact,)


def test_without_a_session_of_the_callers_the_curator_begins_its_own(workspace: Open, repo: Repo, fact: str) -> None:
    answering(repo, {**ADD, "based_on": [fact]})
    done = asked(workspace, "generalise", None, (fact,))
    assert done.session.startswith("curator-")
    assert workspace().sessions.load(done.session).agent == "curator"


@pytest.mark.usefixtures("fact")
def test_what_a_curator_finds_around_it(workspace: Open, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(repo, "print('[]'); print(os.getcwd(), dict(os.environ), file=sys.stderr)")
    (repo.path / "src" / "deep").mkdir()
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "MEM_SESSION", "CLAUDECODE", "CLAUDE_CODE_SESSION_ID", "MEM_CURATOR_KEY"):
        monkeypatch.setenv(name, "said")
    here = workspace(cwd=repo.path / "src" / "deep", session="work")
    (words,) = curate(here, job_of(here, "distil", "work")).remarks
    assert words.startswith(f"{repo.path} ") and "'MEM_CURATOR_KEY': 'said'" in words
    assert "'MEM_AGENT': 'curator'" in words and "'MEM_HOOK': '1'" in words
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "MEM_SESSION", "CLAUDECODE", "CLAUDE_CODE_SESSION_ID"):
        assert f"'{name}'" not in words


@pytest.mark.usefixtures("fact")
def test_a_credential_on_stderr_is_not_told(workspace: Open, repo: Repo) -> None:
    configure(repo, "print('[]'); print('key AKIAQ4R7TN2LM5XZ8WVB refused', file=sys.stderr)")
    (remark,) = asked(workspace, "distil").remarks
    assert "AKIA" not in remark and "looks like it holds a credential" in remark


@pytest.mark.usefixtures("fact")
def test_wrong_questions(workspace: Open) -> None:
    with pytest.raises(Usage, match="no job 'forget'"):
        job_of(workspace(), "forget", "work")
    with pytest.raises(Usage, match="'--only' is not for 'distil'"):
        job_of(workspace(), "distil", "work", ("x",))
    with pytest.raises(NotFound):
        job_of(workspace(), "distil", "nowhere")
    with pytest.raises(NotInstalled, match="no curator is configured"):
        asked(workspace, "distil")


# --- by hand, through a directory


@pytest.fixture
def place(workspace: Open, fact: str, tmp_path: Path) -> Path:
    assert fact
    here = workspace()
    prepare_job(here, job_of(here, "distil", "work"), tmp_path / "job")
    return tmp_path / "job"


def applied(workspace: Open, place: Path) -> Curated:
    here = workspace()
    return curate(here, job_of(here, "distil", "work"), place)


def test_a_directory_answers_as_a_command_does(workspace: Open, place: Path) -> None:
    assert not applied(workspace, place).accepted
    (place / EDITS).write_text(json.dumps({"edits": [ADD]}))
    assert [one.edit for one in applied(workspace, place).accepted] == ["add"]
    again = applied(workspace, place)  # a retry is harmless
    assert [one.reason for one in again.refused] == ["a candidate says it already"]
    with pytest.raises(Conflict, match="not empty"):
        here = workspace()
        prepare_job(here, job_of(here, "distil", "work"), place)


def test_nothing_outside_of_a_directory_is_read(workspace: Open, place: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text(json.dumps({"edits": [ADD]}))
    (place / EDITS).unlink()
    (place / EDITS).symlink_to(tmp_path / "outside.json")
    done = applied(workspace, place)
    assert not done.accepted and "'edits.json' is no plain file, ignored" in done.remarks
    (place / JOB).write_text(json.dumps({**json.loads((place / JOB).read_text()), "id": "../../x"}))
    (place / "memories").mkdir(exist_ok=True)
    (place / "memories" / "..evil.md").write_text("x")
    assert "not part of the job" in " ".join(applied(workspace, place).remarks)


def test_a_directory_that_is_no_job_is_a_failure(workspace: Open, place: Path) -> None:
    (place / JOB).write_text("[]")
    assert "job.json is missing" in applied(workspace, place).failure
    with pytest.raises(NotFound):
        applied(workspace, place / "nowhere")


# --- on the command line


def test_the_command_and_its_json(mem: Mem, repo: Repo, fact: str) -> None:
    assert fact
    assert mem("curate", "distil", "work").code == 8
    answering(repo, ADD, {"edit": "add", "reason": "r"})
    done = mem("curate", "distil", "work", "--json")
    data = done.json()
    assert done.code == 0 and done.err == ""
    assert [set(one) for one in data["accepted"]] == [{"edit", "id", "reason"}]
    assert data["refused"] == [{"edit": "add", "id": "", "reason": "missing: title, body, kind, type, topic"}]
    assert (data["job"], data["session"], data["failure"]) == ("distil", "work", None)
    text = mem("curate", "distil", "work")
    assert text.code == 0 and "refused add : a candidate says it already" in text.out


def test_a_failure_is_told_and_exits_1(mem: Mem, repo: Repo, fact: str) -> None:
    assert fact
    configure(repo, "print('\\x1b[2J', file=sys.stderr); sys.exit(1)")
    done = mem("curate", "review", "work")
    assert done.code == 1 and "the curator changed nothing" in done.out and "\x1b" not in done.out + done.err
    assert mem("curate", "review", "work", "--json").json()["failure"].endswith("exit code 1")


def test_both_ends_by_hand(mem: Mem, fact: str, tmp_path: Path) -> None:
    place = tmp_path / "job"
    assert mem("curate", "generalise", "--only", fact, "--prepare", str(place)).code == 0
    assert mem("curate", "generalise", "--only", fact, "--prepare", str(place)).code == 5
    assert parse_document((place / "memories" / f"{fact}.md").read_text()).get("id") == fact
    (place / EDITS).write_text(json.dumps({"edits": [{**ADD, "based_on": [fact]}]}))
    done = mem("curate", "generalise", "--only", fact, "--apply", str(place), "--json")
    assert [one["edit"] for one in done.json()["accepted"]] == ["add"]
    assert mem("curate", "generalise", "--prepare", "a", "--apply", "b").code == 2
