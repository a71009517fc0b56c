"""The result of `mem bootstrap`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.output import emit, note, printable

if TYPE_CHECKING:
    from memcli.operations.bootstrap.bootstrap import Bootstrapped


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
    elif not bootstrapped.found:
        note(call, "next: 'mem add TEXT' adds a memory")


def _bootstrap_lines(bootstrapped: Bootstrapped, listed: bool) -> Iterator[str]:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(bootstrapped.kinds.items()))
    line = f"{len(bootstrapped.proposed)} proposed" + (f" ({kinds})" if kinds else "")
    line += f", {bootstrapped.known} already known"
    yield line + (f", in session {bootstrapped.session}" if bootstrapped.session else "")
    if listed:
        for memory in bootstrapped.proposed:
            yield printable(f"  {memory.type:<11}{memory.title}  ({memory.source.ref})")
    yield from finding_lines(bootstrapped.refused)
