"""Dreams on real stores: what they propose and why, that nothing is lost, and that all of it can be reverted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from memcli.core.memory.document import Value
from memcli.core.memory.summary import Filters
from memcli.core.session.commit_message import trailers_of
from memcli.errors import Refused
from memcli.operations.dream.choose_dream import choose_dream
from memcli.operations.dream.dream import describe_dream, preview_dream, run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.dream.revert import revert
from memcli.operations.dream.start_resume import DreamResult
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
SAME = RETRIES.replace("The webhook", "A webhook")
COPY = "The **webhook retry queue** of a payments service retries every failed delivery with growing pauses"
LONGER = f"{RETRIES} The queue is durable. Its metrics are called payments_retry."


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def store_memories(workspace: Open, *drafts: Mapping[str, Value] | str) -> list[str]:
    """The ids of memories that are added and promoted together."""
    fields = [{"body": draft} if isinstance(draft, str) else draft for draft in drafts]
    added = add_memories(workspace(session="work"), fields)
    promote(workspace(), PromoteRequest(added[0].session, consent=True))
    return [memory.id for memory in added]


def dream_now(workspace: Open, **options: object) -> DreamResult:
    return run_dream(workspace(), DreamRequest(**options))  # type: ignore[arg-type]


def promote_dream(workspace: Open, done: DreamResult) -> None:
    assert done.session
    promote(workspace(), PromoteRequest(done.session, consent=True))


def changes_of(done: DreamResult) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(step.change, step.id, step.others) for step in done.steps]


def front(workspace: Open, memory_id: str) -> Mapping[str, Value]:
    return show_memory(workspace(), memory_id).front


def tree(repo: Repo, revision: str = "mem/main") -> str:
    return repo.git("rev-parse", f"{revision}^{{tree}}")


# Merge


def test_a_copy_is_merged_with_everything_attached_to_it(workspace: Open) -> None:
    elder, younger = store_memories(
        workspace,
        {"body": RETRIES, "tags": ("queue",), "paths": ("src/app.py",), "evidence": "code", "source": {"ref": "a.md"}},
        {
            "body": COPY,
            "topic": "hooks",
            "tags": ("webhooks",),
            "paths": ("README.md",),
            "evidence": "document",
            "source": {"ref": "b"},
        },
    )
    done = dream_now(workspace)
    assert changes_of(done) == [("merged", elder, (younger,))]
    promote_dream(workspace, done)
    merged = show_memory(workspace(), elder)
    assert merged.body.strip() == RETRIES
    assert merged.front["merged_from"] == (younger,)
    assert merged.front["tags"] == ("queue", "webhooks", "hooks")
    assert [str(path).partition("@")[0] for path in merged.front["paths"] or ()] == ["src/app.py", "README.md"]
    assert merged.front["evidence"] == "document"
    assert any("ref b" in str(source) for source in merged.front["sources"] or ())
    replaced = front(workspace, younger)
    assert (replaced["status"], replaced["superseded_by"]) == ("superseded", elder)


def test_a_merge_of_three_is_one_step(workspace: Open) -> None:
    first, second, third = store_memories(workspace, RETRIES, {"body": SAME, "title": "Retries of payments"}, COPY)
    assert changes_of(dream_now(workspace)) == [("merged", first, (second, third))]


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
def test_a_difference_is_left_to_a_person(workspace: Open, mine: str, theirs: str) -> None:
    elder, younger = store_memories(workspace, mine, theirs)
    done = dream_now(workspace)
    assert changes_of(done) == [("attention", younger, (elder,))]
    promote_dream(workspace, done)
    assert [front(workspace, memory_id)["status"] for memory_id in (elder, younger)] == ["active", "active"]
    assert str(front(workspace, younger)["attention"]).count(elder) == 1


def test_facts_of_one_form_are_not_near_duplicates(workspace: Open) -> None:
    names = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
    store_memories(
        workspace, *(f"Service {name} listens on port {8000 + n} of the gateway." for n, name in enumerate(names))
    )
    assert changes_of(dream_now(workspace)) == []


def test_a_successor_supersedes_unless_its_evidence_is_weaker(workspace: Open) -> None:
    old, firm = store_memories(
        workspace, "The ledger runs on Oracle.", {"body": "Invoices are locked by row.", "evidence": "code"}
    )
    new, weak = store_memories(
        workspace,
        {"body": "The ledger was moved to Postgres in spring.", "supersedes": (old,)},
        {"body": "Locks of invoices are per table now.", "supersedes": (firm,), "evidence": "inference"},
    )
    assert sorted(changes_of(dream_now(workspace))) == [("attention", weak, (firm,)), ("superseded", old, (new,))]


def test_a_key_that_flips_back_asks_a_person(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = []
    for day, word in enumerate(("love", "hate", "love"), 1):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-11-{day:02}T00:00:00Z")
        ids += store_memories(workspace, {"body": f"I {word} X.", "key": "taste.x"})
    assert changes_of(dream_now(workspace)) == [("attention", ids[2], (ids[1], ids[0]))]
    assert [memory.status for memory in list_memories(workspace(), Filters(all=True)).memories].count("active") == 1


def test_an_edit_there_and_back_asks_a_person(workspace: Open) -> None:
    (one,) = store_memories(workspace, RETRIES)
    for body in (LONGER, RETRIES):
        here = workspace(session="work")
        made = edit_memory(here, open_memory(here, one), {}, body)
        promote(workspace(), PromoteRequest(made.session, consent=True))
    assert [step.change for step in dream_now(workspace).steps] == ["attention"]


def test_a_content_rejected_elsewhere_asks_a_person(workspace: Open) -> None:
    made = add_memories(workspace(session="earlier"), [{"body": RETRIES}])
    reject(workspace(), made[0].session, (), "it is not true")
    (one,) = store_memories(workspace, RETRIES)
    assert [(step.id, step.reason) for step in dream_now(workspace).steps] == [
        (one, "rejected before: it is not true; keep it?")
    ]


def test_a_memory_that_is_often_rewritten_asks_a_person(workspace: Open) -> None:
    (one,) = store_memories(workspace, RETRIES)
    for number in range(5):
        here = workspace(session="work")
        made = edit_memory(here, open_memory(here, one), {}, f"{RETRIES} It has {number} metrics.")
        promote(workspace(), PromoteRequest(made.session, consent=True))
    assert [step.reason for step in dream_now(workspace).steps] == [
        "flip-flop: was rewritten 5 times since the last dream"
    ]


@pytest.mark.parametrize("mark", ["pin", "read_only"])
def test_a_pinned_or_read_only_memory_is_never_changed(workspace: Open, repo: Repo, mark: str) -> None:
    mine, theirs, expired = store_memories(
        workspace,
        {"body": RETRIES, mark: "true"},
        {"body": COPY, mark: "true"},
        {"body": "The sale ends soon.", mark: "true", "expires": "2020-01-01"},
    )
    before = tree(repo)
    done = dream_now(workspace)
    assert changes_of(done) == [("attention", theirs, (mine,))]
    assert (done.state, tree(repo)) == ("closed", before)
    assert front(workspace, expired)["status"] == "active"


# Prune and refresh


def test_an_expired_memory_is_retired_with_its_reason(workspace: Open) -> None:
    expired, later = store_memories(
        workspace,
        {"body": "The sale ends soon.", "expires": "2026-01-01"},
        {"body": "Ada is on call.", "expires": "2999-01-01"},
    )
    done = dream_now(workspace)
    assert changes_of(done) == [("retired", expired, ())]
    promote_dream(workspace, done)
    retired = front(workspace, expired)["retired"]
    assert isinstance(retired, Mapping)
    assert (retired["by"], retired["reason"]) == ("dream", "expired on 2026-01-01")
    assert front(workspace, later)["status"] == "active"


def test_too_many_retirements_are_refused_and_nothing_is_written(workspace: Open, repo: Repo) -> None:
    store_memories(
        workspace,
        *({"body": f"{word} is on call.", "expires": "2026-01-01"} for word in ("Ada", "Bob", "Eve")),
        RETRIES,
    )
    refs = repo.git("for-each-ref")
    with pytest.raises(Refused, match="3 of 4"):
        dream_now(workspace)
    assert repo.git("for-each-ref") == refs
    assert len(dream_now(workspace, force=True).steps) == 3


def test_a_memory_that_repeats_the_readme_is_retired_unless_it_was_taken_from_there(
    workspace: Open, repo: Repo
) -> None:
    repo.git("config", "mem.codeBranch", "main")
    repo.commit(
        "readme", {"README.md": "# Payments\n\nRun the migrations with make migrate before every deployment.\n"}
    )
    text = "Run the migrations with make migrate before every deployment."
    repeated, _ = store_memories(
        workspace, text, {"body": text.replace("the ", ""), "kind": "procedural", "source": {"ref": "README.md#L3"}}
    )
    assert [(step.change, step.id) for step in dream_now(workspace).steps][:1] == [("retired", repeated)]


def test_a_conclusion_from_a_retired_memory_asks_a_person(workspace: Open) -> None:
    (basis,) = store_memories(workspace, {"body": "The ledger locks by row.", "expires": "2026-01-01"})
    (conclusion,) = store_memories(workspace, {"body": "Invoices can be written at once.", "based_on": (basis,)})
    assert changes_of(dream_now(workspace)) == [("retired", basis, ()), ("attention", conclusion, (basis,))]


def test_links_and_conclusions_follow_a_merge(workspace: Open) -> None:
    elder, younger = store_memories(workspace, RETRIES, COPY)
    (other,) = store_memories(workspace, {"body": f"Alerts: see [[{younger[-8:]}|retries]].", "based_on": (younger,)})
    done = dream_now(workspace)
    promote_dream(workspace, done)
    found = show_memory(workspace(), other)
    assert found.body.strip() == f"Alerts: see [[{elder}|retries]]."
    assert found.front["based_on"] == (elder,)


def test_relative_dates_become_absolute_from_the_day_of_writing(
    workspace: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T12:00:00Z")
    (one,) = store_memories(workspace, "The ledger was moved to Postgres yesterday.")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-12-24T12:00:00Z")
    promote_dream(workspace, dream_now(workspace))
    assert show_memory(workspace(), one).body.strip() == "The ledger was moved to Postgres on 2026-11-19."


# The session of a dream


def test_a_dream_is_a_session_with_a_commit_for_each_phase_and_the_store_does_not_move(
    workspace: Open, repo: Repo
) -> None:
    store_memories(workspace, RETRIES, COPY)
    before = repo.git("rev-parse", "mem/main")
    done = dream_now(workspace)
    assert repo.git("rev-parse", "mem/main") == before
    messages = repo.git("log", "--format=%B%x00", "--reverse", f"mem/main..refs/mem/sessions/{done.session}").split(
        "\0"
    )
    phases = [value for message in messages for key, value in trailers_of(message) if key == "Mem-Phase"]
    assert phases == ["prune", "merge", "refresh"]
    assert any("merged" in message and "say the same, word for word" in message for message in messages)
    promote_dream(workspace, done)
    fields = dict(trailers_of(repo.git("log", "-1", "--format=%B", "mem/main")))
    assert fields["Mem-Watermark"] == before == done.until


def test_an_open_dream_is_resumed_and_a_second_one_finds_nothing(workspace: Open) -> None:
    store_memories(workspace, RETRIES, COPY)
    done = dream_now(workspace)
    again = dream_now(workspace)
    assert (again.session, again.resumed, again.steps) == (done.session, True, done.steps)
    promote_dream(workspace, done)
    last = dream_now(workspace)
    assert (last.ran, last.session, last.steps) == (True, None, ())


def test_a_rejected_change_is_not_proposed_again_unless_forced(workspace: Open) -> None:
    store_memories(workspace, {"body": "The sale ends soon.", "expires": "2026-01-01"}, RETRIES)
    done = dream_now(workspace)
    assert done.session
    reject(workspace(), done.session, (), "it goes on")
    assert dream_now(workspace).steps == ()
    assert [step.change for step in dream_now(workspace, force=True).steps] == ["retired"]


def test_rejecting_keeps_the_store_and_the_watermark(workspace: Open, repo: Repo) -> None:
    store_memories(workspace, RETRIES, COPY)
    before, done = tree(repo), dream_now(workspace)
    reject(workspace(), choose_dream(workspace(), "dream"), (), "no")
    assert tree(repo) == before
    assert dream_now(workspace, force=True).steps == done.steps


def test_a_preview_writes_nothing_and_has_the_same_steps(workspace: Open, repo: Repo) -> None:
    store_memories(workspace, RETRIES, COPY)
    refs = repo.git("for-each-ref")
    preview = preview_dream(workspace(), DreamRequest())
    assert repo.git("for-each-ref") == refs
    assert dream_now(workspace).steps == preview.steps


def test_changes_above_the_limit_are_left_for_the_next_dream(workspace: Open) -> None:
    store_memories(
        workspace, *({"body": f"{word} is on call.", "expires": "2026-01-01"} for word in ("Ada", "Bob", "Eve"))
    )
    first = dream_now(workspace, limit=2, force=True)
    assert len(first.steps) == 2
    assert first.until == first.since
    promote_dream(workspace, first)
    assert len(dream_now(workspace, force=True).steps) == 1


def test_memories_out_of_scope_are_unchanged(workspace: Open) -> None:
    inside, _ = store_memories(
        workspace,
        {"body": "The sale ends soon.", "topic": "shop", "expires": "2026-01-01"},
        {"body": "Ada is on call.", "topic": "people", "expires": "2026-01-01"},
    )
    assert changes_of(dream_now(workspace, scope="semantic/shop/**")) == [("retired", inside, ())]


# Reverting


@pytest.fixture
def busy(workspace: Open) -> tuple[Sequence[str], DreamResult]:
    """A promoted dream that retired one memory, merged two and dated another."""
    ids = store_memories(
        workspace, RETRIES, COPY, {"body": "The sale ends soon.", "expires": "2026-01-01"}, "We moved yesterday."
    )
    done = dream_now(workspace)
    promote_dream(workspace, done)
    return ids, done


def statuses(workspace: Open, ids: Sequence[str]) -> list[Value]:
    return [front(workspace, memory_id)["status"] for memory_id in ids]


def test_a_dream_is_reverted_as_a_whole(workspace: Open, repo: Repo, busy: tuple[Sequence[str], DreamResult]) -> None:
    ids, _ = busy
    assert statuses(workspace, ids) == ["active", "superseded", "retired", "active"]
    revert(workspace(), choose_dream(workspace(), None))
    assert tree(repo) == tree(repo, "mem/main~2")
    assert dream_now(workspace).steps == ()


def test_one_phase_or_one_memory_is_reverted(workspace: Open, busy: tuple[Sequence[str], DreamResult]) -> None:
    ids, done = busy
    assert done.session
    revert(workspace(), done.session, only=[ids[2][-6:]])
    assert statuses(workspace, ids) == ["active", "superseded", "active", "active"]
    revert(workspace(), done.session, phase="merge")
    assert statuses(workspace, ids) == ["active"] * 4
    assert "on 20" in show_memory(workspace(), ids[3]).body


def test_later_edits_survive_a_revert(workspace: Open, busy: tuple[Sequence[str], DreamResult]) -> None:
    ids, done = busy
    here = workspace(session="work")
    made = edit_memory(here, open_memory(here, ids[0]), {"tags": ("kept",)})
    promote(workspace(), PromoteRequest(made.session, consent=True))
    assert done.session
    revert(workspace(), done.session)
    found = show_memory(workspace(), ids[0])
    assert found.front["tags"] == ("kept",)
    assert found.body.strip() == RETRIES


def test_a_revert_can_be_undone_and_agents_may_not_revert(
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


def test_a_phase_of_an_open_dream_is_reverted(workspace: Open) -> None:
    ids = store_memories(workspace, RETRIES, COPY, {"body": "The sale ends soon.", "expires": "2026-01-01"})
    done = dream_now(workspace)
    assert done.session
    revert(workspace(), done.session, phase="prune")
    assert [step.change for step in describe_dream(workspace(), done.session).steps] == ["merged"]
    promote_dream(workspace, done)
    assert statuses(workspace, ids) == ["active", "superseded", "active"]


# Gates


def test_gates_are_named_and_write_nothing(workspace: Open, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-01T00:00:00Z")
    for number in range(4):
        store_memories(workspace, f"Fact {number} is about {'abcd'[number]}.")
    refs = repo.git("for-each-ref")
    assert dream_now(workspace, auto=True).gate == "sessions"
    store_memories(workspace, RETRIES, COPY)
    assert repo.git("for-each-ref", "refs/mem/sessions") == ""
    done = dream_now(workspace, auto=True)
    assert (done.gate, done.state) == (None, "open")
    promote_dream(workspace, done)
    assert dream_now(workspace, auto=True).gate == "time"
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-03T00:00:00Z")
    assert dream_now(workspace, auto=True).gate == "sessions"
    assert refs


def test_auto_promotes_only_where_the_policy_says_so(workspace: Open, repo: Repo) -> None:
    for key, value in (("promote", "auto"), ("dream.sessions", "1")):
        promote(workspace(), PromoteRequest(set_policy(workspace(), key, value).session, consent=True))
    store_memories(workspace, {"body": RETRIES, "evidence": "inference"}, {"body": COPY, "evidence": "inference"})
    done = dream_now(workspace, auto=True)
    assert done.state == "promoted"
    assert dict(trailers_of(repo.git("log", "-1", "--format=%B", "mem/main")))["Mem-Review"] == "policy auto"
