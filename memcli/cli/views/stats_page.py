"""The result of `mem stats`, as a page, a table of groups, and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from memcli.cli.options import Call
from memcli.cli.views.display_width import cut_to_width, display_width, padded, screen_width
from memcli.cli.views.output import emit, printable
from memcli.cli.views.quantities import local_time, quantity
from memcli.operations.stats.counts import Counts, DreamCounts
from memcli.operations.stats.stats import Stats

_DECIDED = ("proposed", "accepted", "rejected", "waiting", "acceptance")
_KNOWN = ("questions", "active", "stale", "reads", "packs", "pack_tokens")
_NAME = 24
"""Characters of a group's name that are shown in a table."""
_WIDE = 120
"""Columns from which on one table has room for all numbers."""


def show_stats(call: Call, stats: Stats) -> None:
    """Print the numbers of the whole store, and those of each group."""
    data = {
        "since": stats.since, "by": stats.by, "total": _data(stats.total),
        "dreams": {"proposed": stats.dreams.proposed, **vars(stats.dreams)},
        "groups": [{"name": name, **_data(counts)} for name, counts in stats.groups.items()],
    }  # fmt: skip
    emit(call, "stats", data, lambda: printable("\n".join(_lines(stats))))


def _data(counts: Counts) -> dict[str, Any]:
    shares = {"acceptance": counts.acceptance, "stale_share": counts.stale_share}
    return {"proposed": counts.proposed, **vars(counts), **shares}


def _lines(stats: Stats) -> Iterator[str]:
    if stats.since:
        yield f"since {local_time(stats.since)}; what waits and the memories are those of now"
    yield from _page(stats.total, stats.dreams)
    if stats.by:
        tables = [_DECIDED + _KNOWN] if screen_width() >= _WIDE else [_DECIDED, _KNOWN]
        for columns in tables:
            yield ""
            yield from _table(stats.by, stats.groups, columns)


def _page(total: Counts, dreams: DreamCounts) -> Iterator[str]:
    rate = f" ({_percent(total.acceptance)} of those decided)" if total.acceptance is not None else ""
    share = f" ({_percent(total.stale_share)})" if total.stale else ""
    yield f"candidates  {total.proposed:,} proposed"
    yield f"            {total.accepted:,} accepted{rate}, {total.rejected:,} rejected, {total.waiting:,} waiting"
    yield f"memories    {total.active:,} active, {total.stale:,} stale{share}"
    yield f"questions   {total.questions:,} open"
    yield f"reads       {total.reads:,}, among them {quantity(total.packs, 'pack')} of {total.pack_tokens:,} tokens"
    yield f"dreams      {dreams.run:,} run, {quantity(dreams.proposed, 'change')} proposed"
    yield (
        f"            {dreams.promoted:,} promoted ({dreams.reverted:,} reverted), "
        f"{dreams.rejected:,} rejected, {dreams.waiting:,} waiting"
    )


def _table(by: str, groups: Mapping[str, Counts], columns: Sequence[str]) -> Iterator[str]:
    """A line of titles, and a line for each group; numbers are aligned to the right."""
    names = {name: cut_to_width(printable(name), _NAME) for name in groups}
    rows = [[_cell(counts, column) for column in columns] for counts in groups.values()]
    titles = [column.replace("pack_tokens", "tokens") for column in columns]
    widths = [max(map(len, cells)) for cells in zip(titles, *rows, strict=True)]
    first = max(map(display_width, (by, *names.values())))
    for name, cells in zip([by, *names.values()], [titles, *rows], strict=True):
        numbers = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        yield f"{padded(name, first)}  {numbers}"


def _cell(counts: Counts, column: str) -> str:
    value = getattr(counts, column)
    return _percent(value) if column == "acceptance" else f"{value:,}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}".replace("%", " %")
