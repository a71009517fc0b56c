"""What the registry derives from the adapters, and what it must not import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from memcli.agents.registry import HARNESSES, WITHOUT_HOOKS, adapters, caller, caller_variables, find_adapter

LOADED = "import sys; {}; print(*(name for name in sys.modules if name.startswith('memcli.agents.')))"


def loaded_by(statement: str) -> set[str]:
    """The modules of `memcli.agents` that a fresh process imports."""
    done = subprocess.run([sys.executable, "-c", LOADED.format(statement)], capture_output=True, text=True, check=True)
    return {name.removeprefix("memcli.agents.") for name in done.stdout.split()}


def test_a_harness_has_a_line_and_a_module_of_its_name() -> None:
    modules = {file.stem for file in Path(__file__).parents[2].joinpath("memcli/agents").glob("*.py")}
    others = {"__init__", "adapter", "events", "hook_commands", "registry", "trust"}
    assert modules - others == {*HARNESSES, *WITHOUT_HOOKS}
    assert [adapter.name for adapter in adapters().values()] == list(HARNESSES)


def test_every_harness_with_hooks_has_what_installing_needs() -> None:
    for adapter in adapters().values():
        assert {"project", "user"} <= adapter.hook_files.keys() and adapter.program and adapter.directory
        assert {"session-start", "session-end"} <= {ours for _, ours, _ in adapter.hook_events}
        assert adapter.hook_files["project"].startswith("{tree}/")
        assert all(name in adapter.skill_directories for name in ("project", "user"))


def test_names_of_agents_and_variables_are_not_shared() -> None:
    every = [variable for variables in (HARNESSES | WITHOUT_HOOKS).values() for variable in variables]
    assert len(every) == len(set(every)) and set(every) <= caller_variables()
    agents = [adapter.agent for adapter in adapters().values()]
    assert len(agents) == len(set(agents))


def test_an_unknown_name_has_no_adapter() -> None:
    assert find_adapter("emacs") is None and find_adapter("../x") is None and find_adapter("adapter") is None


def test_an_adapter_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        adapters()["claude"].name = "other"


def test_a_person_is_no_caller_and_a_given_name_wins() -> None:
    assert caller({}) == (None, None)
    assert caller({"AI_AGENT": "some"}) == ("some", None)
    claude = {"CLAUDECODE": "1", "CLAUDE_CODE_SESSION_ID": "5f"}
    assert caller({**claude, "MEM_AGENT": "mine"}) == ("mine", "5f")
    assert caller({**claude, "MEM_AGENT": "mine"}, "named") == ("named", "5f")


def test_a_hook_imports_only_the_adapter_that_it_needs() -> None:
    assert loaded_by("from memcli.agents.registry import caller; caller({})") == {"registry"}
    in_codex = "from memcli.agents.registry import caller; caller({'CODEX_SANDBOX': '1'})"
    assert loaded_by(in_codex) == {"registry", "codex", "adapter", "events"}
    assert loaded_by("import memcli.cli.app") <= {"registry"}
