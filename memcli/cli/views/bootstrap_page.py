"""The result of `mem bootstrap`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from memcli.cli.options import Call
from memcli.cli.views.bootstrap_lines import (
    SKIPPED,
    best_lines,
    change_lines,
    left_details,
    left_lines,
    named_lines,
    source_lines,
)
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.output import emit, note, print_result
from memcli.cli.views.quantities import quantity
from memcli.cli.views.styles import bold
from memcli.core.memory.standing import standing_of
from memcli.errors import NotFound

if TYPE_CHECKING:
    from memcli.core.worth.worth import WeighedExtract
    from memcli.operations.bootstrap.bootstrapped import (
        Bootstrapped,
        NamedPath,
        SkippedSource,
        SourceProposal,
    )
    from memcli.operations.bootstrap.source_changes import SourceChange


def show_bootstrapped(
    call: Call, bootstrapped: Bootstrapped, show: str | None, listed: bool, command: str = ""
) -> None:
    """Print what `mem bootstrap` proposed; with `listed`, all of it; with `show`, what was left for that reason;
    `command`: the command line that reads the same, which takes `--show`."""
    if show is not None and not call.flags.json:
        _show_left(call, bootstrapped, show)
        return
    emit(call, "bootstrap", _data(bootstrapped), lambda: "\n".join(_lines(call, bootstrapped, listed, command)))
    for step in _next_steps(bootstrapped, command):
        note(call, step)


def _lines(call: Call, bootstrapped: Bootstrapped, listed: bool, command: str) -> Iterator[str]:
    yield from source_lines(call, bootstrapped)
    yield from best_lines(call, bootstrapped, listed)
    yield from change_lines(bootstrapped)
    yield from left_lines(call, bootstrapped, command)
    yield from named_lines(bootstrapped)
    yield from finding_lines(bootstrapped.refused)
    yield bold(call, _summary(bootstrapped))


def _summary(bootstrapped: Bootstrapped) -> str:
    """`12 proposed (3 constraints, 9 decisions), 4 known already, in session bootstrap`; why, where it is nothing."""
    count, changes = len(bootstrapped.proposed), len(bootstrapped.changes)
    kinds = ", ".join(_of_kind(number, kind) for kind, number in sorted(bootstrapped.kinds.items()))
    parts = [f"{count:,} proposed ({kinds})"] if count else []
    parts += [f"{quantity(changes, 'change')} of stored memories proposed"] if changes else []
    parts = parts or [f"0 proposed: {_why_none(bootstrapped)}"]
    parts += [f"{bootstrapped.known:,} known already"] if bootstrapped.known and (count or changes) else []
    unchanged = sum(source.unchanged for source in bootstrapped.sources)
    parts += [f"{quantity(unchanged, 'file')} unchanged since the last run"] if unchanged else []
    parts += [f"in session {bootstrapped.session}"] if bootstrapped.session else []
    return ", ".join(parts)


def _of_kind(number: int, kind: str) -> str:
    """`1 decision`, `3 decisions`."""
    return quantity(number, kind, f"{kind[:-1]}ies" if kind.endswith("y") else "")


def _why_none(bootstrapped: Bootstrapped) -> str:
    left = sum(map(len, bootstrapped.left.values()))
    if bootstrapped.known:
        memories = f"all {bootstrapped.known:,} memories" if bootstrapped.known > 1 else "the only memory"
        verb = "are" if bootstrapped.known > 1 else "is"
        return f"{memories} found here {verb} stored, waiting or rejected already"
    if bootstrapped.refused:
        return f"what was found is blocked by {quantity(len(bootstrapped.refused), 'finding')}"
    if left:
        return f"{quantity(left, 'passage')} found, left out for the reasons above"
    if bootstrapped.named and not any(path.read for path in bootstrapped.named):
        return "none of the named paths could be read"
    if any(source.files for source in bootstrapped.sources):
        return "nothing worth keeping in the files that were read"
    return "no files here that these sources read"


def _next_steps(bootstrapped: Bootstrapped, command: str) -> Iterator[str]:
    if session := bootstrapped.session:
        yield f"next: 'mem review {session}' shows them by source, 'mem promote {session}' accepts them"
        sources = list(dict.fromkeys(proposal.reader for proposal in bootstrapped.proposed))
        if len(sources) > 1:
            one = f"--source {sources[0]}"
            yield f"      'mem promote {one}' accepts one source, 'mem reject {one}' rejects it"
    elif command and (bootstrapped.proposed or bootstrapped.changes):
        yield f"next: '{command}' proposes them"
    elif command == "mem bootstrap" and not bootstrapped.found:
        yield "next: 'mem bootstrap --docs' reads all documents, 'mem bootstrap PATH' reads any file or directory"
    elif command.startswith("mem import ") and not bootstrapped.found:
        yield "next: name a file or directory that holds memories; 'mem import --help' lists the formats"


def _show_left(call: Call, bootstrapped: Bootstrapped, show: str) -> None:
    """Print all that was left for reasons with these words in them. Raises NotFound with the reasons there are."""
    lines = list(left_details(call, bootstrapped, show))
    if not lines:
        reasons = "; ".join([*bootstrapped.left, *([SKIPPED] if bootstrapped.skipped else [])])
        raise NotFound(
            f"nothing was left out for {show[:60]!r}", f"reasons: {reasons}" if reasons else "nothing was left out"
        )
    print_result("\n".join(lines))


def _data(bootstrapped: Bootstrapped) -> dict[str, Any]:
    return {
        "session": bootstrapped.session,
        "state": bootstrapped.state,
        "found": bootstrapped.found,
        "known": bootstrapped.known,
        "proposed": [_proposal_data(proposal, bootstrapped) for proposal in bootstrapped.proposed],
        "kinds": bootstrapped.kinds,
        "findings": [finding_data(finding) for finding in bootstrapped.refused],
        "sources": [vars(source) for source in bootstrapped.sources],
        "left": {reason: [_left_data(each) for each in some] for reason, some in bootstrapped.left.items()},
        "skipped": [_skipped_data(each) for each in bootstrapped.skipped],
        "notices": [_skipped_data(each) for each in bootstrapped.notices],
        "changes": [_change_data(change) for change in bootstrapped.changes],
        "documents": bootstrapped.documents,
        "named": [_named_data(path) for path in bootstrapped.named],
    }


def _proposal_data(proposal: SourceProposal, bootstrapped: Bootstrapped) -> dict[str, Any]:
    memory = proposal.memory
    return {"id": memory.id, "title": memory.title, "type": memory.type, "status": memory.status,
            "standing": standing_of(memory.type, memory.tags), "ref": memory.source.ref,
            "source": proposal.reader, "score": round(proposal.score, 3),
            "near_copies": bootstrapped.copies_of(proposal)}  # fmt: skip


def _left_data(weighed: WeighedExtract) -> dict[str, Any]:
    memory = weighed.extract.memory
    return {"title": memory.title, "type": memory.type, "ref": memory.source.ref, "source": weighed.reader.name,
            "score": round(weighed.worth.score, 3)}  # fmt: skip


def _skipped_data(each: SkippedSource) -> dict[str, Any]:
    return {"source": each.reader, "path": each.skipped.path, "line": each.skipped.line, "reason": each.skipped.reason}


def _named_data(path: NamedPath) -> dict[str, Any]:
    skipped = [{"path": skip.path, "reason": skip.reason} for skip in path.skipped]
    return {"path": path.argument, "read": path.read, "skipped": skipped}


def _change_data(change: SourceChange) -> dict[str, Any]:
    return {"id": change.memory.id, "title": change.memory.title, "change": change.kind, "reason": change.reason}
