"""The man page docs/man/git-mem.1, which `git help mem`, `git mem --help` and `man mem` show; `make docs` writes it.

It is installed beside the program (`share/man/man1`), where man looks for the pages of what is on the PATH.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from memcli.cli.command_description import (
    CommandDescription,
    ParameterDescription,
    describe_global_options,
    describe_panel,
)
from memcli.cli.command_table import MAIN, PLUMBING, Panel
from memcli.cli.views.command_list import EXAMPLES, SUMMARY
from memcli.errors import EXIT_CODES

_DESCRIPTION = """\
A memory is one markdown file with front matter: a decision, a constraint, a fact, something that was tried. Agents and
people add memories in a session, a line of work that isolates them as candidates. A review shows them as a pull request
does; promoting merges them into the store, the branch mem/main of the same repository. Recall then finds them offline.

mem and git mem are the same program. HEAD, the index, the worktree, git's config and hooks stay as they are; only mem
hooks install changes your files."""
_ENVIRONMENT = {
    "MEM_SESSION": "Work in this session, as with --session.",
    "MEM_AGENT": "Act as this agent, as with --agent.",
    "MEM_LOCK_TIMEOUT": "Seconds to wait for another mem process [default: 10].",
    "MEM_HOOKS": "With 0, hooks do nothing.",
}
_FILES = {
    ".git/mem/": "Journal, index, packs and drafts of this clone.",
    ".mem/": "Sessions' files, in the worktree; made when needed, ignored by git.",
}


def manual() -> str:
    """The whole page as roff."""
    return "\n".join(
        [
            '.TH GIT\\-MEM 1 "" "mem" "mem manual"',
            *(".nh", ".ad l"),  # neither hyphens nor wide spaces in what may be copied
            *_section("NAME", f"git-mem, mem - {SUMMARY[0].lower()}{SUMMARY[1:]}"),
            *_section("SYNOPSIS"),
            r"\fBmem\fR [\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGS\fR]...",
            ".br",
            r"\fBgit mem\fR [\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGS\fR]...",
            *_section("DESCRIPTION", *_DESCRIPTION.split("\n\n")),
            *_section("EXAMPLES"),
            *_as_it_is(EXAMPLES),
            *_section("GLOBAL OPTIONS", "Accepted before and after the command."),
            *_parameters(describe_global_options()),
            *_commands("COMMANDS", MAIN),
            *_commands("PLUMBING", PLUMBING),
            *_section("EXIT STATUS"),
            *_items({str(code): meaning for code, meaning in EXIT_CODES.items()}.items()),
            *_section("ENVIRONMENT"),
            *_items(_ENVIRONMENT.items()),
            *_section("FILES"),
            *_items(_FILES.items()),
            *_section("SEE ALSO"),
            r"\fBgit\fR(1)",
        ]
    )


def _section(title: str, *paragraphs: str) -> Iterator[str]:
    yield f".SH {title}"
    for number, paragraph in enumerate(paragraphs):
        yield from ([".PP"] if number else [])
        yield _text(paragraph)


def _commands(title: str, panels: Iterable[Panel]) -> Iterator[str]:
    yield f".SH {title}"
    for panel in panels:
        yield f'.SS "{panel.title}"'
        for command in describe_panel(panel):
            yield from _command(command)


def _command(command: CommandDescription) -> Iterator[str]:
    yield from _item(command.usage, f"{command.summary}.")
    yield ".RS"
    for paragraph in command.paragraphs:
        if paragraph.startswith("\b\n"):
            yield from _as_it_is(paragraph[2:].split("\n"))
        else:
            yield from (".PP", _text(paragraph))
    yield from _parameters(command.parameters)
    yield ".RE"


def _parameters(parameters: Iterable[ParameterDescription]) -> Iterator[str]:
    for parameter in parameters:
        names = ", ".join(f"\\fB{_text(name)}\\fR" for name in parameter.names)
        value = f" \\fI{_text(parameter.metavar)}\\fR" if parameter.metavar else ""
        yield from (".TP", names + value, _text(parameter.meaning))


def _items(items: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, meaning in items:
        yield from _item(name, meaning)


def _item(name: str, meaning: str) -> Iterator[str]:
    yield from (".TP", f"\\fB{_text(name)}\\fR", _text(meaning))


def _as_it_is(lines: Iterable[str]) -> Iterator[str]:
    yield from (".PP", ".nf", ".RS 4", *map(_text, lines), ".RE", ".fi")


def _text(text: str) -> str:
    """Text as roff shows it: backslashes and hyphens as they are, no line taken for a request."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in escaped.split("\n"))
