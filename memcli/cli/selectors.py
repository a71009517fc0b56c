"""The arguments and options by which several commands select memories or a session."""

from datetime import datetime
from typing import Annotated

import typer

from memcli.cli.checked_values import one_of, source_name, type_for
from memcli.cli.options import Call
from memcli.core.memory.key_types import EVIDENCE, KINDS

Id = Annotated[str, typer.Argument(metavar="ID", help="Memory id, or a unique prefix or suffix of one")]
Session = Annotated[
    str | None,
    typer.Argument(
        metavar="SESSION", help="Session name", show_default="your session, or the only one awaiting review"
    ),
]

Kind = Annotated[
    list[str] | None,
    typer.Option("--kind", help="Only this kind (repeatable)", callback=one_of("--kind", KINDS), hidden=True),
]
"""Hidden: what people know is the type, from which the kind follows."""
Type = Annotated[
    list[str] | None, typer.Option("--type", help="Only this type (repeatable)", callback=type_for("--type"))
]
Topic = Annotated[list[str] | None, typer.Option("--topic", help="Only this topic (repeatable)")]
Tag = Annotated[list[str] | None, typer.Option("--tag", help="Only with this tag (repeatable)")]
CodePath = Annotated[list[str] | None, typer.Option("--path", help="Only about this code path (repeatable)")]
Key = Annotated[list[str] | None, typer.Option("--key", help="Only with this key (repeatable)")]
All = Annotated[bool, typer.Option("--all", help="Include superseded, retired and withdrawn memories")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="COMMIT|DATE", help="Use the store as of this commit or date")
]
ValidAt = Annotated[
    str | None,
    typer.Option("--valid-at", metavar="DATE", help="Only memories valid on this date, including superseded ones"),
]
Evidence = Annotated[
    str | None,
    typer.Option(
        help="Kind of evidence: code, test, human, document or inference", callback=one_of("--evidence", EVIDENCE)
    ),
]
Plain = Annotated[bool, typer.Option("--plain", help="Print for a screen reader: words, no colour, short lines")]
Yes = Annotated[bool, typer.Option("--yes", help="Confirm without a prompt (people only)")]


TargetNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SESSION|ID|GLOB]...",
        help="Sessions; candidates by id; or globs over path, topic/slug, key and session. With ids or globs, "
        "sessions say where to look for them",
        show_default="your session, or the only one awaiting review",
    ),
]
By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="NAME", help="Only by this agent, or by a person with this in their name or email"),
]
FromSource = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="NAME",
        help="Only from this source: decisions, rules, skills, guides, history, or another (repeatable)",
        callback=source_name,
    ),
]
ShowLeftOut = Annotated[
    str | None,
    typer.Option(
        "--show", metavar="REASON", help="List what was left out for REASON, or 'skipped' files; write nothing"
    ),
]
InSession = Annotated[
    list[str] | None, typer.Option("--session", metavar="NAME", help="Only in this session, or in those of a glob")
]
AllWaiting = Annotated[bool, typer.Option("--all", help="All that awaits review")]


def sessions_named(call: Call, names: list[str] | None) -> tuple[str, ...]:
    """The sessions of `--session`, which may stand before the command, too."""
    return tuple(names or filter(None, [call.flags.session]))


def instant_of(valid_at: str | None) -> str | None:
    """The instant that `--valid-at` names, as RFC 3339. Raises Usage."""
    if valid_at is None:
        return None
    from memcli.operations.views.snapshot import parse_valid_at

    return parse_valid_at(valid_at)


def since_of(text: str | None, now: datetime) -> datetime | None:
    """The instant that `--since` names. Raises Usage."""
    if text is None:
        return None
    from memcli.operations.views.since import parse_since

    return parse_since(text, now)
