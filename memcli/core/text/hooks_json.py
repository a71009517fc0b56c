"""Our entries in a harness's `hooks` table, put in and taken out of the JSON text that its user also writes.

Invariant: `without(with_entries(text).text, …)` is `text` again, byte for byte, for every text that `fits`.
An entry is ours by its command alone, whatever group it stands in and whoever launches it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from memcli.core.text.json_edits import Node, append, read, remove, replace

Entry = tuple[str, dict[str, Any]]
"""(the harness's event, what its list gets: a group of handlers, or a handler)."""
Owned = Callable[[str], bool]
"""Whether a command is ours."""


class Unfit(ValueError):
    """Why nothing can be put into a text."""


@dataclass
class Placed:
    """A text with our entries; `origins`: what stood where they went (path → text, None: nothing)."""

    text: str
    origins: dict[str, str | None] = field(default_factory=dict)


def with_entries(text: str, entries: Sequence[Entry], members: Mapping[str, object]) -> Placed:
    """The text with the entries as the last ones of their events, and root members that are needed. Raises Unfit."""
    placed = Placed(text)
    root = read(text)
    if not isinstance(root.value, dict):
        raise Unfit("the document is no object")
    if not root.children:
        placed.origins[""] = text[root.start : root.end]
    for key, value in members.items():
        if read(placed.text).at(key) is None:
            placed.origins[key] = None
            placed.text = append(placed.text, read(placed.text), value, key)
    for event, entry in entries:
        _ensure(placed, "hooks", {})
        _ensure(placed, f"hooks/{event}", [])
        placed.text = append(placed.text, _need(read(placed.text), "hooks", event), entry)
    return placed


def _ensure(placed: Placed, path: str, empty: object) -> None:
    """Make a container where nothing, null or an empty one stands, and remember which it was."""
    *above, key = path.split("/", 1)
    parent = _need(read(placed.text), *above)
    node = parent.at(key)
    if node is None:
        placed.origins.setdefault(path, None)
        placed.text = append(placed.text, parent, empty, key)
        return
    if node.value is not None and not isinstance(node.value, type(empty)):
        raise Unfit(f"'{path.replace('/', '.')}' is neither {'an object' if empty == {} else 'a list'} nor null")
    if not node.children:
        placed.origins.setdefault(path, placed.text[node.start : node.end])
    if node.value is None:
        placed.text = replace(placed.text, node, str(empty))


def _need(root: Node, *keys: str) -> Node:
    for key in keys:
        found = root.at(key)
        assert found is not None
        root = found
    return root


def without(text: str, owned: Owned, origins: Mapping[str, str | None]) -> str:
    """The text without any entry of ours; containers that only held ours become what `origins` says they were."""
    found = emptied = False
    while (event := _first_with_ours(read(text), owned)) is not None:
        found = True
        text, emptied = _without_one(text, event, owned, origins)
    others_came = "hooks" in origins and not emptied  # what the root has for ours it has for theirs too
    return _without_members(text, origins) if found and not others_came else text


def _first_with_ours(root: Node, owned: Owned) -> str | None:
    return next((event for event, _ in _handlers(root, owned)), None)


def _without_one(text: str, event: str, owned: Owned, origins: Mapping[str, str | None]) -> tuple[str, bool]:
    """Take the first entry of ours out of an event; whether that emptied the whole table."""
    root = read(text)
    table = _need(root, "hooks")
    entries = _need(table, event)
    position = next(place for place, entry in enumerate(entries.children) if any(_ours(entry, owned)))
    inner = entries.children[position].at("hooks")
    if inner is not None and not all(_ours(entries.children[position], owned)):
        mine = next(place for place, handler in enumerate(inner.children) if _is_ours(handler, owned))
        return remove(text, inner, mine), False
    if len(entries.children) > 1:
        return remove(text, entries, position), False
    was = origins.get(f"hooks/{event}")
    if was is not None:
        return replace(text, entries, was), False
    if len(table.children) > 1:
        return remove(text, table, table.keys.index(event)), False
    before = origins.get("hooks")
    return (replace(text, table, before) if before else remove(text, root, root.keys.index("hooks"))), True


def _without_members(text: str, origins: Mapping[str, str | None]) -> str:
    """Without what else we had put into the root; a root that was empty is again as it was."""
    for key in [key for key in origins if key and "/" not in key and key != "hooks"]:
        root = read(text)
        if key in root.keys:
            text = remove(text, root, root.keys.index(key))
    root = read(text)
    return replace(text, root, origins[""] or "{}") if "" in origins and not root.children else text


def ours(text: str, owned: Owned) -> list[Entry]:
    """(event, handler) of every handler of ours, in the order of the text."""
    return list(_handlers(read(text), owned))


def handlers(entries: Sequence[Entry]) -> list[Entry]:
    """(event, handler) of entries that are to be put in."""
    return [(event, one) for event, entry in entries for one in entry.get("hooks", [entry])]


def _handlers(root: Node, owned: Owned) -> Iterator[Entry]:
    table = root.at("hooks")
    for event, entries in table.members if table else ():
        for entry in entries.children if isinstance(entries.value, list) else ():
            inner = entry.at("hooks")
            found = inner.children if inner and isinstance(inner.value, list) else (entry,)
            yield from ((event, one.value) for one in found if _is_ours(one, owned))


def _ours(entry: Node, owned: Owned) -> list[bool]:
    inner = entry.at("hooks")
    found = inner.children if inner and isinstance(inner.value, list) else (entry,)
    return [_is_ours(one, owned) for one in found]


def _is_ours(handler: Node, owned: Owned) -> bool:
    command = handler.value.get("command") if isinstance(handler.value, dict) else None
    return isinstance(command, str) and owned(command)
