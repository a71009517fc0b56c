"""The one memory that every session leaves behind without anybody's doing: its episode."""

from __future__ import annotations

from memcli.branch import COMMITS
from memcli.core.session.code_commits import commit_lines, current_commits
from memcli.core.session.episode import MOST_PATHS, SessionFacts, episode
from memcli.core.session.state import Session
from memcli.git.queries import log
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.workspace import Workspace

HOME = "episodic/sessions/"
"""Where episodes are; one of an earlier end is nothing that this one has brought."""
MOST_ASKED = 50
"""Commits whose files are looked at."""


def write_episode(workspace: Workspace, session: Session) -> str:
    """Propose the episode of a session that is over, once; what was done about it."""
    draft = episode(_facts(workspace, session))
    if draft is None:
        return "nothing to tell"
    earlier = next((one for one in workspace.sessions.candidates(session) if one.path.startswith(HOME)), None)
    if earlier:  # of an end before somebody came back
        values = {key: draft[key] for key in ("title", "paths")}
        return edit_memory(workspace, open_memory(workspace, earlier.id), values, str(draft["body"])).id
    found = add_memories(workspace, [draft], once=f"episode {session.name} {session.ended}")
    return found[0].id if found else "told already"


def _facts(workspace: Workspace, session: Session) -> SessionFacts:
    commits = current_commits(commit_lines(workspace.sessions.text(session, COMMITS)))
    candidates = [one for one in workspace.sessions.candidates(session) if not one.path.startswith(HOME)]
    attempts = tuple(one.title for one in candidates if one.after and one.after.type == "attempt")
    return SessionFacts(
        session=session.name,
        at=session.ended or "",
        task=session.task,
        branch=session.code_branch or "",
        proposed=len(candidates),
        attempts=attempts,
        commits=commits,
        paths=_paths(workspace, commits),
    )


def _paths(workspace: Workspace, commits: tuple[str, ...]) -> tuple[str, ...]:
    """The files that they touched, the last commit's first, without those that memory leaves alone."""
    last = commits[-MOST_ASKED:]
    told = log(workspace.layout.git_dir, last, MOST_ASKED, "--no-walk=sorted", "--name-only") if last else []
    touched = dict.fromkeys(path for one in told for path in one.files)
    return tuple(workspace.excludes.left(touched) if workspace.excludes else touched)[:MOST_PATHS]
