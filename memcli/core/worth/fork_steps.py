"""Whether a passage only explains how forks and pull requests work, which is the same in every repository."""

from __future__ import annotations

import re

from memcli.core.worth.extract_facts import ExtractFacts

_FORK_STEPS = (
    r"(?i)\bfork(?:ed|ing)?\b|\bclone\b|\bupstream\b|(?:feature|topic|new|your) branch|checkout -b|"
    r"push (?:to|your|the|origin)|git (?:push|commit|add|checkout|fetch|clone|remote|pull|switch|rebase)|"
    r"open a (?:pull request|pr)|(?:submit|create|send|make) (?:a |your |the )?(?:new )?(?:pull request|pr)\b|"
    r"commit your changes|your github (?:user|account)"
)


def is_about_forks(subject: ExtractFacts) -> bool:
    """Whether a text explains forks and pull requests in general."""
    steps = {step.lower() for step in re.findall(_FORK_STEPS, subject.text)}
    git = len(re.findall(r"(?m)^\s*(?:\$ )?(?:git|cd|gh|hub) ", subject.text)) + subject.text.count("`git ")
    own = subject.commands - git
    titled = re.search(
        r"(?i)\b(?:fork|clon\w+|first-time setup|pull requests?|git(?:hub)?(?: flow)?|your (?:pr|branch))\b",
        subject.title,
    )
    release = re.search(r"(?i)releas|deploy|publish|maintain", f"{subject.title} {subject.path}")
    is_most = len(steps) * 60 > subject.words
    if re.search(r"(?i)\bclon\w+|\b(?:get|source) (?:the )?(?:source|code)", subject.title) and own < 1:
        return True
    return (
        not release
        and is_most
        and len(steps) > (1 if titled else 2)
        and own < 3
        and subject.strict < (4 if titled else 6)
    )
