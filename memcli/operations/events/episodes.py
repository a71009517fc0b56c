"""The episode: the one memory that every session proposes by itself when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from memcli.branch import COMMITS
from memcli.core.memory.document import Value
from memcli.core.review.exclusion import Excludes
from memcli.core.review.recorded_text import recordable
from memcli.core.session.code_commits import commit_lines, current_commits
from memcli.core.session.episode import MOST_PATHS, SessionFacts, episode
from memcli.core.session.state import Session
from memcli.git.history import LoggedCommit, log
from memcli.operations.events.session_subject import subject_of
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
    mem_dir: str
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
        logged = self._logged(commits)
        attempts = [candidate.title for candidate in proposed if candidate.after and candidate.after.type == "attempt"]
        return SessionFacts(
            session=session.name,
            at=session.ended or "",
            task=session.task,
            subject=self._public(subject_of(self.mem_dir, session.name)),
            branch=session.code_branch or "",
            proposed=len(proposed),
            attempts=tuple(attempts),
            commits=commits,
            subjects=tuple(filter(None, (self._public(commit.subject) for commit in self._shown(logged)))),
            paths=self._paths(logged),
        )

    def _logged(self, commits: tuple[str, ...]) -> list[LoggedCommit]:
        """The last commits with their files, the newest first."""
        last = commits[-MOST_COMMITS:]
        return list(log(self.git_dir, last, MOST_COMMITS, "--no-walk=sorted", "--name-only")) if last else []

    def _paths(self, logged: list[LoggedCommit]) -> tuple[str, ...]:
        """The files that commits touched, those of the newest first, without excluded ones."""
        return tuple(self._left(dict.fromkeys(path for commit in logged for path in commit.files)))[:MOST_PATHS]

    def _shown(self, logged: list[LoggedCommit]) -> list[LoggedCommit]:
        """The commits, the oldest first, without those of excluded files alone."""
        return [commit for commit in reversed(logged) if not commit.files or any(self._left(commit.files))]

    def _public(self, text: str) -> str:
        """A text without secrets and private parts; empty where it names an excluded path."""
        words = [word.strip("\"'`.,:;!?()[]<>").partition(":")[0] for word in text.split()]
        named = [word for word in words if "/" in word or "." in word]
        return recordable(text) if len(list(self._left(named))) == len(named) else ""

    def _left(self, paths: Iterable[str]) -> Iterable[str]:
        return self.excludes.left(paths) if self.excludes else paths
