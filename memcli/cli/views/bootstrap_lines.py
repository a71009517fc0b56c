"""The parts of the first screen: what was found by source, the best of it, what was left out, and what was named."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.display_width import READABLE, cut_to_width, display_width, padded, screen_width
from memcli.cli.views.output import printable
from memcli.cli.views.quantities import quantity
from memcli.cli.views.styles import bold, dim
from memcli.core.memory.standing import PROPOSED, UNCLEAR
from memcli.core.text.first_few import first_few

if TYPE_CHECKING:
    from memcli.operations.bootstrap.bootstrapped import Bootstrapped, BootstrapRequest, NamedPath, SourceProposal

BEST = 20
"""How many proposals the first screen shows."""
SKIPPED = "skipped"
"""What `--show` calls the files that gave no memory."""
_COLUMNS = ("files", "proposed", "known", "left out")


def source_lines(call: Call, bootstrapped: Bootstrapped) -> Iterator[str]:
    """A table: each source with its files, and how many memories of it are proposed, known and left out."""
    sources = [source for source in bootstrapped.sources if source.files or source.proposed or source.known]
    if not sources:
        return
    names = max(len("source"), *(len(source.name) for source in sources))
    yield dim(call, "source".ljust(names) + "".join(f"{column:>10}" for column in _COLUMNS))
    for source in sources:
        numbers = (source.files, source.proposed, source.known, source.left)
        row = source.name.ljust(names) + "".join(f"{number or '–':>10}" for number in numbers)
        room = min(screen_width(), READABLE) - len(row) - 2
        yield row + (dim(call, f"  {cut_to_width(source.title, room)}") if room >= len("decision records") else "")
    yield ""


def best_lines(call: Call, bootstrapped: Bootstrapped, listed: bool) -> Iterator[str]:
    """The best proposals in one line each, by source, the best source first; with `listed`, all of them."""
    shown = bootstrapped.proposed if listed else bootstrapped.proposed[:BEST]
    order = {name: place for place, name in enumerate(dict.fromkeys(proposal.reader for proposal in shown))}
    counts = Counter(proposal.reader for proposal in bootstrapped.proposed)
    by_source = sorted(shown, key=lambda proposal: order[proposal.reader])
    for name, group in groupby(by_source, key=lambda proposal: proposal.reader):
        proposals = list(group)
        part = f"{len(proposals)} of " if len(proposals) < counts[name] else ""
        yield bold(call, f"{name} ({part}{counts[name]})")
        for proposal in proposals:
            yield _proposal_line(call, proposal, bootstrapped.copies_of(proposal), listed)
    if rest := len(bootstrapped.proposed) - len(shown):
        yield dim(call, f"and {rest:,} more; 'mem review' shows all, -v lists them")
    if shown:
        yield ""


def _proposal_line(call: Call, proposal: SourceProposal, copies: int, listed: bool) -> str:
    """`  decision    Orders live in Postgres  +2 near-copies`; with its place where all are listed."""
    memory = proposal.memory
    more = f"  +{quantity(copies, 'near-copy', 'near-copies')}" if copies else ""
    more += f"  {printable(memory.source.ref or '')}" if listed else ""
    head = f"  {padded(printable(memory.type), 10)}  "
    undecided = [tag for tag in (PROPOSED, UNCLEAR) if tag in memory.tags]
    state = memory.status if memory.status != "active" else "".join(undecided[:1])
    more = (f"  ({state})" if state else "") + more
    title = printable(memory.title)
    room = screen_width() - display_width(head + more)
    return head + (title if listed else cut_to_width(title, room)) + dim(call, more)


def change_lines(bootstrapped: Bootstrapped) -> Iterator[str]:
    """The stored memories whose source has changed, and how."""
    for change in bootstrapped.changes:
        sign = "~" if change.document.get("status") == change.memory.status else "-"
        yield printable(f"{sign} {change.memory.title}  {change.memory.id[-6:]}: {change.reason}")
    if bootstrapped.changes:
        yield ""


def left_lines(call: Call, bootstrapped: Bootstrapped, command: str) -> Iterator[str]:
    """How much was left out for each reason, with the word by which `--show` lists it; what is doubtful in a file."""
    rows = sorted(((len(some), reason) for reason, some in bootstrapped.left.items()), key=lambda row: -row[0])
    files = len({each.skipped.path for each in bootstrapped.skipped if not each.skipped.line})
    words = [*_words([reason for _, reason in rows]), *([SKIPPED] if files else [])]
    rows += [(files, "files that gave no memory")] if files else []
    if rows:
        yield bold(call, "left out") + (dim(call, f"  '{command} --show WORD' lists it") if command else "")
    width = max(map(display_width, words), default=0)
    for (count, reason), word in zip(rows, words, strict=True):
        yield cut_to_room(f"{count:>7,}  {padded(word, width)}  ", printable(reason))
    if bootstrapped.documents:
        documents = quantity(bootstrapped.documents, "other document")
        yield cut_to_room("", f"{documents} not read: 'mem bootstrap --docs' reads all, by section")
    for notice in bootstrapped.notices:
        yield printable(f"note: {notice.skipped.path}: {notice.skipped.reason}")
    if rows or bootstrapped.documents or bootstrapped.notices:
        yield ""


def cut_to_room(head: str, text: str) -> str:
    """A line that begins with `head`, its text cut where the terminal ends."""
    return head + cut_to_width(text, screen_width() - display_width(head))


def command_of(request: BootstrapRequest) -> str:
    """The command line that reads the same."""
    options = [f"--{option}" for option in request.options] + [f"--source {name}" for name in request.sources]
    return " ".join(["mem bootstrap", *map(shlex.quote, request.paths), *options])


def _words(reasons: Sequence[str]) -> Iterator[str]:
    """For each reason a word that no other has, else the reason itself, as an argument."""
    counts = Counter(word for reason in reasons for word in set(reason.split()))
    for reason in reasons:
        own = [word for word in reason.split() if counts[word] == 1 and word.isalpha() and len(word) > 3]
        yield max(own, key=len) if own else shlex.quote(reason)


def left_details(call: Call, bootstrapped: Bootstrapped, words: str) -> Iterator[str]:
    """All that was left for the reasons that these words are in; for `skipped`, the files."""
    for reason, weighed in bootstrapped.left.items():
        if words.casefold() in reason.casefold():
            yield bold(call, f"{printable(reason)} ({len(weighed):,})")
            for each in weighed:
                memory = each.extract.memory
                yield printable(f"  {each.worth.score:.2f}  {memory.title}  ({memory.source.ref})")
    if words.casefold() == SKIPPED:
        for source in bootstrapped.skipped:
            line = f"#L{source.skipped.line}" if source.skipped.line else ""
            yield printable(f"{source.skipped.path}{line}: {source.skipped.reason}")


def named_lines(bootstrapped: Bootstrapped) -> Iterator[str]:
    """What became of each path that was named: how many files were read, and why others were not."""
    for path in bootstrapped.named:
        reasons = first_few(_reasons(path))
        if path.read:
            skipped = f", {len(path.skipped):,} skipped: {reasons}" if path.skipped else ""
            yield printable(f"{path.argument}: {quantity(path.read, 'file')} read{skipped}")
        else:
            yield printable(f"{path.argument}: not read: {reasons or 'it has no files'}")


def _reasons(path: NamedPath) -> list[str]:
    """`a template`; of several files `3 × a template`."""
    counts = Counter(skip.reason for skip in path.skipped)
    if len(path.skipped) == 1:
        return list(counts)
    return [f"{reason} ({count:,})" for reason, count in counts.most_common()]
