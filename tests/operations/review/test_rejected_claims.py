"""What was rejected stays rejected: the same claim is told again in any session, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memcli.core.finding import BLOCK, WARN
from memcli.errors import Refused
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.retire import retire_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.review.review import review_session
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo

Open = Callable[..., Workspace]
TEXT = "Zebra text that is turned down."


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def _add(here: Workspace, body: str = TEXT, **draft: str) -> str:
    return add_memories(here, [{"body": body, **draft}])[0].id


def _told(here: Workspace, session: str) -> list[tuple[str, str]]:
    """(id, severity) of what the review calls rejected before."""
    findings = review_session(here, session).findings
    return [(finding.id, finding.severity) for finding in findings if finding.check == "rejected-before"]


@pytest.mark.parametrize(
    "again",
    [
        {"body": TEXT},
        {"body": TEXT, "title": "Another title"},
        {"body": "zebra  text **that** is\nturned down"},
        {"body": "Zebra text that is turned down!"},
        {"body": "1. Zebra text that is turned down."},
        {"body": "Zebra [text that](https://example.com/a_(b)) is `turned` down !"},
        {"body": TEXT, "kind": "procedural", "topic": "other"},
        {"body": TEXT, "tags": ("new",), "valid_from": "2020-01-01"},
    ],
)
def test_the_same_claim_is_blocked_for_agents_and_told_to_persons(workspace: Open, again: dict[str, str]) -> None:
    _add(workspace(session="first"))
    reject(workspace(), "first", [], "not true")
    for session, agent, severity in (("codex-work", "codex", BLOCK), ("mine", None, WARN)):
        added = _add(workspace(session=session, agent=agent), **again)
        assert _told(workspace(), session) == [(added, severity)]
    finding = review_session(workspace(), "mine").findings[0]
    assert "not true" in finding.message and "first" in finding.message
    with pytest.raises(Refused, match="rejected-before"):
        promote(workspace(), PromoteRequest("codex-work", consent=True))
    assert promote(workspace(), PromoteRequest("mine", consent=True)).ended


def test_the_same_claim_is_told_in_the_session_where_it_was_rejected(workspace: Open) -> None:
    here = workspace(session="work", agent="codex")
    first = _add(here)
    _add(here, "Something else, that waits.")
    reject(workspace(), "work", [first], "not true")
    assert _told(workspace(), "work") == []
    again = _add(here)
    assert again != first and _told(workspace(), "work") == [(again, BLOCK)]


@pytest.mark.parametrize("other", ["Another text.", "Zebra text that is turned down?", f"3. {TEXT}"])
def test_another_claim_is_not_told(workspace: Open, other: str) -> None:
    _add(workspace(session="first"))
    reject(workspace(), "first", [], "not true")
    _add(workspace(session="second", agent="codex"), other)
    assert _told(workspace(), "second") == []


@pytest.mark.parametrize(("rejected", "proposed"), [(None, "zebra.text"), ("zebra.text", None), ("zebra.a", "zebra.b")])
def test_the_same_text_with_another_key_is_a_warning(
    workspace: Open, rejected: str | None, proposed: str | None
) -> None:
    _add(workspace(session="first"), **({"key": rejected} if rejected else {}))
    reject(workspace(), "first", [], "not true")
    added = _add(workspace(session="second", agent="codex"), **({"key": proposed} if proposed else {}))
    assert _told(workspace(), "second") == [(added, WARN)]
    (message,) = [each.message for each in review_session(workspace(), "second").findings
                  if each.check == "rejected-before"]  # fmt: skip
    assert "not true" in message and (f"with the key {rejected}" if rejected else "without a key") in message


def test_a_rejected_retirement_stays_rejected_while_the_memory_claims_the_same(workspace: Open) -> None:
    memory = _add(workspace(session="first"), "Zebras are stabled.")
    promote(workspace(), PromoteRequest("first"))
    retire_memory(workspace(session="second", agent="codex"), memory, "gone")
    reject(workspace(), "second", [], "still true")
    for session, agent, severity in (("third", "codex", BLOCK), ("mine", None, WARN)):
        retire_memory(workspace(session=session, agent=agent), memory, "really gone")
        assert _told(workspace(), session) == [(memory, severity)]
    edit_memory(workspace(session="edit"), open_memory(workspace(), memory), {}, body="Zebras are in the meadow.")
    promote(workspace(), PromoteRequest("edit", consent=True))
    retire_memory(workspace(session="fourth", agent="codex"), memory, "gone")
    assert _told(workspace(), "fourth") == []


def test_undoing_the_rejection_of_a_retirement_lifts_it(workspace: Open) -> None:
    memory = _add(workspace(session="first"), "Zebras are stabled.")
    promote(workspace(), PromoteRequest("first"))
    retire_memory(workspace(session="second"), memory, "gone")
    reject(workspace(), "second", [], "still true")
    undo(workspace(), next(each for each in workspace().oplog.newest_first() if each.verb == "reject").op)
    retire_memory(workspace(session="third", agent="codex"), memory, "gone")
    assert _told(workspace(), "third") == []


def test_a_memory_that_was_kept_is_not_told_when_its_duplicate_was_rejected(workspace: Open) -> None:
    kept, copy = _add(workspace(session="first")), _add(workspace(session="second", agent="codex"))
    reject(workspace(), "second", [copy], "a copy")
    assert _told(workspace(), "first") == []
    assert promote(workspace(), PromoteRequest("first")).ended
    edit_memory(workspace(session="third", agent="codex"), open_memory(workspace(), kept), {"tags": ("striped",)})
    assert _told(workspace(), "third") == []
    copy = _add(workspace(session="fourth", agent="codex"))
    reject(workspace(), "fourth", [copy], "still a copy")
    retire_memory(workspace(session="fifth", agent="codex"), kept, "gone")
    assert _told(workspace(), "fifth") == []


def test_an_edit_to_what_was_rejected_is_told_and_a_rejected_retirement_is_no_claim(workspace: Open) -> None:
    memory = _add(workspace(session="first"), "Zebras are stabled.")
    promote(workspace(), PromoteRequest("first"))
    retire_memory(workspace(session="second"), memory, "gone")
    reject(workspace(), "second", [], "they are still stabled")
    _add(workspace(session="third"))
    reject(workspace(), "third", [], "not true")
    edit_memory(workspace(session="fourth", agent="codex"), open_memory(workspace(), memory), {}, body=TEXT)
    assert _told(workspace(), "fourth") == [(memory, BLOCK)]
    _add(workspace(session="fifth", agent="codex"), "Zebras are stabled.", key="zebras")
    assert _told(workspace(), "fifth") == []


@pytest.mark.parametrize("later", [False, True])
def test_undoing_the_rejection_lifts_it(workspace: Open, later: bool) -> None:
    first = _add(workspace(session="first"))
    _add(workspace(session="first"), "Something that waits.")
    reject(workspace(), "first", [first], "not true")
    if later:
        _add(workspace(session="first"), "Something that was added since.")
    rejection = next(each for each in workspace().oplog.newest_first() if each.verb == "reject")
    undo(workspace(), rejection.op)
    again = _add(workspace(session="second", agent="codex"))
    assert _told(workspace(), "second") == []
    assert again


def test_a_decision_outlives_the_promotion_of_what_was_left(workspace: Open) -> None:
    first = _add(workspace(session="first"))
    others = [_add(workspace(session="first"), f"Another text about {name}.") for name in ("owls", "bees")]
    reject(workspace(), "first", [first], "not true")
    promote(workspace(), PromoteRequest("first", only=[others[0]], consent=True))
    _add(workspace(session="second", agent="codex"))
    assert [severity for _, severity in _told(workspace(), "second")] == [BLOCK]
    promote(workspace(), PromoteRequest("first", consent=True))
    assert [severity for _, severity in _told(workspace(), "second")] == [BLOCK]


def test_nothing_of_the_text_is_in_the_decision(mem: Mem, repo: Repo) -> None:
    secret = "token = ghp_abcdefghijklmnopqrstuvwxyz0123456789"
    mem("add", TEXT)
    assert mem("reject", "-m", secret).code == 6
    assert mem("reject", "-m", "not true").code == 0
    message = repo.git("log", "-1", "--format=%B", repo.git("for-each-ref", "--format=%(refname)", "refs/mem/sessions"))
    assert "Mem-Reject-Claim: " in message and "Zebra" not in message and "ghp_" not in message
