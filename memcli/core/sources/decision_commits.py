"""Commits that record a decision: the subject says what changes course, the body says why. Precision over recall.

The evidence is `document`: the message says so, but nobody checked that it still holds. A revert is an episodic memory
of an attempt; every other decision holds from its commit on.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import PurePosixPath

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.memory import Memory, Source
from memcli.core.sources.passage_text import count_words, plain_text, short_title, word_list
from memcli.core.sources.passages import CommitMessage, Filing, Passage, memory_of, readable_text, utc_instant
from memcli.core.sources.sections import split_to_fit

MIN_WORDS = 15
MAX_ANCHORS = 5
MAX_SUBJECT = 500
_ROUTINE = (
    r"(?i)^(?:merge\b|bump\b|release\b|prepare (?:for )?(?:the )?(?:next )?release|"
    r"update (?:dependency|dependencies|deps|changelog|translations|lockfile|\S+ (?:to|from) v?\d|module \S+ to)|"
    r"upgrade \S+ (?:to|from) v?\d|version \d|v?\d+\.\d+|"
    r"(?:chore|build|fix|ci|deps)\((?:deps|deps-dev|release|main|version)\)|chore: (?:release|bump|update deps)|wip\b|"
    r"automat(?:ic|ed) |\[bot\]|\[ci skip\]|sync\b|roll \S+ from|fixup!|squash!|amend!|initial commit|"
    r"revert \"?(?:merge|revert)\b|pre-commit\.ci|weblate|translated using|backport\b|cherry[- ]pick)"
)
_BOTS = (
    r"(?im)^(?:signed-off-by|co-authored-by|author):.*(?:\[bot\]|dependabot|renovate|greenkeeper|snyk-bot|github-actions|"
    r"pre-commit-ci)"
)
_CHANGE_OF_COURSE = (
    r"(?i)\b(?:decid(?:e|ed|es)|switch(?:ed|es|ing)?(?: \S+){0,6} to|replac(?:e|ed|es|ing)(?: \S+){1,8} (?:with|by)|"
    r"migrat(?:e|ed|es|ing)(?: \S+){0,6} to|mov(?:e|ed|es|ing) (?:away from|off|from \S+ to)|"
    r"drop(?:s|ped|ping)? \S+|(?:remove|stop|end)(?:s|d|ped)? (?:support|using)|instead of|in favou?r of|"
    r"adopt(?:s|ed)?|deprecat(?:e|ed|es)|standardi[sz]e on|rather than|no longer|"
    r"(?:use|prefer) \S+(?: \S+){0,3} (?:over|for all)|abandon|give up)\b"
)
_REASON = (
    r"(?i)\b(?:because|since|so that|in order to|due to|the reason|reasons?|why|which means|otherwise|to avoid|"
    r"rather than|instead of|trade-?off|we decided|we chose|rationale|motivation|as (?:it|they|we|this)|therefore)\b"
)
_DECIDED = (
    r"(?i)\b(?:we(?:'ve| have)?|I) (?:decided|chose|chosen|agreed)\b|\bdecision:|\bit was (?:decided|agreed)\b|"
    r"\bADR[- ]?\d+"
)
_MINOR = (
    r"(?i)^(?:fix|bug-?fix|hotfix|test|docs?|style|lint|typo|format|chore|ci|nit|correct|clean-?up|tweak|repair)"
    r"(?:e[sd]|s|ed|ing)?\b"
)
_TRAILER = (
    r"(?i)[a-z-]+-(?:by|id|on|url|with|to): \S.*|(?:fix(?:es)?|close[sd]?|resolve[sd]?|refs?|bug|issue|link|cc|see|"
    r"part of|relates to)(?::? +(?:\S+/\S*)?#\d+.*|: +https?://\S+|: +[A-Z]+-\d+)|\(cherry picked from .*|"
    r"git-svn-id: .*"
)
_LOCK_FILES = word_list(
    """
    package-lock.json yarn.lock pnpm-lock.yaml poetry.lock uv.lock Cargo.lock go.sum Gemfile.lock
    composer.lock
    """
)
_GENERIC_DIRECTORIES = word_list(
    """
    src lib packages pkg app apps crates modules internal cmd test tests source
    """
)


def commit_memory(commit: CommitMessage, known_paths: Collection[str] = ()) -> Memory | None:
    """The decision or the reverted attempt that a commit records; None for the many that record neither."""
    subject = readable_text(commit.subject).replace("\0", "").strip()[:MAX_SUBJECT]
    body = _without_trailers(readable_text(commit.body).replace("\0", ""))
    type_ = _type(subject, body, commit.body)
    if not type_:
        return None
    passage = Passage(f"commit:{commit.id}", split_to_fit(f"{subject}\n\n{body}")[0], utc_instant(commit.date))
    filing = Filing(
        short_title(re.sub(r"\s*\(#\d+\)$", "", subject)) or "Commit",
        type_,
        _topic(subject, commit.files),
        kind="episodic" if type_ == "attempt" else "semantic",
        paths=_anchors(commit.files, known_paths),
    )
    return replace(memory_of(passage, filing), source=Source(commit=commit.id, ref=passage.ref))


def _type(subject: str, body: str, raw_body: str) -> str:
    """`attempt` for a revert with a reason, `decision` for a change of course with one, else ''."""
    if not subject or re.search(_ROUTINE, subject) or re.search(_BOTS, raw_body) or count_words(body) < MIN_WORDS:
        return ""
    prose = " ".join(body.split())
    if re.match(r"(?i)(?:\w+(?:\([^)]*\))?!?: )?revert", subject):
        text = re.sub(r"(?i)this reverts commit \w+\.?", "", prose)
        return "attempt" if count_words(text) >= MIN_WORDS and re.search(_REASON, text) else ""
    breaking = re.search(r"(?m)^BREAKING[ -]CHANGE:", body) or re.match(r"\w+(?:\([^)]*\))?!:", subject)
    if re.search(_DECIDED, prose) or (breaking and re.search(_REASON, prose)):
        return "decision"
    changes_course = re.search(_CHANGE_OF_COURSE, subject) and not re.search(_MINOR, subject)
    return "decision" if changes_course and re.search(_REASON, prose) else ""


def _without_trailers(body: str) -> str:
    """The message without the trailers at its end; a line that announces a breaking change is no trailer."""
    lines = body.strip("\n").split("\n")
    while lines and (not lines[-1].strip() or _is_trailer(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def _is_trailer(line: str) -> bool:
    return re.fullmatch(_TRAILER, line[:500].strip()) is not None


def _anchors(files: tuple[str, ...], known_paths: Collection[str]) -> tuple[Anchor, ...]:
    """Up to `MAX_ANCHORS` of the commit's files that still exist, without blobs: those have changed since."""
    paths = [path for path in dict.fromkeys(files) if PurePosixPath(path).name not in _LOCK_FILES]
    return tuple(Anchor(path) for path in paths if not known_paths or path in known_paths)[:MAX_ANCHORS]


def _topic(subject: str, files: tuple[str, ...]) -> str:
    """The scope of a conventional subject, else the directory that most of the files share, else `history`."""
    scope = re.match(r"(?:revert: )?[A-Za-z]+\(([^)]+)\)!?:", subject)
    if scope:
        return plain_text(scope[1])
    directories = [
        [part for part in PurePosixPath(path).parts[:-1] if part not in _GENERIC_DIRECTORIES] for path in files
    ]
    firsts = [parts[0] for parts in directories if parts]
    best = max(sorted(set(firsts)), key=firsts.count, default="")
    return best if best and firsts.count(best) * 2 >= len(files) and not best.startswith(".") else "history"
