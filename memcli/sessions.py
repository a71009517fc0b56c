"""Sessions as refs: which one a call means, what state it is in, and what its candidates are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.branch import ENDED, SESSIONS
from memcli.core.memory.identity import slug
from memcli.core.session.names import SessionName, harness_session, successor_name
from memcli.errors import MemError, NotFound, Usage
from memcli.git.layout import Layout
from memcli.git.ref_files import list_refs, read_ref

if TYPE_CHECKING:
    from memcli.config import Config
    from memcli.core.review.candidates import Candidate
    from memcli.core.session.state import FoldedCommit, Session
    from memcli.git.odb import Odb
    from memcli.store import Store


OF_DREAM = "dream-"
"""How the names of dreams' sessions begin."""


def is_dream(name: str) -> bool:
    """Whether a session of this name is a dream's."""
    return name.startswith(OF_DREAM)


def session_name(text: str) -> SessionName:
    """The checked name. Raises Usage."""
    try:
        return SessionName(text)
    except ValueError as error:
        raise Usage(str(error), "for example 'mem session start webhook-retries'") from error


def new_session_name(text: str) -> SessionName:
    """The checked name of a session that a person or agent begins: those of dreams are theirs. Raises Usage."""
    if is_dream(text):
        raise Usage(
            f"the session name {text!r} is reserved for dreams", "for example 'mem session start webhook-retries'"
        )
    return session_name(text)


class Selection:
    """Which session a call means; reads files only, so that recall needs no libgit2."""

    def __init__(self, config: Config, layout: Layout) -> None:
        self._config, self._layout = config, layout

    @property
    def name(self) -> str | None:
        """`--session` or MEM_SESSION, the worktree we are in, the harness's id, the actor's current one, or None."""
        said = self._config.session or self._layout.inside_session
        if said:
            return None if said == "none" else self.successor(session_name(said))
        if self._config.agent and self._config.harness_id:
            return self.successor(harness_session(self._config.agent, self._config.harness_id))
        return self.current()

    def successor(self, name: str) -> str:
        """The session itself or, where it has ended, the open one that goes on under its name: `<name>-2` and so on."""
        if not self.has_ended(name):
            return name
        later = (successor_name(name, number) for number in range(2, 1000))
        found = next(candidate for candidate in later if not self.has_ended(candidate))
        return found if self.is_open(found) else name

    def writable(self) -> str | None:
        """The session to write into; None where a new one is to be started. Raises Usage for `none`."""
        if self._config.session == "none":
            raise Usage("nothing can be written into the session 'none'", "name a session, or leave '--session' out")
        name = self.name
        return name if name is None or self.is_open(name) else new_session_name(name)

    def current(self) -> str | None:
        """The actor's current session in this worktree, if it is still open or waits in the journal."""
        for file in self._files():
            try:
                return SessionName(file.read_text(encoding="ascii").strip())
            except (OSError, ValueError):
                continue
        return None

    def claim(self, name: str) -> str:
        """Make `name` the actor's current session unless another process was quicker: the one that is current now."""
        known = self.current()
        if known is None or self.has_ended(known):
            self.remember(None)
            self._create(name)
        return self.current() or name

    def _create(self, name: str) -> None:
        for file in self._files():
            try:
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with file.open("x", encoding="ascii") as stream:
                    stream.write(name + "\n")
                return
            except FileExistsError:
                return
            except OSError:
                continue

    def remember(self, name: str | None) -> None:
        """Make a session the actor's current one (None: none); below a read-only `.git` in the worktree."""
        for file in self._files():
            try:
                if name is None:
                    file.unlink(missing_ok=True)
                    continue
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                file.write_text(name + "\n", encoding="ascii")
                return
            except OSError:
                continue

    def _files(self) -> list[Path]:
        """A person's pointer; an agent without a session id of its harness has one of its own, never the person's."""
        name = f"session-{slug(self._config.agent, 'agent')}" if self._config.agent else "session"
        return [Path(self._layout.git_dir, "mem", name), Path(self._layout.tree_dir, "spool", name)]

    def is_open(self, name: str) -> bool:
        return read_ref(self._layout, SESSIONS + name) is not None

    def has_ended(self, name: str) -> bool:
        return not self.is_open(name) and read_ref(self._layout, ENDED + name) is not None

    def open_names(self) -> list[str]:
        return [name.removeprefix(SESSIONS) for name, _ in list_refs(self._layout, SESSIONS)]


class Sessions:
    """The states and candidates of sessions."""

    def __init__(self, layout: Layout, odb: Odb, store: Store) -> None:
        self._layout, self._odb, self._store = layout, odb, store

    def load(self, name: str, ended: bool = False) -> Session:
        """An open session (or, with `ended`, also one that has ended). Raises NotFound with the names there are."""
        tip = read_ref(self._layout, SESSIONS + name) or (read_ref(self._layout, ENDED + name) if ended else None)
        session = self.at(name, tip) if tip else None
        if session is None:
            known = ", ".join(name.removeprefix(SESSIONS) for name, _ in list_refs(self._layout, SESSIONS)) or "none"
            raise NotFound(f"no open session {name!r} (open: {known})", "'mem session list --all' shows ended ones too")
        return session

    def at(self, name: str, tip: str) -> Session | None:
        """The session as its commits up to `tip` tell it; None where there is nothing of the kind."""
        from memcli.core.session.state import fold

        try:
            return fold(name, self._notes(tip))
        except MemError:
            return None  # whatever somebody made a ref of this name point to

    def _notes(self, tip: str) -> Iterator[FoldedCommit]:
        from memcli.core.session.state import FoldedCommit

        for commit in self._odb.first_parents(tip):
            yield FoldedCommit(commit.id, commit.message, commit.author, commit.at)

    def all(self, ended: bool = False) -> list[Session]:
        """Every open session, most recently updated first; with `ended`, the others too."""
        prefixes = (SESSIONS, ENDED) if ended else (SESSIONS,)
        found = [
            self.at(ref.removeprefix(prefix), tip)
            for prefix in prefixes
            for ref, tip in list_refs(self._layout, prefix)
        ]
        sessions = [session for session in found if session]
        return sorted(sessions, key=lambda one: (one.updated is None, one.updated, one.name), reverse=True)

    def changes(self, session: Session) -> list[Candidate]:
        """All differences from the recorded base to the tip, also those that were rejected."""
        base, tip = self._store.tree_of(session.base), self._store.tree_of(session.tip)
        return self._store.candidates(base, tip)

    def text(self, session: Session, path: str) -> str:
        """A file of the session's tree; empty where it is not there."""
        return self._store.text(self._odb.file(self._store.tree_of(session.tip), path))

    def candidates(self, session: Session) -> list[Candidate]:
        """What the session proposes: its changes without the rejected ones."""
        return [one for one in self.changes(session) if not is_rejected(session, one)]


def is_rejected(session: Session, candidate: Candidate) -> bool:
    """Whether this content of this memory was decided against in the session."""
    from memcli.core.review.candidates import content_of

    content = content_of(candidate)
    return content is not None and session.rejects(candidate.id, content)
