"""Our entries in the `hooks` table of a JSON file that its user edits too.

Invariant: `remove_entries` of what `insert_entries` made is the text before, byte for byte. An entry is ours by its
command alone, whatever group it is in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from memcli.core.text.json_edits import JsonNode, append_json, parse_json, remove_json, replace_json

HookEntry = tuple[str, dict[str, Any]]
"""(the harness's event, what its list gets: a group of handlers, or one handler)."""
IsOurs = Callable[[str], bool]
"""Whether a command is ours."""


class CannotEdit(ValueError):
    """Why a text cannot be edited."""


@dataclass
class EditedTable:
    """A text with our entries. `origins`: what was there before (path → JSON; None: nothing)."""

    text: str
    origins: dict[str, str | None] = field(default_factory=dict)


def insert_entries(text: str, entries: Sequence[HookEntry], members: Mapping[str, object]) -> EditedTable:
    """The text with root members that are needed, and with each entry at the end of its event. Raises CannotEdit."""
    edited = EditedTable(text)
    root = parse_json(text)
    if not isinstance(root.value, dict):
        raise CannotEdit("the document is not an object")
    if not root.children:
        edited.origins[""] = text[root.start : root.end]
    for key, value in members.items():
        if parse_json(edited.text).member(key) is None:
            edited.origins[key] = None
            edited.text = append_json(edited.text, parse_json(edited.text), value, key)
    for event, entry in entries:
        _ensure_container(edited, "hooks", {})
        _ensure_container(edited, f"hooks/{event}", [])
        edited.text = append_json(edited.text, _node(parse_json(edited.text), "hooks", event), entry)
    return edited


def _ensure_container(edited: EditedTable, path: str, empty: object) -> None:
    """Create a container that is absent or null. Remember what was there, also if it is empty."""
    *parents, key = path.split("/", 1)
    parent = _node(parse_json(edited.text), *parents)
    node = parent.member(key)
    if node is None:
        edited.origins.setdefault(path, None)
        edited.text = append_json(edited.text, parent, empty, key)
        return
    if node.value is not None and not isinstance(node.value, type(empty)):
        raise CannotEdit(f"'{path.replace('/', '.')}' is neither {'an object' if empty == {} else 'a list'} nor null")
    if not node.children:
        edited.origins.setdefault(path, edited.text[node.start : node.end])
    if node.value is None:
        edited.text = replace_json(edited.text, node, str(empty))


def _node(root: JsonNode, *keys: str) -> JsonNode:
    for key in keys:
        member = root.member(key)
        assert member is not None
        root = member
    return root


def remove_entries(text: str, is_ours: IsOurs, origins: Mapping[str, str | None]) -> str:
    """The text without our entries; a container that held nothing else is again what `origins` says it was."""
    removed = emptied = False
    while (event := _first_event_of_ours(parse_json(text), is_ours)) is not None:
        removed = True
        text, emptied = _remove_entry(text, event, is_ours, origins)
    others_came = "hooks" in origins and not emptied  # they need the root members too
    return _remove_members(text, origins) if removed and not others_came else text


def _first_event_of_ours(root: JsonNode, is_ours: IsOurs) -> str | None:
    return next((event for event, _ in _own_handlers(root, is_ours)), None)


def _remove_entry(text: str, event: str, is_ours: IsOurs, origins: Mapping[str, str | None]) -> tuple[str, bool]:
    """The text without our first entry of an event, and whether the table is empty then."""
    root = parse_json(text)
    table = _node(root, "hooks")
    entries = _node(table, event)
    position = next(at for at, entry in enumerate(entries.children) if any(_ownership(entry, is_ours)))
    group = entries.children[position].member("hooks")
    if group is not None and not all(_ownership(entries.children[position], is_ours)):
        ours = next(at for at, handler in enumerate(group.children) if _is_own_handler(handler, is_ours))
        return remove_json(text, group, ours), False
    if len(entries.children) > 1:
        return remove_json(text, entries, position), False
    origin = origins.get(f"hooks/{event}")
    if origin is not None:
        return replace_json(text, entries, origin), False
    if len(table.children) > 1:
        return remove_json(text, table, table.keys.index(event)), False
    before = origins.get("hooks")
    return (replace_json(text, table, before) if before else remove_json(text, root, root.keys.index("hooks"))), True


def _remove_members(text: str, origins: Mapping[str, str | None]) -> str:
    """The text without the root members that we added; a root that was empty is as it was."""
    for key in [key for key in origins if key and "/" not in key and key != "hooks"]:
        root = parse_json(text)
        if key in root.keys:
            text = remove_json(text, root, root.keys.index(key))
    root = parse_json(text)
    return replace_json(text, root, origins[""] or "{}") if "" in origins and not root.children else text


def own_handlers(text: str, is_ours: IsOurs) -> list[HookEntry]:
    """(event, handler) of each handler of ours, in the order of the text."""
    return list(_own_handlers(parse_json(text), is_ours))


def handlers_of(entries: Sequence[HookEntry]) -> list[HookEntry]:
    """(event, handler) of each entry, without its group."""
    return [(event, handler) for event, entry in entries for handler in entry.get("hooks", [entry])]


def _own_handlers(root: JsonNode, is_ours: IsOurs) -> Iterator[HookEntry]:
    table = root.member("hooks")
    for event, entries in table.members if table else ():
        for entry in entries.children if isinstance(entries.value, list) else ():
            yield from ((event, handler.value) for handler in _handlers(entry) if _is_own_handler(handler, is_ours))


def _handlers(entry: JsonNode) -> tuple[JsonNode, ...]:
    group = entry.member("hooks")
    return group.children if group and isinstance(group.value, list) else (entry,)


def _ownership(entry: JsonNode, is_ours: IsOurs) -> list[bool]:
    return [_is_own_handler(handler, is_ours) for handler in _handlers(entry)]


def _is_own_handler(handler: JsonNode, is_ours: IsOurs) -> bool:
    command = handler.value.get("command") if isinstance(handler.value, dict) else None
    return isinstance(command, str) and is_ours(command)
