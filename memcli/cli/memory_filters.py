"""The options by which `list`, `log` and `recall` filter memories, and the filters that they make."""

from datetime import datetime
from typing import Annotated, Any

import typer

from memcli.cli.checked_values import one_of
from memcli.cli.options import Call, as_global, call_of
from memcli.cli.selectors import instant_of, since_of
from memcli.core.memory.instants import format_instant
from memcli.core.memory.key_types import EVIDENCE, STATUSES
from memcli.core.memory.summary import Filters
from memcli.operations.memories.narrowing import Narrowing

Status = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        help="Only active, superseded, retired or withdrawn ones (repeatable)",
        callback=one_of("--status", STATUSES),
    ),
]
WithEvidence = Annotated[
    list[str] | None,
    typer.Option("--evidence", help="Only with this evidence (repeatable)", callback=one_of("--evidence", EVIDENCE)),
]
By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="NAME", help="Only by this agent, or person (part of name or email; repeatable)"),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE|AGE", help="Only from then on: 2026-05-01, 7d, '2 weeks', yesterday"),
]
Stale = Annotated[bool, typer.Option("--stale", help="Only memories whose code has changed or is gone")]
OfSession = Annotated[
    str | None,
    typer.Option(
        "--session",
        metavar="NAME",
        help="Only what this session wrote or proposes (MEM_SESSION does not filter)",
        callback=as_global("session"),
    ),
]


def filters_of(options: dict[str, Any], now: datetime) -> Filters:
    """The filters that a command's options give. Raises Usage."""
    since = since_of(options["since"], now)
    lists = ("kind", "type", "topic", "tag", "path", "key", "status", "evidence")
    kinds, types, topics, tags, paths, keys, statuses, evidence = (tuple(options.get(name) or ()) for name in lists)
    return Filters(
        *(kinds, types, topics, tags, paths, keys, statuses, evidence),
        all=options.get("all", False),
        valid_at=instant_of(options.get("valid_at")),
        since=format_instant(since) if since else None,
    )


def narrowing_of(call: Call, options: dict[str, Any]) -> Narrowing:
    """What a command's options ask for beyond the index's filters; `--session none` is no filter."""
    session = call.flags.session if call.flags.session != "none" else None
    return Narrowing(tuple(options["by"] or ()), options["stale"], session)


def filtering_call(ctx: typer.Context) -> Call:
    """The call of a command that filters by `--session`, which may be any session that memories are from."""
    call = call_of(ctx, any_session=True)
    if call.flags.session is None:
        call.workspace.check_session()
    return call
