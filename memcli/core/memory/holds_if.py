"""`holds_if`: what must be true of the code for a memory to hold, in four forms and no regular expressions.

`PATH contains TEXT`, `PATH lacks TEXT`, `PATH exists`, `PATH absent`. TEXT is literal, to the end of the line; PATH and
TEXT may stand in quotes. Stores are fetched from others: reading a rule costs no more than its length, and what it may
open is bounded by who opens it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from memcli.core.memory.attention import with_questions
from memcli.core.memory.fast_yaml import Value

FORMS = "'PATH contains TEXT', 'PATH lacks TEXT', 'PATH exists' or 'PATH absent'"
FALSE_RULE = "holds_if is false: "
"""How `attention` begins where a rule turned out to be false."""
_RULE = re.compile(r"""("[^"]+"|'[^']+'|[^\s"']\S*)[ \t]+(?:(contains|lacks)[ \t]+(\S.*)|(exists|absent))""")


class Rule(NamedTuple):
    """One check of the code; `text` is empty for `exists` and `absent`."""

    path: str
    verb: str
    text: str = ""


class PathContent(NamedTuple):
    """What is at a rule's path: `file` with its bytes, None where they cannot be looked at (`why`); `other` (a
    directory, a submodule), or `nothing`."""

    kind: str
    data: bytes | None = None
    why: str = ""


@dataclass(frozen=True)
class RuleOutcome:
    """What came of a rule; `holds` is None where it cannot be checked; `why` says why it does not hold."""

    rule: str
    holds: bool | None
    why: str = ""


def parse_rule(text: str) -> Rule | None:
    """The rule that a line of `holds_if` is; None where it is none."""
    match = _RULE.fullmatch(text.strip())
    if match is None:
        return None
    path, verb, said, bare = match.groups()
    return Rule(_unquoted(path), verb or bare, _unquoted(said.rstrip()) if said else "")


def _unquoted(text: str) -> str:
    quoted = len(text) > 2 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


def check_rule(text: str, rule: Rule, found: PathContent) -> RuleOutcome:
    """What comes of a rule where that is found at its path.

    `lacks` wants a file that does not hold the text: of one that is gone nothing is known.
    """
    there = found.kind != "nothing"
    if rule.verb in ("exists", "absent"):
        holds = there is (rule.verb == "exists")
        return RuleOutcome(text, holds, "" if holds else f"{rule.path} is {'there' if there else 'not there'}")
    if not there:
        return RuleOutcome(text, False, f"{rule.path} is not there")
    if found.data is None:
        return RuleOutcome(text, None, f"{rule.path} {found.why or 'is no file'}")
    holds = (rule.text.encode("utf-8", "surrogatepass") in found.data) is (rule.verb == "contains")
    return RuleOutcome(
        text, holds, "" if holds else f"{rule.path} {'lacks' if rule.verb == 'contains' else 'contains'} it"
    )


def with_false_rules(attention: Value, outcomes: tuple[RuleOutcome, ...]) -> str | None:
    """A memory's `attention` with a remark for each false rule, in place of those made earlier; None without any."""
    return with_questions(attention, FALSE_RULE, [f"{one.rule} ({one.why})" for one in outcomes if one.holds is False])
