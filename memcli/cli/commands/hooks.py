"""`mem hooks install`, `hooks uninstall`, `hooks status`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from memcli.agents.registry import HARNESSES
from memcli.cli.options import Command, Group, call_of
from memcli.cli.views.hooks_report import show_changes, show_installations, show_snippets
from memcli.errors import Usage

app = typer.Typer()
hooks = typer.Typer(cls=Group, no_args_is_help=True, help="Install and check git and agent hooks")
app.add_typer(hooks, name="hooks")


class NamesAgents(Command):
    """A command whose `--agent` names agents to install for; the global option must precede `hooks`."""

    def get_params(self, ctx: Any) -> list[Any]:
        return [param for param in super().get_params(ctx) if param.name != "global_agent"]


Git = Annotated[bool, typer.Option("--git", help="Install the git hooks of this repository")]
Agent = Annotated[
    list[str] | None,
    typer.Option("--agent", metavar="NAME", help=f"Install for {', '.join(HARNESSES)} (repeatable)"),
]
Skill = Annotated[bool, typer.Option("--skill", help="Install a skill that teaches agents the commands")]
Instructions = Annotated[bool, typer.Option("--instructions", help="Add a section to AGENTS.md and similar files")]
RemoveGit = Annotated[bool, typer.Option("--git", help="Remove the git hooks of this repository")]
RemoveAgent = Annotated[
    list[str] | None,
    typer.Option("--agent", metavar="NAME", help=f"Remove those of {', '.join(HARNESSES)} (repeatable)"),
]
RemoveSkill = Annotated[bool, typer.Option("--skill", help="Remove the skill that teaches agents the commands")]
RemoveInstructions = Annotated[
    bool, typer.Option("--instructions", help="Remove the section from AGENTS.md and similar files")
]
CheckGit = Annotated[bool, typer.Option("--git", help="Check the git hooks of this repository")]
CheckAgent = Annotated[
    list[str] | None,
    typer.Option("--agent", metavar="NAME", help=f"Check those of {', '.join(HARNESSES)} (repeatable)"),
]
Scope = Annotated[
    str | None,
    typer.Option(
        "--scope", metavar="SCOPE", help="Choose local, project (shared by the team) or user (all repositories)"
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written; write nothing")]


@hooks.command("install", cls=NamesAgents)
def install_command(
    ctx: typer.Context,
    git: Git = False,
    agent: Agent = None,
    skill: Skill = False,
    instructions: Instructions = False,
    recall: Annotated[
        bool | None, typer.Option("--recall/--no-recall", help="Recall at every prompt", show_default="as installed")
    ] = None,
    trailer: Annotated[
        bool | None,
        typer.Option("--trailer/--no-trailer", help="Add Mem-Session to commit messages", show_default="as installed"),
    ] = None,
    scope: Scope = None,
    write: Annotated[
        bool, typer.Option("--write", help="Also edit the files of husky, lefthook or pre-commit")
    ] = False,
    dry_run: DryRun = False,
    only_print: Annotated[bool, typer.Option("--print", help="Print what to insert by hand; write nothing")] = False,
) -> None:
    """Install hooks, a skill or instructions

    Without options: for git, and for every agent in use here. Existing
    content stays byte for byte, every changed file is backed up, and a second
    run changes nothing.

    Files that cannot be edited safely (JSON with comments, a hook that is not
    a shell script) are left alone: mem prints what to insert by hand, and
    exits with 1.
    """
    from memcli.operations.hooks.install import HookRequest, install, snippets

    call = call_of(ctx, any_session=True)
    request = HookRequest(git, tuple(agent or ()), skill, instructions, recall, trailer, scope, write)
    if only_print and dry_run:
        raise Usage("'--print' and '--dry-run' exclude each other", "use only one of them")
    if only_print:
        show_snippets(call, snippets(call.workspace, request))
        return
    installed = install(call.workspace, request, dry_run)
    show_changes(call, "hooks-install", installed, dry_run)
    if installed.refused:
        raise typer.Exit(1)


@hooks.command("uninstall", cls=NamesAgents)
def uninstall_command(
    ctx: typer.Context,
    git: RemoveGit = False,
    agent: RemoveAgent = None,
    skill: RemoveSkill = False,
    instructions: RemoveInstructions = False,
    scope: Scope = None,
    dry_run: DryRun = False,
) -> None:
    """Remove what 'mem hooks install' added

    Files are restored byte for byte. Without options: everything in this
    repository; hooks in your home directory only with '--scope user'.
    """
    from memcli.operations.hooks.install import HookRequest, uninstall

    call = call_of(ctx, any_session=True)
    request = HookRequest(git, tuple(agent or ()), skill, instructions, scope=scope)
    removed = uninstall(call.workspace, request, dry_run)
    show_changes(call, "hooks-uninstall", removed, dry_run)
    if removed.refused:
        raise typer.Exit(1)


@hooks.command("status", cls=NamesAgents)
def status_command(ctx: typer.Context, git: CheckGit = False, agent: CheckAgent = None) -> None:
    """Show where hooks are installed, and check that they reach mem

    Exits with 1 if one is out of date or does not reach mem.
    """
    from memcli.operations.hooks.hooks_status import hooks_status

    call = call_of(ctx, any_session=True)
    installations = hooks_status(call.workspace, (*(agent or ()), *(("git",) if git else ())))
    show_installations(call, installations)
    if not all(installation.ok for installation in installations):
        raise typer.Exit(1)
