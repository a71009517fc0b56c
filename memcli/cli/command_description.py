"""Commands as values for the pages that describe all of them: docs/cli.md and the man page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from memcli.cli.app import load_command
from memcli.cli.command_table import Panel
from memcli.cli.options import global_options, value_name


class ParameterDescription(NamedTuple):
    """An argument or an option: its names with what it takes, and what it means."""

    names: tuple[str, ...]
    metavar: str
    meaning: str


@dataclass(frozen=True)
class CommandDescription:
    """A command: how it is called, what it does in one line, more paragraphs, and what it takes."""

    usage: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[ParameterDescription, ...]


def describe_panel(panel: Panel) -> Iterator[CommandDescription]:
    """The commands of a panel and those below them, in the order of the table."""
    for name in panel.commands:
        command = load_command(name)
        if command.callback or not hasattr(command, "commands"):
            yield _describe(f"mem {name}", command)
        for inner, subcommand in getattr(command, "commands", {}).items():
            if not subcommand.hidden:
                yield _describe(f"mem {name} {inner}", subcommand)


def describe_global_options() -> tuple[ParameterDescription, ...]:
    """The options that every command takes."""
    return tuple(map(_parameter, global_options()))


def _describe(title: str, command: Any) -> CommandDescription:
    own = [param for param in command.params if param.name != "help" and not getattr(param, "hidden", False)]
    arguments = [param for param in own if param.param_type_name == "argument"]
    options = [param for param in own if param.param_type_name == "option"]
    described = [param for param in arguments if param.help]
    summary, *paragraphs = (command.help or "").strip().split("\n\n")
    return CommandDescription(
        " ".join([title, *map(_usage, arguments)]),
        summary.rstrip("."),
        tuple(paragraphs),
        tuple(map(_parameter, [*described, *options])),
    )


def _usage(argument: Any) -> str:
    """An argument in the usage: in brackets where it may be left out, with dots where it may be repeated."""
    name = (argument.metavar or argument.name.upper()).strip("[].")
    shown = name if argument.required else f"[{name}]"
    return f"{shown}..." if argument.nargs == -1 else shown


def _parameter(param: Any) -> ParameterDescription:
    default = _default(param)
    meaning = f"{param.help or ''}{f' [default: {default}]' if default else ''}"
    if param.param_type_name == "argument":
        return ParameterDescription((_usage(param),), "", meaning)
    value = "" if param.is_flag or param.count else value_name(param)
    return ParameterDescription((*param.opts, *param.secondary_opts), value, meaning)


def _default(param: Any) -> str:
    """What applies when a parameter is omitted; empty for flags and where the help needs none."""
    if isinstance(param.show_default, str):
        return param.show_default
    return "" if param.default in (None, False, "") or not param.show_default else str(param.default)
