"""The result of `mem export`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from memcli.cli.options import Call
from memcli.cli.views.output import emit, note, print_result, printable
from memcli.cli.views.quantities import quantity

if TYPE_CHECKING:
    from memcli.operations.exchange.export import ExportedMemories


def show_exported(call: Call, exported: ExportedMemories, target: str, removes: bool = False) -> None:
    """Print what was written or removed where; for stdout, the export itself."""
    if exported.text is not None and not call.flags.json:
        if exported.text:
            print_result(exported.text.removesuffix("\n"))
        for line in _remarks(exported):
            note(call, line)
        return
    emit(
        call, "export", _data(exported, target), lambda: "\n".join(_lines(exported, target, removes)), exported.warnings
    )


def _data(exported: ExportedMemories, target: str) -> dict[str, Any]:
    files = exported.files
    return {"format": exported.format.name, "to": target, "memories": exported.count,
            "candidates": exported.candidates, "left": dict(exported.left), "written": files.written,
            "unchanged": files.unchanged, "removed": files.removed,
            "kept": [vars(kept) for kept in files.kept], "text": exported.text}  # fmt: skip


def _lines(exported: ExportedMemories, target: str, removes: bool) -> Iterator[str]:
    files = exported.files
    counts = (("written", files.written), ("unchanged", files.unchanged), ("removed", files.removed))
    changes = ", ".join(f"{quantity(len(paths), 'file')} {word}" for word, paths in counts if paths)
    if removes:
        yield printable(f"{exported.format.name} in {target}: {changes or 'nothing to remove'}")
    else:
        memories = quantity(exported.count, "memory", "memories")
        yield printable(f"{memories} as {exported.format.name} in {target}: {changes or 'nothing to write'}")
    yield from _remarks(exported)
    for kept in files.kept:
        yield printable(f"kept {kept.path}: {kept.reason}")


def _remarks(exported: ExportedMemories) -> Iterator[str]:
    if exported.candidates:
        verb = "is a candidate that waits" if exported.candidates == 1 else "are candidates that wait"
        yield f"{exported.candidates:,} of them {verb} for review"
    for reason, count in exported.left.items():
        yield f"{quantity(count, 'memory', 'memories')} left out: {reason}"
