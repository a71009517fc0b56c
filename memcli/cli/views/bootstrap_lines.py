"""The parts of the first screen: what was found by source, the best of it, what was left out, and what was named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.display_width import cut_to_width, padded, screen_width
from memcli.cli.views.output import printable
from memcli.cli.views.quantities import quantity
from memcli.cli.views.styles import bold, dim
from memcli.core.text.first_few import first_few

if TYPE_CHECKING:
    from memcli.operations.bootstrap.bootstrapped import Bootstrapped, NamedPath, SourceProposal

BEST = 20
"""How many proposals the first screen shows."""
_NUMBERS = ("files", "proposed", "known", "left")


def source_lines(call: Call, bootstrapped: Bootstrapped) -> Iterator[str]:
    """A table: each source with its files, and how many memories of them are proposed, known and left out."""
    sources = bootstrapped.sources
    if not sources:
        return
    names = max(len("source"), *(len(source.name) for source in sources))
    yield dim(call, "source".ljust(names) + "".join(f"{number:>10}" for number in _NUMBERS))
    for source in sources:
        numbers = (source.files, source.proposed, source.known, source.left)
        row = source.name.ljust(names) + "".join(f"{number:>10,}" for number in numbers)
        room = screen_width() - len(row) - 2
        yield row + (dim(call, f"  {cut_to_width(source.title, room)}") if room > 20 else "")
    yield ""


def best_lines(call: Call, bootstrapped: Bootstrapped, listed: bool) -> Iterator[str]:
    """The best proposals by source, one line each; with `listed`, all of them with their lines in files."""
    shown = bootstrapped.proposed if listed else bootstrapped.proposed[:BEST]
    order = {source.name: place for place, source in enumerate(bootstrapped.sources)}
    by_source = sorted(shown, key=lambda proposal: order[proposal.reader])
    for name, proposals in groupby(by_source, key=lambda proposal: proposal.reader):
        yield bold(call, name)
        yield from (_proposal_line(proposal, listed) for proposal in proposals)
    rest = len(bootstrapped.proposed) - len(shown)
    if rest:
        yield dim(call, f"and {rest} more: -v lists them")
    if shown:
        yield ""


def _proposal_line(proposal: SourceProposal, listed: bool) -> str:
    memory = proposal.memory
    line = f"  {padded(memory.type, 11)}{printable(memory.title)}"
    return f"{line}  ({printable(memory.source.ref or '')})" if listed else cut_to_width(line.strip(), screen_width())


def left_lines(call: Call, bootstrapped: Bootstrapped) -> Iterator[str]:
    """How much was left out for each reason, with the command that lists it."""
    reasons = [(f"{len(some):,} left out: {reason}", reason) for reason, some in bootstrapped.left.items()]
    files = len({each.skipped.path for each in bootstrapped.skipped if not each.skipped.line})
    if files:
        reasons.append((f"{quantity(files, 'file')} skipped", "skipped"))
    for text, reason in reasons:
        yield f"{printable(text)}  {dim(call, f'mem bootstrap --show {_quoted(reason)}')}"
    for notice in bootstrapped.notices:
        yield printable(f"note: {notice.skipped.path}: {notice.skipped.reason}")
    if reasons or bootstrapped.notices:
        yield ""


def _quoted(reason: str) -> str:
    return reason if reason.isalpha() else f"'{reason}'"


def left_details(call: Call, bootstrapped: Bootstrapped, words: str) -> Iterator[str]:
    """All that was left for the reasons that these words are in; for `skipped`, the files."""
    for reason, weighed in bootstrapped.left.items():
        if words.casefold() in reason.casefold():
            yield bold(call, f"{printable(reason)} ({len(weighed):,})")
            for each in weighed:
                memory = each.extract.memory
                yield printable(f"  {each.worth.score:.2f}  {memory.title}  ({memory.source.ref})")
    if words.casefold() in "skipped":
        for source in bootstrapped.skipped:
            line = f"#L{source.skipped.line}" if source.skipped.line else ""
            yield printable(f"{source.skipped.path}{line}: {source.skipped.reason}")


def named_lines(bootstrapped: Bootstrapped) -> Iterator[str]:
    """What became of each path that was named."""
    for path in bootstrapped.named:
        reasons = first_few(_reasons(path))
        if path.read:
            skipped = f", {len(path.skipped):,} skipped: {reasons}" if path.skipped else ""
            yield printable(f"{path.argument}: {quantity(path.read, 'file')} read{skipped}")
        else:
            yield printable(f"{path.argument}: not read: {reasons or 'it has no files'}")


def _reasons(path: NamedPath) -> Iterable[str]:
    if len(path.skipped) == 1:
        return [path.skipped[0].reason]
    counts = Counter(skip.reason for skip in path.skipped)
    return [f"{count} {reason}" for reason, count in counts.most_common()]
