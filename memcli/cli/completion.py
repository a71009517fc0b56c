"""Shell completion: what may stand in place of the last word of a command line.

The shells' scripts (templates/completion) call `mem complete -- WORDS`, which prints a line `value TAB description` for
each. `cli/completion_values` knows the values of options and arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from memcli.cli.command_line import CommandLine, Completion, first_line, names_of
from memcli.cli.command_table import COMMANDS


def complete(program: Any, words: Sequence[str]) -> list[Completion]:
    """What may stand in place of the last of the words after `mem`."""
    *before, last = words or [""]
    line = CommandLine(program.make_context("mem", [], resilient_parsing=True))
    if not all(map(line.read, before)):
        return []
    if line.pending is None and last.startswith("--") and "=" in last and not line.only_arguments:
        name, _, text = last.partition("=")
        values = _values_of(line, line.option(name), text)
        return [value._replace(value=f"{name}={value.value}") if value.value else value for value in values]
    if line.pending is None and last.startswith("-") and not line.only_arguments:
        return [option for option in _option_names(line) if option.value.startswith(last)]
    if line.pending is None and hasattr(line.command, "commands"):
        return [command for command in _subcommands(line) if command.value.startswith(last)]
    return _values_of(line, line.pending or _next_argument(line), last)


def _option_names(line: CommandLine) -> Iterator[Completion]:
    """The options that were not given yet, or may be given again."""
    for option in line.parameters("option"):
        if not option.hidden and (option.multiple or option.opts[0] not in line.options):
            yield from (Completion(name, option.help or "") for name in names_of(option) if name.startswith("--"))
            yield from (Completion(name, option.help or "") for name in names_of(option) if not name.startswith("--"))


def _subcommands(line: CommandLine) -> Iterable[Completion]:
    if line.context.parent is None:
        return [Completion(name, summary) for name, summary in COMMANDS.items()]
    return [
        Completion(name, first_line(command)) for name, command in line.command.commands.items() if not command.hidden
    ]


def _next_argument(line: CommandLine) -> Any:
    """The argument that the next word is for; None where no more is taken."""
    arguments = line.parameters("argument")
    if len(line.arguments) < len(arguments):
        return arguments[len(line.arguments)]
    return arguments[-1] if arguments and arguments[-1].nargs == -1 else None


def _values_of(line: CommandLine, param: Any, text: str) -> list[Completion]:
    from memcli.cli.completion_values import values_of

    return values_of(line, param, text) if param is not None else []
