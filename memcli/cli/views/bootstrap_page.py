"""The result of `mem bootstrap`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from memcli.cli.options import Call
from memcli.cli.views.bootstrap_lines import best_lines, left_lines, named_lines, source_lines
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.output import emit, note

if TYPE_CHECKING:
    from memcli.core.worth.worth import WeighedExtract
    from memcli.operations.bootstrap.bootstrapped import Bootstrapped, NamedPath, SkippedSource, SourceProposal


def show_bootstrapped(call: Call, bootstrapped: Bootstrapped, show: str | None, listed: bool) -> None:
    """Print what `mem bootstrap` proposed; with `listed`, all of it; with `show`, what was left for that reason."""
    if show is not None and not call.flags.json:
        _show_left(call, bootstrapped, show)
        return
    emit(call, "bootstrap", _data(bootstrapped), lambda: "\n".join(_lines(call, bootstrapped, listed)))
    if bootstrapped.session:
        note(call, f"next: 'mem review {bootstrapped.session}', then 'mem promote {bootstrapped.session}'")
    elif not bootstrapped.found:
        note(call, "next: 'mem add TEXT' adds a memory")


def _lines(call: Call, bootstrapped: Bootstrapped, listed: bool) -> Iterator[str]:
    yield from source_lines(call, bootstrapped)
    yield from best_lines(call, bootstrapped, listed)
    yield from left_lines(call, bootstrapped)
    yield from named_lines(bootstrapped)
    yield from finding_lines(bootstrapped.refused)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(bootstrapped.kinds.items()))
    line = f"{len(bootstrapped.proposed)} proposed" + (f" ({kinds})" if kinds else "")
    line += f", {bootstrapped.known} already known"
    yield line + (f", in session {bootstrapped.session}" if bootstrapped.session else "")


def _show_left(call: Call, bootstrapped: Bootstrapped, show: str) -> None:
    """Print all that was left for reasons with these words in them; what there is, where there are none."""
    from memcli.cli.views.bootstrap_lines import left_details
    from memcli.cli.views.output import print_result
    from memcli.errors import NotFound

    lines = list(left_details(call, bootstrapped, show))
    if not lines:
        reasons = "; ".join([*bootstrapped.left, *(["skipped"] if bootstrapped.skipped else [])])
        raise NotFound(f"nothing was left out for {show!r}", f"reasons: {reasons or 'none'}")
    print_result("\n".join(lines))


def _data(bootstrapped: Bootstrapped) -> dict[str, Any]:
    return {
        "session": bootstrapped.session,
        "state": bootstrapped.state,
        "found": bootstrapped.found,
        "known": bootstrapped.known,
        "proposed": [_proposal_data(proposal) for proposal in bootstrapped.proposed],
        "kinds": bootstrapped.kinds,
        "findings": [finding_data(finding) for finding in bootstrapped.refused],
        "sources": [vars(source) for source in bootstrapped.sources],
        "left": {reason: [_left_data(each) for each in some] for reason, some in bootstrapped.left.items()},
        "skipped": [_skipped_data(each) for each in bootstrapped.skipped],
        "notices": [_skipped_data(each) for each in bootstrapped.notices],
        "named": [_named_data(path) for path in bootstrapped.named],
    }


def _proposal_data(proposal: SourceProposal) -> dict[str, Any]:
    memory = proposal.memory
    return {"id": memory.id, "title": memory.title, "type": memory.type, "status": memory.status,
            "ref": memory.source.ref, "source": proposal.reader, "score": round(proposal.score, 3)}  # fmt: skip


def _left_data(weighed: WeighedExtract) -> dict[str, Any]:
    memory = weighed.extract.memory
    return {"title": memory.title, "type": memory.type, "ref": memory.source.ref, "source": weighed.reader.name,
            "score": round(weighed.worth.score, 3)}  # fmt: skip


def _skipped_data(each: SkippedSource) -> dict[str, Any]:
    return {"source": each.reader, "path": each.skipped.path, "line": each.skipped.line, "reason": each.skipped.reason}


def _named_data(path: NamedPath) -> dict[str, Any]:
    skipped = [{"path": skip.path, "reason": skip.reason} for skip in path.skipped]
    return {"path": path.argument, "read": path.read, "skipped": skipped}
