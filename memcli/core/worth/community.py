"""Whether a passage is about reporting issues, asking for help, or being welcome."""

from __future__ import annotations

import re

from memcli.core.worth.extract_facts import ExtractFacts
from memcli.core.worth.titled import titled

_PLACES = (
    r"(?i)\b(?:discord|slack|gitter|matrix|mailing list|forum|stack ?overflow|discussions?|twitter|chat|"
    r"open (?:an? )?(?:new )?issue|report (?:a |the )?bugs?|issue tracker|file (?:an? )?issue|bug reports?|"
    r"feature requests?|thank you|thanks|welcome|appreciate|good first issue|help wanted|getting help|questions?|"
    r"vulnerabilit(?:y|ies)|new issue|existing issues?|issues? (?:list|page|template)|security@|sponsor\w*|"
    r"donat\w+)\b"
)
_COMMUNITY_TITLE = titled(
    r"(?:how to )?(?:report(?:ing)?|filing|file|submit(?:ting)?|open(?:ing)?|creat(?:e|ing)) (?:an? |your |new )?"
    r"(?:good )?(?:bugs?|issues?|feature|security|vulnerabilit\w+)\b.*|.*bug reports?(?: .*)?|"
    r".*feature requests?(?: .*)?|"
    r"(?:suggest|request|propos)(?:ing|ions?)? (?:enhancements?|features?|improvements?|ideas|new features?).*|"
    r".*(?:questions?|get(?:ting)? help|need help|get(?:ting)? in touch|contact(?: us)?|community|support questions)|"
    r"(?:(?:getting|user|community) )?support|"
    r"(?:expense|reimburse|bount|fundrais|fund(?:ing)?\b|invoice).*|"
    r".*ways? (?:to|you can) (?:contribute|help).*|(?:first|your first|small) (?:code )?contributions?.*|"
    r"(?:join|meet|welcome|thank|did you|do you|say|follow|hire|donat|sponsor|financial|finding|find|see you|"
    r"help us|where to|"
    r"want to|"
    r"what (?:can|should) (?:i|you)|i (?:have|want)|non-code|issues?|reporting|improving|i don't)\b.*|"
    r"(?:security|vulnerability) (?:issues?|reports?|disclosure|vulnerabilit\w+)|issues|"
    r".*disclosure.*|.*security (?:issues?|vulnerabilit\w+|bugs?)|becoming an? .*|code contributions?|bugs?|"
    r"discussions?|getting involved|resources|communications?|meetings?|chat|.*(?:office hours|meet-?ups?|mentees?|"
    r"mentors?|adopters?)\b.*|"
    r"fehler melden|fragen|signaler .*|reportar .*|反馈|提问|"
    r"我(?:可以|能)做什么|如何参与.*|参与(?:贡献|社区).*|联系我们|提交 ?issue"
)


_SCOPE = re.compile(
    r"(?i)\b(?:not|n't) (?:be )?(?:consider|treat|regard|view)(?:ed)?\b|\b(?:out of|in) scope\b|"
    r"\bnot (?:a )?(?:security )?(?:vulnerabilit|bug|issue)|\bthreat model|\bby design\b|\btrust(?:s|ed)\b"
)
_PAGES = (
    r"(?:^|[/_-])(?:bug-?reports?|(?:submitting|reporting|filing)[-_](?:security[-_])?(?:issues|bugs)|"
    r"mentorship|mentoring|adopters|community)\.\w+$"
)
"""Pages for those who report, and for the people around a project."""
_GREETING = (
    r"(?i)(?:welcome|thanks?|thank you|hi\b|hello|hey|we(?:'re| are) (?:happy|glad|excited|thrilled)|"
    r"we (?:love|appreciate)|please (?:take a moment|read|review) (?:to )?|first off|want to (?:help|contribute)|"
    r"(?:all |any )?contributions (?:\w+ ){0,5}(?:are|is) (?:\w+ )?welcome)"
)


def _states_scope(subject: ExtractFacts) -> bool:
    """Whether a security policy says what counts as a vulnerability, and so what the code promises."""
    return "security" in f"{subject.path} {subject.title.lower()}" and len(_SCOPE.findall(subject.text)) > 1


def is_community(subject: ExtractFacts) -> bool:
    """Whether a text is about reporting issues, asking for help, or being welcome."""
    is_for_triage = re.search(r"triag|maintain", f"{subject.path} {subject.title.lower()}") is not None
    if subject.memory.type == "stability" or is_for_triage or _states_scope(subject):
        return False
    if re.search(_PAGES, subject.path):
        return True
    if subject.words < 90 and subject.strict < 2 and re.match(_GREETING, subject.text.lstrip("#* \n")):
        return True
    places = len(re.findall(_PLACES, subject.text))
    has_rules = subject.hits + subject.strict > 3
    if _COMMUNITY_TITLE(subject):
        return subject.commands < 8 or re.search(r"(?i)vulnerabilit|bug", subject.title) is not None
    says_more = has_rules or subject.commands + subject.specifics / 4 >= places
    return not says_more and places > 2 and places * 40 > subject.words
