"""The user's editor: what is typed there is a draft until it is recorded, so that nothing that fails loses it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from memcli.cli.input_text import MAX_INPUT
from memcli.cli.options import Call
from memcli.cli.views.output import printable
from memcli.core.memory.document import DocumentError, decode
from memcli.core.memory.editor_page import page_text, with_page_lines, without_explanation
from memcli.errors import Failure, MemError, Usage
from memcli.operations.setup.preferences import editor
from memcli.operations.writing.kept_drafts import Draft, create_draft
from memcli.operations.writing.record import RefusedText

_NOT_RUN = (126, 127)
"""The exit codes of a shell that cannot run its command."""
_SHELL = re.compile(r"[|&;<>()$`\\\"' \t\n*?\[#~=%]")
"""What makes git run a command with a shell."""
_INTERRUPTED = (-signal.SIGINT, 128 + signal.SIGINT)


@dataclass(frozen=True)
class EditorPage:
    """What an editor opens: `what` is written (`add`, `edit`, …), its text, the lines that explain it, and what to do
    without a terminal; where a memory or file is changed, its id and the blob of the version that is changed."""

    what: str
    text: str
    explanation: tuple[str, ...]
    hint: str
    id: str = ""
    blob: str = ""


@contextmanager
def text_from_editor(call: Call, page: EditorPage, kept: Draft | None = None) -> Iterator[str]:
    """The text as the user's editor leaves it, for a block that records it; of a `kept` draft without a terminal, as it
    is. Unless the block succeeds the text stays a draft, and the error says how to go on with it.

    Raises Usage without a terminal or an editor, Failure where the editor fails, MemError for an emptied text.
    """
    if not call.may_prompt and kept is None:
        raise Usage("the editor needs a terminal", page.hint)
    command = editor(call.workspace) if call.may_prompt else ""
    opened = page_text(page.text, page.explanation)
    draft = kept or create_draft(call.workspace, page.what, opened, page.id, page.blob)
    before = draft.file.read_bytes()
    try:
        if command:
            _run_editor(command, draft.file)
        yield _written(draft.file, page)
    except BaseException as error:
        if _has_new_text(draft, page, before, kept is not None):
            _tell_draft(call, error, draft)
        raise
    draft.remove()


def _run_editor(command: str, file: Path) -> None:
    """Run the editor as git does; a Ctrl-C in it is the editor's. Raises Failure, KeyboardInterrupt."""
    process = _start_editor(command, file)
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        status = process.wait()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if status in _INTERRUPTED:
        raise KeyboardInterrupt
    if status in _NOT_RUN:
        raise _not_run(command)
    if status:
        raise Failure(f"the editor {command!r} exited with {status}", "nothing was recorded")


def _start_editor(command: str, file: Path) -> subprocess.Popen[bytes]:
    """Start it without a shell if it is one word: a shell between would end at a Ctrl-C that the editor takes."""
    try:
        if _SHELL.search(command):
            return subprocess.Popen(f"{command} {shlex.quote(str(file))}", shell=True)
        return subprocess.Popen([command, str(file)])
    except OSError as error:
        raise _not_run(command) from error


def _not_run(command: str) -> Failure:
    return Failure(f"the editor {command!r} cannot be run", "set EDITOR to one that is installed")


def _written(file: Path, page: EditorPage) -> str:
    """What was written on the page. Raises Usage where that is not text, MemError where it is empty."""
    data = _bytes(file)
    if len(data) > MAX_INPUT:
        raise Usage("more than 32 MiB were written", "a memory is at most 64 KiB")
    try:
        text = without_explanation(decode(data, limit=MAX_INPUT), page.explanation)
    except DocumentError as error:
        raise Usage(f"what was written is not text: {error}", "a memory is UTF-8 text") from error
    if not text.strip():
        raise MemError("aborted: the text is empty", "nothing was changed")
    return text


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_INPUT + 1)
    except FileNotFoundError:
        return b""  # removed in the editor


def _has_new_text(draft: Draft, page: EditorPage, before: bytes, is_kept: bool) -> bool:
    """Whether the draft has to be kept. One that nothing was typed into is removed; a kept one that was emptied, which
    is how a person aborts, is as it was before."""
    data = _bytes(draft.file)
    explained = data.decode("utf-8", "replace").replace("\r\n", "\n")
    if without_explanation(explained, page.explanation).strip() and (is_kept or data != before):
        return True
    if is_kept:
        draft.file.write_bytes(before)
    else:
        draft.remove()
    return False


def _tell_draft(call: Call, error: BaseException, draft: Draft) -> None:
    """Let an error say where the draft is and how to go on, with the line numbers of the editor's page."""
    place = f"your text is kept in {os.path.relpath(draft.file)}; go on with '{draft.command}'"
    if not isinstance(error, MemError):
        if not call.flags.json:
            print(printable(place), file=sys.stderr)
        return
    if isinstance(error, RefusedText):
        page = _bytes(draft.file).decode("utf-8", "replace").replace("\r\n", "\n")
        error.message = with_page_lines(error.message, error.text, page)
        error.hint = with_page_lines(error.hint, error.text, page)
    error.hint = "; ".join(filter(None, (error.hint, place)))
