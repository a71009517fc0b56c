"""`holds_if` held against the code at a commit; links are not followed, and only small files are read."""

from __future__ import annotations

from memcli.core.memory.holds_if import FORMS, PathContent, RuleOutcome, check_rule, parse_rule
from memcli.core.review.safe_paths import unsafe_anchor
from memcli.git.code_tree import Code

READ = 1 << 20
"""Bytes of a file that a rule may look into; stores are fetched from others, and real sources are smaller."""


def rule_outcome(text: str, code: Code | None) -> RuleOutcome:
    """What comes of a rule; nothing can be said where there is no code."""
    rule = parse_rule(text)
    if rule is None:
        return RuleOutcome(text, None, f"it is not {FORMS}")
    if reason := unsafe_anchor(rule.path):
        return RuleOutcome(text, None, f"{rule.path} {reason}")
    if code is None:
        return RuleOutcome(text, None, "no code is committed here")
    return check_rule(text, rule, _found(code, rule.path))


def _found(code: Code, path: str) -> PathContent:
    """What is at a path of the code."""
    kind, object_id = code.place(path) or ("nothing", "")
    if kind == "nothing":
        return PathContent("nothing")
    if kind != "file":
        return PathContent("other", why=f"is a {kind}")
    if code.odb.size(object_id) > READ:
        return PathContent("file", why=f"is larger than {READ >> 20} MiB")
    return PathContent("file", code.odb.blob(object_id))
