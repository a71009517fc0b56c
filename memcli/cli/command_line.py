"""A command line as far as it is typed, read with the program's own table of commands and options; and what completes
it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from memcli.cli.command_table import SYNONYMS


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
        return next((param for param in self.parameters("option") if name in names_of(param)), None)

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


def names_of(option: Any) -> list[str]:
    """All names of an option."""
    return [*option.opts, *option.secondary_opts]


def first_line(command: Any) -> str:
    """What a command does: the first line of its help."""
    return str(command.help or "").partition("\n")[0]


def _is_flag(option: Any) -> bool:
    return bool(option.is_flag or option.count or option.name == "help")
