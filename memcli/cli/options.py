"""The global options, accepted before and after the command, and the one call they describe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from copy import copy
from functools import cached_property, partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from memcli.config import Flags, load, seal, wants_no_color
from memcli.core.text.near_names import did_you_mean
from memcli.errors import Usage
from memcli.workspace import Workspace

GLOBAL_PANEL = "Global options"
_GIVEN = "memcli.flags"
"""Where a click context keeps the global options that were given."""


def _remember(name: str) -> Callable[[Any, Any, Any], None]:
    """A click callback that keeps an option given anywhere on the command line; a default replaces nothing."""

    def callback(ctx: Any, param: Any, value: Any) -> None:
        source = ctx.get_parameter_source(param.name)
        if source is not None and source.name != "DEFAULT":
            ctx.meta.setdefault(_GIVEN, {})[name] = value

    return callback


def global_options() -> list[TyperOption]:
    """The options that every command takes."""

    def option(name: str, *declarations: str, help: str, flag: bool = False, metavar: str | None = None) -> TyperOption:
        return TyperOption(
            param_decls=[f"global_{name}", *declarations],
            help=help,
            is_flag=flag or None,
            default=False if flag else None,
            metavar=metavar,
            expose_value=False,
            callback=_remember(name),
            rich_help_panel=GLOBAL_PANEL,
        )

    return [
        option("directory", "-C", help="Run as if started in DIR", metavar="DIR"),
        option("json", "--json", help="Print the result as one JSON document", flag=True),
        option("color", "--color", help="Use colour: auto, always or never", metavar="WHEN"),
        option("quiet", "-q", "--quiet", help="Print only results and errors", flag=True),
        option("verbose", "-v", "--verbose", help="Print more detail", flag=True),
        option("no_input", "--no-input", help="Never prompt", flag=True),
        option("session", "--session", help="Work in this existing session", metavar="NAME"),
        option("agent", "--agent", help="Act as this agent", metavar="NAME"),
    ]


def as_global(name: str) -> Callable[[Any, Any], Any]:
    """The callback of an option of a command's own that means what the global option of that name does, and more."""

    def callback(ctx: typer.Context, value: Any) -> Any:
        if value is not None:
            ctx.meta.setdefault(_GIVEN, {})[name] = value
        return value

    return callback


class GlobalOptions:
    """Adds the global options to a command or group; one that has an option of that name itself keeps its own."""

    epilog: str | None
    _in_help = False
    """Whether the help is being made, which names the page of the global options instead of listing them."""

    def get_params(self, ctx: Any) -> list[Any]:
        own: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        taken = {name for param in own for name in param.opts}
        others = [option for option in global_options() if taken.isdisjoint(option.opts)]
        return own if self._in_help else [*own[:-1], *others, *own[-1:]]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, with a default that is given in words as it is (Typer would put it in parentheses), and the name
        of a value where nothing describes it (Typer would put its type, behind arguments too)."""
        self._in_help, self.epilog = True, "Global options: mem help options"
        for param in self.params:  # type: ignore[attr-defined]
            if param.param_type_name == "argument":
                param.type = copy(param.type)  # one value of Typer's is the type of many parameters
                param.type.get_metavar = partial(_as_given, "")
            elif not param.is_flag:
                param.metavar = value_name(param)
            default = getattr(param, "show_default", None)
            if isinstance(default, str):
                param._get_default_string = partial(_as_given, default)
        super().format_help(ctx, formatter)  # type: ignore[misc]


def value_name(option: Any) -> str:
    """What the value of an option is called: by its own word for it, by the words that are allowed, or by its name."""
    return str(option.metavar or "|".join(value_words(option)) or max(option.opts, key=len).lstrip("-").upper())


def value_words(param: Any) -> list[str]:
    """The words that a parameter allows; empty where it takes others too."""
    return [str(getattr(choice, "value", choice)) for choice in getattr(param.type, "choices", ())]


def _as_given(text: str, **_: Any) -> str:
    return text


class Command(GlobalOptions, TyperCommand):
    """A command that accepts the global options."""


class Group(GlobalOptions, TyperGroup):
    """A group of commands that accepts the global options."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called. Raises Usage with near names for other words."""
        if not ctx.resilient_parsing:
            refuse_unknown_command(ctx, args[0], self.commands)
        return super().resolve_command(ctx, args)


def refuse_unknown_command(ctx: Any, word: str, *names: Collection[str]) -> None:
    """Raise Usage for a word that is none of the names, with the nearest of the first ones that resemble it."""
    if word.startswith("-") or any(word in known for known in names):
        return
    near = next(filter(None, (did_you_mean(word, known) for known in names)), "")
    message = f"no such command: '{ctx.command_path} {word[:60]}'"
    raise Usage(message, f"{near} '{ctx.command_path} --help' lists the commands".strip())


class Call:
    """One call of the program: its flags, its workspace, and whether a person can be prompted."""

    def __init__(self, flags: Flags, any_session: bool = False) -> None:
        self.flags, self._any_session = flags, any_session

    @cached_property
    def workspace(self) -> Workspace:
        config = load(self.flags)
        seal()
        workspace = Workspace(config)
        if not self._any_session:
            workspace.check_session()
        return workspace

    @property
    def may_prompt(self) -> bool:
        return sys.stdin.isatty() and not self.flags.no_input and not self.flags.json

    @property
    def color(self) -> bool:
        if self.flags.color == "auto":
            return sys.stdout.isatty() and not wants_no_color()
        return self.flags.color == "always"


def call_of(ctx: typer.Context, any_session: bool = False) -> Call:
    """The call that a command belongs to; `any_session`: it runs whatever session the caller names, even one that does
    not exist. Raises Usage for invalid global options."""
    flags = Flags(**ctx.meta.get(_GIVEN, {}))
    if flags.color not in ("auto", "always", "never"):
        raise Usage(f"--color must be auto, always or never, not {flags.color!r}", "omit it to detect the terminal")
    return Call(flags, any_session)
