"""The dates of extracts, and the ids that follow from them.

Invariant: an id depends only on the date, the file and the text (of links only their text), so two clones that read the
same history agree, wherever in the file the text stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from memcli.core.memory.identity import MemoryId, derived_ulid
from memcli.core.memory.memory import Memory
from memcli.core.sources.passages import EPOCH
from memcli.core.sources.source_reader import Extract

_LINK = re.compile(r"\[\[([0-9A-HJKMNP-TV-Z]{26})\|")


def dated_memories(extracts: Sequence[Extract], dates: Mapping[str, datetime]) -> list[Memory]:
    """The memories of extracts; one that its source does not date has the date of its `source.ref` in `dates`, and one
    that has a file of its own keeps its id.

    Of extracts with the same id the first stays. Links between the extracts, `supersedes` and `superseded_by`
    follow the new ids.
    """
    memories = [dated_memory(extract, dates) for extract in extracts]
    ids: dict[str, str] = {extract.memory.id: memory.id for extract, memory in zip(extracts, memories, strict=True)}
    return list({memory.id: redirected(memory, ids) for memory in reversed(memories)}.values())[::-1]


def dated_memory(extract: Extract, dates: Mapping[str, datetime]) -> Memory:
    """The memory of an extract with its date and id; its links are as they were."""
    memory = extract.memory
    if extract.document:
        return memory
    date = memory.created if extract.dated else _date_of_lines(memory, dates)
    id_ = origin_id(date, extract.path, memory.body)
    return replace(memory, id=id_, created=date, modified=max(memory.modified, date))


def origin_id(date: datetime, path: str, body: str) -> MemoryId:
    """The id of a memory of this date with this text from this file, wherever its links lead."""
    return derived_ulid(date, path, without_targets(body.removesuffix("\n")))


def without_targets(text: str) -> str:
    """A text whose links have only their text: `[[name]]` for `[[id|name]]`."""
    return _LINK.sub("[[", text)


def _date_of_lines(memory: Memory, dates: Mapping[str, datetime]) -> datetime:
    """The date of its lines; that of the last change that its source states where this is earlier."""
    known = (dates.get(memory.source.ref or "", EPOCH), memory.modified)
    return min((date for date in known if date > EPOCH), default=EPOCH)


def redirected(memory: Memory, ids: Mapping[str, str]) -> Memory:
    """A memory whose references to the keys of `ids` point to their values; an empty value leaves a link's text."""

    def link(match: re.Match[str]) -> str:
        target = ids.get(match[1], match[1])
        return f"[[{target}|" if target else "[["

    return replace(
        memory,
        body=_LINK.sub(link, memory.body),
        supersedes=tuple(dict.fromkeys(filter(None, (ids.get(old, old) for old in memory.supersedes)))),
        superseded_by=ids.get(memory.superseded_by or "", memory.superseded_by) or None,
    )
