"""How often recall says that nothing is known: of questions of other sets, of questions whose answers were taken out,
of what a conversation never said, and, wrongly, of questions that the store answers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from memcli.index.database.index import Index
from memcli.index.search.ranking import SearchRequest, search
from memcli.index.storage.manifest import FileChange
from memcli.index.vectors.embedding import Embedder
from tests.benchmarks.sets import Corpus, Question, corpus, opened, store
from tests.index.memories import MAIN, manifest

FOREIGN, REMOVED = 10, 40
"""Questions of each other set, and questions that lose their answers, put to each store."""
SAME = ({"memstore_en", "memstore_xx"}, {"pep_cite", "supersede"})
"""Sets that are about the same things: the questions of one may be answered by the other."""


def report(names: Sequence[str], making: Embedder | None, place: Path | None) -> None:
    """The shares of questions that are not answered, by store."""
    print("\n| store | another set's questions | answers taken out | never said | answerable, lost |")
    print("|---|--:|--:|--:|--:|")
    columns: list[list[bool]] = [[], [], [], []]
    for name in names:
        with store(name, making, place) as index:
            row = (
                list(_foreign(index, making, name, names)),
                list(_removed(index, making, corpus(name))),
                _silent(index, making, [one for one in corpus(name).questions if not one.answerable]),
                _silent(index, making, corpus(name).answerable),
            )
        for column, found in zip(columns, row, strict=True):
            column.extend(found)
        print(f"| {name} | {' | '.join(map(_share, row))} |", flush=True)
    print(f"| all questions | {' | '.join(map(_share, columns))} |")


def _share(found: Sequence[bool]) -> str:
    return f"{sum(found) / len(found):.3f} of {len(found)}" if found else "–"


def _silent(index: Index, making: Embedder | None, questions: Sequence[Question]) -> list[bool]:
    with opened(index, making) as view:
        return [search(view, SearchRequest(one.query, one.filters)).abstained for one in questions]


def _foreign(index: Index, making: Embedder | None, name: str, names: Sequence[str]) -> Iterator[bool]:
    chance = random.Random(name)
    for other in names:
        if other != name and {name, other} not in SAME:
            asked = chance.sample(corpus(other).answerable, FOREIGN)
            with opened(index, making) as view:
                yield from (search(view, SearchRequest(one.query)).abstained for one in asked)


def _removed(index: Index, making: Embedder | None, whole: Corpus) -> Iterator[bool]:
    """The relevant memories leave the index for one question, and come back."""
    chance = random.Random(whole.name)
    files = {_id(file): file for file in whole.files}
    for one in chance.sample(whole.answerable, min(REMOVED, len(whole.answerable))):
        taken = [files[memory] for memory in sorted(one.relevant & files.keys())]
        index.update(manifest(), [FileChange(file.path, None, b"") for file in taken])
        with index.view(MAIN, embedder=making) as view:
            yield search(view, SearchRequest(one.query, one.filters)).abstained
        index.update(manifest(), taken)


def _id(file: FileChange) -> str:
    line = next(line for line in file.data.split(b"\n") if line.startswith(b"id: "))
    return line.removeprefix(b"id: ").decode()
