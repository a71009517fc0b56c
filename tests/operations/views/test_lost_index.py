"""Whatever happens to the index, answers stay: it is a function of the tree and of the embedder, and nothing more."""

from __future__ import annotations

import gc
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.operations.memories.add import add_memories
from memcli.operations.recall.index import verify_index
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo, copy_of, opener

Open = Callable[..., Workspace]
NOTES = (
    "StripeWebhookHandler race condition: failed deliveries are retried by the queue.",
    "We deploy on Fridays with two reviewers.",
    "Log files are kept for ninety days, then the nightly job removes them.",
    "The search box waits 300 ms before it asks the server.",
    "Invoices are rounded per line, never in the sum.",
)
QUESTIONS = ("webhook handler", "how long are logs stored", "who looks at a release", "rounding of bills")


@pytest.fixture(scope="module")
def unharmed(started: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = copy_of(started, tmp_path_factory.mktemp("unharmed"))
    open_it = opener(made)
    init(open_it())
    add_memories(open_it(), [{"body": note + "\n"} for note in NOTES])
    name = open_it().selection.name
    assert name
    promote(open_it(), PromoteRequest(name, consent=True))
    add_memories(open_it(), [{"body": "The gateway answers within two seconds.\n"}])
    answers(open_it)
    return made.path


@pytest.fixture
def store(repo: Repo, workspace: Open, unharmed: Path) -> Open:
    """A store with `NOTES` and its index, and one more in the session."""
    shutil.rmtree(repo.path)
    copy_of(unharmed, repo.path)
    return workspace


def answers(store: Open) -> list[list[tuple[str, float]]]:
    """What each question finds, each asked by a call of its own."""
    found = []
    for query in QUESTIONS:
        asking = store()
        found.append([(hit.record.id, hit.score) for hit in recall(asking, RecallRequest(query)).hits])
        asking.index.close()  # as the end of a process does: no file is held open while it is harmed
    return found


def harmed(index: Path, seed: int) -> None:
    """One of many ways to do harm to one of the files of the index."""
    gc.collect()  # lets go of what earlier calls of this process still hold open
    chance = random.Random(seed)
    file = chance.choice(sorted(path for path in index.rglob("*") if path.is_file()))
    data = file.read_bytes()
    place = chance.randrange(len(data) + 1)
    kind = seed % 5
    if kind == 0:
        file.unlink()
    elif kind == 1:
        file.write_bytes(data[:place])
    elif kind == 2:
        file.write_bytes(data[:place] + bytes(chance.randrange(256) for _ in range(64)) + data[place + 64 :])
    elif kind == 3:
        file.write_bytes(b"")
    else:
        shutil.rmtree(file.parent)


@pytest.mark.parametrize("seed", range(30))
def test_harm_to_any_file_changes_no_answer(store: Open, repo: Repo, seed: int) -> None:
    expected = answers(store)
    assert any(expected)
    harmed(repo.path / ".git" / "mem" / "index", seed)
    assert answers(store) == expected


def test_an_older_copy_in_its_place_changes_no_answer(store: Open, repo: Repo, tmp_path: Path) -> None:
    answers(store)
    index = repo.path / ".git" / "mem" / "index"
    shutil.copytree(index, tmp_path / "older")
    name = store().selection.name
    assert name
    promote(store(), PromoteRequest(name, consent=True))
    expected = answers(store)
    for part in ("vectors", next(index.glob("g-*")).name, "."):
        shutil.rmtree(index / part)
        shutil.copytree(tmp_path / "older" / part, index / part, dirs_exist_ok=True)
        assert answers(store) == expected
    assert verify_index(store()).ok


def test_an_index_of_another_schema_is_left_behind(store: Open, repo: Repo) -> None:
    expected = answers(store)
    (database,) = (repo.path / ".git" / "mem" / "index").glob("g-*/index.db")
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 1")
    assert answers(store) == expected
