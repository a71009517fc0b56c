"""Who may promote what: the verdict, the policy, and that nobody approves its own session."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memcli.errors import Conflict, NotFound, Refused
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.retire import retire_memory
from memcli.operations.review.decisions import Promoted
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.review import review_session, waiting_sessions
from memcli.operations.sessions.list import list_sessions
from memcli.operations.setup.init import init
from memcli.operations.setup.policy import set_policy
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo

Open = Callable[..., Workspace]
FACT = {"body": "Deliveries are retried at most 7 times."}


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def _added(here: Workspace, **draft: str) -> str:
    return add_memories(here, [{**FACT, **draft}])[0].id


def _promoted(here: Workspace, name: str, consent: bool = True) -> Promoted:
    return promote(here, PromoteRequest(name, consent=consent))


def test_a_person_promotes_their_own_clean_session_without_being_asked(workspace: Open) -> None:
    _added(workspace(session="mine"))
    done = promote(workspace(), PromoteRequest("mine"))
    assert done.review.verdict == "promotable" and done.ended
    assert done.reviewer == "Ada Example <ada@example.com>"


def test_an_agents_session_requires_approval_by_a_person(workspace: Open) -> None:
    _added(workspace(agent="codex", session="work"))
    with pytest.raises(Refused, match="requires approval by a person"):
        promote(workspace(), PromoteRequest("work"))
    assert _promoted(workspace(), "work").ended


@pytest.mark.parametrize("consent", [True, False])
def test_an_agent_approves_nothing(workspace: Open, consent: bool) -> None:
    _added(workspace(agent="codex", session="work"))
    _added(workspace(session="mine"), body="Another fact, by a person.")
    for name in ("work", "mine"):
        with pytest.raises(Refused, match="agents cannot approve"):
            promote(workspace(agent="codex"), PromoteRequest(name, consent=consent))


def test_the_variable_of_a_harness_makes_an_agent(mem: Mem) -> None:
    claude = {"CLAUDECODE": "1"}
    assert mem("add", "A fact of an agent.", env=claude).code == 0
    for words in (("promote",), ("promote", "--yes")):
        refused = mem(*words, env=claude)
        assert (refused.code, refused.out) == (6, "")
        assert "a person must review" in refused.err
    assert mem("add", "--promote", "Another one.", env=claude).code == 6
    assert mem("promote", "--yes").code == 0


def test_a_session_an_agent_wrote_into_is_an_agents(workspace: Open) -> None:
    _added(workspace(session="shared"))
    _added(workspace(session="shared", agent="codex"), body="What the agent added to it.")
    assert review_session(workspace(), "shared").verdict == "person"


def test_with_policy_auto_the_checks_alone_decide(workspace: Open) -> None:
    set_policy(workspace(session="rules"), "promote", "auto")
    found = review_session(workspace(), "rules")
    assert [one.change for one in found.candidates] == ["policy"] and found.verdict == "person"
    _promoted(workspace(), "rules")
    _added(workspace(agent="codex", session="work"))
    assert promote(workspace(agent="codex"), PromoteRequest("work")).reviewer == "policy auto"


def test_the_policy_is_for_persons(workspace: Open) -> None:
    with pytest.raises(Refused, match="agents cannot change the policy"):
        set_policy(workspace(agent="codex", session="rules"), "promote", "auto")


def test_an_agent_does_not_change_what_is_read_only(workspace: Open) -> None:
    memory_id = _added(workspace(session="mine"))
    here = workspace(session="mine")
    edit_memory(here, open_memory(here, memory_id), {"read_only": "true"})
    _promoted(workspace(), "mine")
    with pytest.raises(Refused, match="read-only"):
        retire_memory(workspace(agent="codex", session="work"), memory_id, "")


def test_an_agents_word_for_a_person_is_its_own_conclusion(workspace: Open) -> None:
    _added(workspace(agent="codex", session="work"), evidence="human")
    after = review_session(workspace(), "work").candidates[0].after
    assert after is not None and after.evidence == "inference"


def test_one_block_refuses_all_and_only_takes_the_others(workspace: Open) -> None:
    _promoted(workspace(session="first"), _session(workspace, "first"))
    same = _added(workspace(session="second"))
    other = _added(workspace(session="second"), body="Something that nobody has said before.")
    with pytest.raises(Refused, match="duplicate"):
        _promoted(workspace(), "second")
    done = promote(workspace(), PromoteRequest("second", only=[other[-8:]]))
    assert [one.id for one in done.promoted] == [other] and [one.id for one in done.left] == [same]


def _session(workspace: Open, name: str) -> str:
    _added(workspace(session=name))
    return name


def test_what_was_shown_is_what_is_promoted(workspace: Open) -> None:
    _added(workspace(session="mine"))
    shown = review_session(workspace(), "mine").session.tip
    _added(workspace(session="mine"), body="Something that came in meanwhile.")
    with pytest.raises(Conflict, match="has moved"):
        promote(workspace(), PromoteRequest("mine", expect=shown))
    assert promote(
        workspace(), PromoteRequest("mine", expect=review_session(workspace(), "mine").session.tip[:12])
    ).ended


def test_a_dry_run_moves_nothing(workspace: Open, repo: Repo) -> None:
    _added(workspace(session="mine"))
    before = repo.git("for-each-ref"), repo.git("count-objects", "-v")
    preview = promote(workspace(), PromoteRequest("mine", dry_run=True))
    assert (preview.commit, len(preview.promoted)) == (None, 1)
    assert (repo.git("for-each-ref"), repo.git("count-objects", "-v")) == before


def test_a_key_keeps_one_active_memory(workspace: Open, repo: Repo) -> None:
    old = _added(workspace(session="one"), key="retries", valid_from="2026-01-01")
    _promoted(workspace(), "one")
    new = _added(workspace(session="two"), key="retries", valid_from="2026-06-01", body="It is 9 retries now.")
    _promoted(workspace(), "two")
    text = repo.git("show", f"mem/main:{_path(repo, old)}")
    assert "status: superseded" in text and f"superseded_by: {new}" in text
    assert "status: active" in repo.git("show", f"mem/main:{_path(repo, new)}")


def _path(repo: Repo, memory_id: str) -> str:
    return next(
        path for path in repo.git("ls-tree", "-r", "--name-only", "mem/main").split("\n") if memory_id[-6:] in path
    )


def test_what_waits_is_in_the_inbox_until_it_is_decided(workspace: Open) -> None:
    _added(workspace(session="one"))
    assert [(one.name, count) for one, count in waiting_sessions(list_sessions(workspace()))] == [("one", 1)]
    _promoted(workspace(), "one")
    assert waiting_sessions(list_sessions(workspace())) == []
    with pytest.raises(NotFound, match="no open session"):
        promote(workspace(), PromoteRequest("one"))
