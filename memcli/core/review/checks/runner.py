"""The gate's checks, run: over a session's candidates, and over a file that is about to be written.

Checks are pure functions of the candidates, the store they would enter and the code they are about. A candidate is
judged as if all candidates that are reviewed together were in the store already. No message repeats a credential.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from memcli.core.finding import Finding, blocking
from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.schema import read_memory, schema_finding
from memcli.core.review.candidates import ADDED, POLICY, Candidate
from memcli.core.review.checks.case import Case
from memcli.core.review.checks.check_registry import (
    BY_NAME,
    CHANGE,
    CODE,
    DECIDED,
    FILE,
    LEAVING,
    MEMORY,
    SESSION,
    checks_of,
)
from memcli.core.review.checks.context import Context
from memcli.core.review.checks.proposed_store import ProposedStore

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes

UNCOMPARED = ("secret", "private")
"""The claims of a text with such a finding are not compared with others: messages quote claims."""


def run_checks(
    candidates: Sequence[Candidate], context: Context, proposed: ProposedStore | None = None
) -> list[Finding]:
    """The findings about a session's candidates, candidate by candidate; those about the whole session last.

    `proposed`: the store with them and with what is reviewed together with them; by default with them alone.
    """
    from memcli.core.review.checks.whole_session import shared_ids

    findings = BY_NAME["schema"].findings("", shared_ids(candidates))
    proposed = proposed or ProposedStore(candidates, context.store)
    for candidate in candidates:
        of_candidate = [*_of_file(candidate), *_of_change(candidate, context)]
        findings += of_candidate
        if candidate.after and all(finding.check not in UNCOMPARED for finding in of_candidate):
            findings += _of_content(Case(candidate, candidate.after, proposed, context))
    for check in checks_of(SESSION):
        findings += check.findings("", check.run(candidates, context))
    return findings


def check_write(text: str, path: str, excludes: Excludes | None = None) -> list[Finding]:
    """What can be said of a file before it is written, without a store: its form and the excluded paths it names."""
    memory: Memory | None = None
    try:
        memory, problems = read_memory(parse_document(text))
    except DocumentError as error:
        problems = [schema_finding(error)]
    findings = _of_file(Candidate(memory.id if memory else "", ADDED, path, None, memory, "", text, tuple(problems)))
    if memory and excludes and not blocking(findings):
        from memcli.core.review.checks.permission import excluded_paths

        findings += BY_NAME["excluded"].findings(memory.id, excluded_paths(memory, excludes))
    return findings


def scan_text(text: str) -> list[Finding]:
    """What forbids a text of any kind, such as a reason or a title: credentials and control characters."""
    words = Candidate("", ADDED, "", None, None, "", text)
    checks = (BY_NAME[name] for name in ("secret", "terminal-escape"))
    return [finding for check in checks for finding in check.findings("", check.run(words))]


def _of_file(candidate: Candidate) -> list[Finding]:
    """What is wrong with a file by itself; of one that is too large, nothing else."""
    findings: list[Finding] = []
    for check in checks_of(FILE):
        if check.policy or candidate.change != POLICY:
            findings += check.findings(candidate.id, check.run(candidate))
        if check.name == "size" and findings:
            break
    return findings


def _of_change(candidate: Candidate, context: Context) -> list[Finding]:
    checks = (check for check in checks_of(CHANGE) if check.policy or candidate.change != POLICY)
    return [finding for check in checks for finding in check.findings(candidate.id, check.run(candidate, context))]


def _of_content(case: Case) -> list[Finding]:
    """What is said of a memory beside the store and the code; about code nothing where there is none."""
    stages = (MEMORY, CODE) if case.context.code else (MEMORY,)
    checks = checks_of(DECIDED, *(stages if case.after.status == "active" else (LEAVING,)))
    return [finding for check in checks for finding in check.findings(case.after.id, check.run(case))]
