"""Questions that are answered with a letter and enter, as `git add -p` asks them: `?` explains the letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import typer

from memcli.cli.options import Call
from memcli.cli.views.display_width import screen_width, wrapped
from memcli.cli.views.output import printable
from memcli.cli.views.styles import bold, coloured


@dataclass(frozen=True)
class Letter:
    """One answer: its letter, what it does, and what may follow it, such as `REASON` (empty: nothing may); `also`:
    another letter for it, for fingers that are used to git's."""

    letter: str
    does: str
    argument: str = ""
    also: str = ""

    @property
    def form(self) -> str:
        """`r [REASON]`, `a`."""
        return f"{self.letter} {self.argument}" if self.argument else self.letter


@dataclass(frozen=True)
class Typed:
    """What was answered: a letter, and the text behind it."""

    letter: str
    text: str = ""


@dataclass(frozen=True)
class LetterPrompt:
    """A question with its letters; `usual`: those that it names itself; `is_plain`: for a screen reader."""

    question: str
    letters: Sequence[Letter]
    usual: Sequence[str]
    is_plain: bool = False

    def line(self, call: Call) -> str:
        """The question as it is printed."""
        if self.is_plain:
            return printable(f"{self.question}\nletter, or ? for help: ")
        return coloured(call, bold(call, printable(f"{self.question} [{','.join(self.usual)},?] ")), "blue")

    def explanation(self) -> Iterator[str]:
        """A line for each letter."""
        width = max(len(letter.form) for letter in self.letters)
        for letter in self.letters:
            if self.is_plain:
                yield from wrapped(f"{letter.form}: {letter.does}", screen_width())
            else:
                yield f"  {letter.form:<{width}}  {letter.does}"

    def parse(self, answer: str) -> Typed | None:
        """The letter that an answer names, with what follows it; None for anything else."""
        for letter in self.letters:
            if answer == letter.letter or (answer and answer == letter.also):
                return Typed(letter.letter)
            rest = answer.removeprefix(letter.letter)
            if letter.argument and rest != answer and (rest[0] in " 0123456789" or not letter.letter.isalpha()):
                return Typed(letter.letter, rest.strip())
        return None


def ask_letter(call: Call, prompt: LetterPrompt) -> Typed | None:
    """What a person answers, asked until it is one of the letters; None at the end of the input."""
    while True:
        try:
            answer = input(prompt.line(call)).strip()
        except EOFError:
            typer.echo("")
            return None
        typed = prompt.parse(answer)
        if typed:
            return typed
        if answer in ("", "?"):
            typer.echo("\n".join(prompt.explanation()))
        else:
            typer.echo(printable(f"{answer[:40]!r} is not one of the letters; ? explains them"))
