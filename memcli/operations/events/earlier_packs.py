"""The packs that a session was given at its starts, so that one that returns is told only what changed since."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.agents.events import HOOK_EVENTS, PRE_COMPACT, SESSION_START
from memcli.branch import ENDED, READS, SESSIONS
from memcli.core.session.entry_verbs import READ
from memcli.core.session.reads import HYDRATE, read_lines
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.state.journal import Journal
from memcli.store import Store

_WHOLE = (HOOK_EVENTS[SESSION_START].pack, HOOK_EVENTS[PRE_COMPACT].pack)


def tree_of_last_pack(layout: Layout, store: Store, journal: Journal, session: str) -> str:
    """The tree of the store that the session's last pack at a start was made from; `` where it had none."""
    reads = (read for text in _texts(layout, store, journal, session) for read in read_lines(text))
    packs = [read for read in reads if read.op == HYDRATE and read.parameters.get("for") in _WHOLE]
    return packs[-1].tree if packs else ""


def _texts(layout: Layout, store: Store, journal: Journal, session: str) -> Iterator[str]:
    """What the session has recorded of its reads, then what waits in the journal."""
    tip = read_ref(layout, SESSIONS + session) or read_ref(layout, ENDED + session)
    try:
        blob = store.odb.file(store.odb.commit(tip).tree, READS) if tip else None
        yield store.text(blob) if blob else ""
    except MemError:
        pass  # this clone does not have it
    yield from (entry.note.get("read", "") for entry in journal.entries(session) if entry.verb == READ)
