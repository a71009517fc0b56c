"""docs/cli.md, made from the commands themselves: `python -m memcli.cli.reference > docs/cli.md`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from memcli.cli.app import COMMANDS, load
from memcli.cli.options import global_options
from memcli.errors import EXIT_CODES

_HEAD = """# The command line

Made from the code by `python -m memcli.cli.reference`; a test keeps it so. `mem` and `git mem` are the same program.

Results go to stdout, everything else to stderr. With `--json` stdout holds exactly one document
`{"schema": "memcli/<command>@1", "data": …, "warnings": []}`, and stderr nothing but, where the call fails, one
`{"schema": "memcli/error@1", "error": {"code", "message", "hint", "retryable", "exit"}}`. Fields are only ever added.
A memory is named by its id, or by any unique beginning or end of one. Nothing is asked unless stdin is a terminal.
"""


def reference() -> str:
    """The whole page."""
    return "\n".join(
        [_HEAD, *_exit_codes(), "", *_global_options(), *(line for name in COMMANDS for line in _page(name))]
    )


def _exit_codes() -> Iterator[str]:
    yield "## Exit codes\n"
    yield "| code | meaning |\n|---|---|"
    yield from (f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())


def _global_options() -> Iterator[str]:
    yield "## Global options\n"
    yield "Accepted before and after the command.\n"
    yield from _options(list(global_options()))


def _page(name: str) -> Iterator[str]:
    command = load(name)
    heading = COMMANDS[name][1]
    if next(key for key in COMMANDS if COMMANDS[key][1] == heading) == name:
        yield f"\n## {heading}"
    if command.callback or not hasattr(command, "commands"):
        yield from _command(f"mem {name}", command)
    for inner, sub in getattr(command, "commands", {}).items():
        yield from _command(f"mem {name} {inner}", sub)


def _command(title: str, command: Any) -> Iterator[str]:
    own = [param for param in command.params if param.name != "help"]
    arguments = [param for param in own if param.param_type_name == "argument"]
    options = [param for param in own if param.param_type_name == "option"]
    words = " ".join([title, *map(_metavar, arguments)])
    yield f"\n### `{words}`\n"
    yield _paragraphs(command.help or "")
    described = [param for param in arguments if param.help]
    if described or options:
        yield ""
        yield from _options([*described, *options])


def _metavar(argument: Any) -> str:
    name = (argument.metavar or argument.name.upper()).strip("[].")
    shown = name if argument.required else f"[{name}]"
    return f"{shown}..." if argument.nargs == -1 else shown


def _paragraphs(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"{first.rstrip('.')}." + (f"\n\n{rest.strip()}" if rest.strip() else "")


def _options(params: list[Any]) -> Iterator[str]:
    yield "| option | meaning |\n|---|---|"
    for param in params:
        options = param.param_type_name == "option"
        names = ", ".join(f"`{name}`" for name in param.opts) if options else f"`{_metavar(param)}`"
        yield f"| {names} | {(param.help or '').replace('|', chr(92) + '|')} |"


if __name__ == "__main__":
    print(reference())
