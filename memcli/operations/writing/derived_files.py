"""The files of the store that follow from its other files: the timelines of keys, and the front page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from memcli.branch import FRONT_PAGE, POLICY_FILE
from memcli.core.memory.document import parse_document
from memcli.core.memory.summary import Filters
from memcli.core.memory.timeline import arrange
from memcli.core.pack.front_page import front_page_of, page_of
from memcli.core.review.candidates import Candidate
from memcli.index.storage.manifest import FileChange
from memcli.operations.views.index_update import unsaved_file
from memcli.operations.views.reader import Reader
from memcli.store import parse_memory

_AHEAD = timedelta(days=1)


def store_time(now: datetime, parent: datetime) -> tuple[datetime, tuple[str, ...]]:
    """(the date of the store's next commit, warnings): dates along the store never run backwards, within reason."""
    if parent - now > _AHEAD:
        return now, (f"the last promotion is dated {parent:%Y-%m-%d}, in the future: check this machine's clock",)
    return max(now, parent), ()


def keys_of(candidates: Iterable[Candidate], texts: Mapping[str, str]) -> set[str]:
    """The keys of candidates, before and after, and of files (`texts`: path → text)."""
    memories = [memory for candidate in candidates for memory in (candidate.before, candidate.after)]
    memories += [parse_memory(text, path).memory for path, text in texts.items() if path != POLICY_FILE]
    return {memory.key for memory in memories if memory and memory.key}


def timelines(reader: Reader, texts: Mapping[str, str], keys: set[str]) -> dict[str, str]:
    """{path: new text} of the files whose status on the timeline of one of the keys changes.

    The store is that of the tip with `texts` in it.
    """
    if not keys:
        return {}
    changed: dict[str, str] = {}
    with reader.main_view(extra=_files(texts)) as view:
        for key in sorted(keys):
            changed.update(_arranged({record.path: view.text(record) for record in view.by_key(key)}))
    return changed


def _arranged(members: Mapping[str, str]) -> dict[str, str]:
    """The files of one key whose timeline fields are not as they must be, with those fields set."""
    memories = {path: parse_memory(text, path).memory for path, text in members.items()}
    edits = arrange(memory for memory in memories.values() if memory)
    return {
        path: parse_document(members[path]).with_values(edits[memory.id]).text()
        for path, memory in memories.items()
        if memory and edits.get(memory.id)
    }


def front_page(reader: Reader, texts: Mapping[str, str], deleted: Iterable[str] = ()) -> str:
    """MEMORY.md for the tip's tree with `texts` in it and without the files `deleted`."""
    without = set(deleted)
    with reader.main_view(extra=_files(texts)) as view:
        if not without:
            return page_of(view)
        records = view.questions.beside(list(view.records(Filters())))
        return front_page_of(record for record in records if record.path not in without)


def _files(texts: Mapping[str, str]) -> list[FileChange]:
    return [unsaved_file(path, text) for path, text in texts.items() if path not in (POLICY_FILE, FRONT_PAGE)]
