"""`mem recall`, its annotations as objects: Typer evaluates each one four times, and from text that costs 2 ms."""

from typing import Annotated

import typer

from memcli.cli.commands.memories import All, AsOf, CodePath, Key, Kind, Tag, Topic, Type, ValidAt, filters_of, marks_of
from memcli.cli.options import Call, Command, call
from memcli.cli.views.output import counted, emit, hint_init, note, printable
from memcli.operations.recall.recall import RULES, WEIGHTED, Hit, Recalled, RecallRequest, recall

app = typer.Typer()


@app.command("recall", cls=Command)
def recall_command(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(help='A question, words, an id, a path, "a phrase"')],
    n: Annotated[int, typer.Option("-n", min=1, max=1000, help="At most this many")] = 10,
    full: Annotated[bool, typer.Option("--full", help="Whole bodies instead of one line")] = False,
    budget: Annotated[int | None, typer.Option(min=1, help="At most this many tokens")] = None,
    like: Annotated[str, typer.Option(help="An answer as you suppose it, searched for too")] = "",
    fusion: Annotated[str, typer.Option(help=f"How channels make one score: {' or '.join(RULES)}")] = WEIGHTED,
    via: Annotated[str | None, typer.Option(help="Search vectors by: exact or chroma [default: mem.dense]")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Every channel's rank, score and weight")] = False,
    kind: Kind = None,
    type: Type = None,
    topic: Topic = None,
    tag: Tag = None,
    path: CodePath = None,
    key: Key = None,
    all: All = False,
    as_of: AsOf = None,
    valid_at: ValidAt = None,
) -> None:
    """Find the memories that answer a question, best first"""
    this = call(ctx)
    filters = filters_of(kind, type, topic, tag, path, key, all, valid_at)
    found = recall(
        this.workspace,
        RecallRequest(
            " ".join(query),
            filters=filters,
            limit=n,
            full=full,
            budget=budget,
            as_of=as_of,
            like=like,
            fusion=fusion,
            via=via,
        ),
    )
    data = {"query": found.query, "tree": found.tree, "as_of": found.as_of and found.as_of.as_json(),
            "valid_at": found.valid_at, "degraded": found.degraded, "abstained": found.abstained,
            "left_out": found.left_out, "excluded": found.excluded,
            "hits": [_hit(hit, found) for hit in found.hits]}  # fmt: skip
    warnings = [found.degraded] if found.degraded else []
    emit(this, "recall", data, lambda: _text(this, found, explain), warnings)
    if found.excluded:
        note(this, f"{counted(found.excluded, 'memory', 'memories')} about excluded code paths not searched")
    hint_init(this)


def _hit(hit: Hit, found: Recalled) -> dict[str, object]:
    record = hit.record
    channels = {
        name: {"rank": one.rank, "score": one.score, "weight": one.weight} for name, one in hit.channels.items()
    }
    data: dict[str, object] = {
        "id": record.id, "title": record.title, "kind": record.kind, "type": record.type, "path": record.path,
        "status": record.status, "score": hit.score, "channels": channels, "snippet": hit.snippet,
        "staleness": found.staleness[record.id].state, "trust": record.trust, "evidence": record.evidence,
        "agent": record.agent, "modified": record.modified, "valid_from": record.valid_from,
        "valid_to": record.valid_to, "conflict": record.conflict, "superseded_by": record.superseded_by,
        "session": record.candidate_of,
    }  # fmt: skip
    return {**data, "body": found.texts[record.id]} if record.id in found.texts else data


def _text(this: Call, found: Recalled, explain: bool) -> str:
    if not found.hits:
        return "nothing relevant is known" + (f" ({found.left_out} hits exceed the budget)" if found.left_out else "")
    blocks = ["\n".join(_lines(this, hit, found, explain)) for hit in found.hits]
    return ("\n\n" if found.texts else "\n").join(blocks) + (
        f"\n… {found.left_out} more exceed the budget" if found.left_out else ""
    )


def _lines(this: Call, hit: Hit, found: Recalled, explain: bool) -> list[str]:
    record = hit.record
    fares = found.staleness[record.id]
    marks = [record.type, record.modified[:10], *marks_of(record)]
    marks += [f"{fares.state}: {fares.because}"] if fares.because else []
    title = typer.style(printable(record.title), bold=True) if this.color else printable(record.title)
    lines = [f"{record.id[-6:]}  {title}  ({printable(', '.join(marks))})"]
    if explain:
        lines += [printable(f"        anchor: {one.state}, {one.path} {one.reason}") for one in fares.anchors]
        lines += [
            f"        {name}: rank {one.rank}, score {one.score:.3f}, weight {one.weight:g}"
            for name, one in hit.channels.items()
        ]
    text = found.texts.get(record.id)
    return [*lines, printable(text.rstrip("\n"))] if text else [*lines, f"        {printable(hit.snippet)}"]
