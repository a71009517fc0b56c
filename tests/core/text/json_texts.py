"""JSON documents as people and programs write them, for property tests."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

SPACES = st.sampled_from(["", "", " ", "\n", "\n  ", "\r\n\t", "  \n"])
SCALARS = st.sampled_from(
    ["0", "-1.50", "1E+05", "1e400", "true", "null", '""', '"a\\u00e9\\/\\"b"', '"é//{"', '"\\ud800"']
)
KEYS = st.sampled_from(["hooks", "Stop", "SessionStart", "version", "permissions", "ü", "a b"])
COMMANDS = ["npm test", "memo hook claude stop", "echo mem hooks", "lint && true"]


@st.composite
def written(draw: st.DrawFn, level: int = 0) -> str:
    """The text of any value."""
    kind = draw(st.integers(0, 2 if level < 2 else 0))
    if kind == 0:
        return draw(SCALARS)
    keys = draw(st.lists(KEYS, unique=True, max_size=3))
    values = [draw(written(level + 1)) for _ in keys]
    if kind == 1:
        return _joined(draw, "[", values, "]")
    return _joined(draw, "{", [f"{json.dumps(key)}{draw(SPACES)}:{draw(SPACES)}{value}"
                               for key, value in zip(keys, values, strict=True)], "}")  # fmt: skip


def _joined(draw: st.DrawFn, left: str, items: list[str], right: str) -> str:
    if not items:
        return left + draw(SPACES) + right
    return left + ",".join(draw(SPACES) + item + draw(SPACES) for item in items) + right


@st.composite
def handler(draw: st.DrawFn) -> str:
    """A handler of somebody else's."""
    return _joined(draw, "{", ['"type": "command"', f'"command":{json.dumps(draw(st.sampled_from(COMMANDS)))}'], "}")


@st.composite
def groups(draw: st.DrawFn) -> str:
    """The value of an event: missing ones are left out by the caller."""
    kind = draw(st.integers(0, 3))
    if kind < 2:
        return ["null", "[" + draw(SPACES) + "]"][kind]
    found = []
    for _ in range(draw(st.integers(1, 2))):
        inner = _joined(draw, "[", draw(st.lists(handler(), min_size=1, max_size=2)), "]")
        found.append(_joined(draw, "{", ['"matcher": "x"', f'"hooks":{inner}'], "}"))
    return _joined(draw, "[", found, "]")


@st.composite
def settings(draw: st.DrawFn) -> str:
    """A settings file that entries fit into: BOM or not, any layout, the hooks table absent, null, empty or filled."""
    members = [f'"a":{draw(written())}'] if draw(st.booleans()) else []
    if draw(st.booleans()):
        events = draw(st.lists(st.sampled_from(["PreToolUse", "SessionStart", "stop", "Other"]), unique=True))
        table = _joined(draw, "{", [f'"{event}"{draw(SPACES)}:{draw(groups())}' for event in events], "}")
        members.append(f'"hooks":{draw(st.sampled_from([table, table, "null"]))}')
    if draw(st.booleans()):
        members.append(f'"z" : {draw(written())}')
    bom = draw(st.sampled_from(["", "", "\ufeff"]))
    return bom + draw(SPACES) + _joined(draw, "{", members, "}") + draw(SPACES)


def foreign(value: Any) -> Any:
    """A document without null and empty event lists, which an entry may take the place of."""
    table = value.get("hooks")
    left = {event: entries for event, entries in (table or {}).items() if entries}
    return {**{key: inner for key, inner in value.items() if key != "hooks"}, **({"hooks": left} if left else {})}
