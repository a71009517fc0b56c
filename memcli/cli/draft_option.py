"""`--draft [NAME]`: go on with a text that an editor left and that could not be recorded; without NAME, list them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from memcli.cli.options import Command, call_of
from memcli.errors import Usage

DraftName = Annotated[
    str | None,
    typer.Option("--draft", metavar="[NAME]", help="Go on with a kept draft; without NAME, list drafts"),
]


class DraftCommand(Command):
    """A command that takes `--draft`, whose value may be left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; beside a `--draft` without a name nothing else is required."""
        following = [*args[1:], "-"]
        is_bare = [
            word == "--draft" and after.startswith("-") for word, after in zip(args, following, strict=bool(args))
        ]
        for param in self.params if any(is_bare) else ():
            param.required = False
        parsed: list[str] = super().parse_args(
            ctx, ["--draft=" if bare else word for word, bare in zip(args, is_bare, strict=True)]
        )
        return parsed

    def invoke(self, ctx: Any) -> Any:
        """Run the command, or list the drafts."""
        if ctx.params.get("draft") != "":
            return super().invoke(ctx)
        from memcli.cli.views.draft_list import show_drafts

        return show_drafts(call_of(ctx))


def refuse_beside_draft(draft: str | None, **options: object) -> None:
    """Raise Usage for an option that says what the draft says."""
    for name, value in options.items():
        if draft is not None and value:
            raise Usage(f"--draft and {name} exclude each other", "the draft is the whole text")
