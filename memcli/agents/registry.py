"""The harnesses that `mem` knows, and which of them runs a command.

A harness is one line here and one module beside this one. The line holds its variables so that only the adapter in
question is imported: a hook that only records has no time for all of them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from memcli.agents.adapter import Adapter

HARNESSES: dict[str, tuple[str, ...]] = {
    "claude": ("CLAUDECODE",),
    "codex": ("CODEX_THREAD_ID", "CODEX_SESSION_ID", "CODEX_SANDBOX", "CODEX_SANDBOX_NETWORK_DISABLED"),
    "gemini": ("GEMINI_CLI",),
    "cursor": ("CURSOR_AGENT",),
    "copilot": ("COPILOT_CLI", "COPILOT_AGENT_SESSION_ID"),
    "opencode": ("OPENCODE",),
}
"""Harness with hooks → variables of which it sets one for whatever it runs."""
WITHOUT_HOOKS: dict[str, tuple[str, ...]] = {"goose": ("GOOSE_TERMINAL",), "amp": ("AMP_CURRENT_THREAD_ID",)}
"""The same for harnesses that have no hooks."""


def find_adapter(name: str) -> Adapter | None:
    """The adapter of a harness with hooks; None for any other name."""
    return _import_adapter(name) if name in HARNESSES else None


def adapter_of(agent: str) -> Adapter | None:
    """The adapter of an agent's harness, with hooks or without; None where no harness has this agent."""
    known = (_import_adapter(name) for name in HARNESSES | WITHOUT_HOOKS)
    return next((adapter for adapter in known if adapter.agent == agent), None)


def agent_of_client(client: str) -> str | None:
    """The agent of the harness that gives itself this name over MCP; None where it is none of them."""
    return next((adapter.agent for adapter in adapters().values() if client and adapter.mcp_client == client), None)


def adapters() -> dict[str, Adapter]:
    """Every harness with hooks by its name, in the order in which they are listed."""
    return {name: _import_adapter(name) for name in HARNESSES}


def caller(environ: Mapping[str, str], named: str | None = None) -> tuple[str | None, str | None]:
    """(agent's name, the harness's session id) of whoever runs us; (None, None) for a person.

    `named` is the agent that the command line names.
    """
    for name, variables in (HARNESSES | WITHOUT_HOOKS).items():
        if any(environ.get(variable) for variable in variables):
            adapter = _import_adapter(name)
            session_id = next((environ[key] for key in adapter.session_variables if environ.get(key)), None)
            return named or environ.get("MEM_AGENT") or adapter.agent, session_id
    return named or environ.get("MEM_AGENT") or environ.get("AI_AGENT") or None, None


def is_nested(environ: Mapping[str, str]) -> bool:
    """Whether one harness has started another, as the variables of both are set, and nobody names the agent."""
    told = [name for name, keys in (HARNESSES | WITHOUT_HOOKS).items() if any(environ.get(key) for key in keys)]
    return len(told) > 1 and not environ.get("MEM_AGENT")


def caller_variables() -> set[str]:
    """Every variable by which a harness or its session is known."""
    every = HARNESSES | WITHOUT_HOOKS
    ids = (variable for name in every for variable in _import_adapter(name).session_variables)
    return {*ids, *(variable for variables in every.values() for variable in variables)}


def _import_adapter(name: str) -> Adapter:
    adapter: Adapter = __import__(f"memcli.agents.{name}", fromlist=["ADAPTER"]).ADAPTER
    return adapter
