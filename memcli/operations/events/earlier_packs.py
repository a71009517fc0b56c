"""The packs that a session was given at its starts, so that one that returns is told only what changed since."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.agents.events import HOOK_EVENTS, PRE_COMPACT, SESSION_START
from memcli.branch import ENDED, READS, SESSIONS
from memcli.core.session.entry_verbs import READ
from memcli.core.session.names import is_successor
from memcli.core.session.reads import HYDRATE, read_lines
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.git.ref_files import list_refs
from memcli.state.journal import Journal, JournalEntry
from memcli.store import Store

_WHOLE = (HOOK_EVENTS[SESSION_START].pack, HOOK_EVENTS[PRE_COMPACT].pack)


def tree_of_last_pack(layout: Layout, store: Store, journal: Journal, session: str) -> str:
    """The tree of the store that the last pack at a start was made from, of a session and those that continue it; ``
    where there was none."""
    reads = (read for text in _texts(layout, store, journal, session) for read in read_lines(text))
    packs = [read for read in reads if read.op == HYDRATE and read.parameters.get("for") in _WHOLE]
    return max(packs, key=lambda read: read.at).tree if packs else ""


def _texts(layout: Layout, store: Store, journal: Journal, session: str) -> Iterator[str]:
    """What they have recorded of their reads, and what waits in the journal."""
    for prefix in (ENDED, SESSIONS):
        for ref, tip in list_refs(layout, prefix):
            name = ref.removeprefix(prefix)
            if _belongs(name, session):
                yield _recorded(store, tip)
    for _, entry in journal.pending():
        if isinstance(entry, JournalEntry) and entry.verb == READ and _belongs(entry.session, session):
            yield entry.note.get("read", "")


def _belongs(name: str, session: str) -> bool:
    return name == session or is_successor(name, session)


def _recorded(store: Store, tip: str) -> str:
    try:
        blob = store.odb.file(store.odb.commit(tip).tree, READS)
        return store.text(blob) if blob else ""
    except MemError:
        return ""  # this clone does not have it
