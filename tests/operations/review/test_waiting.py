"""All that waits as one value, and which of it a selection means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.core.review.candidate_selection import CandidateSelection
from memcli.errors import NotFound, Usage
from memcli.operations.memories.add import add_memories
from memcli.operations.review.waiting import waiting_candidates
from memcli.operations.setup.init import init
from memcli.workspace import Workspace

Open = Callable[..., Workspace]


@pytest.fixture
def ids(workspace: Open) -> list[str]:
    """Four candidates of two sessions."""
    init(workspace())
    first = [
        {"body": "Deliveries are retried at most 7 times.", "topic": "payments", "key": "payments.retries"},
        {"body": "Horses are stabled in barn 4 over winter.", "topic": "stable", "type": "decision"},
    ]
    second = [
        {"body": "The ledger is closed on the last day of a month.", "topic": "payments"},
        {"body": "Deliveries are retried at most 9 times.", "topic": "payments"},
    ]
    made = add_memories(workspace(session="mine"), first)
    made += add_memories(workspace(session="codex-work", agent="codex"), second)
    return [memory.id for memory in made]


def _selected(workspace: Open, **fields: object) -> list[str]:
    return [each.id for each in waiting_candidates(workspace(), CandidateSelection(**fields)).candidates]  # type: ignore[arg-type]


def test_all_that_waits_has_its_author_findings_and_topic(workspace: Open, ids: list[str]) -> None:
    waiting = waiting_candidates(workspace())
    assert {review.session.name for review in waiting.reviews} == {"codex-work", "mine"}
    by_id = {each.id: each for each in waiting.candidates}
    assert by_id.keys() == set(ids)
    assert [by_id[each].author for each in ids] == ["Ada Example", "Ada Example", "codex", "codex"]
    assert [by_id[each].is_clean for each in ids] == [False, True, True, False], "the session beside contradicts"
    assert Counter(candidate.topic for candidate in waiting.candidates) == {"payments": 3, "stable": 1}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"topics": ("payments",)}, [0, 2, 3]),
        ({"topics": ("payments",), "by": ("codex",)}, [2, 3]),
        ({"types": ("decision",)}, [1]),
        ({"by": ("ADA@",)}, [0, 1]),
        ({"by": ("cod",)}, None),
        ({"sessions": ("co*",)}, [2, 3]),
        ({"ids": ("mine",)}, [0, 1]),
        ({"ids": ("mine", "codex-work")}, [0, 1, 2, 3]),
        ({"ids": ("payments/*",)}, [0, 2, 3]),
        ({"ids": ("payments.*",)}, [0]),
        ({"ids": ("mine", "semantic/payments/*")}, [0]),
        ({"ids": ("codex-*",)}, [2, 3]),
        ({"clean": True}, [1, 2]),
        ({"clean": True, "topics": ("payments",)}, [2]),
    ],
)
def test_a_selection_narrows(
    workspace: Open, ids: list[str], fields: dict[str, tuple[str, ...]], expected: list[int] | None
) -> None:
    if expected is None:
        with pytest.raises(NotFound):
            _selected(workspace, **fields)
    else:
        assert sorted(_selected(workspace, **fields)) == sorted(ids[number] for number in expected)


def test_ids_are_unique_prefixes_or_suffixes(workspace: Open, ids: list[str]) -> None:
    assert _selected(workspace, ids=(ids[0][-8:].lower(),)) == [ids[0]]
    with pytest.raises(Usage, match="part of 4 ids"):
        _selected(workspace, ids=(ids[0][:6],))
    with pytest.raises(Usage, match="too short"):
        _selected(workspace, ids=(ids[0][-3:],))


@pytest.mark.parametrize(
    ("fields", "near"),
    [({"ids": ("mime",)}, "did you mean 'mine'"), ({"sessions": ("codex-wrk",)}, "did you mean 'codex-work'")],
)
@pytest.mark.usefixtures("ids")
def test_a_name_that_nothing_has_is_told_with_near_ones(
    workspace: Open, fields: dict[str, tuple[str, ...]], near: str
) -> None:
    with pytest.raises(NotFound) as raised:
        _selected(workspace, **fields)
    assert near in raised.value.hint


def test_a_session_with_unreadable_files_alone_waits_too(workspace: Open, mem: Callable[..., object]) -> None:
    init(workspace())
    mem("session", "start", "files", "--worktree")
    here = workspace(session="files")
    directory = here.layout.worktree
    assert directory is not None
    file = Path(directory, ".mem/files/semantic/general/broken.md")
    file.parent.mkdir(parents=True)
    file.write_text("---\nid: [\n---\nA body.\n")
    waiting = waiting_candidates(workspace())
    assert [review.session.name for review in waiting.reviews] == ["files"] and waiting.candidates == ()


def test_a_part_of_several_ids_is_refused_in_a_session_with_one_of_them_too(workspace: Open, ids: list[str]) -> None:
    here = workspace(session="single")
    add_memories(here, [{"body": "Horses are fed at seven."}])
    with pytest.raises(Usage, match="part of 5 ids"):
        waiting_candidates(here, CandidateSelection(ids=(ids[0][:4],)))
