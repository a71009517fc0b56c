"""Whether a file or section of a store says how far the work is: a plan, a report, a to-do list."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from memcli.core.sources.passage_text import word_list

_NAMES = word_list(
    """
    activecontext progress context tasks task todo todos session sessions sessionlog sessioncontext currenttask worklog
    journal log changelog history archive archives reflection reflections roadmap projectroadmap backlog status
    nextsteps current handoff plans milestones done
    """
)
_NAME = (
    r"(?i)(?:^|[-_ ])(?:plans?|roadmap|status|progress|todos?|tasks?|sessions?|summary|completion|backlog|handoff|"
    r"brainstorm(?:ing)?|ideas|report|recommendations)(?:[-_ ]|$)|"
    r"(?:plan|summary|roadmap|status|progress|ideas|tasks|report|brainstorming|recommendations)$|"
    r"^(?:implementation|test|migration)-?plan"
)
_HEADING = (
    r"(?i)^update\b|\bcompleted?\W*$|\b(?:current|previous|latest|last|recent) sessions?\b|issues resolved|"
    r"\b(?:current (?:status|state|focus|phase|work|task|goals?)|next (?:steps?|phase)|recent(?:ly)? \w+|"
    r"update history|change ?log|major changes|in progress|completed|what works|what's left|todos?|to-do|roadmap|"
    r"milestones|future|proposed|pending|timeline|status|phases|success (?:metrics|criteria)|acceptance criteria|"
    r"achievements?|open (?:questions?|issues|decisions?))\b|"
    r"✅|🚧|当前状态|进度|下一步|次のステップ"
)
_PLAN = r"(?i)\b(?:plan|roadmap|recommendations|to-?do list)\b"


def is_progress_file(path: str) -> bool:
    """Whether a file of a store is about progress: by its own name, or that of a directory."""
    file = PurePosixPath(path)
    directories = any(_plain(part) in _NAMES for part in file.parts[:-1])
    return directories or _plain(file.stem) in _NAMES or re.search(_NAME, file.stem) is not None


def is_progress_heading(heading: str) -> bool:
    """Whether a section is about progress."""
    return re.search(_HEADING, heading) is not None


def is_plan(title: str) -> bool:
    """Whether a title is that of a plan."""
    return re.search(_PLAN, title) is not None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
