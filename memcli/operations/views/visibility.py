"""Memories about excluded code paths alone: what an agent is not shown, in whichever way it asks.

Invariant: this says of a memory what `View.leave_out` says of a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from memcli.core.memory.memory import Memory
from memcli.core.memory.summary import Filters, Record
from memcli.core.review.candidates import Candidate
from memcli.core.review.exclusion import source_path
from memcli.errors import Refused
from memcli.index.database.view import View
from memcli.operations.views.reading import find_one, leave_out_excluded, open_view
from memcli.workspace import Workspace

_CITED = re.compile(r"\[mem:([0-9A-Z]{6,26})\]")
_NEXT = "a person can read it; 'mem exclude list' shows what is excluded"


def is_excluded(workspace: Workspace, memory: Memory | None) -> bool:
    """Whether a memory is anchored at excluded paths only, or was taken from one."""
    excludes = workspace.excludes
    if memory is None or not excludes:
        return False
    source, paths = source_path(memory.source.ref), [anchor.path for anchor in memory.paths]
    return bool((source and excludes.excludes(source)) or (paths and all(map(excludes.excludes, paths))))


def shown(workspace: Workspace, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that the caller is shown: to a person all of them."""
    if workspace.config.agent is None:
        return list(candidates)
    return [one for one in candidates if not (is_excluded(workspace, one.before) or is_excluded(workspace, one.after))]


def find_shown(workspace: Workspace, view: View, text: str) -> Record:
    """The memory of an id, as `find_one` finds it. Raises Refused for an agent where it is excluded."""
    record = find_one(view, text)
    if _is_withheld(workspace, view, [record]):
        raise Refused(f"{record.id[-6:]} is about code paths that are excluded from memory", _NEXT)
    return record


def refuse_cited(workspace: Workspace, pack: str) -> None:
    """Raise Refused for an agent where a pack of old shows what is excluded by now."""
    if workspace.config.agent is None or not workspace.excludes:
        return
    with open_view(workspace) as view:
        cited = [record for end in set(_CITED.findall(pack)) for record in view.find(end)]
        if _is_withheld(workspace, view, cited):
            raise Refused("the pack shows what is about code paths that are excluded from memory by now", _NEXT)


def _is_withheld(workspace: Workspace, view: View, records: Iterable[Record]) -> bool:
    if not workspace.config.agent or not leave_out_excluded(workspace, view, Filters(all=True)):
        return False
    wanted = {record.id for record in records}
    return len(view.those(wanted)) < len(wanted)


def withheld_paths(workspace: Workspace, session: str) -> set[str]:
    """The files of the memories that are excluded, whoever asks: agents work where files are laid out."""
    if not workspace.excludes:
        return set()
    with open_view(workspace, session) as view:
        view.leave_out(workspace.excludes.excludes)
        return view.left_out()
