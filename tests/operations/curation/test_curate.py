"""`mem curate`: a curator adds candidates and gives verdicts; one that misbehaves changes only the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memcli.core.curator.job_files import EDITS, JOB
from memcli.core.memory.document import parse_document
from memcli.errors import Conflict, NotFound, NotInstalled, Usage
from memcli.operations.curation.curate import CurationResult, curate, prepare_job, session_job
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.review.promote import PromoteRequest, promote
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
    promote(workspace(), PromoteRequest("first", consent=True))
    add_memories(workspace(session="work"), [{"body": "Deliveries are retried at most 7 times."}])
    return known.id


def curated(
    workspace: Open, kind: str, name: str | None = "work", only: tuple[str, ...] = (), **flags: Any
) -> CurationResult:
    here = workspace(**flags)
    return curate(here, session_job(here, kind, name, only))


def state(repo: Repo) -> str:
    """The state of the repository: refs, the worktree's status, the oplog's length."""
    log = repo.path / ".git" / "mem" / "oplog"
    return repo.git("for-each-ref") + repo.git("status", "--short", "--ignored") + str(log.stat().st_size)


@pytest.mark.parametrize("kind", ["distil", "review", "generalise"])
@pytest.mark.parametrize("liar", sorted(LIARS))
@pytest.mark.usefixtures("fact")
def test_a_lying_curator_changes_nothing(workspace: Open, repo: Repo, kind: str, liar: str) -> None:
    text, why = LIARS[liar]
    configure(repo, text, timeout=0.5 if liar == "no answer" else 20)
    session_job(workspace(), kind, "work")  # what only reading leaves behind is no change
    before = state(repo)
    done = curated(workspace, kind)
    assert why in done.failure and not done.accepted
    assert state(repo) == before


@pytest.mark.usefixtures("fact")
def test_distilled_memories_are_candidates_of_the_session_by_the_curator(workspace: Open, repo: Repo) -> None:
    answering(repo, ADD, {**ADD, "title": "x" * 200}, {"edit": "retire", "id": "x", "reason": "all of it"})
    done = curated(workspace, "distil")
    assert [(accepted.edit, accepted.reason) for accepted in done.accepted] == [("add", "it went wrong twice")]
    assert len(done.refused) == 2 and done.session == "work"
    made = open_memory(workspace(session="work"), done.accepted[0].id).document
    assert made.get("evidence") == "inference"
    assert {"session": "work", "agent": "curator"}.items() <= dict(made.get("source") or {}).items()  # type: ignore[arg-type]
    here = workspace()
    assert len(here.sessions.candidates(here.sessions.load("work"))) == 2


@pytest.mark.usefixtures("fact")
def test_an_agent_is_the_author_of_what_it_has_curated(workspace: Open, repo: Repo) -> None:
    answering(repo, ADD)
    done = curated(workspace, "distil", agent="codex")
    made = open_memory(workspace(session="work"), done.accepted[0].id).document
    assert dict(made.get("source") or {})["agent"] == "codex"  # type: ignore[arg-type]


@pytest.mark.usefixtures("fact")
def test_a_verdict_is_reported_and_rejects_nothing(workspace: Open, repo: Repo) -> None:
    here = workspace()
    (candidate,) = here.sessions.candidates(here.sessions.load("work"))
    verdict = {
        "edit": "verdict",
        "verdict": "reject",
        "reject": [{"id": candidate.id, "reason": "stale"}],
        "reason": "no",
    }
    answering(repo, verdict)
    before = state(repo)
    done = curated(workspace, "review")
    assert (done.verdict, [rejection.id for rejection in done.rejects]) == ("reject", [candidate.id])
    assert state(repo) == before


def test_a_review_has_the_most_similar_memories_as_context(workspace: Open, fact: str) -> None:
    add_memories(workspace(session="work"), [{"body": "The ledger locks no row for an invoice."}])
    job = session_job(workspace(), "review", "work")
    assert [memory.id for memory in job.memories] == [fact] and not job.memories[0].editable
    assert len(job.candidates) == 2 and job.candidates[0].diff.startswith("--- a/")


def test_a_generalised_memory_is_a_candidate_of_the_callers_session(workspace: Open, repo: Repo, fact: str) -> None:
    answering(repo, ADD, {**ADD, "body": "Locks are per row.", "based_on": [fact]})
    done = curated(workspace, "generalise", None, (fact[-8:],), session="mine")
    assert [refused.reason for refused in done.refused] == ["'based_on' must name the memories it was concluded from"]
    assert done.session == "mine"
    made = open_memory(workspace(session="mine"), done.accepted[0].id).document
    assert made.get("based_on") == (fact,)


def test_without_a_session_a_new_one_of_the_curator_is_started(workspace: Open, repo: Repo, fact: str) -> None:
    answering(repo, {**ADD, "based_on": [fact]})
    done = curated(workspace, "generalise", None, (fact,))
    assert done.session.startswith("curator-")
    assert workspace().sessions.load(done.session).agent == "curator"


@pytest.mark.usefixtures("fact")
def test_the_environment_of_a_curator(workspace: Open, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(repo, "print('[]'); print(os.getcwd(), dict(os.environ), file=sys.stderr)")
    (repo.path / "src" / "deep").mkdir()
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "MEM_SESSION", "CLAUDECODE", "CLAUDE_CODE_SESSION_ID", "MEM_CURATOR_KEY"):
        monkeypatch.setenv(name, "said")
    here = workspace(cwd=repo.path / "src" / "deep", session="work")
    (stderr,) = curate(here, session_job(here, "distil", "work")).remarks
    assert stderr.startswith(f"{repo.path} ") and "'MEM_CURATOR_KEY': 'said'" in stderr
    assert "'MEM_AGENT': 'curator'" in stderr and "'MEM_HOOK': '1'" in stderr
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "MEM_SESSION", "CLAUDECODE", "CLAUDE_CODE_SESSION_ID"):
        assert f"'{name}'" not in stderr


@pytest.mark.usefixtures("fact")
def test_a_credential_on_stderr_is_not_shown(workspace: Open, repo: Repo) -> None:
    configure(repo, "print('[]'); print('key AKIAQ4R7TN2LM5XZ8WVB refused', file=sys.stderr)")
    (remark,) = curated(workspace, "distil").remarks
    assert "AKIA" not in remark and "may contain a credential" in remark


@pytest.mark.usefixtures("fact")
def test_usage_errors(workspace: Open) -> None:
    with pytest.raises(Usage, match="unknown job 'forget'"):
        session_job(workspace(), "forget", "work")
    with pytest.raises(Usage, match="'--only' cannot be used with 'distil'"):
        session_job(workspace(), "distil", "work", ("x",))
    with pytest.raises(NotFound):
        session_job(workspace(), "distil", "nowhere")
    with pytest.raises(NotInstalled, match="no curator is configured"):
        curated(workspace, "distil")


# --- by hand, through a directory


@pytest.fixture
def directory(workspace: Open, fact: str, tmp_path: Path) -> Path:
    assert fact
    here = workspace()
    prepare_job(here, session_job(here, "distil", "work"), tmp_path / "job")
    return tmp_path / "job"


def applied(workspace: Open, directory: Path) -> CurationResult:
    here = workspace()
    return curate(here, session_job(here, "distil", "work"), directory)


def test_a_directory_answers_as_a_command_does(workspace: Open, directory: Path) -> None:
    assert not applied(workspace, directory).accepted
    (directory / EDITS).write_text(json.dumps({"edits": [ADD]}))
    assert [accepted.edit for accepted in applied(workspace, directory).accepted] == ["add"]
    again = applied(workspace, directory)  # a retry is harmless
    assert [refused.reason for refused in again.refused] == ["a candidate says it already"]
    with pytest.raises(Conflict, match="not empty"):
        here = workspace()
        prepare_job(here, session_job(here, "distil", "work"), directory)


def test_nothing_outside_the_directory_is_read(workspace: Open, directory: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text(json.dumps({"edits": [ADD]}))
    (directory / EDITS).unlink()
    (directory / EDITS).symlink_to(tmp_path / "outside.json")
    done = applied(workspace, directory)
    assert not done.accepted and "ignored 'edits.json': not a regular file" in done.remarks
    (directory / JOB).write_text(json.dumps({**json.loads((directory / JOB).read_text()), "id": "../../x"}))
    (directory / "memories").mkdir(exist_ok=True)
    (directory / "memories" / "..evil.md").write_text("x")
    assert "not part of this job" in " ".join(applied(workspace, directory).remarks)


def test_a_directory_without_a_job_is_a_failure(workspace: Open, directory: Path) -> None:
    (directory / JOB).write_text("[]")
    assert "job.json is missing" in applied(workspace, directory).failure
    with pytest.raises(NotFound):
        applied(workspace, directory / "nowhere")


# --- on the command line


def test_the_command_and_its_json(mem: Mem, repo: Repo, fact: str) -> None:
    assert fact
    assert mem("curate", "distil", "work").code == 8
    answering(repo, ADD, {"edit": "add", "reason": "r"})
    done = mem("curate", "distil", "work", "--json")
    data = done.json()
    assert done.code == 0 and done.err == ""
    assert [set(accepted) for accepted in data["accepted"]] == [{"edit", "id", "reason"}]
    assert data["refused"] == [{"edit": "add", "id": "", "reason": "missing: title, body, kind, type, topic"}]
    assert (data["job"], data["session"], data["failure"]) == ("distil", "work", None)
    text = mem("curate", "distil", "work")
    assert text.code == 0 and "refused add : a candidate says it already" in text.out


def test_a_failure_is_reported_and_exits_1(mem: Mem, repo: Repo, fact: str) -> None:
    assert fact
    configure(repo, "print('\\x1b[2J', file=sys.stderr); sys.exit(1)")
    done = mem("curate", "review", "work")
    assert done.code == 1 and "the curator changed nothing" in done.out and "\x1b" not in done.out + done.err
    assert mem("curate", "review", "work", "--json").json()["failure"].endswith("exit code 1")


def test_both_ends_by_hand(mem: Mem, fact: str, tmp_path: Path) -> None:
    directory = tmp_path / "job"
    assert mem("curate", "generalise", "--only", fact, "--prepare", str(directory)).code == 0
    assert mem("curate", "generalise", "--only", fact, "--prepare", str(directory)).code == 5
    assert parse_document((directory / "memories" / f"{fact}.md").read_text()).get("id") == fact
    (directory / EDITS).write_text(json.dumps({"edits": [{**ADD, "based_on": [fact]}]}))
    done = mem("curate", "generalise", "--only", fact, "--apply", str(directory), "--json")
    assert [one["edit"] for one in done.json()["accepted"]] == ["add"]
    assert mem("curate", "generalise", "--prepare", "a", "--apply", "b").code == 2
