"""What a promotion lets the store's history reach: a session's commits, replayed with the chosen candidates only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from memcli.branch import POLICY_FILE, SESSION_DIRECTORY
from memcli.core.review.candidates import POLICY, Candidate, content_hash, text_hash
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, is_start, trailers_of
from memcli.core.session.state import Session
from memcli.git.objects import Commit, Person
from memcli.store import Store, parse_memory


@dataclass(frozen=True)
class _Step:
    """One commit, the tree of the base it had, and {path: blob} of what the session proposed then."""

    commit: Commit
    base_tree: str
    proposed: Mapping[str, str]


class PromotedHistory:
    """The commits of one session, from its start to its tip."""

    def __init__(self, store: Store, session: Session) -> None:
        self._store, self._odb, self._session = store, store.odb, session

    def second_parent(self, chosen: Sequence[Candidate]) -> str:
        """The session's tip; where anything is left out, its commits replayed with the chosen memories only."""
        steps, kept = list(self._steps()), {candidate.path for candidate in chosen}
        if not self._session.rejections and all(step.proposed.keys() <= kept for step in steps):
            return self._session.tip
        first = steps[0].commit if steps else None
        tip = first.parents[0] if first and first.parents else self._session.base
        before: Mapping[str, str] = {}
        for step in steps:
            tip, before = self._replayed(step, tip, kept, before), step.proposed
        return tip

    def _steps(self) -> Iterator[_Step]:
        """Each commit, oldest first."""
        base = self._session.base
        for commit in reversed(list(self._commits())):
            base = dict(trailers_of(commit.message)).get(trailers.BASE, base)  # one made by hand says nothing of it
            base_tree = self._store.tree_of(base)
            deltas = self._store.deltas(base_tree, commit.tree)
            yield _Step(commit, base_tree, {delta.path: delta.new for delta in deltas if delta.new})

    def _commits(self) -> Iterable[Commit]:
        """The session's own commits, newest first, down to its start."""
        for commit in self._odb.first_parents(self._session.tip):
            yield commit
            if is_start(commit.message):
                return

    def _replayed(self, step: _Step, onto: str, kept: set[str], before: Mapping[str, str]) -> str:
        """The commit with the kept files only; one that has nothing left is left out, and its message with it."""
        proposed = {path: blob for path, blob in step.proposed.items() if path in kept}
        allowed = {path: blob for path, blob in proposed.items() if not self._was_rejected(path, blob)}
        own = {path for path, blob in step.proposed.items() if before.get(path) != blob}
        commit = step.commit
        if not own <= allowed.keys():
            commit = replace(commit, message=commit_message("in part", "", trailers_of(commit.message)))
        return self._rewritten(commit, onto, step.base_tree, allowed)

    def _rewritten(self, commit: Commit, onto: str, base_tree: str, files: Mapping[str, str]) -> str:
        tree = self._odb.update(base_tree, {**files, **self._odb.files(commit.tree, SESSION_DIRECTORY)})
        is_needed = is_start(commit.message) or len(commit.parents) > 1
        if tree == self._store.tree_of(onto) and not is_needed:
            return onto
        author = Person(commit.author, commit.email, commit.at)
        return self._odb.write_commit(tree, [onto, *commit.parents[1:]], commit.message, author)

    def _was_rejected(self, path: str, blob: str) -> bool:
        if path == POLICY_FILE:
            return self._session.rejects(POLICY, text_hash(self._store.text(blob)))
        memory = parse_memory(self._odb.blob(blob), path).memory
        return memory is not None and self._session.rejects(memory.id, content_hash(memory))
