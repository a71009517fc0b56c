"""Why an extract is not proposed however high its score: THE table of reasons, in the order in which they are asked.

A reason is a phrase for the report. Rows say to which readers they apply: what a document is judged for need not hold
for a decision record or for a note that somebody kept already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from memcli.core.dream.relative_dates import with_absolute_dates
from memcli.core.sources.documents.audience import teaches_users
from memcli.core.sources.passage_text import is_contents, plain_text
from memcli.core.worth.subject import BANKS, DOCS, GUIDES, RULES, Subject

DOCUMENTS = frozenset((GUIDES, DOCS))
TEXTS = DOCUMENTS | {RULES, BANKS}
_SOME_DAY = datetime(2024, 6, 12, tzinfo=UTC)


@dataclass(frozen=True)
class LeftOut:
    """A reason, the readers it applies to, and what tells that it holds."""

    reason: str
    readers: frozenset[str]
    holds: Callable[[Subject], bool]


def _titled(pattern: str) -> Callable[[Subject], bool]:
    """Whether one of the headings that a title is made of matches."""
    compiled = re.compile(rf"(?i)\W*(?:{pattern})\W*")
    return lambda subject: any(compiled.fullmatch(name) for name in subject.title.split(": "))


def _is_licence(subject: Subject) -> bool:
    titled = _titled(
        r"(?:project )?(?:licen[cs](?:e|es|ing)|copyright|legal|(?:contributor )?code of conduct|cla|"
        r"dco)(?: .{0,60})?|"
        r".*(?:contributor licen[cs]e|developer('s)? certificate).*|lizenz|licence"
    )
    agrees = re.search(
        r"(?i)by (?:contributing|submitting|making a contribution)[^.]{0,60}\b(?:you|i) (?:agree|certify)", subject.text
    )
    return titled(subject) or (agrees is not None and subject.words < 250)


def _is_changelog(subject: Subject) -> bool:
    versions = re.findall(r"(?m)^(?:#+ *)?\[?v?\d+\.\d+(?:\.\d+)?\]?(?: *[-–(].*)?$", subject.text)
    named = re.search(r"(?:^|/)(?:change-?log|changes|history|news|release-?notes?)[^/]*$", subject.path)
    return named is not None or len(versions) > 3


def _is_plan(subject: Subject) -> bool:
    boxes = len(re.findall(r"(?m)^\s*[-*+] \[[ xX]\]", subject.text))
    done = len(re.findall(r"(?m)^\s*[-*+] \[[xX]\]|🚧|⏳", subject.text))
    checklist = re.search(r"(?i)releas|checklist|review|before|deploy|pull request", f"{subject.title} {subject.path}")
    rows = [line for line in subject.text.split("\n") if line.strip()]
    dates = sum(re.search(r"\b20\d\d-\d\d-\d\d\b", line) is not None for line in rows)
    return done > 2 or (boxes > 3 and not checklist) or (dates > 3 and dates * 3 > len(rows))


def _is_template(subject: Subject) -> bool:
    holes = re.findall(
        r"(?i)\[(?:your|insert|describe|add|name of|title|date|short)\b[^\]\n]{0,80}\](?!\()|\{\{[^}\n]{1,60}\}\}|"
        r"<(?:your|insert|describe|add)[ _-][^>\n]{1,60}>|lorem ipsum|\bTBD\b",
        subject.text,
    )
    return len(holes) > 2 or "template" in subject.path.rpartition("/")[2]


_PLACES = (
    r"(?i)\b(?:discord|slack|gitter|matrix|mailing list|forum|stack ?overflow|discussions?|twitter|chat|"
    r"open (?:an? )?(?:new )?issue|report (?:a |the )?bugs?|issue tracker|file (?:an? )?issue|bug reports?|"
    r"feature requests?|thank you|thanks|welcome|appreciate|good first issue|help wanted|getting help|questions?|"
    r"vulnerabilit(?:y|ies)|new issue|existing issues?|issues? (?:list|page|template)|security@|sponsor\w*|"
    r"donat\w+)\b"
)
_COMMUNITY_TITLE = _titled(
    r"(?:how to )?(?:report(?:ing)?|filing|file|submit(?:ting)?|open(?:ing)?|creat(?:e|ing)) (?:an? |your |new )?"
    r"(?:good )?(?:bugs?|issues?|feature|security|vulnerabilit\w+)\b.*|.*bug reports?(?: .*)?|"
    r".*feature requests?(?: .*)?|"
    r"(?:suggest|request|propos)(?:ing|ions?)? (?:enhancements?|features?|improvements?|ideas|new features?).*|"
    r".*(?:questions?|getting help|need help|get(?:ting)? in touch|contact(?: us)?|community|support(?: questions)?)|"
    r".*ways? (?:to|you can) (?:contribute|help).*|(?:first|your first|small) (?:code )?contributions?.*|"
    r"(?:join|meet|welcome|thank|did you|do you|say|follow|hire|donat|sponsor|financial|finding|find|see you|"
    r"help us|where to|"
    r"want to|"
    r"what (?:can|should) (?:i|you)|i (?:have|want)|non-code|issues?|reporting|improving|i don't)\b.*|"
    r"(?:security|vulnerability)(?: policy| issues?| reports?| disclosure| vulnerabilit\w+)?|issues|"
    r".*disclosure.*|.*security (?:issues?|vulnerabilit\w+|bugs?)|becoming an? .*|.*code contributions?|bugs?|"
    r"discussions?|getting involved|resources|"
    r"fehler melden|fragen|signaler .*|reportar .*|反馈|提问|提交 ?issue"
)


def _is_community(subject: Subject) -> bool:
    places = len(re.findall(_PLACES, subject.text))
    if _COMMUNITY_TITLE(subject):
        return subject.commands < 3 or "vulnerabilit" in subject.title.lower()
    return places > 2 and places * 40 > subject.words and subject.commands + subject.specifics / 4 < places


_FORK_STEPS = (
    r"(?i)\bfork(?:ed|ing)?\b|\bclone\b|\bupstream\b|(?:feature|topic|new|your) branch|checkout -b|"
    r"push (?:to|your|the|origin)|git (?:push|commit|add|checkout|fetch|clone|remote|pull|switch|rebase)|"
    r"open a (?:pull request|pr)|(?:submit|create|send|make) (?:a |your |the )?(?:new )?(?:pull request|pr)\b|"
    r"commit your changes|your github (?:user|account)"
)


def _is_about_forks(subject: Subject) -> bool:
    steps = {step.lower() for step in re.findall(_FORK_STEPS, subject.text)}
    git = len(re.findall(r"(?m)^\s*(?:\$ )?(?:git|cd|gh|hub) ", subject.text)) + subject.text.count("`git ")
    own = subject.commands - git
    titled = re.search(
        r"(?i)\b(?:fork|clon\w+|first-time setup|pull requests?|git(?:hub)?(?: flow)?|your (?:pr|branch))\b",
        subject.title,
    )
    release = re.search(r"(?i)releas|deploy|publish|maintain", f"{subject.title} {subject.path}")
    is_most = len(steps) * 60 > subject.words
    return (
        not release
        and is_most
        and len(steps) > (1 if titled else 2)
        and own < 3
        and subject.strict < (4 if titled else 6)
    )


def _is_marketing(subject: Subject) -> bool:
    praise = re.findall(
        r"(?i)\b(?:blazing\w*|lightning|powerful|beautiful\w*|modern|seamless\w*|effortless\w*|intuitive|robust|"
        r"feature-rich|cutting[- ]edge|state[- ]of[- ]the[- ]art|easy to use|easily|delightful|elegant|world-class|"
        r"out of the box|production[- ]ready|enterprise|next[- ]generation|revolutioni\w+|amazing|awesome|"
        r"super fast)\b",
        subject.text,
    )
    features = _titled(
        r"(?:key |main |core )?features?|highlights?|why choose .*|what is (?!not)(?:\S+ ?){1,3}|about(?: .*)?|"
        r"showcase|demo"
    )
    return (len(praise) > 2 and len(praise) * 40 > subject.words) or (features(subject) and subject.strict < 3)


def _is_bare(subject: Subject) -> bool:
    prose = re.sub(
        r"!?\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])|https?://\S+|`[^`\n]+`_", " ", plain_links(subject.text)
    )
    words = len(re.findall(r"[^\W\d_]{2,}", plain_text(prose)))
    has_links = re.search(r"\]\(|\]\[|https?://|>`_", subject.text) is not None
    return has_links and subject.commands == 0 and words < 6 and subject.text.isascii()


def plain_links(text: str) -> str:
    """The text without reference definitions and images in HTML."""
    return re.sub(r"(?m)^\[[^\]\n]+\]:.*$|<img[^>\n]*>", " ", text)


def _is_index(subject: Subject) -> bool:
    lines = [line for line in subject.text.split("\n") if line.strip()]
    items = [line for line in lines if re.match(r"\s*(?:[-*+]|\d+[.)]) ", line)]
    linked = [
        line for line in items if re.match(r"\s*(?:[-*+]|\d+[.)]) +\**(?:\[(?![ xX]\])|`[^`]+<|https?:|:\w+:`)", line)
    ]
    listed = len(linked) > 2 and len(linked) * 4 > len(items) * 3 and len(items) * 2 > len(lines)
    return is_contents(subject.text) or ".. toctree::" in subject.text or (listed and subject.strict < 4)


def _is_reference(subject: Subject) -> bool:
    directives = re.findall(
        r"(?m)^\s*(?:\.\. (?:auto\w+|py:\w+|click|function|class|method|module)::|::: \w)", subject.text
    )
    rows = [line for line in subject.text.split("\n") if line.strip()]
    tables = sum(line.lstrip().startswith("|") for line in rows)
    generated = _titled(
        r"(?:inputs?|outputs?|resources|providers|requirements|modules|parameters|options|properties|props|methods)"
    )
    signature = re.search(r"(?:^|: )(?:await |async |def |func |static )*[\w.<>:]*\w\(.*\)?$|^\.\w+\(", subject.title)
    return (
        signature is not None or len(directives) * 40 > subject.words or (generated(subject) and tables * 2 > len(rows))
    )


def _teaches(subject: Subject) -> bool:
    where = re.search(
        r"tutorial|quick-?start|getting[-_]started|(?:^|/)guides?/|usage|install|examples?|cookbook|recipes?|"
        r"reference|"
        r"features?|integrations?|plugins?|migrat|upgrad|/api\b|walkthrough|user[-_]?guide|how-?to|/cli|command",
        subject.path,
    )
    owned = re.search(r"(?i)\b(?:we|our|this repo(?:sitory)?)\b", subject.text) is not None or bool(
        subject.memory.paths
    )
    if where:
        return not (owned and subject.strict > 2)
    return teaches_users(subject.text) or not (owned or subject.strict > 3)


def _speaks_of_days(subject: Subject) -> bool:
    return bool(with_absolute_dates(subject.text, _SOME_DAY)[1])


def _is_outdated(subject: Subject) -> bool:
    notice = (
        r"(?i)\b(?:documentation|document|page|section|guide)s? (?:is|are|may be) (?:\w+ )?"
        r"(?:outdated|out[ -]of[ -]date|obsolete)"
    )
    return subject.words < 100 and re.search(notice, subject.text) is not None


def _is_fragment(subject: Subject) -> bool:
    return subject.words + 3 * subject.commands < 12 or (subject.words < 6 and subject.commands < 2)


_CREDITS = _titled(
    r"(?:the )?(?:credits?|acknowledge?ments?|thanks(?: .*)?|authors?|(?:our )?(?:contributors|sponsors|backers|"
    r"team)|"
    r"about (?:me|us|the authors?)|biography|hall of fame|danksagung|remerciements|agradecimientos|致谢|谢辞)"
)
_PLAN = _titled(
    r"(?:project |public )?(?:roadmap|to-?do(?:s| list)?|future|future .*|.* ideas|milestones?|"
    r"next steps|backlog|(?:current |project )?status|progress(?: report)?|timeline|(?:release )?schedule|ideas|"
    r"wish ?list|"
    r"(?:implementation |project |rollout )?plans?|phase \w+.*|sprint.*|open questions|fahrplan|feuille de route|"
    r"路线图)"
)

_EXAMPLE = _titled(
    r"examples?\b.*|.* examples?|use cases?\b.*|(?:user )?stories|prior art.*|related work.*|references|"
    r"further reading|see also.*|screenshots?|what next\??|next steps"
)

REASONS = (
    LeftOut("a licence or code of conduct", DOCUMENTS, _is_licence),
    LeftOut("biography or credits", TEXTS, _CREDITS),
    LeftOut("a changelog", DOCUMENTS, _is_changelog),
    LeftOut("API reference", TEXTS, _is_reference),
    LeftOut("an index", TEXTS, _is_index),
    LeftOut("badges and links only", TEXTS, _is_bare),
    LeftOut("a template", TEXTS, _is_template),
    LeftOut("a plan or status report", TEXTS, lambda subject: _PLAN(subject) or _is_plan(subject)),
    LeftOut("marketing", TEXTS, _is_marketing),
    LeftOut("about reporting issues or asking for help", DOCUMENTS, _is_community),
    LeftOut("how forks and pull requests work", DOCUMENTS, _is_about_forks),
    LeftOut("it speaks of a day that it does not name", DOCUMENTS, _speaks_of_days),
    LeftOut("it teaches users of the product", frozenset((DOCS,)), _teaches),
    LeftOut("it says that it is outdated", DOCUMENTS, _is_outdated),
    LeftOut("an example", DOCUMENTS, _EXAMPLE),
    LeftOut("a fragment", DOCUMENTS, _is_fragment),
)


def left_out(subject: Subject) -> str:
    """The first reason that holds, else ''."""
    rows = (row for row in REASONS if subject.reader.name in row.readers)
    return next((row.reason for row in rows if row.holds(subject)), "")
