"""Which session a call means: the one that it names, the one whose harness's process it runs in, that of its harness's
id, the actor's current one in this worktree, or the person's standing draft session in this repository.

Contract: read with plain files and imports next to nothing, so that neither recall nor a hook that only records needs
libgit2.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

from memcli.branch import ENDED, SESSIONS, open_sessions
from memcli.core.session.names import (
    THE_DREAM,
    SessionName,
    harness_session,
    is_dream,
    is_well_formed,
    successor_name,
)
from memcli.errors import Usage
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.session_pointer import SessionPointer
from memcli.state.liveness import sessions_above

_EXAMPLE = "for example 'mem session start webhook-retries'"


def session_name(text: str) -> SessionName:
    """The checked name. Raises Usage."""
    try:
        return SessionName(text)
    except ValueError as error:
        raise Usage(str(error), _EXAMPLE) from error


def session_meant(layout: Layout, text: str) -> str:
    """The session that a person names; `dream` is the open dream. Raises Usage where it cannot be a name, NotFound."""
    if text != THE_DREAM:
        return session_name(text)
    dreams = [name for name in open_sessions(layout) if is_dream(name)]
    if not dreams:
        from memcli.errors import NotFound

        raise NotFound("no dream is open", "'mem dream' proposes one")
    return dreams[-1]


def new_session_name(text: str) -> SessionName:
    """The checked name of a session that a person or agent starts. Raises Usage, also for a dream's,
    and Refused where it holds a secret."""
    if is_dream(text):
        raise Usage(f"the session name {text!r} is reserved for dreams", _EXAMPLE)
    from memcli.core.review.recorded_text import refuse_secret

    refuse_secret(text, "session name")
    return session_name(text)


class Selection:
    """The session of one caller; `named` is that of `--session` or MEM_SESSION, `agent` None for a person, `person` the
    login of one who may have a standing draft session. `is_nested`: one harness has started another, so `named` and
    `agent` may be those of the outer one."""

    def __init__(
        self,
        layout: Layout,
        named: str | None,
        agent: str | None,
        harness_id: str | None,
        person: str = "",
        is_nested: bool = False,
    ) -> None:
        self._layout, self._named, self._agent, self._harness_id = layout, named, agent, harness_id
        self._person, self._is_nested = "" if agent else person, is_nested

    @property
    def name(self) -> str | None:
        """The session named, that of the worktree we are in, that of the harness's process above us, that of the
        harness's id, the actor's current one, or None; also for the name `none`. Raises Usage where the name cannot be
        one."""
        named = None if self._is_outer(self._named) else self._named
        if named := named or self._layout.inside_session:
            return None if named == "none" else self.successor(session_name(named))
        if self._agent and (session := self._of_process or self._of_id):
            return self.successor(session)
        return self.current()

    @property
    def agent(self) -> str | None:
        """The caller's agent; of two harnesses, one started by the other, the nearest."""
        nearest = self._harnesses[0] if self._is_nested and self._of_process else []
        return next((agent for session, agent in nearest if session == self._of_process and agent), self._agent)

    @cached_property
    def _harnesses(self) -> list[list[tuple[str, str]]]:
        """`sessions_above` an agent's command; a person's runs in no harness."""
        return sessions_above(self._layout.mem_dir, os.getppid()) if self._agent else []

    @property
    def _of_process(self) -> str | None:
        """The session of the nearest harness above us. Of several in one process the harness's id tells which; without
        an id, the latest that has started there is the one (`/clear`)."""
        if not self._harnesses or (len(self._harnesses[0]) > 1 and self._harness_id):
            return None
        return self._harnesses[0][0][0]

    @property
    def _of_id(self) -> str | None:
        return harness_session(self._agent, self._harness_id) if self._agent and self._harness_id else None

    def _is_outer(self, named: str | None) -> bool:
        """Whether the environment names the session of a harness that has started another, which we run in."""
        if not (named and self._is_nested and self._harnesses):
            return False
        nearest, *outer = ({session for session, _ in group} for group in self._harnesses)
        names = {named, self.successor(named)}
        return not names & nearest and any(names & group for group in outer)

    @property
    def work(self) -> str | None:
        """The session of the work that the caller is at: `name`, but for a standing draft session, which is about no
        work in particular."""
        name = self.name
        return None if name == self._standing.read() else name

    def check_named(self, waits: Callable[[str], bool]) -> None:
        """`check_known` of the session that the caller has named, if any."""
        if self._named and self._named != "none":
            self.check_known(self._named, waits)

    def check_known(self, text: str, waits: Callable[[str], bool]) -> None:
        """Check that a session exists: it is open, has ended, or `waits` says that its start is in the journal.

        Raises Usage where the name cannot be one, NotFound with near names where no session has it."""
        name = session_name(text)
        if self.is_open(name) or self.has_ended(name) or waits(name):
            return
        from memcli.core.text.near_names import did_you_mean
        from memcli.errors import NotFound

        new_session_name(name)
        near = did_you_mean(name, open_sessions(self._layout)) or "'mem session list' lists the sessions;"
        raise NotFound(f"no session {name!r}", f"{near} 'mem session start {name}' starts a new one")

    def writable(self) -> str | None:
        """The session to write into; None where a new one is to be started. Raises Usage for `none`."""
        if self._named == "none":
            raise Usage("nothing can be written into the session 'none'", "name a session, or leave '--session' out")
        name = self.name
        return name if name is None or self.is_open(name) else new_session_name(name)

    @contextmanager
    def to_write(self, new: Callable[[], str], is_used: Callable[[str], bool]) -> Iterator[tuple[str, bool]]:
        """(session, whether this call starts one of which the caller has to be told): the session to write into, else
        a `new` one. A person's standing one is made without a word.

        A new one is forgotten again where the write in the block fails and `is_used` says that nothing is in it."""
        name = self.writable()
        if name is not None:
            yield name, False
            return
        made = new()
        name = self.claim(made)
        try:
            yield name, name == made and not self._person
        except BaseException:
            if name == made and not is_used(made) and not self.is_open(made):
                self.forget(made)
            raise

    def current(self) -> str | None:
        """The actor's current session in this worktree, else a person's standing one, if it is still open or waits in
        the journal."""
        if not self._person:
            return self._current.read()
        names = (self._current.read(), self._standing.read())
        return next((name for name in names if name and not self.has_ended(name)), None)

    def claim(self, name: str) -> str:
        """Make `name` the session that the actor writes into (a person's standing one) unless another process was
        quicker: the one that it is now."""
        current, pointer = self.current(), self._standing if self._person else self._current
        if current is None or self.has_ended(current):
            pointer.clear()
            pointer.write(name, "x")
        return self.current() or name

    def remember(self, name: str) -> None:
        """Make a session the actor's current one; below a read-only `.git` in the worktree."""
        self._current.write(name)

    def forget(self, name: str) -> None:
        """Make a session neither the current one nor the standing one."""
        for pointer in (self._current, self._standing):
            if pointer.read() == name:
                pointer.clear()

    def is_open(self, name: str) -> bool:
        """Whether a session of this name is open."""
        return read_ref(self._layout, SESSIONS + name) is not None

    def has_ended(self, name: str) -> bool:
        """Whether a session of this name was promoted or rejected, and no other of its name is open."""
        return not self.is_open(name) and read_ref(self._layout, ENDED + name) is not None

    def successor(self, name: str) -> str:
        """The session itself or, where it has ended, the open one that continues it: `<name>-2` and so on."""
        if not self.has_ended(name):
            return name
        later = (successor_name(name, number) for number in range(2, 1000))
        first = next(candidate for candidate in later if not self.has_ended(candidate))
        return first if self.is_open(first) else name

    @property
    def _current(self) -> SessionPointer:
        """A person's; an agent without a session id of its harness has one of its own, never the person's."""
        name = f"session-{_slug(self._agent)}" if self._agent else "session"
        places = (os.path.join(self._layout.git_dir, "mem"), _spool(self._layout))
        return SessionPointer([os.path.join(place, name) for place in places])

    @property
    def _standing(self) -> SessionPointer:
        """That of this person in all worktrees of the repository; of nobody for an agent."""
        if not self._person:
            return SessionPointer(())
        own = self._person if is_well_formed(self._person) else harness_session(self._person, self._person)
        name = os.path.join("standing", own)
        return SessionPointer([os.path.join(place, name) for place in (self._layout.mem_dir, _spool(self._layout))])


def _spool(layout: Layout) -> str:
    return os.path.join(layout.tree_dir, "spool")


def _slug(agent: str) -> str:
    from memcli.core.memory.identity import slug

    return slug(agent, "agent")
