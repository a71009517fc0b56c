"""Lines whose session could be mistaken: what is not known is answered with nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.operations.events.git_events import post_commit
from memcli.operations.history.why_line import CodeLine, parse_line_reference, trace_line
from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.start import start_session
from memcli.operations.setup.init import init
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace
from tests.conftest import Repo

Open = Callable[..., Workspace]
A = "def retry(queue):\n    attempts = queue.attempts + 1\n    return attempts\n"
B = "def backoff(seconds):\n    doubled = seconds * 2\n    return doubled\n"
PERSON = "def jitter(seconds):\n    return seconds + random()\n"


@pytest.fixture
def code(repo: Repo, workspace: Open) -> Repo:
    init(workspace())
    for name in ("a", "b"):
        start_session(workspace(), name)
        add_memories(workspace(session=name), [{"body": f"By {name}"}])
    repo.commit("base", {"x.py": "import os\n"})
    repo.git("checkout", "-q", "-b", "feature")
    return repo


def made(code: Repo, workspace: Open, session: str, text: str, message: str = "work") -> str:
    commit = code.commit(message, {"x.py": text})
    post_commit(workspace().layout, {"MEM_SESSION": session, "USER": "ada"}, commit)
    drain_before_reading(workspace())
    return commit


def squashed(code: Repo, message: str = "Land it (#1)") -> str:
    code.git("checkout", "-q", "main")
    code.git("merge", "-q", "--squash", "feature")
    code.git("commit", "-q", "-m", message)
    return code.git("rev-parse", "HEAD")


def asked(workspace: Open, line: int, place: Path | None = None) -> CodeLine:
    reference = parse_line_reference(f"x.py:{line}")
    assert reference
    return trace_line(workspace(place), reference)


def sessions(workspace: Open, count: int, place: Path | None = None) -> list[str | None]:
    return [asked(workspace, line, place).session for line in range(1, count + 1)]


def test_each_line_of_a_squash_is_that_of_who_wrote_it(code: Repo, workspace: Open, tmp_path: Path) -> None:
    made(code, workspace, "a", f"import os\n{A}")
    made(code, workspace, "b", f"import os\n{A}{B}")
    code.commit("by hand", {"x.py": f"import os\n{A}{B}{PERSON}"})
    commit = squashed(code)
    expected = [None, *["a"] * 3, *["b"] * 3, None, None]
    assert sessions(workspace, 9) == expected
    line = asked(workspace, 2)
    assert (line.commit, line.evidence, line.certainty) == (commit, "lines", "probable") and line.written_in
    for name in ("a", "b"):
        promote(workspace(), PromoteRequest(name, consent=True))
    code.git("clone", "-q", f"file://{code.path}", str(tmp_path / "clone"))
    assert sessions(workspace, 9, tmp_path / "clone") == expected


def test_the_trailers_of_a_squash_are_told_apart_by_its_lines(code: Repo, workspace: Open) -> None:
    made(code, workspace, "a", f"import os\n{A}")
    code.commit("by hand", {"x.py": f"import os\n{A}{PERSON}"})
    squashed(code, "Land it (#1)\n\n* work\n\nMem-Session: a\n\n* by hand\n\nCo-authored-by: B <b@example.com>")
    assert sessions(workspace, 6) == [None, "a", "a", "a", None, None]
    assert (asked(workspace, 3).evidence, asked(workspace, 3).certainty) == ("trailer", "certain")


def test_what_a_person_changes_afterwards_is_nobody_s(code: Repo, workspace: Open) -> None:
    made(code, workspace, "a", f"import os\n{A}")
    squashed(code)
    code.commit("by hand", {"x.py": f"import os\n{A.replace('+ 1', '+ 2')}"})
    assert sessions(workspace, 4) == [None, "a", None, "a"]
    code.commit("back", {"x.py": f"import os\n{A}"})
    assert sessions(workspace, 4) == [None, "a", None, "a"]  # the person wrote the line once more


def test_white_space_does_not_change_who_wrote_a_line(code: Repo, workspace: Open) -> None:
    made(code, workspace, "a", f"import os\n{A}")
    squashed(code)
    code.commit("tabs", {"x.py": f"import os\n{A}".replace("    ", "\t")})
    assert (asked(workspace, 3).session, asked(workspace, 3).certainty) == ("a", "probable")


def test_a_common_line_of_an_abandoned_branch_is_no_evidence(code: Repo, workspace: Open) -> None:
    made(code, workspace, "a", f"import os\n{A}{B}")
    code.git("checkout", "-q", "main")
    code.commit("by hand", {"x.py": "import os\ndef other():\n    return doubled\n"})
    assert sessions(workspace, 3) == [None] * 3


def test_a_revert_is_nobody_s_and_its_revert_the_session_s_again(code: Repo, workspace: Open) -> None:
    code.commit("base of b", {"x.py": f"import os\n{B}"})
    made(code, workspace, "a", f"import os\n{A}")
    squashed(code)
    code.git("revert", "--no-edit", "HEAD")
    code.git("revert", "--no-edit", "HEAD")
    assert sessions(workspace, 4) == [None, "a", "a", "a"]
    assert [one.session for one in _origins(workspace, "HEAD")] == ["a"]


def test_an_amend_without_hooks_keeps_the_session_of_its_old_lines_only(code: Repo, workspace: Open) -> None:
    made(code, workspace, "a", f"import os\n{A}")
    code.write("x.py", f"import os\n{A}{PERSON}")
    code.git("commit", "-q", "-a", "--amend", "-m", "better")
    assert sessions(workspace, 6) == [None, "a", "a", "a", None, None]


def test_a_shallow_clone_claims_nothing_for_the_commit_that_it_begins_with(
    code: Repo, workspace: Open, tmp_path: Path
) -> None:
    code.commit("by hand", {"x.py": f"import os\n{PERSON}"})
    made(code, workspace, "a", f"import os\n{PERSON}{A}")
    promote(workspace(), PromoteRequest("a", consent=True))
    place = tmp_path / "shallow"
    code.git("clone", "-q", "--depth", "1", "--branch", "feature", f"file://{code.path}", str(place))
    Repo(place).git("fetch", "-q", "origin", "mem/main:refs/remotes/origin/mem/main")
    assert sessions(workspace, 6, place) == [None, None, None, "a", "a", "a"]


def _origins(workspace: Open, revision: str) -> list[CodeLine]:
    from memcli.operations.provenance.authorship import Authorship
    from memcli.operations.provenance.session_records import SessionRecords

    opened = workspace()
    records = SessionRecords.of(opened.layout, opened.store)
    commit = str(opened.odb.repository.revparse_single(revision).id)
    return Authorship(records, opened.sessions, opened.journal).of_commit(commit)  # type: ignore[return-value]
