"""Shell completion: what may stand in place of the last word of a command line.

The shells' scripts (templates/completion) call `mem complete -- WORDS`, which prints a line `value TAB description` for
each. `cli/completion_values` knows the values of options and arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from memcli.cli.command_table import COMMANDS, SYNONYMS


class Completion(NamedTuple):
    """A word and what it means; an empty word with `FILES` or `DIRECTORIES` asks the shell for those."""

    value: str
    description: str = ""


FILES, DIRECTORIES = Completion("", "files"), Completion("", "directories")


@dataclass
class CommandLine:
    """The words before the last one, as far as they are read: the command they lead to and what they give it."""

    context: Any
    options: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    pending: Any = None
    """The option that the next word is the value of."""
    only_arguments: bool = False
    """Whether `--` was given."""

    @property
    def command(self) -> Any:
        return self.context.command

    @property
    def path(self) -> str:
        """The command as it is called, without `mem`."""
        return str(self.context.command_path.partition(" ")[2])

    def option(self, name: str) -> Any:
        """The option of that name, None where the command has none."""
        return next((param for param in self.parameters("option") if name in _names(param)), None)

    def parameters(self, kind: str) -> list[Any]:
        return [param for param in self.command.get_params(self.context) if param.param_type_name == kind]

    def read(self, word: str) -> bool:
        """Take the next word; False where no command can be meant."""
        if self.pending is not None:
            self.options[self.pending.opts[0]], self.pending = word, None
        elif word == "--" and not self.only_arguments:
            self.only_arguments = True
        elif word.startswith("-") and len(word) > 1 and not self.only_arguments:
            self._read_option(word)
        elif hasattr(self.command, "commands"):
            return self._enter(word)
        else:
            self.arguments.append(word)
        return True

    def _read_option(self, word: str) -> None:
        name, has_value, value = word.partition("=")
        option = self.option(name)
        if option is None:
            return
        self.options[option.opts[0]] = value
        self.pending = None if has_value or _is_flag(option) else option

    def _enter(self, word: str) -> bool:
        for name in SYNONYMS.get(word, word).split() if self.context.parent is None else [word]:
            command = self.command.get_command(self.context, name)
            if command is None:
                return False
            self.context = command.make_context(name, [], parent=self.context, resilient_parsing=True)
        return True


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
            yield from (Completion(name, option.help or "") for name in _names(option) if name.startswith("--"))
            yield from (Completion(name, option.help or "") for name in _names(option) if not name.startswith("--"))


def _subcommands(line: CommandLine) -> Iterable[Completion]:
    if line.context.parent is None:
        return [Completion(name, summary) for name, summary in COMMANDS.items()]
    return [
        Completion(name, first_line(command)) for name, command in line.command.commands.items() if not command.hidden
    ]


def first_line(command: Any) -> str:
    """What a command does: the first line of its help."""
    return str(command.help or "").partition("\n")[0]


def _next_argument(line: CommandLine) -> Any:
    """The argument that the next word is for; None where no more is taken."""
    arguments = line.parameters("argument")
    if len(line.arguments) < len(arguments):
        return arguments[len(line.arguments)]
    return arguments[-1] if arguments and arguments[-1].nargs == -1 else None


def _values_of(line: CommandLine, param: Any, text: str) -> list[Completion]:
    from memcli.cli.completion_values import values_of

    return values_of(line, param, text) if param is not None else []


def _names(option: Any) -> list[str]:
    return [*option.opts, *option.secondary_opts]


def _is_flag(option: Any) -> bool:
    return bool(option.is_flag or option.count or option.name == "help")
