"""What a passage is where it is not knowledge about the repository: marketing, an index, a plan, a template.

Each is told by the title and the wording of the passage alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from memcli.core.dream.relative_dates import with_absolute_dates
from memcli.core.sources.documents.audience import teaches_users
from memcli.core.sources.passage_text import is_contents, plain_text, without_fences
from memcli.core.worth.extract_facts import ExtractFacts

_SOME_DAY = datetime(2024, 6, 12, tzinfo=UTC)


@cache
def _titled(pattern: str) -> Callable[[ExtractFacts], bool]:
    """Whether one of the headings that a title is made of matches."""
    compiled = re.compile(rf"(?i)\W*(?:{pattern})\W*")
    return lambda subject: any(compiled.fullmatch(name) for name in subject.title.split(": "))


def is_licence(subject: ExtractFacts) -> bool:
    """Whether a text is about a licence, or says what contributors agree to."""
    titled = _titled(
        r"(?:project )?(?:licen[cs](?:e|es|ing)|copyright|legal|cla|dco)(?: .{0,60})?|.*code of conduct.*|"
        r".*(?:contributor licen[cs]e|developer('s)? certificate).*|lizenz|licence"
    )
    agrees = re.search(
        r"(?i)by (?:contributing|submitting|making a contribution)[^.]{0,60}\b(?:you|i) (?:agree|certify)", subject.text
    )
    return titled(subject) or (agrees is not None and subject.words < 250)


def is_changelog(subject: ExtractFacts) -> bool:
    """Whether a text lists the changes of versions."""
    versions = re.findall(r"(?m)^(?:#+ *)?\[?v?\d+\.\d+(?:\.\d+)?\]?(?: *[-–(].*)?$", subject.text)
    named = re.search(r"(?:^|/)(?:change-?log|changes|history|news|release-?notes?)[^/]*$", subject.path)
    return named is not None or len(versions) > 3


def is_plan_or_status(subject: ExtractFacts) -> bool:
    """Whether a text tells what is planned or how far it is: tasks, rows of dates, a proposed design."""
    if "proposed" in subject.memory.tags and subject.memory.type != "decision":
        return True
    boxes = len(re.findall(r"(?m)^\s*[-*+] \[[ xX]\]", subject.text))
    done = len(re.findall(r"(?m)^\s*[-*+] \[[xX]\]|🚧|⏳", subject.text))
    checklist = re.search(r"(?i)releas|checklist|review|before|deploy|pull request", f"{subject.title} {subject.path}")
    rows = [line for line in subject.text.split("\n") if line.strip()]
    dates = sum(re.search(r"\b20\d\d-\d\d-\d\d\b", line) is not None for line in rows)
    return _PLAN(subject) or done > 2 or (boxes > 3 and not checklist) or (dates > 3 and dates * 3 > len(rows))


def has_placeholders(subject: ExtractFacts) -> bool:
    """Whether a text has holes to fill in; code shows the placeholders of others, and rules speak about them."""
    holes = re.findall(
        r"(?i)\[(?:your|insert|describe|add|name of|title|date|short)\b[^\]\n]{0,80}\](?!\()|\{\{[^}\n]{1,60}\}\}|"
        r"<(?:your|insert|describe|add)[ _-][^>\n]{1,60}>|lorem ipsum|\bTBD\b",
        re.sub(r"`[^`\n]*`", "", without_fences(subject.text)),
    )
    return (len(holes) > 2 and subject.strict < 3) or "template" in subject.path.rpartition("/")[2]


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
    r"(?:security|vulnerability) (?:issues?|reports?|disclosure|vulnerabilit\w+)|issues|"
    r".*disclosure.*|.*security (?:issues?|vulnerabilit\w+|bugs?)|becoming an? .*|.*code contributions?|bugs?|"
    r"discussions?|getting involved|resources|"
    r"fehler melden|fragen|signaler .*|reportar .*|反馈|提问|提交 ?issue"
)


def is_community(subject: ExtractFacts) -> bool:
    """Whether a text is about reporting issues, asking for help, or being welcome."""
    if subject.memory.type == "stability":
        return False
    places = len(re.findall(_PLACES, subject.text))
    has_rules = subject.hits + subject.strict > 3
    if _COMMUNITY_TITLE(subject):
        return subject.commands < 8 or re.search(r"(?i)vulnerabilit|bug", subject.title) is not None
    says_more = has_rules or subject.commands + subject.specifics / 4 >= places
    return not says_more and places > 2 and places * 40 > subject.words


def is_marketing(subject: ExtractFacts) -> bool:
    """Whether a text praises the product."""
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


def is_bare(subject: ExtractFacts) -> bool:
    """Whether a text has next to no words but those of links and badges."""
    prose = re.sub(
        r"!?\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])|https?://\S+|`[^`\n]+`_", " ", _plain_links(subject.text)
    )
    words = len(re.findall(r"[^\W\d_]{2,}", plain_text(prose)))
    has_links = re.search(r"\]\(|\]\[|https?://|>`_", subject.text) is not None
    return has_links and subject.commands == 0 and words < 6 and subject.text.isascii()


def _plain_links(text: str) -> str:
    """The text without reference definitions and images in HTML."""
    return re.sub(r"(?m)^\[[^\]\n]+\]:.*$|<img[^>\n]*>", " ", text)


def is_list_of_links(subject: ExtractFacts) -> bool:
    """Whether a text is a list of links to others."""
    lines = [line for line in subject.text.split("\n") if line.strip()]
    items = [line for line in lines if re.match(r"\s*(?:[-*+]|\d+[.)]) ", line)]
    linked = [
        line for line in items if re.match(r"\s*(?:[-*+]|\d+[.)]) +\**(?:\[(?![ xX]\])|`[^`]+<|https?:|:\w+:`)", line)
    ]
    listed = len(linked) > 2 and len(linked) * 4 > len(items) * 3 and len(items) * 2 > len(lines)
    return is_contents(subject.text) or ".. toctree::" in subject.text or (listed and subject.strict < 4)


def is_reference(subject: ExtractFacts) -> bool:
    """Whether a text is reference that a tool makes from the code, or is headed by a signature."""
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


_LESSONS = re.compile(
    r"tutorial|quick-?start|getting[-_]started|walkthrough|examples?/|cookbook|(?:^|/)learn/|how-?to-?use"
)
_CHAPTERS = re.compile(
    r"(?:^|/)guides?/|usage|install|recipes?|reference|features?|integrations?|plugins?|migrat|upgrad|/api\b|"
    r"user[-_]?guide|how-?to|/cli|command|patterns?/"
)
"""Paths of pages that teach, and of those that most often do."""


def teaches(subject: ExtractFacts) -> bool:
    """Whether a text teaches the use of the product, and states no rule or reason of those who make it."""
    if _LESSONS.search(subject.path):
        return True
    is_own = re.search(r"(?i)\b(?:we|our|this repo(?:sitory)?)\b", subject.text) is not None
    anchored, dense = bool(subject.memory.paths), subject.strict > 2 and subject.strict * 40 > subject.words
    if subject.memory.type in ("decision", "stability"):
        return False
    if _CHAPTERS.search(subject.path) or teaches_users(subject.text):
        return not ((anchored or is_own) and dense)
    return not (anchored or dense or (is_own and subject.strict > 1))


def speaks_of_days(subject: ExtractFacts) -> bool:
    """Whether a text has dates that are relative to the day on which it was written."""
    return bool(with_absolute_dates(subject.text, _SOME_DAY)[1])


def says_it_is_outdated(subject: ExtractFacts) -> bool:
    """Whether a text says that it is outdated."""
    notice = (
        r"(?i)\b(?:documentation|document|page|section|guide)s? (?:is|are|may be) (?:\w+ )?"
        r"(?:outdated|out[ -]of[ -]date|obsolete)"
    )
    return subject.words < 100 and re.search(notice, subject.text) is not None


def is_fragment(subject: ExtractFacts) -> bool:
    """Whether a text is too short to say anything."""
    return subject.words + 4 * subject.commands < 12 or (subject.words < 6 and subject.commands < 2)


is_credits = _titled(
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

is_example = _titled(
    r"examples?\b.*|.* examples?|use cases?\b.*|(?:user )?stories|prior art.*|related work.*|references|"
    r"further reading|see also.*|screenshots?|what next\??|next steps"
)
