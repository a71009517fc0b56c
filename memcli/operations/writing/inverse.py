"""Taking changes out again: a tree as it would be without them, whatever was changed since merged by memory."""

from __future__ import annotations

from collections.abc import Iterable

from memcli.errors import Conflict
from memcli.operations.writing.promotion import front_page
from memcli.state.oplog import Change
from memcli.store import merge_texts
from memcli.workspace import Workspace


def take_back(workspace: Workspace, tree: str, changes: Iterable[Change]) -> tuple[str, tuple[Change, ...]]:
    """The tree without the changes; what was edited since is merged. Raises Conflict where that cannot be."""
    store, done = workspace.store, list[Change]()
    for change in changes:
        there = workspace.odb.file(tree, change.path)
        if there == change.after:
            blob = change.before
        elif there is None or change.before is None or change.after is None:
            raise Conflict(f"{change.path} was changed again since", "undo the later operation first: 'mem op log'")
        else:
            text = merge_texts(store.text(change.after), store.text(there), store.text(change.before), change.path)
            blob = workspace.odb.write_blob(text.encode())
        tree = workspace.odb.update(tree, {change.path: blob})
        done.append(Change(change.path, there, blob))
    return tree, tuple(done)


def page_after(workspace: Workspace, changes: Iterable[Change]) -> str:
    """The front page of the store once the changes are made."""
    gone = [one.path for one in changes if one.after is None]
    texts = {one.path: workspace.store.text(one.after) for one in changes if one.after}
    return front_page(workspace, texts, gone)
