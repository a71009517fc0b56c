"""Whether a document or a section of it is an entry about a day, and which day: a session log, a standup, a status
report, notes of a meeting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

from memcli.core.sources.passage_text import word_list
from memcli.core.sources.written_dates import written_date

_DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}年\d{1,2}月\d{1,2}日?)"
_DATED = re.compile(rf"(?:\w+day,? )?[\[(]?{_DATE}[\])]?(?:[ T]\d\d:\d\d)?(?:\s*[:–—|-]?\s.*)?")
_WORDS = re.compile(
    r"(?i)(?:(?:work|coding|dev\w*)? ?session #?\d+|daily|stand-?ups?|journal|diary|dev ?log|work ?log|session ?logs?|"
    r"progress (?:report|log|update)s?|status (?:report|update)s?|weekly(?: (?:report|update|notes))?|"
    r"(?:meeting|call) (?:notes|minutes)|minutes|sprint #?\d+(?: .*)?|sitzungsprotokoll|protokoll|tagebuch|"
    r"statusbericht|wochenbericht|compte[- ]rendu|journal de bord|diario|acta(?: de reunión)?|ata de reunião|дневник|"
    r"протокол|会议记录|会议纪要|日报|周报|工作日志|日報|週報|議事録|회의록|일지)"
)
_DIRECTORIES = word_list(
    """
    journal journals diary standups standup devlog worklog daily dailies weekly minutes meetings meeting-notes sessions
    session-logs status-reports 日报 周报 日報 議事録
    """
)


def is_diary(path: str, headings: Sequence[str]) -> bool:
    """Whether a passage of a file below these headings, the outermost first, is an entry about a day."""
    file = PurePosixPath(path)
    names = (re.sub(r"[_-]+", " ", file.stem), *headings)
    in_diary = not _DIRECTORIES.isdisjoint(part.lower() for part in file.parts[:-1])
    is_dated = re.fullmatch(_DATE, file.stem) is not None or any(_DATED.fullmatch(name[:200]) for name in headings)
    return in_diary or is_dated or any(_WORDS.fullmatch(name[:200].strip()) for name in names)


def diary_day(path: str, headings: Sequence[str]) -> datetime | None:
    """The day that the innermost heading states, else the name of the file."""
    stated = (written_date(name) for name in (*reversed(headings), PurePosixPath(path).stem))
    return next(filter(None, stated), None)
