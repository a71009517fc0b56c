"""The hits of `mem recall`, as JSON and as lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import typer

from memcli.cli.options import Call
from memcli.cli.views.display_width import display_width, screen_width
from memcli.cli.views.memory_lines import labels_of
from memcli.cli.views.output import emit, note, printable
from memcli.cli.views.quantities import quantity, time_ago
from memcli.cli.views.question_lines import question_lines, questions_data
from memcli.core.memory.standing import type_with_standing
from memcli.operations.recall.recall import Hit, Recalled


def show_recalled(call: Call, recalled: Recalled, explain: bool, budget: int | None) -> None:
    """Print the hits, best first; with `explain` how each was scored. `budget`: the tokens they had to fit into."""
    data = recalled_data(recalled, explain)
    warnings = [*([recalled.degraded] if recalled.degraded else []), *recalled.warnings]
    emit(call, "recall", data, lambda: _text(call, recalled, explain, budget), warnings)
    if recalled.excluded:
        count = quantity(recalled.excluded, "memory", "memories")
        note(call, f"not searched: {count} about excluded code paths")


def recalled_data(recalled: Recalled, explain: bool = False) -> dict[str, object]:
    """The hits as the JSON contract has them; with `explain` how each was scored."""
    return {"query": recalled.query, "tree": recalled.tree, "as_of": recalled.as_of and recalled.as_of.as_json(),
            "valid_at": recalled.valid_at, "degraded": recalled.degraded, "abstained": recalled.abstained,
            "left_out": recalled.left_out, "excluded": recalled.excluded,
            "hits": [_hit_data(hit, recalled, explain) for hit in recalled.hits]}  # fmt: skip


def _hit_data(hit: Hit, recalled: Recalled, explain: bool) -> dict[str, object]:
    record = hit.record
    data: dict[str, object] = {
        "id": record.id, "title": record.title, "kind": record.kind, "type": record.type, "path": record.path,
        "status": record.status, "standing": record.standing, "score": round(hit.score, 4), "snippet": hit.snippet,
        "staleness": recalled.staleness[record.id].state, "trust": record.trust, "evidence": record.evidence,
        "agent": record.agent, "modified": record.modified, "valid_from": record.valid_from,
        "valid_to": record.valid_to, "conflict": record.conflict, "superseded_by": record.superseded_by,
        "session": record.candidate_of, "questions": questions_data(record.questions),
    }  # fmt: skip
    if explain:
        data["channels"] = {
            name: {"rank": channel.rank, "score": channel.score, "weight": channel.weight}
            for name, channel in hit.channels.items()
        }
    if record.id in recalled.texts:
        data["body"] = recalled.texts[record.id]
    return data


def _text(call: Call, recalled: Recalled, explain: bool, budget: int | None) -> str:
    hits = quantity(recalled.left_out, "hit")
    room = quantity(budget or 0, "token")
    left_out = f"{hits} did not fit into {room}; raise --budget" if recalled.left_out else ""
    if not recalled.hits:
        return left_out or "nothing relevant is known"
    blocks = ["\n".join(_hit_lines(call, hit, recalled, explain)) for hit in recalled.hits]
    return ("\n\n" if recalled.texts else "\n").join(blocks) + (f"\n… {left_out}" if left_out else "")


def _hit_lines(call: Call, hit: Hit, recalled: Recalled, explain: bool) -> Iterator[str]:
    record, staleness = hit.record, recalled.staleness[hit.record.id]
    evidence = [f"evidence {record.evidence}"] if record.evidence else []
    modified, author = time_ago(record.modified, call.workspace.now), record.agent or "a person"
    labels = [type_with_standing(record.type, record.standing), modified, *evidence, f"by {author}", *labels_of(record)]
    labels += [f"{staleness.state}: {staleness.reason}"] if staleness.reason else []
    title = typer.style(printable(record.title), bold=True) if call.color else printable(record.title)
    facts = f"({printable(', '.join(labels))})"
    fits = not sys.stdout.isatty() or display_width(f"{record.id[-6:]}  {record.title}  {facts}") <= screen_width()
    yield f"{record.id[-6:]}  {title}" + (f"  {facts}" if fits else f"\n        {facts}")
    yield from map(printable, question_lines(record.questions, "        "))
    if explain:
        yield from _explanation(hit, recalled)
    text = recalled.texts.get(record.id)
    yield printable(text.rstrip("\n")) if text else f"        {printable(hit.snippet)}"


def _explanation(hit: Hit, recalled: Recalled) -> Iterator[str]:
    for anchor in recalled.staleness[hit.record.id].anchors:
        yield printable(f"        anchor: {anchor.state}, {anchor.path} {anchor.reason}")
    for name, channel in hit.channels.items():
        yield f"        {name}: rank {channel.rank}, score {channel.score:.3f}, weight {channel.weight:g}"
