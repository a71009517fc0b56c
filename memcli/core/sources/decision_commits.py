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
from memcli.core.sources.decision_wording import (
    BOT,
    BOTS,
    CHANGE_OF_COURSE,
    DECIDED,
    DECIDED_WORDS,
    DETAILS,
    ENDS_SUPPORT,
    MINOR_WORDS,
    MOST_ITEMS,
    MOST_WORDS,
    ONLY_CODE,
    PASSING,
    PROVISIONAL,
    REASON,
    REPAIRS,
    ROUTINE,
    UNNAMED,
)
from memcli.core.sources.manifests import are_in_use, is_manifest
from memcli.core.sources.named_things import adopted_things
from memcli.core.sources.passage_text import count_words, plain_text, short_title, without_comments, word_list
from memcli.core.sources.passages import CommitMessage, Filing, Passage, memory_of, readable_text, utc_instant
from memcli.core.sources.sections import split_to_fit

MIN_WORDS = 15
MAX_ANCHORS = 5
MAX_SUBJECT = 500
REVERTED = "reverted"
"""The outcome of an attempt that a commit undid."""
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
_PROSE = frozenset((".md", ".rst", ".adoc", ".txt", ".markdown", ".mdx"))
_ASIDE = word_list("test tests spec specs guides docs doc documentation .github .devcontainer __tests__")
_GENERIC_DIRECTORIES = word_list(
    """
    src lib packages pkg app apps crates modules internal cmd test tests source
    """
)


def commit_memory(commit: CommitMessage, known_paths: Collection[str] = (), manifests: str = "") -> Memory | None:
    """The decision or the reverted attempt that a commit records; None for the many that record neither.

    `manifests`: what the manifests of today say, empty where that is not known.
    """
    subject, body = _message(commit)
    type_ = commit_type(commit)
    paths = _anchors(commit.files, known_paths)
    if not type_ or (commit.files and (not paths or all(map(_is_aside, commit.files)))):
        return None
    if type_ == "decision" and not _binds(commit, manifests):
        return None
    text = split_to_fit(f"{subject}\n\n{body}")[0]
    undone = undone_subject(subject) if type_ == "attempt" else ""
    passage = Passage(f"commit:{commit.id}", text, utc_instant(commit.date))
    plain = re.sub(r"\s*\(#\d+\)$", "", undone or subject)
    filing = Filing(
        short_title(f"Tried and reverted: {plain}" if undone else plain) or "Commit",
        type_,
        _topic(subject, commit.files),
        kind="episodic" if type_ == "attempt" else "semantic",
        paths=paths,
    )
    outcome = REVERTED if type_ == "attempt" else None
    return replace(memory_of(passage, filing), source=Source(commit=commit.id, ref=passage.ref), outcome=outcome)


def commit_type(commit: CommitMessage) -> str:
    """`attempt` for a revert with a reason, `decision` for a change of course with one, else ''."""
    subject, body = _message(commit)
    if len(re.findall(r"(?m)^[*-] ", body)) > MOST_ITEMS:
        return ""
    is_bots = re.search(BOT, commit.author) or re.search(BOTS, commit.body)
    if not subject or is_bots or re.search(ROUTINE, subject) or count_words(body) < MIN_WORDS:
        return ""
    prose = " ".join(body.split())
    if re.match(r"(?i)(?:\w+(?:\([^)]*\))?!?: )?revert", subject):
        return "attempt" if _is_attempt(subject, prose) else ""
    if _is_minor(subject) or re.search(REPAIRS, prose) or not re.search(REASON, prose):
        return ""
    says_so = re.search(DECIDED, prose) and DECIDED_WORDS <= count_words(body) <= MOST_WORDS
    return "decision" if says_so or CHANGE_OF_COURSE.match(subject) else ""


def _is_attempt(subject: str, prose: str) -> bool:
    """Whether a revert says what it undoes, and a reason that holds for good."""
    text = re.sub(r"(?i)this reverts commit \w+\.?", "", prose)
    is_undoing = re.search(r"(?i)revert(?:s|ed|ing)? (?:commit |PR |\S*#\d|\"|“)", f"{subject} {prose}")
    has_reason = count_words(text) >= MIN_WORDS and re.search(REASON, text) and not re.search(PROVISIONAL, text)
    return bool(is_undoing and has_reason and _is_telling(undone_subject(subject)))


def _is_breaking(subject: str, body: str) -> bool:
    """Whether a message announces a breaking change."""
    marked = re.search(r"(?m)^BREAKING[ -]CHANGE:", body) or re.match(r"\w+(?:\([^)]*\))?!:", subject)
    return marked is not None


def _is_telling(undone: str) -> bool:
    """Whether what was undone is named, and was meant to stay."""
    return bool(undone) and not re.fullmatch(UNNAMED, undone) and not re.search(PASSING, undone)


def _binds(commit: CommitMessage, manifests: str) -> bool:
    """Whether a decision is more than a way to write code: it changes what the repository is built with, which is in
    use today, ends what users relied on, or says that it is a decision."""
    subject, body = _message(commit)
    if commit.files and any(map(is_manifest, commit.files)):
        adopted = adopted_things(subject)
        return not (adopted and manifests) or are_in_use(adopted, manifests)
    ends_use = _is_breaking(subject, body) or ENDS_SUPPORT.match(subject)
    says_so = ends_use or re.search(DECIDED, " ".join(body.split()))
    return not commit.files or (bool(says_so) and not re.match(ONLY_CODE, subject))


def _is_minor(subject: str) -> bool:
    """Whether a change is about a detail: a fix, tests, documents, one function or type, a patch release."""
    has_minor_word = not MINOR_WORDS.isdisjoint(re.findall(r"\w+", subject.lower()))
    return has_minor_word or any(re.search(detail, subject) for detail in DETAILS)


def undone_subject(subject: str) -> str:
    """The subject of the commit that a revert names; '' where it names none."""
    named = re.match(r"(?i)(?:\w+(?:\([^)]*\))?!?: )?revert(?:ed|s)?:? +[\"'“]?(.+?)[\"'”]?(?:\s*\(#\d+\))?$", subject)
    return named[1] if named else ""


def _message(commit: CommitMessage) -> tuple[str, str]:
    """The subject and the body without trailers; of a merged pull request its title and description."""
    subject = readable_text(commit.subject).replace("\0", "").strip()[:MAX_SUBJECT]
    body = without_comments(readable_text(commit.body).replace("\0", ""))
    if re.match(r"Merge (?:pull request|PR) #\d+", subject):
        subject, _, body = body.strip("\n").partition("\n")
    return subject.strip()[:MAX_SUBJECT], _without_trailers(body)


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


def _is_aside(path: str) -> bool:
    """Whether a file is a document or a test, which decide nothing."""
    file = PurePosixPath(path)
    parts = {part.lower() for part in file.parts[:-1]}
    is_test = re.search(r"(?i)^test_|[_.-](?:test|spec)s?\.\w+$", file.name) is not None
    return file.suffix.lower() in _PROSE or bool(_ASIDE & parts) or is_test


def certainty(commit: CommitMessage) -> int:
    """How clearly a message states a decision with its reason, 0 to 6."""
    subject, body = _message(commit)
    prose = " ".join(body.split())
    points = bool(re.search(DECIDED, prose)) + 2 * bool(CHANGE_OF_COURSE.match(subject))
    return points + (count_words(body) >= 40) + 2 * bool(undone_subject(subject))


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
