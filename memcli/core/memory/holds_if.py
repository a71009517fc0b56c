"""`holds_if`: rules about the code that are true while a memory holds, in four forms and no regular expressions.

`PATH contains TEXT`, `PATH lacks TEXT`, `PATH exists`, `PATH absent`. TEXT is literal, to the end of the line; PATH and
TEXT may be in quotes. Stores are fetched from others: reading a rule takes time in proportion to its length, and
whoever opens the file limits what is opened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from memcli.core.memory.fast_yaml import Value
from memcli.core.memory.questions import doubt, with_question, without_question

FORMS = "'PATH contains TEXT', 'PATH lacks TEXT', 'PATH exists' or 'PATH absent'"
FALSE_RULE = "holds_if is false"
"""The subject of a doubt about false rules."""
_RULE = re.compile(r"""("[^"]+"|'[^']+'|[^\s"']\S*)[ \t]+(?:(contains|lacks)[ \t]+(\S.*)|(exists|absent))""")


class Rule(NamedTuple):
    """One rule; `text` is empty for `exists` and `absent`."""

    path: str
    verb: str
    text: str = ""


class PathContent(NamedTuple):
    """What is at a rule's path: a `file` with its bytes (None if they cannot be read, `why` says why), something
    `other` (a directory, a submodule), or `nothing`."""

    kind: str
    data: bytes | None = None
    why: str = ""


@dataclass(frozen=True)
class RuleOutcome:
    """Whether a rule holds, None if it cannot be checked; `why` it does not."""

    rule: str
    holds: bool | None
    why: str = ""


def parse_rule(text: str) -> Rule | None:
    """The rule in a line of `holds_if`; None for any other line."""
    match = _RULE.fullmatch(text.strip())
    if match is None:
        return None
    path, text_verb, rule_text, bare_verb = match.groups()
    return Rule(_unquoted(path), text_verb or bare_verb, _unquoted(rule_text.rstrip()) if rule_text else "")


def _unquoted(text: str) -> str:
    quoted = len(text) > 2 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


def check_rule(text: str, rule: Rule, content: PathContent) -> RuleOutcome:
    """The outcome of a rule, written as `text`, for what is at its path.

    `lacks` needs a file without the text; of a file that is gone nothing is known.
    """
    exists = content.kind != "nothing"
    if rule.verb in ("exists", "absent"):
        holds = exists is (rule.verb == "exists")
        return RuleOutcome(text, holds, "" if holds else f"{rule.path} {'exists' if exists else 'does not exist'}")
    if not exists:
        return RuleOutcome(text, False, f"{rule.path} does not exist")
    if content.data is None:
        return RuleOutcome(text, None, f"{rule.path} {content.why or 'is not a file'}")
    holds = (rule.text.encode("utf-8", "surrogatepass") in content.data) is (rule.verb == "contains")
    return RuleOutcome(
        text, holds, "" if holds else f"{rule.path} {'lacks' if rule.verb == 'contains' else 'contains'} it"
    )


def with_false_rules(attention: Value, outcomes: tuple[RuleOutcome, ...], day: str) -> tuple[str, ...] | None:
    """`attention` with a doubt about the false rules, in place of an earlier one; None if nothing is left."""
    rules = [f"{outcome.rule} ({outcome.why})" for outcome in outcomes if outcome.holds is False]
    question = doubt(FALSE_RULE, "; ".join(rules), day)
    return with_question(attention, question) if rules else without_question(attention, question)
