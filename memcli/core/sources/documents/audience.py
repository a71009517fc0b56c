"""For whom a document was written: those who work on the repository, or those who use what it makes."""

from __future__ import annotations

import re
from collections.abc import Collection

SCANNED = 30_000
"""Characters that are judged."""
_MAINTAINERS = (
    r"(?i)\b(?:we|our|us|pull requests?|merge requests?|PRs?|contributors?|maintainers?|this repo(?:sitory)?|"
    r"code ?base|CI|changelog|reviewers?|on-?call|monorepo|test suite|the team|squash|rebase|upstream|"
    r"wir|unser\w*|nous|notre|nos|nosotros|nuestr\w+|мы|наш\w*)\b|我们|本仓库|本项目|贡献|私たち|우리"
)
_LESSON = re.compile(
    r"(?i)\b(?:(?:now|next|first|then|here),? )?we(?:'ll| (?:can|could|will|are going to|need to|now|then|first|just|"
    r"created?|have (?:now|just|already)))\b|\bour (?:\w+ )?(?:app(?:lication)?|server|route|tests?|component|function|"
    r"page|model|view|example|code|form|script|class)\b"
)
"""The "we" of a lesson, which means the reader."""
_USERS = (
    r"(?i)\b(?:your (?:\w+ )?(?:app(?:lication)?s?|projects?|code|server|website|site|components?|models?|views?|"
    r"data|"
    r"config\w*|users?|package|client|api|plugin|theme|account|browser|bundle\w*|deps|dependencies)|you can|"
    r"you(?:'ll| will| may| might| want)|let's|tutorial|"
    r"getting started|for example, (?:if|to)|"
    r"(?:pip|npm|yarn|pnpm|gem|cargo|go|composer|brew) (?:install|add|get|i|require) )"
    r"|^[ \t]*(?:>>> |import \w+|from \w+ import |require\(|use \w+::)"
)


def teaches_users(text: str, known_paths: Collection[str] = ()) -> bool:
    """Whether a document speaks to those who use the product rather than to those who work on it."""
    maintainers, users = _signs(text[:SCANNED], known_paths)
    return users > 2 and users > 1.2 * maintainers


def speaks_to_maintainers(text: str, known_paths: Collection[str] = ()) -> bool:
    """Whether a document certainly speaks to those who work on the repository."""
    maintainers, users = _signs(text[:SCANNED], known_paths)
    return maintainers > 2 and maintainers > users


def is_about_files(text: str, known_paths: Collection[str]) -> bool:
    """Whether a document names several of the repository's own files and does not speak to those who use it."""
    own = len(_own_files(text[:SCANNED], known_paths))
    maintainers, users = _signs(text[:SCANNED], known_paths)
    return own > 2 and maintainers > 2 * users


def _own_files(text: str, known_paths: Collection[str]) -> set[str]:
    """The files of the repository that a text names in backticks."""
    spans = (span.strip("./") for span in re.findall(r"`{1,2}([^`\n]{3,200})`{1,2}", text))
    return {span for span in spans if span in known_paths}


def _signs(text: str, known_paths: Collection[str]) -> tuple[int, int]:
    """How many signs of the one and of the other a text has."""
    own = sum(span.strip("./") in known_paths for span in re.findall(r"`{1,2}([^`\n]{3,200})`{1,2}", text))
    lessons = len(_LESSON.findall(text))
    maintainers = len(re.findall(_MAINTAINERS, text)) + 2 * own - lessons
    return maintainers, len(re.findall(_USERS, text, re.M)) + lessons
