"""The composition root: opens the pieces of one repository on demand, each once per call.

A verb (a function that the command line or a hook calls) takes the `Workspace`; whatever it calls takes the pieces that
it uses, so that its signature tells what it reads and what it changes:

    def reject(workspace: Workspace, request: RejectRequest) -> Rejected:
        session = workspace.sessions.load(request.session)
        note = _note(workspace.store, session, request.ids)
        entry = workspace.actor.entry("reject", session.name, note=note)

`layout` for places and refs, `odb` for git's objects, `store` for memories in trees, `sessions` and `selection`,
`journal` to record what is to be done, `actor` to sign it, `clock` for the instant and new ids, `index` for recall.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.actor import Actor
from memcli.branch import is_initialised, store_tip
from memcli.clock import Clock
from memcli.config import Config, Flags, load
from memcli.config import Homes as Homes
from memcli.core.session.names import harness_session
from memcli.git.discovery import discover
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.git.sharing import apply_sharing
from memcli.selection import Selection
from memcli.state.journal import Journal

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes
    from memcli.git.code_tree import Code
    from memcli.git.objects import Person
    from memcli.git.odb import Odb
    from memcli.index.database.index import Index
    from memcli.index.vectors.embedding import Embedder
    from memcli.sessions import Sessions
    from memcli.state.oplog import Oplog
    from memcli.state.publication import Publisher
    from memcli.store import Store


class Workspace:
    """One call's view of one repository; `clock` is that of the call, also where it works in several."""

    def __init__(self, config: Config, clock: Clock | None = None) -> None:
        self.config = config
        self.clock = clock or Clock(config.now)

    def in_session(self, session: str | None, agent: str | None = None) -> Workspace:
        """The same call in another session (None: the caller's current one), or as another agent."""
        caller = replace(self.config, session=session, is_nested=False, agent=agent or self.config.agent)
        return Workspace(caller, self.clock)

    def in_worktree(self, layout: Layout, session: str | None, agent: str | None) -> Workspace:
        """The same call as if made in another worktree of the repository, by exactly this actor in this session."""
        directory = Path(layout.worktree or layout.git_dir)
        caller = replace(self.config, session=session, is_nested=False, agent=agent, harness_id=None)
        return Workspace(replace(caller, directory=directory, git_dir=None), self.clock)

    def later(self, agent: str, harness_id: str) -> Workspace:
        """A later call of a process that lives long: at its own instant, with nothing remembered. `agent` and
        `harness_id` are those of a caller whom the environment does not tell."""
        config = replace(self.config, agent=self.config.agent or agent, harness_id=self.config.harness_id or harness_id)
        return Workspace(config)

    @cached_property
    def layout(self) -> Layout:
        """Raises NoStore outside of a repository, Failure where it cannot be used."""
        layout = discover(self.config.directory, self.config.git_dir, self.config.git_settings)
        apply_sharing(layout)
        return layout

    def ahead(self, layout: Layout, journal: Journal) -> Workspace:
        """The same call, to read what would be: the refs as `layout` has them moved, objects from the scratch store,
        and what waits in `journal`."""
        other, scratch = Workspace(self.config, self.clock), self.scratch_store
        other.layout, other.journal = layout, journal
        other.odb, other.store, other.scratch_store = scratch.odb, scratch, scratch
        return other

    @property
    def is_initialised(self) -> bool:
        """Whether `mem init` has run in this clone, so that memories can be written."""
        return is_initialised(self.layout)

    @property
    def now(self) -> datetime:
        """The one instant of this call, UTC, whole seconds."""
        return self.clock.now

    # who acts, and in which session

    @cached_property
    def actor(self) -> Actor:
        config, agent = self.config, self.selection.agent
        return Actor(agent or config.user, agent, config.harness_id, self.clock, self.layout, self.journal)

    @property
    def person(self) -> Person:
        """Who commits: the user's git identity."""
        from memcli.git.committer import committer

        return committer(self.odb, self.config.author_name, self.config.author_email, self.now)

    @cached_property
    def selection(self) -> Selection:
        config = self.config
        caller = (config.session, config.agent, config.harness_id, config.user)
        return Selection(self.layout, *caller, is_nested=config.is_nested)

    def check_session(self) -> None:
        """Check that the session which the caller named exists, where there is a store. Raises NotFound, Usage."""
        if self.config.session and store_tip(self.layout):
            self.selection.check_named(lambda name: bool(self.journal.entries(name)))

    def session_to_write(self) -> AbstractContextManager[tuple[str, bool]]:
        """(session, whether this call starts it) for a block that writes into it; see `Selection.to_write`."""
        new = self.actor.new_session if self.config.agent else lambda: self.sessions.standing(self.config.user)
        return self.selection.to_write(new, lambda name: bool(self.journal.entries(name)))

    # what is written

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.layout)

    @cached_property
    def oplog(self) -> Oplog:
        from memcli.state.oplog import Oplog

        return Oplog(Path(self.layout.mem_dir, "oplog"))

    @cached_property
    def publisher(self) -> Publisher:
        from memcli.state.publication import Publisher

        return Publisher(self.layout, self.odb, self.journal, self.oplog)

    # what is read

    @cached_property
    def odb(self) -> Odb:
        from memcli.git.odb import Odb

        return Odb(self.layout)

    @cached_property
    def store(self) -> Store:
        from memcli.store import Store

        return Store(self.odb)

    @cached_property
    def scratch_store(self) -> Store:
        """The store for looking ahead: what is written to it stays out of the repository, and goes with this call."""
        from memcli.git.odb import Odb
        from memcli.store import Store

        return Store(Odb(self.layout, scratch=True))

    @cached_property
    def sessions(self) -> Sessions:
        from memcli.sessions import Sessions

        return Sessions(self.layout, self.odb, self.store)

    @cached_property
    def index(self) -> Index:
        from memcli.index.database.index import Index

        return Index.open(Path(self.layout.mem_dir, "index"))

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

    # what is configured

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """git's settings under `mem.`, by name in lower case."""
        from memcli.git.settings import settings

        return settings(self.layout.git_dir)

    @cached_property
    def excludes(self) -> Excludes | None:
        """The excluded code paths; None where no file names any. Raises Failure where one cannot be read."""
        from memcli.git.exclude_files import read_all

        files = read_all(self.layout)
        if not files:
            return None
        from memcli.core.review.exclusion import Excludes, IgnoreRules

        return Excludes(tuple(IgnoreRules.parse(file.name, file.text) for file in files))

    @cached_property
    def embedder(self) -> Embedder | None:
        """What makes vectors here: `mem.embedder`, else the table that ships with the package. Raises Unavailable."""
        from memcli.git.settings import is_true
        from memcli.index.vectors.embedding import choose_embedder

        name, options = self.settings.get("embedder", "static"), self.settings.get("embeddersettings", "")
        return choose_embedder(name, options, is_true(self.settings.get("download", "false")))


def opened(directory: str, agent: str | None = None, harness_id: str = "") -> Workspace:
    """The repository around a directory; as an agent, in the session of its harness's id, else in the environment's."""
    config = load(Flags(directory=directory))
    if agent is None:
        return Workspace(config)
    session = harness_session(agent, harness_id) if harness_id else config.session
    return Workspace(replace(config, agent=agent, is_nested=False, session=session, harness_id=harness_id or None))
