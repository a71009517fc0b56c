"""A store as a small team has it after two months: agents and people, a dream, questions, code that has moved on.

Made with the program itself; `python -m tests.html.team_store DIRECTORY` makes one to look at.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ADA, GRACE = ("Ada Lovelace", "ada@example.com"), ("Grace Hopper", "grace@example.com")
NOW = "2026-11-30T14:05:00Z"
CODE = {
    "src/payments/webhook.py": "RETRIES = 7\n",
    "src/payments/ledger.py": "def post(entry):\n    return entry\n",
    "src/search/index.py": "REFRESH = 60\n",
    "src/api/limits.py": "PER_MINUTE = 600\n",
    "docs/deploy.md": "# Deploying\n",
}
WEBHOOK, LEDGER, SEARCH, LIMITS = ("src/payments/webhook.py", "src/payments/ledger.py", "src/search/index.py",
                                   "src/api/limits.py")  # fmt: skip


@dataclass(frozen=True)
class TeamSession:
    """One line of work: who did it when, what it proposes, and who promotes it (None: nobody yet)."""

    name: str
    at: str
    agent: str | None
    person: tuple[str, str]
    memories: Sequence[Mapping[str, Any]]
    promoter: tuple[str, str] | None = GRACE
    task: str = ""


def _fact(body: str, topic: str, type: str = "fact", **front: Any) -> dict[str, Any]:
    return {"body": body, "topic": topic, "type": type, **front}


FIRST = TeamSession(
    "webhook-retries", "2026-10-02T09:30:00Z", "claude-code", ADA,
    (
        _fact("# The retry queue owns webhook failures\n\n`StripeWebhookHandler` raced with the ledger. Failed "
              "deliveries go through the retry queue and never call the handler directly:\n\n1. the delivery is put "
              "on the queue,\n2. the queue calls `post()` with the same idempotency key,\n3. after seven attempts a "
              "person is told.\n", "payments", "decision", key="payments.webhook.owner", paths=[WEBHOOK, LEDGER],
              evidence="code"),
        _fact("Webhook deliveries are retried at most 7 times, with waits that double from 30 seconds.", "payments",
              key="payments.webhook.retries", paths=[WEBHOOK], evidence="code", tags=["webhooks", "limits"]),
        _fact("The ledger is append-only: a correction is a new entry with the opposite sign.", "payments",
              "constraint", paths=[LEDGER], evidence="human", pin=True),
    ),
    task="find out why webhooks are delivered twice",
)  # fmt: skip
SECOND = TeamSession(
    "search-refresh", "2026-10-14T13:00:00Z", "codex", ADA,
    (
        _fact("The search index refreshes every 60 seconds; tests that read right after a write call `refresh()`.",
              "search", paths=[SEARCH], evidence="test", tags=["tests"]),
        _fact("Tried to refresh the search index on every write: the bulk import took 41 minutes instead of 6.",
              "search", "attempt", paths=[SEARCH], evidence="test"),
        _fact("Run the search tests with `make test-search`; they need the container from `docker compose up search`.",
              "search", "procedure", evidence="document"),
    ),
)  # fmt: skip
THIRD = TeamSession(
    "api-limits", "2026-10-29T16:20:00Z", None, GRACE,
    (
        _fact("The API allows 600 requests a minute for each key; the gateway answers 429 above that.", "api",
              "constraint", key="api.limit", paths=[LIMITS], evidence="human"),
        _fact("Customers see errors as `problem+json` with a stable `type`, so that their alerts keep working.", "api",
              "decision", evidence="human"),
        _fact("Until the audit nobody changes the tax tables.", "operations", "constraint", expires="2026-11-20",
              evidence="human"),
        _fact("Deploys go out on Tuesdays and Thursdays before noon, never on a Friday.", "operations", "preference",
              paths=["docs/deploy.md"], evidence="human"),
    ),
    promoter=ADA,
)  # fmt: skip
FOURTH = TeamSession(
    "checkout-timeouts", "2026-11-11T10:10:00Z", "gemini-cli", ADA,
    (
        _fact("The checkout waits 4 seconds for the payment provider, then shows the order as pending.", "payments",
              "decision", paths=[WEBHOOK], evidence="code"),
        _fact("On 2026-11-09 the provider was down for 22 minutes; 310 orders stayed pending and all were posted by "
              "the retry queue afterwards.", "payments", "event", evidence="document"),
    ),
)  # fmt: skip
FIFTH = TeamSession(
    "week-48", "2026-11-26T08:45:00Z", "claude-code", ADA,
    (
        _fact("Webhook deliveries are retried at most 10 times, with waits that double from 30 seconds.", "payments",
              evidence="inference", tags=["webhooks"]),
        _fact("The gateway counts requests in Redis; without Redis it lets everything through and logs a warning.",
              "api", "stability", paths=[LIMITS], evidence="code"),
    ),
)  # fmt: skip
ON_CALL = TeamSession(
    "on-call", "2026-11-29T08:00:00Z", None, ADA,
    (
        _fact("Page the payments team when the retry queue holds more than 5,000 deliveries.", "operations",
              "procedure", evidence="human"),
    ),
)  # fmt: skip
WAITING = TeamSession(
    "ledger-export", "2026-11-30T11:00:00Z", "codex", GRACE,
    (
        _fact("The ledger export needs the read replica: on the primary it blocks postings for minutes.", "payments",
              "constraint", paths=[LEDGER], evidence="test"),
        _fact("Exports are CSV with semicolons, since finance opens them in a German Excel.", "payments",
              "preference", evidence="human"),
    ),
    promoter=None,
)  # fmt: skip


@dataclass(frozen=True)
class Team:
    """The team's repository, and the program as one of its members runs it."""

    path: Path

    def run(self, *command: str, at: str = NOW, who: tuple[str, str] = ADA, input: str = "") -> str:
        """What a command prints, run by a person at an instant. Raises CalledProcessError."""
        names = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER")
                 for part, value in zip(("NAME", "EMAIL"), who, strict=True)}  # fmt: skip
        dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
        done = subprocess.run(command, cwd=self.path, env={**os.environ, **names, **dates}, input=input.encode(),
                              capture_output=True)  # fmt: skip
        if done.returncode:
            raise AssertionError(f"{' '.join(command)}: {done.stderr.decode()}")
        return done.stdout.decode()

    def mem(self, *words: str, at: str = NOW, who: tuple[str, str] = ADA, input: str = "") -> str:
        return self.run(sys.executable, "-m", "memcli", *words, at=at, who=who, input=input)

    def work(self, session: TeamSession) -> list[str]:
        """The ids of a session's memories, proposed and, where somebody promotes it, promoted."""
        agent = ["--agent", session.agent] if session.agent else []
        self.mem("session", "start", session.name, "--task", session.task, *agent, at=session.at, who=session.person)
        batch = "\n".join(map(json.dumps, session.memories))
        options = ("add", "--batch", "-", "--wait", "--json", "--session", session.name, *agent)
        added = json.loads(self.mem(*options, at=session.at, who=session.person, input=batch))["data"]["memories"]
        if session.promoter:
            self.mem("promote", session.name, "--yes", at=_later(session.at), who=session.promoter)
        return [memory["id"] for memory in added]


def _later(at: str) -> str:
    """An hour later."""
    return re.sub(r"T(\d\d)", lambda match: f"T{int(match[1]) + 1:02}", at)


def build_team_store(path: Path) -> Team:
    """The whole story, at `path`."""
    team = Team(path)
    path.mkdir(parents=True)
    team.run("git", "init", "-q", "-b", "main", at="2026-09-30T08:00:00Z")
    team.run("git", "config", "mem.codeBranch", "main")
    _commit(team, CODE, "code", "2026-09-30T08:00:00Z")
    team.mem("init", at="2026-09-30T08:30:00Z")
    owner, retries, _ledger = team.work(FIRST)
    team.work(SECOND)
    limit, *_others = team.work(THIRD)
    team.work(FOURTH)
    _commit(team, {WEBHOOK: "RETRIES = 10\nBASE = 30\n"}, "retry longer", "2026-11-20T09:00:00Z")
    _edits(team, owner, retries, limit)
    team.work(FIFTH)
    team.mem("dream", at="2026-11-27T20:00:00Z")
    team.mem("promote", _dream(team), "--yes", at="2026-11-28T09:00:00Z")
    _commit(team, {SEARCH: None}, "search moves to the gateway", "2026-11-29T09:00:00Z")
    team.work(ON_CALL)
    _reject(team)
    team.work(WAITING)
    return team


def _edits(team: Team, owner: str, retries: str, limit: str) -> None:
    """A memory that links to others, and one that takes the place of an older one."""
    at, agent = "2026-11-24T10:00:00Z", ("--agent", "claude-code", "--session", "limits-raised")
    team.mem("session", "start", "limits-raised", *agent[:2], at=at)
    text = (f"The API allows 1,200 requests a minute for each key since the gateway counts in Redis. Webhooks are not "
            f"counted: see [[{owner}|the retry queue]] and mem:{retries[-6:]}.")  # fmt: skip
    team.mem("supersede", limit, text, *agent, at=at)
    team.mem("edit", retries, "--set", "evidence=test", "--set", "importance=0.8", *agent, at=at)
    team.mem("promote", "limits-raised", "--yes", at="2026-11-24T15:00:00Z", who=GRACE)


def _reject(team: Team) -> None:
    at, agent = "2026-11-28T10:00:00Z", ("--agent", "gemini-cli")
    team.mem("session", "start", "guesses", *agent, at=at)
    options = ("--session", "guesses", *agent, "--wait")
    team.mem("add", "The provider probably sends webhooks from two regions.", *options, at=at)
    team.mem("reject", "guesses", "--reason", "a guess", at=NOW)


def _dream(team: Team) -> str:
    names = team.run("git", "for-each-ref", "--format=%(refname)", "refs/mem/sessions/").split()
    return next(name.rpartition("/")[2] for name in names if "/dream-" in name)


def _commit(team: Team, files: Mapping[str, str | None], message: str, at: str) -> None:
    """Commit files of the code; None removes one."""
    for name, text in files.items():
        file = team.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8") if text is not None else file.unlink()
    team.run("git", "add", "-A", at=at)
    team.run("git", "commit", "-qm", message, at=at)


if __name__ == "__main__":
    build_team_store(Path(sys.argv[1]))
