"""A tree without certain changes; whatever was changed since is merged by memory."""

from __future__ import annotations

from collections.abc import Iterable

from memcli.errors import Conflict
from memcli.operations.views.reader import Reader
from memcli.operations.writing.derived_files import front_page
from memcli.state.oplog import Change
from memcli.store import Store, merge_texts


def take_back(store: Store, tree: str, changes: Iterable[Change]) -> tuple[str, tuple[Change, ...]]:
    """(the tree without the changes, what that changes in it); later edits are merged.

    Raises Conflict where they cannot be.
    """
    undone = list[Change]()
    for change in changes:
        blob = store.odb.file(tree, change.path)
        before = _without(store, change, blob)
        tree = store.odb.update(tree, {change.path: before})
        undone.append(Change(change.path, blob, before))
    return tree, tuple(undone)


def _without(store: Store, change: Change, blob: str | None) -> str | None:
    """The blob of a file without a change."""
    if blob == change.after:
        return change.before
    if blob is None or change.before is None or change.after is None:
        raise _changed_again(change)
    merge = merge_texts(store.text(change.after), store.text(blob), store.text(change.before), change.path)
    if merge.conflicts:
        raise _changed_again(change)
    return store.odb.write_blob(merge.text.encode())


def _changed_again(change: Change) -> Conflict:
    return Conflict(f"{change.path} was changed again since", "undo the later operation first: 'mem op log'")


def front_page_after(reader: Reader, store: Store, changes: Iterable[Change]) -> str:
    """The front page of the store once the changes are made."""
    made = list(changes)
    texts = {change.path: store.text(change.after) for change in made if change.after}
    return front_page(reader, texts, [change.path for change in made if change.after is None])
