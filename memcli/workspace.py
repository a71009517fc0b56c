"""The composition root: opens repository, store, index, clock and ids on demand, each once per call."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.branch import store_tip
from memcli.config import Config, Flags, guests_environment, homes, load
from memcli.config import Homes as Homes
from memcli.core.memory.identity import MemoryId, Ulids, slug, ulid
from memcli.core.memory.instants import format_instant
from memcli.errors import MemError, NoStore
from memcli.git.layout import Layout, discover
from memcli.git.ref_files import read_ref
from memcli.sessions import Selection
from memcli.state.journal import Journal

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes
    from memcli.git.code_tree import Code
    from memcli.git.objects import Person
    from memcli.git.odb import Odb
    from memcli.index.database.index import Index
    from memcli.index.vectors.embedding import Embedder
    from memcli.sessions import Sessions
    from memcli.state.oplog import Operation, Oplog
    from memcli.state.publication import Publisher
    from memcli.store import Store


class Workspace:
    """One call's view of one repository."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._last_op = 0
        self._ids = Ulids()

    def within(self, session: str | None, agent: str | None = None) -> Workspace:
        """The same call with another session in mind, or as another actor."""
        other = Workspace(replace(self.config, session=session, agent=agent or self.config.agent))
        other._ids = self._ids
        return other

    def elsewhere(self, layout: Layout, session: str | None, agent: str | None) -> Workspace:
        """The same call as if made from another worktree of the repository, by exactly this actor in this session."""
        place = Path(layout.worktree or layout.git_dir)
        said = replace(
            self.config, directory=place, git_dir=None, session=session, agent=agent, harness_id=None, now=self.now
        )
        other = Workspace(said)
        other._ids = self._ids
        return other

    @cached_property
    def layout(self) -> Layout:
        return discover(self.config.directory, self.config.git_dir)

    @cached_property
    def now(self) -> datetime:
        """The one instant of this operation, UTC, whole seconds."""
        return self.config.now or datetime.now(UTC).replace(microsecond=0)

    def new_id(self) -> MemoryId:
        """A new memory's id; those of one call sort in the order of writing, those of others by the millisecond."""
        return self._ids.next(self.config.now or datetime.now(UTC), os.urandom(16))

    def new_op(self) -> str:
        """An operation's id; it orders the journal, so it follows the real clock and never runs backwards."""
        clock = int(datetime.now(UTC).timestamp() * 1000) << 80
        self._last_op = max(clock | int.from_bytes(os.urandom(10), "big"), self._last_op + 1)
        return ulid(
            datetime.fromtimestamp((self._last_op >> 80) / 1000, UTC),
            (self._last_op & ((1 << 80) - 1)).to_bytes(10, "big"),
        )

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.layout)

    @cached_property
    def oplog(self) -> Oplog:
        from memcli.state.oplog import Oplog

        return Oplog(Path(self.layout.mem_dir, "oplog"))

    @cached_property
    def selection(self) -> Selection:
        return Selection(self.config, self.layout)

    @cached_property
    def odb(self) -> Odb:
        from memcli.git.odb import Odb

        return Odb(self.layout)

    @cached_property
    def store(self) -> Store:
        from memcli.store import Store

        return Store(self.odb)

    @cached_property
    def sessions(self) -> Sessions:
        from memcli.sessions import Sessions

        return Sessions(self.layout, self.odb, self.store)

    @cached_property
    def index(self) -> Index:
        from memcli.index.database.index import Index

        return Index.open(Path(self.layout.mem_dir, "index"))

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """git's settings under `mem.`, by name in lower case."""
        from memcli.git.settings import settings

        return settings(self.layout.git_dir)

    @cached_property
    def excludes(self) -> Excludes | None:
        """The code paths that memory leaves alone, None where no file names any. Raises Failure where one cannot be
        read."""
        from memcli.git.exclude_files import read_all

        files = read_all(self.layout)
        if not files:
            return None
        from memcli.core.review.exclusion import Excludes, IgnoreRules

        return Excludes(tuple(IgnoreRules.parse(one.name, one.text) for one in files))

    @property
    def guests_environment(self) -> Mapping[str, str]:
        """What a command that we ask finds around it."""
        return guests_environment()

    @cached_property
    def homes(self) -> Homes:
        """Where the person's own files lie."""
        return homes()

    @cached_property
    def embedder(self) -> Embedder | None:
        """What makes vectors here: `mem.embedder`, else the table that ships with the package. Raises Unavailable."""
        from memcli.git.settings import is_true
        from memcli.index.vectors.embedding import choose_embedder

        said = self.settings
        return choose_embedder(
            said.get("embedder", "static"), said.get("embeddersettings", ""), is_true(said.get("download", "false"))
        )

    @cached_property
    def code(self) -> Code | None:
        """The code at HEAD of the worktree we are in; None in a repository without commits."""
        head = read_ref(self.layout, "HEAD")
        return self.code_at(head) if head else None

    def code_at(self, commit: str) -> Code:
        """The code at a commit. Raises Failure where that is not here."""
        from memcli.core.memory.anchors import matches
        from memcli.git.code_tree import Code

        return Code(self.odb, commit, matches)

    @cached_property
    def publisher(self) -> Publisher:
        from memcli.state.publication import Publisher

        return Publisher(self.layout, self.odb, self.journal, self.oplog)

    @property
    def person(self) -> Person:
        """Who commits: the user's git identity; `mem` where none is set, so that no write fails for lack of one."""
        from memcli.git.objects import Person

        name = self.config.author_name or self.odb.setting("user.name") or "mem"
        email = self.config.author_email or self.odb.setting("user.email") or "mem@localhost"
        return Person(_plain(name) or "mem", _plain(email) or "mem@localhost", self.now)

    @property
    def actor(self) -> str:
        """Who acts, as the oplog and the trailers name them."""
        return self.config.agent or self.config.user

    @contextmanager
    def session_to_write(self) -> Iterator[tuple[str, bool]]:
        """(session, whether this call begins it): the one meant, else the actor's current one, else a new one.

        A new one is forgotten again where the write in the block fails before it is acknowledged.
        """
        name = self.selection.writable()
        if name is not None:
            yield name, False
            return
        fresh = self.fresh_session()
        claimed = self.selection.claim(fresh)
        try:
            yield claimed, claimed == fresh
        except MemError:
            if claimed == fresh and not self.journal.entries(fresh) and not self.selection.is_open(fresh):
                self.selection.remember(None)
            raise

    def fresh_session(self) -> str:
        """A name for a session nobody named: the actor and a few letters."""
        return f"{slug(self.actor, 'user')[:40]}-{self.new_id()[-6:].lower()}"

    def operation(self, op: str, verb: str, session: str, summary: str) -> Operation:
        """An operation of the caller's at this call's instant; its moves and changes are filled in by who made them."""
        from memcli.state.oplog import Operation

        return Operation(op, verb, session, self.actor, self.config.agent, format_instant(self.now), summary, ())

    def tip(self) -> tuple[str, str]:
        """(ref, commit) of the store as it can be read. Raises NoStore."""
        found = store_tip(self.layout)
        if found is None:
            raise NoStore("this repository has no memory yet", "run 'mem init'")
        return found

    def main(self) -> tuple[str, str]:
        """(ref, commit) of the store as it can be written. Raises NoStore where `mem init` has not run."""
        ref, tip = self.tip()
        if not ref.startswith("refs/heads/"):
            raise NoStore(
                "the memory of this clone is only fetched, not set up", "run 'mem init': it adopts the remote branch"
            )
        return ref, tip


def opened(place: str, agent: str | None = None, harness_id: str = "") -> Workspace:
    """The repository around a place; as an agent, in the session of its harness's id, else in the environment's."""
    config = load(Flags(directory=place))
    if agent is None:
        return Workspace(config)
    session = None if harness_id else config.session
    return Workspace(replace(config, agent=agent, harness_id=harness_id or None, session=session))


def _plain(name: str) -> str:
    """A name or address without what git leaves out of commits, where it would end the field."""
    return "".join(" " if letter < " " else letter for letter in name if letter not in "<>").strip(" .,:;\"\\'")
