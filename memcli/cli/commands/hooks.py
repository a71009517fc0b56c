"""`mem hooks install`, `hooks uninstall`, `hooks status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from memcli.agents.registry import HARNESSES
from memcli.cli.options import Call, Command, Group, call
from memcli.cli.views.output import emit, note, printable
from memcli.errors import Usage

if TYPE_CHECKING:
    from memcli.operations.hooks.change import Change
    from memcli.operations.hooks.install import Installed
    from memcli.operations.hooks.status import Installation

app = typer.Typer()
hooks = typer.Typer(cls=Group, no_args_is_help=True, help="Let git and agents' harnesses call mem at their own moments")
app.add_typer(hooks, name="hooks")


class OwnAgent(Command):
    """A command whose `--agent` names a harness: there the global option comes before `hooks`."""

    def get_params(self, ctx: Any) -> list[Any]:
        return [param for param in super().get_params(ctx) if param.name != "global_agent"]


Git = Annotated[bool, typer.Option("--git", help="The hooks of this repository")]
Agent = Annotated[
    list[str] | None,
    typer.Option("--agent", metavar="NAME", help=f"{', '.join(HARNESSES)} (repeatable)"),
]
Skill = Annotated[bool, typer.Option("--skill", help="A skill that teaches an agent the commands")]
Instructions = Annotated[bool, typer.Option("--instructions", help="A block in AGENTS.md and what is read like it")]
Scope = Annotated[
    str | None,
    typer.Option("--scope", metavar="SCOPE", help="local, project (for everybody) or user (all repositories)"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written")]


@hooks.command("install", cls=OwnAgent)
def install_command(
    ctx: typer.Context,
    git: Git = False,
    agent: Agent = None,
    skill: Skill = False,
    instructions: Instructions = False,
    recall: Annotated[
        bool | None, typer.Option("--recall/--no-recall", help="Recall at every prompt; left out: as it is")
    ] = None,
    trailer: Annotated[
        bool | None,
        typer.Option("--trailer/--no-trailer", help="Name the session in commit messages; left out: as it is"),
    ] = None,
    scope: Scope = None,
    write: Annotated[
        bool, typer.Option("--write", help="Change the files of husky, lefthook or pre-commit where they rule")
    ] = False,
    dry_run: DryRun = False,
    only_print: Annotated[
        bool, typer.Option("--print", help="Print what to put in by hand, and write nothing")
    ] = False,
) -> None:
    """Write hooks, a skill or instructions beside what is there

    With nothing named: git, and the harnesses in use here. What others wrote
    stays byte for byte, a copy of every changed file is kept, and a second run
    changes nothing.

    What cannot be edited safely (comments in JSON, a hook that is no shell
    script) is left alone: what to put in by hand is printed, exit code 1.
    """
    from memcli.operations.hooks.install import Wanted, install, snippets

    this = call(ctx)
    wanted = Wanted(git, tuple(agent or ()), skill, instructions, recall, trailer, scope, write)
    if only_print:
        if dry_run:
            raise Usage("'--print' and '--dry-run' both write nothing", "give one of them")
        _print(this, snippets(this.workspace, wanted))
        return
    _show(this, "hooks-install", install(this.workspace, wanted, dry_run), dry_run)


@hooks.command("uninstall", cls=OwnAgent)
def uninstall_command(
    ctx: typer.Context,
    git: Git = False,
    agent: Agent = None,
    skill: Skill = False,
    instructions: Instructions = False,
    scope: Scope = None,
    dry_run: DryRun = False,
) -> None:
    """Take out what install wrote, to the byte

    With nothing named: everything in this repository. Hooks in your home only with '--scope user'.
    """
    from memcli.operations.hooks.install import Wanted, uninstall

    this = call(ctx)
    wanted = Wanted(git, tuple(agent or ()), skill, instructions, scope=scope)
    _show(this, "hooks-uninstall", uninstall(this.workspace, wanted, dry_run), dry_run)


@hooks.command("status", cls=OwnAgent)
def status_command(ctx: typer.Context, git: Git = False, agent: Agent = None) -> None:
    """Say where hooks are, whether they are up to date, and prove that they reach mem; exit 1 when one does not"""
    from memcli.operations.hooks.status import status

    this = call(ctx)
    found = status(this.workspace, (*(agent or ()), *(("git",) if git else ())))
    data = {"hooks": [{**vars(one), "ok": one.ok} for one in found]}
    emit(this, "hooks-status", data, lambda: "\n".join(map(_row, found)) or "no hooks, and no harness in use here")
    if not all(one.ok for one in found):
        raise typer.Exit(1)


def _row(one: Installation) -> str:
    word = "-  " if not one.installed else "ok " if one.ok else "BAD"
    where = f" ({one.scope}) {one.file}" if one.installed else ""
    lines = printable(f"{word} {one.agent}{where}" + (f": {one.message}" if one.message else ""))
    return lines + (printable(f"\n    {one.next}") if one.next else "")


def _print(this: Call, found: list[tuple[str, str]]) -> None:
    data = {"snippets": [{"file": file, "snippet": snippet} for file, snippet in found]}
    emit(this, "hooks-print", data, lambda: "\n".join(printable(f"# {file}\n{text}") for file, text in found))


def _show(this: Call, command: str, done: Installed, dry_run: bool) -> None:
    data = {"changes": [vars(one) for one in done.changes], "dry_run": dry_run}
    emit(this, command, data, lambda: "\n".join(_lines(this, done)) or "nothing to do", done.remarks)
    if dry_run:
        note(this, "nothing was written")
    if done.refused:
        raise typer.Exit(1)


def _lines(this: Call, done: Installed) -> list[str]:
    from memcli.cli.views.terminal import coloured

    lines: list[str] = []
    for one in done.changes:
        lines.append(printable(f"{one.action} {one.agent}: {one.file}" + _why(one)))
        if one.diff:
            lines.append(coloured(one.diff.rstrip("\n")) if this.color else printable(one.diff.rstrip("\n")))
        if one.snippet:
            lines += ["put in by hand:", printable(one.snippet.rstrip("\n"))]
    return lines


def _why(one: Change) -> str:
    return f": {one.message}" if one.action == "refused" else ""
