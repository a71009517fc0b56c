"""A second bootstrap reads what changed, proposes what is new, and offers what changed at its source."""

from __future__ import annotations

from pathlib import Path

import pytest

from memcli.core.memory.summary import Filters
from memcli.operations.bootstrap.bootstrapped import Bootstrapped
from memcli.operations.bootstrap.reading_cache import FILE
from memcli.operations.bootstrap.source_changes import ASKED, CHANGED, ENDED, MOVED
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.list import list_memories
from memcli.operations.memories.show import show_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.setup.init import init
from tests.conftest import Repo
from tests.operations.bootstrap.sources import BLOBS, MAIL, ORDERS, RULES, SOURCES, Open, promoted, record, run


@pytest.fixture
def sources(repo: Repo, workspace: Open) -> Repo:
    """A repository with sources and a store."""
    repo.commit("docs: decisions", SOURCES)
    init(workspace())
    return repo


def _kinds(answer: Bootstrapped) -> list[tuple[str, str]]:
    return sorted((change.kind, change.memory.source.ref or "") for change in answer.changes)


def _is_nothing(answer: Bootstrapped) -> bool:
    return (answer.session, answer.proposed, answer.changes) == (None, (), ())


def _accept(workspace: Open, answer: Bootstrapped) -> None:
    promote(workspace(), PromoteRequest(answer.session or "", consent=True))


def _id(workspace: Open, title: str) -> str:
    (record,) = [each for each in list_memories(workspace(), Filters(all=True)).memories if each.title == title]
    return str(record.id)


def test_the_first_run_proposes_all_with_their_source(sources: Repo, workspace: Open) -> None:
    answer = run(workspace)
    assert [source.name for source in answer.sources if source.proposed] == ["decisions", "rules"]
    commit = sources.git("rev-parse", "HEAD")[:8]
    assert {(p.memory.source.commit, p.memory.source.reader) for p in answer.proposed} == {
        (commit, "decisions"),
        (commit, "rules"),
    }
    assert len(answer.proposed) == 4


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("decided", ["waiting", "promoted", "rejected", "partly"])
def test_a_second_run_proposes_nothing(workspace: Open, decided: str) -> None:
    answer = run(workspace)
    if decided == "promoted":
        _accept(workspace, answer)
    if decided == "rejected":
        reject(workspace(), answer.session or "", [], "no")
    if decided == "partly":
        some = tuple(proposal.memory.id for proposal in answer.proposed[:2])
        promote(workspace(), PromoteRequest(answer.session or "", some, consent=True))
    for options in ((), ("docs",), ("docs", "code", "diaries")):
        again = run(workspace, options=options, limit=None)
        assert not [p for p in again.proposed if p.reader in ("decisions", "rules")] and not again.changes
    assert _is_nothing(run(workspace))


@pytest.mark.usefixtures("sources")
def test_the_first_dream_changes_nothing(workspace: Open) -> None:
    promoted(workspace)
    assert run_dream(workspace(), DreamRequest(force=True)).steps == ()
    assert _is_nothing(run(workspace))


def test_only_changed_files_are_read_again(sources: Repo, workspace: Open) -> None:
    assert sum(source.unchanged for source in run(workspace).sources) == 0
    assert sum(source.unchanged for source in run(workspace).sources) == len(SOURCES)
    sources.commit("docs: change one", {RULES: SOURCES[RULES] + "- Never edit `generated/` by hand.\n"})
    assert sum(source.unchanged for source in run(workspace).sources) == len(SOURCES) - 1


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("damage", [b"", b"\0\xff" * 99, b"key\t{}\t{}\n", b"key\tnull\tnull\nkey\t[]\t[]\n", None])
def test_a_damaged_or_foreign_cache_is_ignored(workspace: Open, damage: bytes | None) -> None:
    first = run(workspace, dry_run=True)
    file = Path(workspace().layout.mem_dir, FILE)
    if damage is None:
        text = file.read_text()
        file.write_text(text.replace("extracts", "x"))
    else:
        file.write_bytes(damage)
    assert run(workspace, dry_run=True).proposed == first.proposed
    file.unlink()
    file.mkdir()
    assert run(workspace, dry_run=True).proposed == first.proposed


@pytest.mark.usefixtures("sources")
def test_the_cache_answers_as_a_reading_does(workspace: Open) -> None:
    first, second = run(workspace, dry_run=True), run(workspace, dry_run=True)
    assert first.proposed == second.proposed and first.left == second.left and first.skipped == second.skipped


def test_a_changed_source_is_offered_as_a_change(sources: Repo, workspace: Open) -> None:
    promoted(workspace)
    sources.commit("docs: region", {BLOBS: SOURCES[BLOBS].replace("in S3 because", "in S3 in Frankfurt because")})
    answer = run(workspace)
    assert (answer.proposed, _kinds(answer)) == ((), [(CHANGED, BLOBS)])
    assert _is_nothing(run(workspace))
    memory_id = _id(workspace, "Blobs live in S3")
    _accept(workspace, answer)
    assert "in S3 in Frankfurt because" in show_memory(workspace(), memory_id).body
    assert _is_nothing(run(workspace))


def test_a_rejected_change_is_not_offered_again(sources: Repo, workspace: Open) -> None:
    promoted(workspace)
    changed = SOURCES[BLOBS].replace("in S3 because", "in S3 in Frankfurt because")
    sources.commit("docs: region", {BLOBS: changed})
    reject(workspace(), run(workspace).session or "", [], "no")
    assert _is_nothing(run(workspace))
    sources.commit("docs: a line above", {BLOBS: "\n\n" + changed})
    assert _is_nothing(run(workspace))


def test_a_change_is_merged_with_what_a_person_edited(sources: Repo, workspace: Open) -> None:
    promoted(workspace)
    memory_id = _id(workspace, "Blobs live in S3")
    body = show_memory(workspace(), memory_id).body
    opened = open_memory(workspace(), memory_id)
    edited = edit_memory(workspace(), opened, {}, body.replace("The team compared", "Ada and Bo compared"))
    promote(workspace(), PromoteRequest(edited.session, consent=True))
    assert _is_nothing(run(workspace))
    sources.commit("docs: region", {BLOBS: SOURCES[BLOBS].replace("in S3 because", "in S3 in Frankfurt because")})
    answer = run(workspace)
    assert _kinds(answer) == [(CHANGED, BLOBS)]
    _accept(workspace, answer)
    merged = show_memory(workspace(), memory_id).body
    assert "Ada and Bo compared" in merged and "in Frankfurt" in merged
    assert _is_nothing(run(workspace))


def test_a_change_that_clashes_with_an_edit_is_a_question(sources: Repo, workspace: Open) -> None:
    promoted(workspace)
    memory_id = _id(workspace, "Blobs live in S3")
    body = show_memory(workspace(), memory_id).body
    opened = open_memory(workspace(), memory_id)
    edited = edit_memory(workspace(), opened, {}, body.replace("in S3 because", "in Ceph because"))
    promote(workspace(), PromoteRequest(edited.session, consent=True))
    sources.commit("docs: region", {BLOBS: SOURCES[BLOBS].replace("in S3 because", "in S3 in Frankfurt because")})
    answer = run(workspace)
    assert _kinds(answer) == [(ASKED, BLOBS)]
    assert _is_nothing(run(workspace))
    _accept(workspace, answer)
    assert "in Ceph because" in show_memory(workspace(), memory_id).body
    assert _is_nothing(run(workspace))


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_what_vanished_becomes_a_question_once(sources: Repo, workspace: Open, decision: str) -> None:
    promoted(workspace)
    sources.git("rm", "-q", MAIL)
    sources.commit("docs: remove a decision")
    answer = run(workspace)
    assert _kinds(answer) == [(ASKED, MAIL)]
    assert _is_nothing(run(workspace))
    if decision == "accept":
        _accept(workspace, answer)
        questions = show_memory(workspace(), _id(workspace, "Mail goes through Postmark")).record.questions
        assert [question.reason for question in questions] == [f"source: {MAIL} no longer says this"]
    else:
        reject(workspace(), answer.session or "", [], "it still holds")
    assert _is_nothing(run(workspace))
    sources.commit("more", {"README.md": "# Shop\n"})
    assert _is_nothing(run(workspace))


def test_a_passage_that_left_its_file_becomes_a_question(sources: Repo, workspace: Open) -> None:
    promoted(workspace)
    sources.commit("rules: other ones", {RULES: "# Rules\n\nNothing is written down here.\n"})
    assert _kinds(run(workspace))[0][0] in (ASKED, CHANGED)


@pytest.mark.parametrize(("old", "new"), [(BLOBS, "docs/decisions/0002-blobs.md"), (RULES, "AGENTS.md")])
def test_a_file_that_moved_is_followed(sources: Repo, workspace: Open, old: str, new: str) -> None:
    promoted(workspace)
    (sources.path / new).parent.mkdir(parents=True, exist_ok=True)
    sources.git("mv", old, new)
    sources.commit("docs: move")
    answer = run(workspace)
    assert (answer.proposed, {change.kind for change in answer.changes}) == ((), {MOVED})
    _accept(workspace, answer)
    refs = [change.memory.id for change in answer.changes]
    assert all(str(show_memory(workspace(), each).front["source"]).count(new) for each in refs)
    assert _is_nothing(run(workspace))


def test_lines_that_moved_within_their_file_change_nothing(sources: Repo, workspace: Open) -> None:
    promoted(workspace)
    sources.commit("docs: a line above", {RULES: SOURCES[RULES].replace("# Rules\n", "# Rules\n\nFor everyone.\n\n")})
    assert _is_nothing(run(workspace))


def test_a_successor_supersedes_the_stored_decision(sources: Repo, workspace: Open) -> None:
    promoted(workspace)
    path = "docs/adr/0004-orders.md"
    more = "\nSupersedes [1. Orders live in Postgres](0001-orders.md)\n"
    decision = "Orders move to CockroachDB because Postgres could not be replicated over the regions of the customers."
    new = record(4, "Orders move to CockroachDB", decision, more=more)
    old = SOURCES[ORDERS].replace("Accepted", "Superseded by [4. Orders move](0004-orders.md)")
    sources.commit("docs: successor", {path: new, ORDERS: old})
    answer = run(workspace)
    assert len(answer.proposed) == 1 and _kinds(answer)[0][1] == ORDERS
    assert _kinds(answer)[0][0] in (CHANGED, ENDED)
    _accept(workspace, answer)
    shown = show_memory(workspace(), _id(workspace, "Orders live in Postgres")).record
    assert (shown.status, shown.superseded_by) == ("superseded", answer.proposed[0].memory.id)
    assert _is_nothing(run(workspace))


def test_a_new_source_alone_is_proposed(sources: Repo, workspace: Open) -> None:
    promoted(workspace)
    decision = "Searches run in Meilisearch because the queries of the shop are typed with many mistakes."
    sources.commit("docs: one more", {"docs/adr/0005-search.md": record(5, "Searches run in Meilisearch", decision)})
    answer = run(workspace)
    assert [proposal.memory.title for proposal in answer.proposed] == ["Searches run in Meilisearch"]
    assert answer.changes == ()


def test_a_memory_of_a_persons_own_is_never_asked_about(sources: Repo, workspace: Open) -> None:
    from memcli.operations.memories.add import add_memories

    added = add_memories(workspace(), [{"body": "Mail is sent in batches of 50.", "source": {"ref": MAIL}}])
    promote(workspace(), PromoteRequest(added[0].session, consent=True))
    sources.git("rm", "-q", MAIL)
    sources.commit("docs: remove a decision")
    assert run(workspace).changes == ()


DECISIONS = {
    1: "Jobs wait in Redis because it is here already.",
    2: "Events go through Kafka so that every team can read them again.",
    3: "Mail leaves by Rabbit because the provider has nothing else.",
}


def _record(number: int, status: str) -> dict[str, str]:
    text = f"# {number}. Choice {number}\n\n## Status\n\n{status}\n\n## Decision\n\n{DECISIONS[number]}\n"
    return {f"docs/adr/000{number}-choice.md": text}


def test_a_proposed_record_is_accepted_and_supersedes_another_and_is_superseded(repo: Repo, workspace: Open) -> None:
    repo.commit("docs: x", {**_record(1, "Accepted"), **_record(2, "Proposed"), **_record(3, "Accepted")})
    init(workspace())
    promoted(workspace)
    repo.commit("docs: y", {**_record(1, "Superseded by ADR-2"), **_record(2, "Accepted")})
    promoted(workspace)
    active = {memory.title: memory.tags for memory in list_memories(workspace(), Filters()).memories}
    assert active == {"Choice 2": (), "Choice 3": ()}
    repo.commit("docs: z", _record(2, "Superseded by ADR-3"))
    promoted(workspace)
    assert [memory.title for memory in list_memories(workspace(), Filters()).memories] == ["Choice 3"]
