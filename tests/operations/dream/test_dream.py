"""Dreams on real stores: what is proposed and why, that nothing is lost, and that everything can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from memcli.core.memory.document import Value
from memcli.core.memory.summary import Filters
from memcli.core.session.commit_message import trailers_of
from memcli.errors import Refused
from memcli.operations.dream.dream import DreamRequest, DreamResult, describe_dream, preview_dream, run_dream
from memcli.operations.dream.revert import discard, named, revert
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.list import list_memories
from memcli.operations.memories.show import show_memory as show_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.setup.init import init
from memcli.operations.setup.policy import set_policy
from memcli.workspace import Workspace
from tests.conftest import Repo

Open = Callable[..., Workspace]
RETRIES = "The webhook retry queue of the payments service retries every failed delivery with growing pauses."
LONGER = f"{RETRIES} The queue is durable. Its metrics are called payments_retry."


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def stored(workspace: Open, *drafts: Mapping[str, Value] | str) -> list[str]:
    """Memories that are in the store, by one promotion."""
    said = [{"body": draft} if isinstance(draft, str) else draft for draft in drafts]
    made = add_memories(workspace(session="work"), said)
    promote(workspace(), PromoteRequest(made[0].session, consent=True))
    return [one.id for one in made]


def dreamt(workspace: Open, **wanted: object) -> DreamResult:
    return run_dream(workspace(), DreamRequest(**wanted))  # type: ignore[arg-type]


def promoted(workspace: Open, done: DreamResult) -> None:
    assert done.session
    promote(workspace(), PromoteRequest(done.session, consent=True))


def told(done: DreamResult) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(step.change, step.id, step.others) for step in done.steps]


def front(workspace: Open, memory_id: str) -> Mapping[str, Value]:
    return show_memory(workspace(), memory_id).front


def tree(repo: Repo, revision: str = "mem/main") -> str:
    return repo.git("rev-parse", f"{revision}^{{tree}}")


# Merge


def test_what_stands_in_another_is_united_with_all_that_hangs_on_it(workspace: Open) -> None:
    elder, younger = stored(
        workspace,
        {"body": RETRIES, "tags": ("queue",), "paths": ("src/app.py",), "evidence": "code", "source": {"ref": "a.md"}},
        {
            "body": LONGER,
            "tags": ("webhooks",),
            "paths": ("README.md",),
            "evidence": "document",
            "source": {"ref": "b"},
        },
    )
    done = dreamt(workspace)
    assert told(done) == [("merged", elder, (younger,))]
    promoted(workspace, done)
    found = show_memory(workspace(), elder)
    assert all(sentence in found.body for sentence in LONGER.split(". "))
    assert found.front["merged_from"] == (younger,)
    assert found.front["tags"] == ("queue", "webhooks")
    assert [str(path).partition("@")[0] for path in found.front["paths"] or ()] == ["src/app.py", "README.md"]
    assert found.front["evidence"] == "document"
    assert any("ref b" in str(source) for source in found.front["sources"] or ())
    gone = front(workspace, younger)
    assert (gone["status"], gone["superseded_by"]) == ("superseded", elder)


def test_of_three_all_are_named_in_one_change(workspace: Open) -> None:
    one, two, three = stored(workspace, RETRIES, {"body": RETRIES.rstrip("."), "title": "Retries of payments"}, LONGER)
    assert told(dreamt(workspace)) == [("merged", one, (two, three))]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Failed deliveries are retried 7 times.", "Failed deliveries are retried 9 times."),
        ("Users can delete their accounts.", "Users cannot delete their accounts."),
        ("A dog is chasing a cat over the fence.", "A cat is chasing a dog over the fence."),
        ("Backups of the ledger are kept for 30 days.", "Backups of the ledger are kept for 30 weeks."),
        ("Use Redis for the retry queue.", "Use Postgres for the retry queue."),
        ("The cache of the gateway is enabled.", "The cache of the gateway is disabled."),
        ("All tests of the gateway pass.", "Some tests of the gateway pass."),
        ("Python >= 3.11 is what the gateway needs.", "Python <= 3.11 is what the gateway needs."),
        ("Retry the webhook deliveries.", "Retry the webhook deliveries. This advice was wrong."),
    ],
)
def test_what_differs_is_left_to_a_person(workspace: Open, mine: str, theirs: str) -> None:
    elder, younger = stored(workspace, mine, theirs)
    done = dreamt(workspace)
    assert told(done) == [("attention", younger, (elder,))]
    promoted(workspace, done)
    assert [front(workspace, one)["status"] for one in (elder, younger)] == ["active", "active"]
    assert elder[-6:] in str(front(workspace, younger)["attention"])


def test_facts_of_one_form_are_no_twins(workspace: Open) -> None:
    names = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
    stored(workspace, *(f"Service {name} listens on port {8000 + n} of the gateway." for n, name in enumerate(names)))
    assert told(dreamt(workspace)) == []


def test_a_successor_takes_the_place_unless_its_evidence_is_weaker(workspace: Open) -> None:
    old, firm = stored(
        workspace, "The ledger runs on Oracle.", {"body": "Invoices are locked by row.", "evidence": "code"}
    )
    new, weak = stored(
        workspace,
        {"body": "The ledger was moved to Postgres in spring.", "supersedes": (old,)},
        {"body": "Locks of invoices are per table now.", "supersedes": (firm,), "evidence": "inference"},
    )
    assert sorted(told(dreamt(workspace))) == [("attention", weak, (firm,)), ("superseded", old, (new,))]


def test_a_key_that_flips_back_asks_a_person(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = []
    for day, word in enumerate(("love", "hate", "love"), 1):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-11-{day:02}T00:00:00Z")
        ids += stored(workspace, {"body": f"I {word} X.", "key": "taste.x"})
    assert told(dreamt(workspace)) == [("attention", ids[2], (ids[1], ids[0]))]
    assert [one.status for one in list_memories(workspace(), Filters(all=True))].count("active") == 1


def test_an_edit_there_and_back_asks_a_person(workspace: Open) -> None:
    (one,) = stored(workspace, RETRIES)
    for body in (LONGER, RETRIES):
        here = workspace(session="work")
        made = edit_memory(here, open_memory(here, one), {}, body)
        promote(workspace(), PromoteRequest(made.session, consent=True))
    assert [step.change for step in dreamt(workspace).steps] == ["attention"]


def test_what_a_person_rejected_elsewhere_is_told(workspace: Open) -> None:
    made = add_memories(workspace(session="earlier"), [{"body": RETRIES}])
    reject(workspace(), made[0].session, (), "it is not true")
    (one,) = stored(workspace, RETRIES)
    assert [(step.id, step.reason) for step in dreamt(workspace).steps] == [
        (one, "the same was rejected before: it is not true")
    ]


def test_what_is_rewritten_again_and_again_is_told(workspace: Open) -> None:
    (one,) = stored(workspace, RETRIES)
    for number in range(5):
        here = workspace(session="work")
        made = edit_memory(here, open_memory(here, one), {}, f"{RETRIES} It has {number} metrics.")
        promote(workspace(), PromoteRequest(made.session, consent=True))
    assert [step.reason for step in dreamt(workspace).steps] == ["was rewritten 5 times since"]


@pytest.mark.parametrize("mark", ["pin", "read_only"])
def test_what_is_pinned_or_read_only_is_never_touched(workspace: Open, repo: Repo, mark: str) -> None:
    mine, theirs, over = stored(
        workspace,
        {"body": RETRIES, mark: "true"},
        {"body": LONGER, mark: "true"},
        {"body": "The sale ends soon.", mark: "true", "expires": "2020-01-01"},
    )
    before = tree(repo)
    done = dreamt(workspace)
    assert told(done) == [("attention", theirs, (mine,))]
    assert (done.state, tree(repo)) == ("closed", before)
    assert front(workspace, over)["status"] == "active"


# Prune and refresh


def test_what_has_expired_is_retired_with_its_reason(workspace: Open) -> None:
    over, later = stored(
        workspace,
        {"body": "The sale ends soon.", "expires": "2026-01-01"},
        {"body": "Ada is on call.", "expires": "2999-01-01"},
    )
    done = dreamt(workspace)
    assert told(done) == [("retired", over, ())]
    promoted(workspace, done)
    retired = front(workspace, over)["retired"]
    assert isinstance(retired, Mapping)
    assert (retired["by"], retired["reason"]) == ("dream", "expired on 2026-01-01")
    assert front(workspace, later)["status"] == "active"


def test_more_than_the_policy_allows_is_refused_and_nothing_written(workspace: Open, repo: Repo) -> None:
    stored(
        workspace,
        *({"body": f"{word} is on call.", "expires": "2026-01-01"} for word in ("Ada", "Bob", "Eve")),
        RETRIES,
    )
    refs = repo.git("for-each-ref")
    with pytest.raises(Refused, match="3 of 4"):
        dreamt(workspace)
    assert repo.git("for-each-ref") == refs
    assert len(dreamt(workspace, force=True).steps) == 3


def test_what_agents_read_anyway_is_junk_unless_it_was_taken_from_there(workspace: Open, repo: Repo) -> None:
    repo.git("config", "mem.codeBranch", "main")
    repo.commit(
        "readme", {"README.md": "# Payments\n\nRun the migrations with make migrate before every deployment.\n"}
    )
    said = "Run the migrations with make migrate before every deployment."
    junk, _ = stored(workspace, said, {"body": f"{said} ", "kind": "procedural", "source": {"ref": "README.md#L3"}})
    assert [(step.change, step.id) for step in dreamt(workspace).steps][:1] == [("retired", junk)]


def test_conclusions_from_what_no_longer_stands_go_to_a_person(workspace: Open) -> None:
    (ground,) = stored(workspace, {"body": "The ledger locks by row.", "expires": "2026-01-01"})
    (conclusion,) = stored(workspace, {"body": "Invoices can be written at once.", "based_on": (ground,)})
    assert told(dreamt(workspace)) == [("retired", ground, ()), ("attention", conclusion, (ground,))]


def test_links_and_conclusions_follow_what_was_united(workspace: Open) -> None:
    elder, younger = stored(workspace, RETRIES, LONGER)
    (other,) = stored(workspace, {"body": f"Alerts: see [[{younger[-8:]}|retries]].", "based_on": (younger,)})
    done = dreamt(workspace)
    promoted(workspace, done)
    found = show_memory(workspace(), other)
    assert found.body.strip() == f"Alerts: see [[{elder}|retries]]."
    assert found.front["based_on"] == (elder,)


def test_relative_dates_become_those_of_the_day_of_writing(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T12:00:00Z")
    (one,) = stored(workspace, "The ledger was moved to Postgres yesterday.")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-12-24T12:00:00Z")
    promoted(workspace, dreamt(workspace))
    assert show_memory(workspace(), one).body.strip() == "The ledger was moved to Postgres on 2026-11-19."


# The line of a dream


def test_a_dream_is_a_session_with_a_commit_for_each_phase_and_the_store_does_not_move(
    workspace: Open, repo: Repo
) -> None:
    stored(workspace, RETRIES, LONGER)
    before = repo.git("rev-parse", "mem/main")
    done = dreamt(workspace)
    assert repo.git("rev-parse", "mem/main") == before
    messages = repo.git("log", "--format=%B%x00", "--reverse", f"mem/main..refs/mem/sessions/{done.session}").split(
        "\0"
    )
    phases = [value for message in messages for key, value in trailers_of(message) if key == "Mem-Phase"]
    assert phases == ["prune", "merge", "refresh"]
    assert any("merged" in message and "contains every sentence of the other" in message for message in messages)
    promoted(workspace, done)
    said = dict(trailers_of(repo.git("log", "-1", "--format=%B", "mem/main")))
    assert said["Mem-Watermark"] == before == done.until


def test_an_open_dream_is_resumed_and_a_second_one_finds_nothing(workspace: Open) -> None:
    stored(workspace, RETRIES, LONGER)
    done = dreamt(workspace)
    again = dreamt(workspace)
    assert (again.session, again.resumed, again.steps) == (done.session, True, done.steps)
    promoted(workspace, done)
    last = dreamt(workspace)
    assert (last.ran, last.session, last.steps) == (True, None, ())


def test_what_a_person_rejected_is_not_proposed_again_unless_forced(workspace: Open) -> None:
    stored(workspace, {"body": "The sale ends soon.", "expires": "2026-01-01"}, RETRIES)
    done = dreamt(workspace)
    assert done.session
    reject(workspace(), done.session, (), "it goes on")
    assert dreamt(workspace).steps == ()
    assert [step.change for step in dreamt(workspace, force=True).steps] == ["retired"]


def test_discarding_leaves_the_store_and_the_watermark(workspace: Open, repo: Repo) -> None:
    stored(workspace, RETRIES, LONGER)
    before, done = tree(repo), dreamt(workspace)
    discard(workspace(), named(workspace(), None))
    assert tree(repo) == before
    assert dreamt(workspace).steps == done.steps


def test_a_preview_writes_nothing_and_says_the_same(workspace: Open, repo: Repo) -> None:
    stored(workspace, RETRIES, LONGER)
    refs = repo.git("for-each-ref")
    said = preview_dream(workspace(), DreamRequest())
    assert repo.git("for-each-ref") == refs
    assert dreamt(workspace).steps == said.steps


def test_what_does_not_fit_is_left_for_the_next_dream(workspace: Open) -> None:
    stored(workspace, *({"body": f"{word} is on call.", "expires": "2026-01-01"} for word in ("Ada", "Bob", "Eve")))
    first = dreamt(workspace, limit=2, force=True)
    assert len(first.steps) == 2
    assert first.until == first.since
    promoted(workspace, first)
    assert len(dreamt(workspace, force=True).steps) == 1


def test_a_scope_keeps_the_rest_as_it_is(workspace: Open) -> None:
    inside, _ = stored(
        workspace,
        {"body": "The sale ends soon.", "topic": "shop", "expires": "2026-01-01"},
        {"body": "Ada is on call.", "topic": "people", "expires": "2026-01-01"},
    )
    assert told(dreamt(workspace, scope="semantic/shop/**")) == [("retired", inside, ())]


# Taking back


@pytest.fixture
def busy(workspace: Open) -> tuple[Sequence[str], DreamResult]:
    """A promoted dream that retired one, united two and gave a third a date."""
    ids = stored(
        workspace, RETRIES, LONGER, {"body": "The sale ends soon.", "expires": "2026-01-01"}, "We moved yesterday."
    )
    done = dreamt(workspace)
    promoted(workspace, done)
    return ids, done


def statuses(workspace: Open, ids: Sequence[str]) -> list[Value]:
    return [front(workspace, one)["status"] for one in ids]


def test_a_dream_is_taken_back_as_a_whole(workspace: Open, repo: Repo, busy: tuple[Sequence[str], DreamResult]) -> None:
    ids, _ = busy
    assert statuses(workspace, ids) == ["active", "superseded", "retired", "active"]
    revert(workspace(), named(workspace(), None))
    assert tree(repo) == tree(repo, "mem/main~2")
    assert dreamt(workspace).steps == ()


def test_one_phase_or_one_memory_is_taken_back(workspace: Open, busy: tuple[Sequence[str], DreamResult]) -> None:
    ids, done = busy
    assert done.session
    revert(workspace(), done.session, only=[ids[2][-6:]])
    assert statuses(workspace, ids) == ["active", "superseded", "active", "active"]
    revert(workspace(), done.session, phase="merge")
    assert statuses(workspace, ids) == ["active"] * 4
    assert "on 20" in show_memory(workspace(), ids[3]).body


def test_later_edits_survive_taking_back(workspace: Open, busy: tuple[Sequence[str], DreamResult]) -> None:
    ids, done = busy
    here = workspace(session="work")
    made = edit_memory(here, open_memory(here, ids[0]), {"tags": ("kept",)})
    promote(workspace(), PromoteRequest(made.session, consent=True))
    assert done.session
    revert(workspace(), done.session)
    found = show_memory(workspace(), ids[0])
    assert found.front["tags"] == ("kept",)
    assert found.body.strip() == RETRIES


def test_taking_back_can_be_undone_and_agents_may_not(
    workspace: Open, repo: Repo, busy: tuple[Sequence[str], DreamResult]
) -> None:
    before = tree(repo)
    _, done = busy
    assert done.session
    with pytest.raises(Refused):
        revert(workspace(agent="bot"), done.session)
    revert(workspace(), done.session)
    undo(workspace())
    assert tree(repo) == before


def test_a_part_of_an_open_dream_is_taken_back_before_it_is_promoted(workspace: Open) -> None:
    ids = stored(workspace, RETRIES, LONGER, {"body": "The sale ends soon.", "expires": "2026-01-01"})
    done = dreamt(workspace)
    assert done.session
    revert(workspace(), done.session, phase="prune")
    assert [step.change for step in describe_dream(workspace(), done.session).steps] == ["merged"]
    promoted(workspace, done)
    assert statuses(workspace, ids) == ["active", "superseded", "active"]


# Gates


def test_gates_are_named_and_write_nothing(workspace: Open, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-01T00:00:00Z")
    for number in range(4):
        stored(workspace, f"Fact {number} is about {'abcd'[number]}.")
    refs = repo.git("for-each-ref")
    assert dreamt(workspace, auto=True).gate == "sessions"
    stored(workspace, RETRIES, LONGER)
    assert repo.git("for-each-ref", "refs/mem/sessions") == ""
    done = dreamt(workspace, auto=True)
    assert (done.gate, done.state) == (None, "open")
    promoted(workspace, done)
    assert dreamt(workspace, auto=True).gate == "time"
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-03T00:00:00Z")
    assert dreamt(workspace, auto=True).gate == "sessions"
    assert refs


def test_auto_promotes_only_by_the_policy_and_as_nobodys_word(workspace: Open, repo: Repo) -> None:
    for key, value in (("promote", "auto"), ("dream.sessions", "1")):
        promote(workspace(), PromoteRequest(set_policy(workspace(), key, value).session, consent=True))
    stored(workspace, {"body": RETRIES, "evidence": "inference"}, {"body": LONGER, "evidence": "inference"})
    done = dreamt(workspace, auto=True)
    assert done.state == "promoted"
    assert dict(trailers_of(repo.git("log", "-1", "--format=%B", "mem/main")))["Mem-Review"] == "policy auto"
