"""What happened to the store since the last dream: which dream that was, and which commits count as news since.

The promotions of dreams are not news; nor is what was undone, with its undoing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from memcli.branch import ENDED, SESSIONS
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.core.session.state import CLOSED, REJECTED, Session
from memcli.git.objects import Commit
from memcli.git.ref_files import list_refs
from memcli.sessions import is_dream
from memcli.workspace import Workspace

_AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class LastDream:
    """The last dream that counts as promoted: how far it read (commits; empty: nothing yet), and `at`, when a dream was
    last promoted or decided against."""

    watermark: str = ""
    code: str = ""
    at: datetime | None = None


def open_dreams(workspace: Workspace) -> list[str]:
    """The names of open dreams, oldest first."""
    listed = [(ref.removeprefix(SESSIONS), tip) for ref, tip in list_refs(workspace.layout, SESSIONS)]
    return sorted(name for name, tip in listed if is_dream(name) and workspace.sessions.at(name, tip))


def ended_dreams(workspace: Workspace) -> list[Session]:
    """The dreams that have ended, oldest first."""
    listed = [(ref.removeprefix(ENDED), tip) for ref, tip in list_refs(workspace.layout, ENDED)]
    found = [workspace.sessions.at(name, tip) for name, tip in listed if is_dream(name)]
    return sorted((one for one in found if one), key=lambda one: one.name)


def last_dream(workspace: Workspace) -> LastDream:
    """The last dream, from the promotions of the store and from dreams that ended without one."""
    tip = workspace.tip()[1]
    found = _promoted(workspace, tip)
    for session in ended_dreams(workspace):
        at = session.updated
        if session.state not in (CLOSED, REJECTED) or at is None:
            continue
        later = found.at is None or at > found.at
        newer = later or session.watermark != found.watermark
        reads_on = session.state == CLOSED and newer and _is_between(workspace, found, session.watermark or "", tip)
        found = LastDream(
            session.watermark or "" if reads_on else found.watermark,
            session.code or "" if reads_on else found.code,
            at if later else found.at,
        )
    # a clock that was wrong once must not keep dreams from running until its day has come
    return replace(found, at=None) if found.at and found.at > workspace.now + _AHEAD else found


def _is_between(workspace: Workspace, known: LastDream, commit: str, tip: str) -> bool:
    """Whether a commit of the store is not older than what is known as read."""
    odb = workspace.odb
    if not commit or not odb.has(commit) or not odb.is_ancestor(commit, tip):
        return False
    return not (known.watermark and odb.has(known.watermark)) or odb.is_ancestor(known.watermark, commit)


def _promoted(workspace: Workspace, tip: str) -> LastDream:
    undone: set[str] = set()
    for commit in workspace.odb.first_parents(tip):
        said = dict(trailers_of(commit.message))
        undone.add(said.get(trailers.CANCELS, ""))
        if said.get(trailers.WATERMARK) and said.get(trailers.OP) not in undone:
            return LastDream(said[trailers.WATERMARK], said.get(trailers.CODE, ""), commit.at)
    return LastDream()


def news(workspace: Workspace, since: str, base: str) -> list[Commit]:
    """The commits of the store after `since` up to `base` that count as news, oldest first."""
    commits = list(workspace.odb.first_parents(base, stop=since or None))
    told = [dict(trailers_of(commit.message)) for commit in commits]
    undone = {said[trailers.CANCELS] for said in told if trailers.CANCELS in said}
    kept = [
        commit
        for commit, said in zip(commits, told, strict=True)
        if commit.parents
        and trailers.CANCELS not in said
        and said.get(trailers.OP, "-") not in undone
        and not is_dream(said.get(trailers.SESSION, ""))
    ]
    return kept[::-1]


def sessions_ended_since(workspace: Workspace, known: LastDream, promotions: Iterable[Commit]) -> int:
    """How many sessions have ended since the last dream, as far as this clone can tell."""
    names = {dict(trailers_of(commit.message)).get(trailers.SESSION, "") for commit in promotions}
    for ref, tip in list_refs(workspace.layout, ENDED):
        if known.at is None or workspace.odb.commit(tip).at > known.at:
            names.add(ref.removeprefix(ENDED))
    return len([name for name in names if name and not is_dream(name)])


def rejections(workspace: Workspace, since: datetime | None) -> tuple[tuple[str, str], ...]:
    """(content, reason) of what persons rejected in the sessions that moved after an instant, dreams apart; sorted."""
    found: set[tuple[str, str]] = set()
    for prefix in (SESSIONS, ENDED):
        for ref, tip in list_refs(workspace.layout, prefix):
            name = ref.removeprefix(prefix)
            if is_dream(name) or (since and workspace.odb.commit(tip).at <= since):
                continue
            session = workspace.sessions.at(name, tip)
            found |= {(one.content, one.reason) for one in session.rejections} if session else set()
    return tuple(sorted(found))


def decided_contents(workspace: Workspace, dreams: Sequence[Session]) -> dict[str, set[str]]:
    """{memory id: contents} that a person decided against in dreams, by rejecting them or by taking them back."""
    found: dict[str, set[str]] = {}
    said = [(one.id, one.content) for session in dreams for one in session.rejections]
    said += [(one[0], one[1]) for one in _reverted(workspace)]
    for memory_id, content in said:
        found.setdefault(memory_id, set()).add(content)
    return found


def _reverted(workspace: Workspace) -> list[list[str]]:
    """What commits of the store itself say: only those that took dreams back."""
    from memcli.git.queries import log

    tip = workspace.main()[1]
    commits = log(workspace.layout.common_dir, [tip], 10_000, "--first-parent", f"--grep=^{trailers.REJECT}: ")
    return [value.split(" ") for one in commits for key, value in trailers_of(one.message) if key == trailers.REJECT]
