"""`mem mcp`."""

from __future__ import annotations

import gc
from importlib.util import find_spec

import typer

from memcli.agents.registry import adapters
from memcli.cli.options import Command, call_of
from memcli.errors import NotInstalled

app = typer.Typer()
_HELP = """Serve memory to an agent over the Model Context Protocol

Speaks on stdin and stdout until they are closed, in the current repository:
tools (recall, show, add, hydrate, history), resources, and a prompt for
reviews. What an agent adds is a candidate; only people promote. Needs the
optional part 'mcp' of memcli. What adds it to each harness:

\b
"""


def _help() -> str:
    setups = [(adapter.title, adapter.mcp_setup) for adapter in adapters().values()]
    width = max(len(title) for title, _ in setups)
    rows = (f"{title:<{width}}  {setup}".replace("\n", "\n" + " " * (width + 2)) for title, setup in setups)
    return _HELP + "\n".join(rows)


@app.command("mcp", cls=Command, help=_help())
def mcp_command(ctx: typer.Context) -> None:
    if find_spec("mcp_types") is None:  # of the SDK's versions before 2 there is none
        raise NotInstalled("the MCP SDK is not installed", "run pip install 'memcli[mcp]'")
    gc.disable()  # it takes a quarter of the time of the SDK's import, and the client waits
    from memcli.mcp.stdio import serve

    gc.enable()
    serve(call_of(ctx, any_session=True))
