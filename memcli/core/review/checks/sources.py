"""Checks of what a candidate stands on: derivable, source-missing, anchor-missing, dead-link and stale-read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from memcli.core.finding import INFO, WARN, Finding
from memcli.core.memory.anchors import blob_id
from memcli.core.memory.identity import short
from memcli.core.memory.key_types import KEY_PATTERN
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import CodeView, Context, ProposedStore, cited, says_news
from memcli.core.review.checks.form import unsafe_anchor
from memcli.core.text.analysis import stems

CONTAINED_WORDS, CONTAINED_PAIRS, FEWEST_WORDS = 0.9, 0.6, 4
"""From where a body is derivable: shares of its stems and of its pairs of stems. Of 93 real memories beside their
README and CLAUDE.md none has more than 0.65 and 0.11, of the sentences of those files all have 1."""
_ID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def ground_findings(
    candidate: Candidate, after: Memory, proposed: ProposedStore, code: CodeView | None
) -> list[Finding]:
    """What is remarked about an active candidate's grounds; nothing about code where there is none."""
    findings = list(_sources(candidate, after))
    if code and says_news(candidate, after) and contained(after.body, code.prose()):
        step = "leave it out unless it must be recalled without that file"
        findings.append(Finding("derivable", INFO, after.id, "README, AGENTS.md or CLAUDE.md say it already", step))
    if code:
        findings += _anchors(after, code)
    return [*findings, *_links(after, proposed)]


def contained(body: str, prose: str) -> bool:
    """Whether at least 90 % of a body stands in the prose: its words, and most of them in the same order."""
    own = stems(body)
    if len(own) < FEWEST_WORDS:
        return False
    words, pairs = _prose_terms(prose)
    return _share(own, words) >= CONTAINED_WORDS and _share(list(pairwise(own)), pairs) >= CONTAINED_PAIRS


@functools.lru_cache(maxsize=2)
def _prose_terms(prose: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    terms = stems(prose)
    return frozenset(terms), frozenset(pairwise(terms))


def _share(items: Sequence[object], known: frozenset[object]) -> float:
    distinct = set(items)
    return len(distinct & known) / len(distinct)


def _sources(candidate: Candidate, after: Memory) -> Iterator[Finding]:
    """New memories of which nobody can say where they come from."""
    source = after.source
    if candidate.before is None and not (source.session or source.commit or source.ref):
        step = f"say where it comes from: 'source: ref' with a file and line or a URL (`mem edit {short(after.id)}`)"
        yield Finding("source-missing", INFO, after.id, "names no session, commit or reference", step)
    elif candidate.before is None and after.evidence == "document" and not source.ref:
        step = f"name the document in 'source: ref' (`mem edit {short(after.id)}`)"
        yield Finding("source-missing", INFO, after.id, "rests on a document that it does not name", step)


def _anchors(after: Memory, code: CodeView) -> Iterator[Finding]:
    for anchor in after.paths:
        if not unsafe_anchor(anchor.path) and not code.has(anchor.path):
            step = f"correct 'paths' with `mem edit {short(after.id)}`, unless the file is on another branch"
            yield Finding("anchor-missing", INFO, after.id, f"{anchor.path!r} is not in the code", step)


def _links(after: Memory, proposed: ProposedStore) -> Iterator[Finding]:
    """Links by id or key, and the ids of `based_on` and `supersedes`, that name no memory."""
    for target in dict.fromkeys([*_linked(after.body), *after.based_on, *after.supersedes]):
        known = proposed.memory(target) if _ID.fullmatch(target) else proposed.by_key(target)
        if not known:
            step = f"look for what was meant with `mem recall`, then `mem edit {short(after.id)}`"
            yield Finding("dead-link", INFO, after.id, f"{target[:60]!r} names no memory", step)


def _linked(body: str) -> list[str]:
    """The ids and keys in `[[target|text]]`; names and titles are not looked up here."""
    targets = [target.strip() for target in re.findall(r"\[\[([^\[\]|\n]{1,200})(?:\|[^\[\]\n]{0,300})?\]\]", body)]
    return [target for target in targets if _ID.fullmatch(target) or ("." in target and KEY_PATTERN.fullmatch(target))]


def stale_reads(candidates: Sequence[Candidate], context: Context) -> list[Finding]:
    """What this session was shown and mem/main has changed since; a session's own edits are no change."""
    bases = {candidate.id: blob_id(candidate.old_text.encode("utf-8", "surrogatepass")) for candidate in candidates}
    findings = []
    for memory_id, shown in sorted(context.reads.items()):
        now = context.current.get(memory_id)
        if candidates and now and shown != now and bases.get(memory_id) != now:
            memory = context.store.memory(memory_id)
            message = f"{cited(memory) if memory else memory_id} has changed since this session read it"
            step = f"read it again with `mem show {short(memory_id)}`; `mem session update` brings it in"
            findings.append(Finding("stale-read", WARN, memory_id, message, step))
    return findings
