"""`mem hooks install`, `hooks uninstall`, `hooks status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from memcli.agents.registry import HARNESSES
from memcli.cli.options import Call, Command, Group, call
from memcli.cli.views.output import emit, note, printable
from memcli.errors import Usage

if TYPE_CHECKING:
    from memcli.operations.hooks.change import TargetChange
    from memcli.operations.hooks.hooks_status import HookStatus
    from memcli.operations.hooks.install import HookChanges

app = typer.Typer()
hooks = typer.Typer(cls=Group, no_args_is_help=True, help="Install and check git and agent hooks")
app.add_typer(hooks, name="hooks")


class OwnAgent(Command):
    """A command whose `--agent` names a harness; the global option of that name comes before `hooks`."""

    def get_params(self, ctx: Any) -> list[Any]:
        return [param for param in super().get_params(ctx) if param.name != "global_agent"]


Git = Annotated[bool, typer.Option("--git", help="The git hooks of this repository")]
Agent = Annotated[
    list[str] | None,
    typer.Option("--agent", metavar="NAME", help=f"{', '.join(HARNESSES)} (repeatable)"),
]
Skill = Annotated[bool, typer.Option("--skill", help="A skill that teaches agents the commands")]
Instructions = Annotated[bool, typer.Option("--instructions", help="A block in AGENTS.md and similar files")]
Scope = Annotated[
    str | None,
    typer.Option("--scope", metavar="SCOPE", help="local, project (shared) or user (all repositories)"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the changes; write nothing")]


@hooks.command("install", cls=OwnAgent)
def install_command(
    ctx: typer.Context,
    git: Git = False,
    agent: Agent = None,
    skill: Skill = False,
    instructions: Instructions = False,
    recall: Annotated[
        bool | None, typer.Option("--recall/--no-recall", help="Recall at every prompt [default: as installed]")
    ] = None,
    trailer: Annotated[
        bool | None,
        typer.Option("--trailer/--no-trailer", help="Add Mem-Session to commit messages [default: as installed]"),
    ] = None,
    scope: Scope = None,
    write: Annotated[
        bool, typer.Option("--write", help="Also edit the files of husky, lefthook or pre-commit")
    ] = False,
    dry_run: DryRun = False,
    only_print: Annotated[bool, typer.Option("--print", help="Print what to insert by hand; write nothing")] = False,
) -> None:
    """Install hooks, a skill or instructions

    Without options: git hooks, and the hooks of every harness in use here.
    Existing content stays byte for byte, every changed file is backed up, and
    a second run changes nothing.

    Files that cannot be edited safely (JSON with comments, a hook that is not
    a shell script) are left alone: the text to insert by hand is printed, and
    the exit code is 1.
    """
    from memcli.operations.hooks.install import HookRequest, install, snippets

    this = call(ctx)
    request = HookRequest(git, tuple(agent or ()), skill, instructions, recall, trailer, scope, write)
    if only_print:
        if dry_run:
            raise Usage("'--print' and '--dry-run' both write nothing", "give one of them")
        _print(this, snippets(this.workspace, request))
        return
    _show(this, "hooks-install", install(this.workspace, request, dry_run), dry_run)


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
    """Remove hooks and restore every file to the byte

    Without options: everything in this repository. Hooks in your home directory need '--scope user'.
    """
    from memcli.operations.hooks.install import HookRequest, uninstall

    this = call(ctx)
    request = HookRequest(git, tuple(agent or ()), skill, instructions, scope=scope)
    _show(this, "hooks-uninstall", uninstall(this.workspace, request, dry_run), dry_run)


@hooks.command("status", cls=OwnAgent)
def status_command(ctx: typer.Context, git: Git = False, agent: Agent = None) -> None:
    """Check that installed hooks are up to date and reach mem

    Exit code 1 if any does not.
    """
    from memcli.operations.hooks.hooks_status import hooks_status

    this = call(ctx)
    rows = hooks_status(this.workspace, (*(agent or ()), *(("git",) if git else ())))
    data = {"hooks": [{**vars(row), "ok": row.ok} for row in rows]}
    emit(this, "hooks-status", data, lambda: "\n".join(map(_row, rows)) or "no hooks, and no harness in use here")
    if not all(row.ok for row in rows):
        raise typer.Exit(1)


def _row(row: HookStatus) -> str:
    word = "-  " if not row.installed else "ok " if row.ok else "BAD"
    file = f" ({row.scope}) {row.file}" if row.installed else ""
    text = printable(f"{word} {row.agent}{file}" + (f": {row.message}" if row.message else ""))
    return text + (printable(f"\n    {row.next}") if row.next else "")


def _print(this: Call, snippets: list[tuple[str, str]]) -> None:
    data = {"snippets": [{"file": file, "snippet": snippet} for file, snippet in snippets]}
    text = "\n".join(printable(f"# {file}\n{snippet}") for file, snippet in snippets)
    emit(this, "hooks-print", data, lambda: text)


def _show(this: Call, command: str, result: HookChanges, dry_run: bool) -> None:
    data = {"changes": [vars(change) for change in result.changes], "dry_run": dry_run}
    emit(this, command, data, lambda: "\n".join(_lines(this, result)) or "nothing to do", result.remarks)
    if dry_run:
        note(this, "nothing was written")
    if result.refused:
        raise typer.Exit(1)


def _lines(this: Call, result: HookChanges) -> list[str]:
    from memcli.cli.views.terminal import coloured

    lines: list[str] = []
    for change in result.changes:
        lines.append(printable(f"{change.action} {change.agent}: {change.file}" + _reason(change)))
        if change.diff:
            diff = change.diff.rstrip("\n")
            lines.append(coloured(diff) if this.color else printable(diff))
        if change.snippet:
            lines += ["insert by hand:", printable(change.snippet.rstrip("\n"))]
    return lines


def _reason(change: TargetChange) -> str:
    return f": {change.message}" if change.action == "refused" else ""
