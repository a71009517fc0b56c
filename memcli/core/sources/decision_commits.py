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
from memcli.core.sources.passage_text import count_words, plain_text, short_title, without_comments, word_list
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
_BOT = r"(?i)\[bot\]|^(?:dependabot|renovate|greenkeeper|github-actions?|snyk-bot|pre-commit-ci)\b|[ -]bot$"
REVERTED = "reverted"
"""The outcome of an attempt that a commit undid."""
_PREFIX = r"(?:\[[^\]]{1,30}\] ?|[\w./-]{1,60}(?:\([^)]{0,60}\))?!?: |#\d{1,9} ){0,5}"
_CHANGE_OF_COURSE = re.compile(
    rf"(?i){_PREFIX}(?:decid(?:e|ed|es)\b|switch(?:ed|es|ing)?(?: \S+){{0,6}} to\b|"
    r"replac(?:e|ed|es|ing)(?: \S+){1,8} (?:with|by)\b|migrat(?:e|ed|es|ing)(?: \S+){0,6} to\b|"
    r"mov(?:e|ed|es|ing) (?:away from|off|from \S+ to)\b|"
    r"drop(?:s|ped|ping)? (?:support|\S+ support|\S+(?: \S+)?(?: \(#\d+\))?$)|"
    r"(?:remove|stop|end)(?:s|d|ped)? (?:support\w*|using|\S+ support)\b|adopt(?:s|ed)?\b|"
    r"deprecat(?:e|ed|es)\b|standardi[sz]e on\b|no longer\b|abandon|give up\b|"
    r"prefer \S+(?: \S+){0,5} over\b|"
    r"(?:use|prefer|require) \S+(?: \S+){0,5} (?:for all|instead of|rather than|in favou?r of)\b)"
)
_REASON = (
    r"(?i)\b(?:because|since|so that|in order to|due to|the reason|reasons?|which means|otherwise|to avoid|"
    r"trade-?off|we decided|we chose|rationale|motivation|causes?|caused|breaks?|broke|broken|fails?|failing|"
    r"too (?:slow|many|much|hard|complex\w*)|not needed|unmaintained|regress\w*|problem\w*|as (?:it|they|we|this))\b"
)
_DECIDED = (
    r"(?i)\bwe(?:'ve| have)? (?:decided|agreed)\b(?! (?:that )?(?:not )?to (?:check|test|skip|split|wait|postpone))|"
    r"\bdecision:|\bit was (?:decided|agreed)\b|\bADR[- ]?\d+"
)
MOST_WORDS = 150
"""Of a message whose decision stands in its body: a longer one tells of many things."""
_MINOR_WORDS = word_list(
    """
    guide guides typo typos wording heading headings section example examples comment comments readme changelog doc docs
    documentation test tests spec specs require requires workaround extra unused stale unnecessary fix fixes fixed
    warning warnings message devcontainer snapshot rubocop cop lint lints linted linter linters linting
    """
)
_MINOR_START = (
    r"(?i)^(?:fix|bug-?fix|hotfix|test|docs?|style|lint|typo|format|chore|ci|nit|correct|clean-?up|tweak|repair)"
    r"(?:e[sd]|s|ed|ing)?\b"
)
_ONE_FUNCTION = r"(?i)\b(?:drop|stop|use|using|remove|replace)\b.*\(\)"
_PATCH_RELEASE = r"\b\d+\.\d+\.\d+\b"
_CODE_NAME = (
    r"\b[a-z][a-z0-9]*_\w+|\b[A-Z0-9]+_[A-Z0-9_]+\b|::|\w<[A-Z]|\b[a-z]{2,}[A-Z][a-z]|`(?:[A-Z][a-z0-9]+){2,}`|"
    r"`[^`\n]*[a-z_]\.[a-z_][^`\n]*`"
)
"""A subject that names functions, fields and types tells how the code is written, not what binds later work."""
_DETAILS = (_MINOR_START, _ONE_FUNCTION, _PATCH_RELEASE, _CODE_NAME)
_REPAIRS = (
    r"(?i)\b(?:could panic|panics|segfaults?|(?:fix(?:es)?|address(?:es)?) (?:a|the|this) (?:\w+ )?(?:regression|bug|"
    r"crash|race|issue|failure)|failed with|fails? to \w+ with|"
    r"(?:test|CI|job) (?:is |was )?(?:failing|fails|failed|flaky))\b"
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
_PROSE = frozenset((".md", ".rst", ".adoc", ".txt", ".markdown", ".mdx"))
_ASIDE = word_list("test tests spec specs guides docs doc documentation .github .devcontainer __tests__")
_GENERIC_DIRECTORIES = word_list(
    """
    src lib packages pkg app apps crates modules internal cmd test tests source
    """
)


def commit_memory(commit: CommitMessage, known_paths: Collection[str] = ()) -> Memory | None:
    """The decision or the reverted attempt that a commit records; None for the many that record neither."""
    subject, body = _message(commit)
    type_ = commit_type(commit)
    paths = _anchors(commit.files, known_paths)
    if not type_ or (commit.files and (not paths or all(map(_is_aside, commit.files)))):
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
    is_bots = re.search(_BOT, commit.author) or re.search(_BOTS, commit.body)
    if not subject or is_bots or re.search(_ROUTINE, subject) or count_words(body) < MIN_WORDS:
        return ""
    prose = " ".join(body.split())
    if re.match(r"(?i)(?:\w+(?:\([^)]*\))?!?: )?revert", subject):
        text = re.sub(r"(?i)this reverts commit \w+\.?", "", prose)
        is_undoing = re.search(r"(?i)revert(?:s|ed|ing)? (?:commit |PR |\S*#\d|\"|“)", f"{subject} {prose}")
        has_reason = count_words(text) >= MIN_WORDS and re.search(_REASON, text)
        return "attempt" if is_undoing and has_reason else ""
    breaking = re.search(r"(?m)^BREAKING[ -]CHANGE:", body) or re.match(r"\w+(?:\([^)]*\))?!:", subject)
    if breaking and re.search(_REASON, prose):
        return "decision"
    is_minor = _is_minor(subject) or re.search(_REPAIRS, prose)
    if re.search(_DECIDED, prose) and re.search(_REASON, prose) and not is_minor and count_words(body) <= MOST_WORDS:
        return "decision"
    changes_course = _CHANGE_OF_COURSE.match(subject) and not is_minor
    return "decision" if changes_course and re.search(_REASON, prose) else ""


def _is_minor(subject: str) -> bool:
    """Whether a change is about a detail: a fix, tests, documents, one function or type, a patch release."""
    has_minor_word = not _MINOR_WORDS.isdisjoint(re.findall(r"\w+", subject.lower()))
    return has_minor_word or any(re.search(detail, subject) for detail in _DETAILS)


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
    points = bool(re.search(_DECIDED, prose)) + 2 * bool(_CHANGE_OF_COURSE.match(subject))
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
