"""The visibility filter: memories about excluded code paths alone, which an agent is not shown, however it asks.

Invariant: `is_excluded` says of a memory what `View.hide` says of a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from memcli.core.memory.identity import only_match
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.errors import Refused
from memcli.index.database.view import ACTIVE, View

if TYPE_CHECKING:
    from memcli.core.memory.memory import Memory
    from memcli.core.review.candidates import Candidate
    from memcli.core.review.exclusion import Excludes

CITATION = re.compile(r"\[mem:([0-9A-Z]{6,26})\]")
SHOW_EXCLUDED = "a person can read it; 'mem exclude list' shows what is excluded"


class VisibilityFilter:
    """What one caller may see; `read` gives the excluded code paths, None where none are."""

    def __init__(self, is_agent: bool, read: Callable[[], Excludes | None]) -> None:
        self._is_agent, self._read = is_agent, read

    @cached_property
    def _excludes(self) -> Excludes | None:
        return self._read()

    @property
    def is_limited(self) -> bool:
        """Whether there is anything that the caller is never shown."""
        return self._is_agent and bool(self._excludes)

    def apply(self, view: View, filters: Filters = ACTIVE) -> int:
        """Hide excluded memories in a view, from an agent in any case, from a person unless all is asked for; return
        how many of the memories that pass the filters are hidden."""
        if self._excludes is None or (filters.all and not self._is_agent):
            return 0
        whole = view.count(filters)
        view.hide(self._excludes.excludes)
        return whole - view.count(filters)

    def is_excluded(self, memory: Memory | None) -> bool:
        """Whether a memory is anchored at excluded paths only, or was taken from one."""
        if memory is None or not self._excludes:
            return False
        from memcli.core.review.exclusion import source_path  # most stores exclude nothing

        excludes = self._excludes.excludes
        source, paths = source_path(memory.source.ref), [anchor.path for anchor in memory.paths]
        return bool((source and excludes(source)) or (paths and all(map(excludes, paths))))

    def shows(self, memory: Memory | None) -> bool:
        """Whether the caller is shown a memory: a person always."""
        return not self._is_agent or not self.is_excluded(memory)

    def visible(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """The candidates that the caller is shown, by what they were and what they are."""
        return [one for one in candidates if self.shows(one.before) and self.shows(one.after)]

    def find(self, view: View, text: str) -> MemorySummary:
        """The memory of an id, or of a unique prefix or suffix of one. Raises NotFound, Usage where several match, and
        Refused for an agent where it is excluded."""
        records = {record.id: record for record in view.find(text)}
        record = records[only_match(text, records, "memory", "'mem list --all' or 'mem recall WORDS' shows ids")]
        if self.hides(view, [record]):
            raise Refused(f"{record.id[-6:]} is about code paths that are excluded from memory", SHOW_EXCLUDED)
        return record

    def hides(self, view: View, records: Iterable[MemorySummary]) -> bool:
        """Whether any of these memories of the view is hidden from the caller, who is an agent then."""
        if not self._is_agent or not self.apply(view, Filters(all=True)):
            return False
        ids = {record.id for record in records}
        return len(view.by_ids(ids)) < len(ids)

    def excluded_files(self, view: View) -> set[str]:
        """The files of the excluded memories, whoever asks: agents work where files are checked out."""
        if not self._excludes:
            return set()
        view.hide(self._excludes.excludes)
        return view.hidden_files()
