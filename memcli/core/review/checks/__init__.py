"""The review gate's checks: pure functions of the candidates, the store they would enter and the code they are about.

Every finding names its check, the memory and a next step that destroys nothing; no message repeats a credential. What
is said of a candidate is judged as if all candidates of the session were in the store already. Only `check` imports
what compares texts: `mem add` needs the form alone, and quickly.
"""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.finding import BLOCK, Finding
from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.schema import read_memory
from memcli.core.review.candidates import ADDED, POLICY, Candidate
from memcli.core.review.checks import form
from memcli.core.review.checks.context import CodeView, Context, ProposedStore, StoreView

__all__ = ["CodeView", "Context", "StoreView", "check_write", "run_checks"]


def run_checks(candidates: Sequence[Candidate], context: Context) -> list[Finding]:
    """What the gate says about a session's candidates, candidate by candidate; stale reads last."""
    from memcli.core.review.checks import policy_file as rules
    from memcli.core.review.checks import sources as grounds

    proposed = ProposedStore(candidates, context.store)
    findings = form.same_ids(candidates)
    for candidate in candidates:
        if candidate.change == POLICY:
            findings += rules.policy_findings(candidate, context.agent)
            continue
        formal = [*form.form_findings(candidate), *form.read_only(candidate, context.agent)]
        findings += formal
        # the claims of a text that holds a credential, or something private, are not compared: messages quote claims
        if candidate.after and all(finding.check not in ("secret", "private") for finding in formal):
            findings += _content_findings(candidate, candidate.after, proposed, context)
    return [*findings, *grounds.stale_reads(candidates, context)]


def _content_findings(candidate: Candidate, after: Memory, proposed: ProposedStore, context: Context) -> list[Finding]:
    from memcli.core.review.checks import duplicates as twins
    from memcli.core.review.checks import keys
    from memcli.core.review.checks import self_citation as echo
    from memcli.core.review.checks import sources as grounds
    from memcli.core.review.checks.lineage import lineage

    if after.status != "active":
        return list(lineage(candidate, after, proposed))
    return [
        *twins.duplicates(candidate, after, proposed),
        *keys.key_conflicts(candidate, after, proposed, context.agent),
        *twins.twin_findings(candidate, after, proposed),
        *echo.echoes(candidate, after),
        *grounds.ground_findings(candidate, after, proposed, context.code),
    ]


def check_write(text: str, path: str) -> list[Finding]:
    """What can be said of a file before it is written, without a store: schema, size, secrets, escapes, paths."""
    memory, problems = None, tuple[Finding, ...]()
    try:
        memory, found = read_memory(parse_document(text))
        problems = tuple(found)
    except DocumentError as error:
        problems = (Finding("schema", BLOCK, "", str(error), f"correct line {error.line}"),)
    return form.form_findings(Candidate(memory.id if memory else "", ADDED, path, None, memory, "", text, problems))
