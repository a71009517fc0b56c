"""One session while its entries are applied: its tree and its next commits, none of them published yet.

An edit enters the tree three-way, against the text that it was written on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memcli.branch import COMMITS, FINGERPRINTS, READS, SESSION_DIRECTORY
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers
from memcli.core.session.entry_verbs import ADD, READ, RECORDS, SILENT
from memcli.core.session.state import Session
from memcli.errors import Failure
from memcli.git.objects import Person
from memcli.operations.writing.proposed_texts import ProposedTexts, texts_of_session
from memcli.state.journal import FileEdit, JournalEntry
from memcli.state.oplog import Change, Operation
from memcli.store import Store, merge_texts, parse_memory, path_for

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes

UPDATE_FIRST = "update_first"
"""The note of an entry whose edits are to what the session and the promotions since its base make together."""


@dataclass(frozen=True)
class CommitSources:
    """What commits are made from: the store, who commits, and, asked when needed, the tip of the store's branch and the
    excluded code paths."""

    store: Store
    person: Person
    main_tip: Callable[[], str]
    excludes: Callable[[], Excludes | None]


class SessionBuilder:
    """The commits of one session; `old_tip` is None for a session that begins here, `operations` go to the oplog."""

    def __init__(self, sources: CommitSources, session: Session, old_tip: str | None) -> None:
        self._sources, self._store, self._odb = sources, sources.store, sources.store.odb
        self.session, self.old_tip = session, old_tip
        self.tree = self._store.tree_of(session.tip)
        self.operations: list[Operation] = []
        self._texts: tuple[str, ProposedTexts] | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the tree has something that is in no commit yet."""
        return self.tree != self._store.tree_of(self.session.tip)

    def apply(self, entry: JournalEntry) -> tuple[Change, ...]:
        """Put an entry's files, or what it records, into the tree; return what that changed.

        Raises Conflict, and the builder is as it was.
        """
        session, tree = self.session, self.tree
        try:
            if entry.verb in RECORDS:
                self._record(entry)
                return ()
            if entry.note.get(UPDATE_FIRST):
                self.update()
            apply = self._apply_new if entry.verb == ADD else self._apply_edit
            return tuple(change for edit in entry.edits for change in apply(edit))
        except Exception:
            self.session, self.tree = session, tree
            raise

    def _record(self, entry: JournalEntry) -> None:
        if entry.verb == READ:
            self._append(READS, lambda text: _with_read(text, entry))
        else:
            self._record_commits(entry)

    def _record_commits(self, entry: JournalEntry) -> None:
        """Record code commits, and the fingerprints of those that are new. Most drains have none to record."""
        from memcli.core.session.code_commits import authored_commits, commit_lines, commits_noted, with_commits
        from memcli.core.session.fingerprint import with_fingerprints
        from memcli.operations.writing.code_fingerprints import CodeFingerprints

        noted, own = commits_noted(entry.verb, entry.note, entry.at), entry.note.get("own") == "true"
        added = list(commit_lines(self._append(COMMITS, lambda text: with_commits(text, noted, own))))
        if own or not added:  # somebody else has rewritten the session's commits: what that added is theirs
            return
        authored = authored_commits(commit_lines(self._store.text(self._odb.file(self.tree, COMMITS))))
        fingerprints = CodeFingerprints(self._odb, self._sources.excludes)
        new = list(fingerprints.of(commit.id for commit in added if commit.id in authored))
        if new:
            self._append(FINGERPRINTS, lambda text: with_fingerprints(text, new))

    def _append(self, path: str, extended: Callable[[str], str]) -> str:
        """What was added to a file of records."""
        old = self._store.text(self._odb.file(self.tree, path))
        new = extended(old)
        if new != old:
            self.tree = self._store.write(self.tree, {path: new})
        return new.removeprefix(old)

    def _apply_new(self, edit: FileEdit) -> list[Change]:
        """Put a new memory into the tree; nothing where the session says the same already."""
        texts = self._proposed_texts()
        if texts.repeated_by(edit.path, edit.text):
            return []
        changes = self._apply_edit(edit)
        for change in changes:
            texts.add(change.path, edit.text)
        self._texts = self.tree, texts
        return changes

    def _proposed_texts(self) -> ProposedTexts:
        """What the session proposes with the current tree, read anew where something else has changed it."""
        tree, texts = self._texts or ("", None)
        return texts if texts and tree == self.tree else texts_of_session(self._store, self.session, self.tree)

    def _apply_edit(self, edit: FileEdit) -> list[Change]:
        if edit.base_blob and self._is_behind(edit):
            self.update()  # it was read from promotions this session has not seen yet
        path = self._free_path(edit)
        before = self._odb.file(self.tree, path)
        text = edit.text
        if before:
            text = merge_texts(self._base_text(edit), self._store.text(before), edit.text, path).text
        self.tree = self._store.write(self.tree, {path: text})
        after = self._odb.file(self.tree, path)
        return [Change(path, before, after)] if before != after else []

    def _is_behind(self, edit: FileEdit) -> bool:
        """Whether the session has the file as its base has it, and the edit was written on another version."""
        here = self._odb.file(self.tree, edit.path)
        base = self._odb.file(self._store.tree_of(self.session.base), edit.path)
        return here == base and here != edit.base_blob

    def _base_text(self, edit: FileEdit) -> str:
        """The text that the edit was written on; empty, as if both sides were new, where that never came here."""
        try:
            return self._store.text(edit.base_blob)
        except Failure:
            return ""

    def _free_path(self, edit: FileEdit) -> str:
        """The edit's path, with more of the id where another memory has it already."""
        owner, memory = self._store.parsed(self.tree, edit.path), parse_memory(edit.text, edit.path).memory
        if owner is None or memory is None or (owner.memory and owner.memory.id == memory.id):
            return edit.path
        return path_for(memory, [edit.path])

    def update(self) -> None:
        """Merge the promotions since the session's base into it: a commit whose base is the store's tip."""
        tip = self._sources.main_tip()
        if tip == self.session.base:
            return
        base_tree, onto = self._store.tree_of(self.session.base), self._store.tree_of(tip)
        texts = self._store.merge_onto(self._store.candidates(base_tree, self.tree), onto, lambda _: None)
        records = dict(self._odb.files(self.tree, SESSION_DIRECTORY))
        self.tree = self._odb.update(self._store.write(onto, texts), records)
        pairs = session_trailers(self.session.name, self.session.agent, tip)
        commit = self._commit([self.session.tip, tip], commit_message("update", "", pairs))
        self.session = replace(self.session, base=tip, tip=commit)

    def add_commit(self, entries: Iterable[JournalEntry], subject: str, body: str = "") -> None:
        """Commit the tree for entries, whose notes with a name of a trailer become trailers."""
        made, session = list(entries), self.session
        agent = next((entry.agent for entry in made if entry.agent), None)
        pairs = session_trailers(session.name, agent or session.agent, session.base)
        pairs += [pair for entry in made for pair in _trailers(entry)]
        tip = self._commit([session.tip], commit_message(subject, body, pairs))
        state = next((entry.note[trailers.STATE] for entry in made if trailers.STATE in entry.note), session.state)
        self.session = replace(session, tip=tip, state=state, agent=session.agent or agent)

    def _commit(self, parents: list[str], message: str) -> str:
        return self._odb.write_commit(self.tree, parents, message, self._sources.person)


def _with_read(text: str, entry: JournalEntry) -> str:
    """The file of reads with one more; a note that says nothing of use adds nothing."""
    return f"{text}{entry.note['read']}\n" if entry.note.get("read") else text


def _trailers(entry: JournalEntry) -> list[tuple[str, str]]:
    notes = [(key, text) for key, text in entry.note.items() if key.startswith("Mem-")]
    pairs = [(key, value) for key, text in notes for value in text.split("\n")]
    return pairs if entry.verb in SILENT else [*pairs, (trailers.OP, entry.op)]
