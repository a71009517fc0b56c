"""Prompts that somebody copied: a file that tells an agent how skilled it is, and advice for any project of its kind.

Of such a file only the sections are rules of this project that name a command or a path of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from memcli.core.sources.passage_text import has_commands

_SKILLED = re.compile(
    r"(?i)\b(?:you are|you're|act as|du bist|tu es|vous êtes|eres|você é|sei)\s+(?:an? |the |ein[e]? |une? |un |uma? )?"
    r"(?:\w+[ -]){0,4}?(?:expert|senior|experienced|skilled|specialist|professional|world-class|elite|principal|master|"
    r"seasoned|assistant (?:who|that|with)|experte|spezialist|experto|especialista|sénior|esperto)\w*\b|"
    r"你是(?:一[位个名])?[^。\n]{0,20}(?:专家|资深|高级|工程师|助手)|あなたは[^。\n]{0,30}(?:専門家|エキスパート|エンジニア)|"
    r"ты\s*[—-][^.\n]{0,30}(?:эксперт|опытный|старший|senior)"
)
_BEGINNING = 700
"""Characters within which such a file says so."""
_PATH = re.compile(r"(?:[\w.@-]{1,80}/){1,12}[\w.-]{0,80}|\b[\w-]{1,60}\.\w{1,6}\b")


def is_general_prompt(body: str) -> bool:
    """Whether a file begins by telling an agent that it is an expert."""
    return _SKILLED.search(body[:_BEGINNING]) is not None


def is_about_project(text: str, places: Collection[str]) -> bool:
    """Whether a section names a command, or one of the project's files and directories; `places`: all of these."""
    named = (path.strip("/").removeprefix("./") for path in _PATH.findall(text))
    return has_commands(text) or any(name in places for name in named)
