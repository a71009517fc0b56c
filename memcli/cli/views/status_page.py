"""The results of `mem status`, `mem doctor` and `mem bootstrap`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.output import emit, note, printable
from memcli.cli.views.quantities import quantity

if TYPE_CHECKING:
    from memcli.operations.setup.bootstrap import Bootstrapped
    from memcli.operations.status.doctor import Diagnosis
    from memcli.operations.status.status import Status


def show_status(call: Call, status: Status) -> None:
    """Print the state of the store, the session, the queue and the index."""
    index = {"tree": status.index.indexed, "behind": status.index.behind, "embedder": status.index.embedder}
    data = {
        "branch": status.branch, "tip": status.tip, "session": status.session, "candidates": status.candidates,
        "queued": status.queued, "failed": [{"op": op, "reason": reason} for op, reason in status.failed],
        "index": index, "dream": {"watermark": status.dream.watermark or None, "last": status.dream.at},
        "conflicts": status.conflicts, "attention": status.attention, "memories": status.memories,
        "waiting": [{"session": name, "candidates": count} for name, count in status.waiting],
    }  # fmt: skip
    emit(call, "status", data, lambda: printable("\n".join(_status_lines(status))))


def _status_lines(status: Status) -> Iterator[str]:
    yield f"{status.branch} at {status.tip[:10]}: {quantity(status.memories, 'active memory', 'active memories')}"
    own = f"{status.session} ({quantity(status.candidates, 'candidate')})" if status.session else "none"
    yield f"session: {own}"
    for name, count in status.waiting:
        if name != status.session:
            yield f"awaiting review: {name} ({quantity(count, 'candidate')})"
    if status.queued:
        yield f"queued: {quantity(status.queued, 'operation')}; the next write carries them out"
    yield from (f"failed: {op}: {reason}" for op, reason in status.failed)
    if status.conflicts or status.attention:
        counts = f"{quantity(status.conflicts, 'conflict')}, {status.attention} flagged for attention"
        yield f"open questions: {counts} ('mem resolve' lists them)"
    yield f"index: {index_state(status.index.behind)}"


def index_state(behind: int | None) -> str:
    """How far the index is behind the store, in words."""
    if behind is None:
        return "not built yet"
    return f"{quantity(behind, 'file')} behind" if behind else "up to date"


def show_diagnoses(call: Call, diagnoses: Sequence[Diagnosis]) -> None:
    """Print each check of `mem doctor`, and what to do where it failed."""
    data = {"checks": [{"name": one.name, "ok": one.ok, "message": one.message, "next": one.next} for one in diagnoses]}
    emit(call, "doctor", data, lambda: printable("\n".join(map(_diagnosis_line, diagnoses))))


def _diagnosis_line(diagnosis: Diagnosis) -> str:
    line = f"{'ok ' if diagnosis.ok else 'BAD'} {diagnosis.name}: {diagnosis.message}"
    return line + (f"\n    {diagnosis.next}" if diagnosis.next else "")


def show_bootstrapped(call: Call, bootstrapped: Bootstrapped, listed: bool) -> None:
    """Print what `mem bootstrap` proposed; with `listed`, each memory."""
    proposed = [{"id": memory.id, "title": memory.title, "type": memory.type, "status": memory.status,
                 "ref": memory.source.ref} for memory in bootstrapped.proposed]  # fmt: skip
    data = {"session": bootstrapped.session, "state": bootstrapped.state, "found": bootstrapped.found,
            "known": bootstrapped.known, "proposed": proposed, "kinds": bootstrapped.kinds,
            "findings": [finding_data(finding) for finding in bootstrapped.refused]}  # fmt: skip
    emit(call, "bootstrap", data, lambda: "\n".join(_bootstrap_lines(bootstrapped, listed)))
    if bootstrapped.session:
        note(call, f"next: 'mem review {bootstrapped.session}', then 'mem promote {bootstrapped.session}'")


def _bootstrap_lines(bootstrapped: Bootstrapped, listed: bool) -> Iterator[str]:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(bootstrapped.kinds.items()))
    line = f"{len(bootstrapped.proposed)} proposed" + (f" ({kinds})" if kinds else "")
    line += f", {bootstrapped.known} already known"
    yield line + (f", in session {bootstrapped.session}" if bootstrapped.session else "")
    if listed:
        for memory in bootstrapped.proposed:
            yield printable(f"  {memory.type:<11}{memory.title}  ({memory.source.ref})")
    yield from finding_lines(bootstrapped.refused)
