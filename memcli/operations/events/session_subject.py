"""What a session is about, for the title of its episode: the first sentence of its first prompt, else of a summary that
the harness has made. Kept in a file of this clone until the session's end is processed.

Imports next to nothing where there is nothing new to keep.
"""

from __future__ import annotations

import os
import re

from memcli.core.session.names import is_successor
from memcli.state.liveness import is_marked, marks_dir

MOST_SUBJECT, FEWEST_WORDS = 100, 3
"""Characters of a subject; words of one that tells something: not `go on`."""
_FILE = ".subject"
_COMMAND = re.compile(r"/[\w:.-]+(\s|$)")
"""How a prompt begins that is a command to the harness."""


def note_subject(mem_dir: str, session: str, text: str) -> None:
    """Keep what a text says first, without secrets and private parts, unless the session has a subject already."""
    file = os.path.join(marks_dir(mem_dir), session + _FILE)
    if not text.strip() or not is_marked(mem_dir, session) or os.path.exists(file):
        return
    subject = _subject(text)
    if subject:
        try:
            with open(file, "w", encoding="utf-8") as stream:
                stream.write(f"{subject}\n")
        except OSError:
            pass  # below a read-only `.git` the title tells less


def subject_of(mem_dir: str, session: str) -> str:
    """The subject of a session, or of the one that it continues; empty where none was kept."""
    try:
        names = [name.removesuffix(_FILE) for name in os.listdir(marks_dir(mem_dir)) if name.endswith(_FILE)]
        own = [name for name in names if name == session] or [name for name in names if is_successor(session, name)]
        with open(os.path.join(marks_dir(mem_dir), own[0] + _FILE), encoding="utf-8", errors="replace") as stream:
            return stream.read().strip()
    except (OSError, IndexError):
        return ""


def _subject(text: str) -> str:
    from memcli.core.pack.frame import clean, shortened
    from memcli.core.review.recorded_text import recordable
    from memcli.core.text.prose import first_title

    public = recordable(text).strip()
    title = clean(first_title(public))
    is_telling = len(title.split()) >= FEWEST_WORDS and not _COMMAND.match(public)
    return shortened(title, MOST_SUBJECT) if is_telling else ""
