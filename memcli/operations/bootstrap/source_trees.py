"""The trees that `mem bootstrap` reads: the files of a commit, or files that a person named; and the commits of a
history.

Excluded paths are in no tree, and no text has private blocks or context packs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.core.pack.frame import strip_packs
from memcli.core.review.exclusion import Excludes
from memcli.core.review.private import without_private
from memcli.core.sources.decision_messages import decision_messages
from memcli.core.sources.passages import CommitMessage
from memcli.core.sources.source_tree import SourceTree, UnreadableSource, most_bytes
from memcli.core.text.marked_block import without_exports
from memcli.errors import MemError
from memcli.git.code_tree import Code
from memcli.git.history import LoggedCommit, code_messages, touched_files
from memcli.git.odb import Odb


@dataclass(frozen=True)
class SourceTrees:
    """Makes trees of sources without what `excludes` names."""

    excludes: Excludes | None

    def of_commit(self, code: Code) -> SourceTree:
        """The files of a commit."""
        blobs = {path: code.files[path] for path in self.included(code.files) if path.isprintable()}
        return SourceTree(blobs, lambda path: _blob(code.odb, blobs[path]), public_text)

    def of_files(self, files: Mapping[str, Path | None], code: Code | None, is_inside: bool) -> SourceTree:
        """The named files; those of the repository among the others of its code, which they may refer to."""
        named = {name: files[name] for name in self.included(files)}
        around = self.of_commit(code).blobs if code else {}
        own = {name: "" if file else around.get(name, "") for name, file in named.items()}
        blobs = {**(around if is_inside else {}), **own}

        def load(name: str) -> bytes:
            if file := named.get(name):
                return _content(file)
            return _blob(code.odb, code.files[name]) if code else b""

        return SourceTree(blobs, load, public_text, tuple(named), frozenset(around))

    def commits(self, common_dir: str, commit: str) -> list[CommitMessage]:
        """The commits of a history whose messages state a decision, and that changed a file that is not excluded, or no
        file at all; newest first. Raises Failure."""
        messages = (_message(logged) for logged in code_messages(common_dir, commit))
        chosen = decision_messages(messages)
        files = touched_files(common_dir, [message.id for message in chosen])
        public = (replace(_public(each), files=tuple(self.included(files.get(each.id, ())))) for each in chosen)
        return [message for message in public if message.files or not files.get(message.id)]

    def included(self, paths: Iterable[str]) -> Iterator[str]:
        """The paths that are not excluded."""
        return (path for path in paths if self.excludes is None or not self.excludes.excludes(path))


def _message(logged: LoggedCommit) -> CommitMessage:
    return CommitMessage(logged.id, logged.at, logged.subject, logged.body, (), logged.author)


def _public(message: CommitMessage) -> CommitMessage:
    subject, _, body = public_text(f"{message.subject}\n{message.body}").partition("\n")
    return replace(message, subject=subject, body=body)


def public_text(text: str) -> str:
    """A text without private blocks, context packs and memories that were exported into it."""
    return strip_packs(without_exports(without_private(text)[0]))


def _blob(odb: Odb, blob: str) -> bytes:
    try:
        return odb.blob(blob)
    except MemError as problem:
        raise UnreadableSource(f"its content is missing: {problem.message}") from problem


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(most_bytes(file.name) + 1)
    except OSError as problem:
        raise UnreadableSource(f"cannot be read: {problem.strerror}") from problem
