"""What a passage is where it is not knowledge about the repository: marketing, an index, a plan, a template.

Each is told by the title and the wording of the passage alone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from memcli.core.dream.relative_dates import with_absolute_dates
from memcli.core.sources.documents.audience import teaches_users
from memcli.core.sources.documents.request_template import is_request_template
from memcli.core.sources.passage_text import count_words, is_contents, plain_text, without_fences
from memcli.core.worth.extract_facts import ExtractFacts
from memcli.core.worth.titled import titled

_SOME_DAY = datetime(2024, 6, 12, tzinfo=UTC)


def is_licence(subject: ExtractFacts) -> bool:
    """Whether a text is about a licence, or says what contributors agree to."""
    names_it = titled(
        r"(?:project )?(?:licen[cs](?:e|es|ing)|copyright|legal|cla|dco)(?: .{0,60})?|.*code of conduct.*|"
        r".*(?:contributor licen[cs]e|developer('s)? certificate).*|lizenz|licence"
    )
    agrees = re.search(
        r"(?i)by (?:contributing|submitting|making a contribution)[^.]{0,60}\b(?:you|i) (?:agree|certify)", subject.text
    )
    licensed = subject.words < 60 and re.search(r"(?i)\blicen[cs]ed under\b", subject.text) is not None
    named = names_it(subject) and not subject.commands  # the heading above may say it of a section about something else
    return named or licensed or (agrees is not None and subject.words < 250)


def is_changelog(subject: ExtractFacts) -> bool:
    """Whether a text lists the changes of versions, or what users have to give up in one."""
    versions = re.findall(r"(?m)^(?:#+ *)?\[?v?\d+\.\d+(?:\.\d+)?\]?(?: *[-–(].*)?$", subject.text)
    named = re.search(
        r"(?:^|/)(?:change-?log|changes|history|news|release-?notes?|deprecat(?:ions?|ed)|breaking-changes)[^/]*$",
        subject.path,
    )
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
    is_dated = dates > 3 and dates * 3 > len(rows) and subject.commands < 4
    return _PLAN(subject) or done > 2 or (boxes > 3 and not checklist) or is_dated


def has_placeholders(subject: ExtractFacts) -> bool:
    """Whether a text has holes to fill in; code shows the placeholders of others, and rules speak about them."""
    holes = re.findall(
        r"(?i)\[(?:your|insert|describe|add|name of|title|date|short)\b[^\]\n]{0,80}\](?!\()|\{\{[^}\n]{1,60}\}\}|"
        r"<(?:your|insert|describe|add)[ _-][^>\n]{1,60}>|lorem ipsum|\bTBD\b",
        re.sub(r"`[^`\n]*`", "", without_fences(subject.text)),
    )
    is_form = re.search(r"(?i)\buse this section to tell\b", subject.text) is not None
    named = "template" in subject.path.rpartition("/")[2] and not is_request_template(subject.extract.path)
    return is_form or named or (len(holes) > 2 and subject.strict < 3)


def is_marketing(subject: ExtractFacts) -> bool:
    """Whether a text praises the product."""
    praise = re.findall(
        r"(?i)\b(?:blazing\w*|lightning|powerful|beautiful\w*|modern|seamless\w*|effortless\w*|intuitive|robust|"
        r"feature-rich|cutting[- ]edge|state[- ]of[- ]the[- ]art|easy to use|easily|delightful|elegant|world-class|"
        r"out of the box|production[- ]ready|enterprise|next[- ]generation|revolutioni\w+|amazing|awesome|"
        r"super fast)\b",
        subject.text,
    )
    features = titled(
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
    is_only_links = has_links and subject.commands == 0 and words < 6 and subject.text.isascii()
    return is_only_links or _points_elsewhere(subject)


_LINK = r"\]\(|\]\[|https?://|>`_|:(?:doc|ref):`|\b(?:wiki|README)\b"
_POINTS = re.compile(
    r"(?i)\b(?:see|read|refer|consult|check(?: out)?|visit|find|found|described?|documented|detailed|available|located|"
    r"hosted|listed|explained|outlined|head (?:over )?to|look at|go to|take a look|consider opening|in the)\b"
)
FEWEST_OWN_WORDS = 10


def _points_elsewhere(subject: ExtractFacts) -> bool:
    """Whether a short text has hardly a sentence that does not refer to another text."""
    if subject.words > 80 or subject.commands or not re.search(_LINK, subject.text):
        return False
    sentences = re.split(r"(?<=[.!?:])\s+|\n[ \t]*\n|\n(?=[ \t]*(?:[-*+#]|\d+[.)]) ?)", subject.text)
    own = (text for text in sentences if not (re.search(_LINK, text) and _POINTS.search(text)))
    return sum(count_words(text) for text in own if not text.lstrip().startswith("#")) < FEWEST_OWN_WORDS


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


_OPTION_COLUMNS = (
    r"(?im)^ *\| *[*`]*(?:flags?|options?|parameters?|params?|arguments?|propert(?:y|ies)|props?|events?|endpoints?|"
    r"method|fields?|attributes?|inputs?|outputs?|keys?|commands?|shortcuts?|(?:environment )?variables?|"
    r"env(?: vars?)?|settings?)\b"
)
"""The first column of a table that lists what users may give."""


def is_reference(subject: ExtractFacts) -> bool:
    """Whether a text is reference that a tool makes from the code, or is headed by a signature."""
    directives = re.findall(
        r"(?m)^\s*(?:\.\. (?:auto\w+|py:\w+|click|function|class|method|module)::|::: \w)", subject.text
    )
    rows = [line for line in subject.text.split("\n") if line.strip()]
    tables = sum(line.lstrip().startswith("|") for line in rows)
    generated = titled(
        r"(?:inputs?|outputs?|resources|providers|requirements|modules|parameters|options|properties|props|methods)"
    )
    signature = re.search(r"(?:^|: )(?:await |async |def |func |static )*[\w.<>:]*\w\(.*\)?$|^\.\w+\(", subject.title)
    is_table = tables > 4 and tables * 2 > len(rows) and subject.strict < 3
    listed = is_table and (generated(subject) or re.search(_OPTION_COLUMNS, subject.text) is not None)
    return signature is not None or len(directives) * 40 > subject.words or listed


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
    if subject.memory.type == "stability" and subject.specifics > 2:
        return False
    return subject.words + 4 * subject.commands < 12 or (subject.words < 6 and subject.commands < 2)


_IS_CREDITS = titled(
    r"(?:the )?(?:credits?|acknowledge?ments?|thanks(?: .*)?|authors?|(?:our )?(?:contributors|sponsors|backers|"
    r"team)|"
    r"about (?:me|us|the authors?)|biography|hall of fame|danksagung|remerciements|agradecimientos|致谢|谢辞)"
)


def is_credits(subject: ExtractFacts) -> bool:
    """Whether a text thanks people, or is a list of them."""
    items = re.findall(r"(?m)^\s*(?:[-*+|]|\d+[.)]) *\S.*", subject.text)
    people = sum(
        re.search(r"(?<![\w`/])@[\w-]{2,}|github\.com/[\w-]+\)|mailto:|\w@\w", item) is not None for item in items
    )
    is_roster = people > 2 and people * 2 > len(items) and subject.strict < 3 and subject.commands == 0
    return _IS_CREDITS(subject) or is_roster


_PLAN = titled(
    r"(?:project |public )?(?:roadmap|to-?do(?:s| list)?|future|future .*|.* ideas|ideas for .*|milestones?|"
    r"next steps|backlog|(?:current |project )?status|progress(?: report)?|timeline|(?:release )?schedule|ideas|"
    r"wish ?list|"
    r"(?:implementation |project |rollout )?plans?|phase \w+.*|sprint.*|open questions|fahrplan|feuille de route|"
    r"路线图)"
)

_EXAMPLE = (
    r"examples?\b.*|.* examples?|use cases?\b.*|(?:user )?stories|prior art.*|related work.*|references|"
    r"further reading|see also.*|screenshots?|what next\??|next steps"
)
_IS_EXAMPLE, _IS_EXAMPLE_HEADING = titled(_EXAMPLE), re.compile(rf"(?i)\W*(?:{_EXAMPLE})\W*")


def is_example(subject: ExtractFacts) -> bool:
    """Whether a text only shows examples, or what to read next; rules about examples are rules."""
    is_about = not _IS_EXAMPLE_HEADING.fullmatch(subject.title.rpartition(": ")[2])
    return _IS_EXAMPLE(subject) and not (is_about and subject.hits + subject.strict > 2)
