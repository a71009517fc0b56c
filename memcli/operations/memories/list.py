"""`mem list`: the memories of the store and of the caller's session."""

from __future__ import annotations

from memcli.core.memory.summary import Filters, Record
from memcli.operations.views.reading import leave_out_excluded, outliving_damage
from memcli.operations.views.snapshot import moment, view_at
from memcli.workspace import Workspace


@outliving_damage
def list_memories(
    workspace: Workspace, filters: Filters, limit: int | None = None, as_of: str | None = None
) -> list[Record]:
    """The records that pass the filters, most recently modified first; with `as_of`, those of the store back then."""
    with view_at(workspace, None if as_of is None else moment(workspace, as_of)) as view:
        leave_out_excluded(workspace, view, filters)
        found = view.records(filters)
        return list(found) if limit is None else [record for record, _ in zip(found, range(limit), strict=False)]
