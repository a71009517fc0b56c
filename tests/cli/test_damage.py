"""An index damaged where only a search comes upon it: the first recall answers already."""

from __future__ import annotations

import sqlite3

import pytest

from tests.conftest import Mem, Repo

DAMAGES = [
    "UPDATE texts SET text = CAST(x'FF' AS TEXT)",
    "DELETE FROM search_1_data",
    "DROP TABLE search_1",
    "DELETE FROM manifests",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_first_recall_answers_as_before(repo: Repo, mem: Mem, damage: str) -> None:
    mem("init")
    mem("add", "Deploys happen on Tuesdays, never before noon.", "--promote")
    before = mem("recall", "deploys", "--json").json()
    index = repo.path / ".git/mem/index"
    with sqlite3.connect(index / (index / "current").read_text().strip() / "index.db") as connection:
        connection.execute(damage)
    connection.close()
    assert before["hits"] and mem("recall", "deploys", "--json").json() == before
