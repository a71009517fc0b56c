"""The episode: the one memory that every session proposes by itself when it ends."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.branch import COMMITS
from memcli.core.memory.document import Value
from memcli.core.review.exclusion import Excludes
from memcli.core.session.code_commits import commit_lines, current_commits
from memcli.core.session.episode import MOST_PATHS, SessionFacts, episode
from memcli.core.session.state import Session
from memcli.git.history import log
from memcli.sessions import Sessions

EPISODES = "episodic/sessions/"
"""The directory of episodes; one of an earlier end is not what the session has brought."""
MOST_COMMITS = 50
"""Commits whose files are looked up."""


@dataclass(frozen=True)
class EpisodeSource:
    """What an episode is made from. `excludes`: paths that memory leaves alone."""

    sessions: Sessions
    git_dir: str
    excludes: Excludes | None

    def draft(self, session: Session) -> dict[str, Value] | None:
        """The front matter and body of the session's episode; None if there is nothing to tell."""
        return episode(self._facts(session))

    def earlier(self, session: Session) -> str | None:
        """The id of the episode that an earlier end of the session has proposed."""
        candidates = self.sessions.candidates(session)
        return next((candidate.id for candidate in candidates if candidate.path.startswith(EPISODES)), None)

    def _facts(self, session: Session) -> SessionFacts:
        commits = current_commits(commit_lines(self.sessions.text(session, COMMITS)))
        candidates = self.sessions.candidates(session)
        proposed = [candidate for candidate in candidates if not candidate.path.startswith(EPISODES)]
        attempts = [candidate.title for candidate in proposed if candidate.after and candidate.after.type == "attempt"]
        return SessionFacts(
            session=session.name,
            at=session.ended or "",
            task=session.task,
            branch=session.code_branch or "",
            proposed=len(proposed),
            attempts=tuple(attempts),
            commits=commits,
            paths=self._paths(commits),
        )

    def _paths(self, commits: tuple[str, ...]) -> tuple[str, ...]:
        """The files that the commits touched, those of the last commit first, without excluded ones."""
        last = commits[-MOST_COMMITS:]
        entries = log(self.git_dir, last, MOST_COMMITS, "--no-walk=sorted", "--name-only") if last else []
        touched = dict.fromkeys(path for entry in entries for path in entry.files)
        return tuple(self.excludes.left(touched) if self.excludes else touched)[:MOST_PATHS]
