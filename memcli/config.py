"""Flags and environment as one frozen `Config`: the only reader of `os.environ`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from memcli.agents.registry import adapters, caller, caller_variables, is_nested
from memcli.core.memory.instants import parse_instant
from memcli.errors import Usage

LOCAL_ENVIRONMENT = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE",
)  # fmt: skip
"""`git rev-parse --local-env-vars`: inside a hook they point git at the user's index, not at ours."""

SILENCED = {"ORT_DISABLE_TELEMETRY": "1", "ANONYMIZED_TELEMETRY": "False", "HF_HUB_DISABLE_TELEMETRY": "1"}
"""Disables the telemetry of the libraries behind semantic recall, which read it when they are imported."""

MOST_PLAIN_NAME = 16
"""Characters of an agent's name that are too few for a secret."""
LOCK_TIMEOUT = 10.0
"""Seconds that a command waits for another mem process, where MEM_LOCK_TIMEOUT is not set."""


@dataclass(frozen=True)
class Flags:
    """The global options, as the command line gives them."""

    directory: str | None = None
    json: bool = False
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False
    no_input: bool = False
    session: str | None = None
    agent: str | None = None


@dataclass(frozen=True)
class Config:
    """What the environment and the flags say. `now` is set only where GIT_COMMITTER_DATE fixes the instant;
    `is_nested`: `agent` and `session` may be those of a harness that has started the one that runs us;
    `git_settings`: the variables with git's configuration that `seal` removes."""

    directory: Path
    git_dir: str | None
    git_settings: Mapping[str, str]
    user: str
    agent: str | None
    session: str | None
    is_nested: bool
    harness_id: str | None
    now: datetime | None
    author_name: str
    author_email: str
    lock_timeout: float

    @property
    def homes(self) -> Homes:
        """Where the person's own files lie."""
        return homes()

    @property
    def external_environment(self) -> Mapping[str, str]:
        """The environment of the commands that mem runs, such as `mem.curator`."""
        return external_environment()

    @property
    def worker_environment(self) -> Mapping[str, str]:
        """The environment of the worker that processes the end of a session, which is nobody's call."""
        return personal_environment()


@dataclass(frozen=True)
class Homes:
    """Where a person's own files lie; `harnesses`: name → the directory of that harness."""

    home: Path
    state: Path
    config: Path
    harnesses: Mapping[str, Path]


def homes(environ: Mapping[str, str] | None = None) -> Homes:
    """The directories that the environment names, else the usual ones."""
    env = os.environ if environ is None else environ
    home = Path(env.get("HOME") or Path.home())

    def named(variable: str, usual: str) -> Path:
        path = Path(env.get(variable) or "")
        return path if path.is_absolute() else home / usual

    state, config = named("XDG_STATE_HOME", ".local/state"), named("XDG_CONFIG_HOME", ".config")
    harnesses = {name: named(adapter.home_variable, adapter.directory) for name, adapter in adapters().items()}
    return Homes(home, state, config, harnesses)


def load(flags: Flags, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of one call. Raises Usage for invalid values, Refused for a secret."""
    # names go into JSON and commits, which are UTF-8; a directory need not be
    raw = os.environ if environ is None else environ
    env = {name: text.encode("utf-8", "replace").decode() for name, text in raw.items()}
    start = Path(flags.directory or ".")
    if not start.is_dir():
        raise Usage(f"no such directory: {flags.directory}", "name an existing directory with '-C DIR'")
    agent, harness_id = caller(env, flags.agent)
    if agent and "<" in agent:
        from memcli.core.review.private import without_private

        agent = without_private(agent)[0] or "agent"
    if agent and len(agent) > MOST_PLAIN_NAME:
        from memcli.core.review.recorded_text import refuse_secret

        refuse_secret(agent, "agent name")
    return Config(
        directory=start.resolve(),
        git_dir=None if flags.directory else raw.get("GIT_DIR") or None,
        git_settings={name: raw[name] for name in ("GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT") if name in raw},
        user=env.get("USER") or env.get("LOGNAME") or "user",
        agent=agent,
        session=flags.session or env.get("MEM_SESSION") or None,
        is_nested=not (flags.session or flags.agent) and is_nested(env),
        harness_id=harness_id,
        now=_instant(env.get("GIT_COMMITTER_DATE", "")),
        author_name=env.get("GIT_AUTHOR_NAME", "").strip(),
        author_email=env.get("GIT_AUTHOR_EMAIL", "").strip(),
        lock_timeout=_lock_timeout(env.get("MEM_LOCK_TIMEOUT", "")),
    )


def _lock_timeout(text: str) -> float:
    """Seconds, 0 or more. Raises Usage."""
    try:
        seconds = float(text or LOCK_TIMEOUT)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise Usage(f"MEM_LOCK_TIMEOUT is not a number of seconds: {text[:60]!r}", "unset it, or use 10")
    return seconds


def _instant(text: str) -> datetime | None:
    """A date as git takes it: `@seconds zone`, `seconds zone`, RFC 3339 or RFC 2822."""
    text = text.strip()
    if not text:
        return None
    try:
        seconds = text.lstrip("@").split(" ")[0]
        if seconds.isdigit() and len(seconds) > 4:
            return datetime.fromtimestamp(int(seconds), UTC)
        return parse_instant(text)
    except (ValueError, OverflowError, OSError):
        return _loose_date(text)


def _loose_date(text: str) -> datetime:
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        try:
            date = datetime.fromisoformat(text)
        except ValueError:
            message = f"GIT_COMMITTER_DATE is not a date: {text[:60]!r}"
            raise Usage(message, "unset it, or use 2026-11-20T09:30:00Z") from None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def personal_environment() -> dict[str, str]:
    """The environment without what marks a call as an agent's or binds it to a session or repository."""
    dropped = {*caller_variables(), "AI_AGENT", *LOCAL_ENVIRONMENT}
    return {key: value for key, value in os.environ.items() if key not in dropped and not key.startswith("MEM_")}


def external_environment() -> dict[str, str]:
    """The environment without the caller's harness, session and repository; a command that calls mem itself does so as
    the agent `curator`, and its hooks do nothing."""
    dropped = {*caller_variables(), *LOCAL_ENVIRONMENT, "MEM_SESSION"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {**kept, "MEM_AGENT": "curator", "MEM_HOOK": "1"}


def wants_no_color() -> bool:
    """Whether the environment asks for text without colours: NO_COLOR, or a terminal that knows none."""
    return bool(os.environ.get("NO_COLOR")) or is_dumb_terminal()


def is_dumb_terminal() -> bool:
    """Whether the terminal says that it cannot move its cursor."""
    return os.environ.get("TERM") == "dumb"


def seal() -> None:
    """Remove git's repository-local variables from the environment, after `load` has read GIT_DIR, and disable the
    telemetry of libraries."""
    for variable in LOCAL_ENVIRONMENT:
        os.environ.pop(variable, None)
    os.environ.update(SILENCED)
