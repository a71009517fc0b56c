"""The bundles in templates/plugins/ work when they are installed with the harness's own command, and go again."""

from __future__ import annotations

from tests.harness.plugin_commands import INSTALL, UNINSTALL
from tests.harness.room import Room, Turn
from tests.harness.script_steps import DONE, KNOWN, RESUMED


def test_a_plugin_is_installed_works_and_goes_again(room: Room) -> None:
    room.run("mem", "add", KNOWN, "--promote")
    for words in INSTALL[room.program.adapter]:
        assert _run(room, words).code == 0
    _require_one_session(room, room.play(RESUMED))
    assert _is_listed(room)
    refused = room.run("mem", "hooks", "install", "--agent", room.program.adapter, check=False)
    assert "a plugin of mem is enabled" in refused
    for words in UNINSTALL[room.program.adapter]:
        assert _run(room, words).code == 0
    if UNINSTALL[room.program.adapter]:
        before = len(room.hook_calls())
        assert room.play([DONE]).code == 0
        assert len(room.hook_calls()) == before


def test_beside_hooks_a_plugin_is_not_answered(room: Room) -> None:
    room.run("mem", "add", KNOWN, "--promote")
    room.run("mem", "hooks", "install", "--agent", room.program.adapter)
    for words in INSTALL[room.program.adapter]:
        assert _run(room, words).code == 0
    turn = room.play(RESUMED)
    _require_one_session(room, turn)
    assert room.model_calls(turn.script)[-1].text.count(KNOWN[:-1]) == 1
    assert [call.event for call in room.hook_calls()].count("session-start") == 2


def _run(room: Room, words: tuple[str, ...]) -> Turn:
    """A command of the harness; Gemini asks whether it may trust the bundle's directory."""
    return room.finish("", room.start(words, answer="y\n"))


def _require_one_session(room: Room, turn: Turn) -> None:
    assert KNOWN[:-1] in room.model_calls(turn.script)[0].text
    rows = [row for row in room.mem("session", "list", "--all")["sessions"] if row["agent"]]
    assert [row["candidates"] > 0 for row in rows] == [True]


def _is_listed(room: Room) -> bool:
    rows = room.mem("hooks", "status")["hooks"]
    return any(row["scope"] == "plugin" for row in rows if row["agent"] == room.program.adapter)
