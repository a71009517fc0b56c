"""The open questions that one reader sees: each beside all memories that it involves, and none that has become moot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from memcli.core.memory.questions import CONFLICT, Question
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.index.database.visible_rows import SELECT, VisibleRows, summary_of

_GONE = ("retired", "withdrawn")


class AskedQuestions:
    """The questions of the visible memories, read when they are first asked for."""

    def __init__(self, rows: VisibleRows) -> None:
        self._rows = rows

    def beside(self, records: Sequence[MemorySummary]) -> list[MemorySummary]:
        """The memories, each with the open questions of its own and those of others about it."""
        asking, mentions = self._asking, self._mentions
        return [
            record._replace(questions=(*_own(asking.get(record.id), record), *mentions.get(record.id, ())))
            if record.questions or record.id in mentions
            else record
            for record in records
        ]

    def asking(self) -> list[MemorySummary]:
        """The memories that list an open question, with these alone, the last modified first, then by id."""
        return sorted(self._asking.values(), key=lambda record: record.modified, reverse=True)

    @cached_property
    def _asking(self) -> Mapping[str, MemorySummary]:
        """The memories that list an open question, by id and in the order of ids."""
        passes, values = self._rows.among_few(Filters(all=True))
        statement = f"{SELECT} WHERE questions IS NOT NULL AND {passes} ORDER BY id, path"
        records = [summary_of(row) for row in self._rows.connection.execute(statement, values)]
        others = self._others(records)
        opened = (
            record._replace(questions=tuple(each for each in record.questions if _is_open(each, record, others)))
            for record in records
        )
        return {record.id: record for record in opened if record.questions}

    def _others(self, records: Iterable[MemorySummary]) -> dict[str, MemorySummary]:
        ids = {other for record in records for question in record.questions for other in question.with_ids}
        if not ids:
            return {}
        others = self._rows.where("id IN (SELECT value FROM json_each(?))", [json.dumps(sorted(ids))])
        return {record.id: record for record in others}

    @cached_property
    def _mentions(self) -> Mapping[str, Sequence[Question]]:
        """The questions that memories ask about other ones, by the ids of these, unless these ask the same."""
        mentions: dict[str, list[Question]] = {}
        for holder in self._asking.values():
            for question in holder.questions:
                for other in question.with_ids if question.is_shared else ():
                    seen = question.seen_from(holder.id, other)
                    own = self._asking.get(other)
                    if own is None or seen.subject not in {each.subject for each in own.questions}:
                        mentions.setdefault(other, []).append(seen)
        return mentions


def _own(asking: MemorySummary | None, record: MemorySummary) -> tuple[Question, ...]:
    return asking.questions if asking and asking.blob == record.blob else ()


def _is_open(question: Question, holder: MemorySummary, others: Mapping[str, MemorySummary]) -> bool:
    """Whether there is anything left to settle: a conflict always, else while the memories are in use; of one timeline
    those that were superseded as well."""
    if question.kind == CONFLICT:
        return True
    if holder.status != "active" or not (question.is_shared and question.with_ids):
        return holder.status == "active"
    involved = [others[other] for other in question.with_ids if other in others]
    return any(
        other.status == "active" or (other.status not in _GONE and other.key is not None and other.key == holder.key)
        for other in involved
    )
