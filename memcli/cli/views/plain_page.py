"""`mem review --plain`: all that waits for review as sentences, one fact in a line, for a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from memcli.cli.options import Call
from memcli.cli.views.asked_candidate import candidate_rows
from memcli.cli.views.output import print_result
from memcli.cli.views.quantities import quantity
from memcli.cli.views.sheet import FACT, TEXT, SheetRow, SmallFacts, sheet_text
from memcli.core.review.candidate_order import in_order
from memcli.operations.review.candidate_context import candidate_context
from memcli.operations.review.waiting import Waiting


def show_plain_page(call: Call, waiting: Waiting) -> None:
    """Print the candidates, those that need attention first."""
    plain = Call(replace(call.flags, color="never"))
    print_result(sheet_text(plain, _rows(plain, waiting), is_plain=True))


def _rows(call: Call, waiting: Waiting) -> Iterator[SheetRow | SmallFacts]:
    candidates = in_order(waiting.candidates)
    if not candidates:
        yield SheetRow(TEXT, "", "nothing awaits review")
        return
    count = f"{quantity(len(candidates), 'candidate')} in {quantity(len(waiting.reviews), 'session')}"
    attention = sum(1 for candidate in candidates if not candidate.is_clean)
    yield SheetRow(TEXT, "", f"{count} to review, {attention} with findings")
    for number, candidate in enumerate(candidates, 1):
        context = candidate_context(call.workspace, candidate, candidates)
        yield from candidate_rows(call, candidate, f"{number} of {len(candidates)}", context, None)
        yield SheetRow(FACT, "id", candidate.id[-6:])
    yield SheetRow(TEXT, "next", "mem review -p --plain decides on each in turn")
