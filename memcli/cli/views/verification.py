"""The result of `mem verify`: which memories the code confirms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data
from memcli.cli.views.memory_lines import anchor_data
from memcli.cli.views.output import emit, note, printable
from memcli.cli.views.written_memory import delay_warnings
from memcli.core.memory.staleness import STALE, AnchorStaleness
from memcli.operations.memories.verify import Verification

_OUTCOMES = {True: "holds", False: "false", None: "cannot be checked"}


def show_verifications(call: Call, verifications: Sequence[Verification], dry_run: bool) -> None:
    """Print which memories were (or would be) verified, with their anchors and rules."""
    written = [one.recorded for one in verifications if one.recorded]
    warnings = [warning for memory in written for warning in delay_warnings(memory)][:1]
    lines = [line for one in verifications for line in _lines(one, dry_run)]
    emit(call, "verify", {"memories": list(map(_data, verifications))}, lambda: "\n".join(lines), warnings)
    started = next((memory.session for memory in written if memory.started), None)
    if started:
        note(call, f"started session {started}")


def _data(verification: Verification) -> dict[str, Any]:
    written, staleness = verification.recorded, verification.staleness
    return {
        "id": verification.id, "verified": verification.verified, "staleness": staleness.state,
        "anchors": list(map(anchor_data, staleness.anchors)),
        "rules": [{"rule": rule.rule, "holds": rule.holds, "why": rule.why} for rule in verification.rules],
        "session": written.session if written else None, "state": written.state if written else None,
        "findings": [finding_data(finding) for finding in written.findings] if written else [],
    }  # fmt: skip


def _result(verification: Verification, dry_run: bool) -> str:
    if not verification.verified:
        return "not verified"
    return ("would be verified" if dry_run else "verified") + ("" if verification.rules else " by you")


def _anchor_line(anchor: AnchorStaleness) -> str:
    if anchor.state == STALE:
        return f"warning: anchor {anchor.path} no longer exists"
    return f"{anchor.state}: {anchor.path} {anchor.reason}"


def _lines(verification: Verification, dry_run: bool) -> Iterator[str]:
    result = _result(verification, dry_run)
    written = verification.recorded
    state = f", {written.state}" if written and written.state != "committed" else ""
    yield printable(f"{verification.id[-6:]}  {verification.title}  ({result}{state})")
    for anchor in verification.staleness.anchors:
        yield printable(f"        {_anchor_line(anchor)}")
    for rule in verification.rules:
        yield printable(f"        {_OUTCOMES[rule.holds]}: {rule.rule}" + (f" ({rule.why})" if rule.why else ""))
