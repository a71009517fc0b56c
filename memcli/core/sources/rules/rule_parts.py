"""The part of a section of rules that states any: a section that mixes rules and descriptions is narrowed to the rules.

Invariant: what is kept are whole lines of the section, in their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from memcli.core.sources.passage_text import count_words, has_shell
from memcli.core.sources.rule_statements import CONVENTIONS, Statement, statements
from memcli.core.sources.rules.rule_worth import NO_WORDS, no_rule
from memcli.core.sources.rules.tool_blocks import is_of_tool
from memcli.core.sources.sections import Part, markdown_headings

LONG = 90
"""Words from which a section without headings of rules is narrowed to the statements that tell something."""
MIXED = 3
"""Less than one in so many statements tells something in a section that mixes."""


@dataclass(frozen=True)
class RulePart:
    """What is proposed of a section, None for nothing; `left`: (line, reason) of what is not."""

    part: Part | None
    left: tuple[tuple[int, str], ...] = ()


def rule_part(part: Part, title: str = "") -> RulePart:
    """The rules of a section of a file with this title."""
    if is_of_tool((title, *part.trail, part.title)):
        return RulePart(None, ((part.line, "instructions of a tool"),))
    if reason := no_rule(part, title):
        return RulePart(None, ((part.line, reason),))
    pieces = list(_pieces(part))
    reasons = [no_rule(piece) if piece.title else "" for piece in pieces]
    reasons = ["" if reason == NO_WORDS else reason for reason in reasons]
    left = tuple((piece.line, reason) for piece, reason in zip(pieces, reasons, strict=True) if reason)
    kept = [_narrowed(piece) for piece, reason in zip(pieces, reasons, strict=True) if not reason]
    text = "\n\n".join(_with_heading(piece) for piece in kept if piece.text.strip())
    if not text:
        return RulePart(None, left or ((part.line, NO_WORDS),))
    return RulePart(replace(part, text=text if left or kept != pieces else part.text), left)


def _pieces(part: Part) -> Iterator[Part]:
    """The text before the first heading within a section, and below each; `title` is the heading."""
    lines = part.text.split("\n")
    inner = markdown_headings(part.text)
    trail = (*part.trail, part.title) if part.title else part.trail
    first = inner[0].line if inner else len(lines)
    yield Part("", part.line, "\n".join(lines[:first]).strip("\n"), trail)
    ends = [heading.line for heading in inner[1:]] + [len(lines)]
    for heading, end in zip(inner, ends, strict=False):
        text = "\n".join(lines[heading.below : end]).strip("\n")
        yield Part(heading.title, part.text_line + heading.line, text, trail, heading.level)


def _with_heading(piece: Part) -> str:
    return f"{'#' * piece.number} {piece.title}\n\n{piece.text}" if piece.title else piece.text


def _narrowed(piece: Part) -> Part:
    """A long piece without commands of which few statements tell anything: only those, with what introduces them."""
    found = statements(piece.text)
    telling = [statement for statement in found if statement.tells]
    is_about_rules = any(CONVENTIONS.search(heading) for heading in (*piece.trail, piece.title))
    is_mixed = 0 < len(telling) * MIXED < len(found) and count_words(piece.text) >= LONG
    if is_about_rules or not is_mixed or has_shell(piece.text):
        return piece
    return replace(piece, text="\n".join(_texts(found)))


def _texts(found: list[Statement]) -> Iterator[str]:
    """The texts of the statements that tell something, each list after the line that introduces it."""
    lead: Statement | None = None
    for statement in found:
        is_item = statement.text.lstrip().startswith(("-", "*", "+", "|"))
        if not is_item:
            lead = statement
        if statement.tells:
            if is_item and lead and lead.text.rstrip().endswith(":") and not lead.tells:
                yield lead.text
            lead = None if is_item else lead
            yield statement.text
