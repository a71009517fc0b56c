"""Fixtures of the command line's tests: one warm process for many commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.forks import Forks, forks
from tests.conftest import Mem, Repo, Result


@pytest.fixture(scope="session")
def fork(sealed_world: Path) -> Iterator[Forks]:
    """The warm process; `fast` is the friendlier way to it."""
    assert sealed_world
    with forks() as warm:
        yield warm


@pytest.fixture
def fast(repo: Repo, fork: Forks) -> Mem:
    """Like `mem`, as a fork of a warm process: for tests with many commands."""

    def run(
        *arguments: str | bytes,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        input: str | bytes | None = None,
    ) -> Result:
        words = [word.decode("utf-8", "surrogateescape") if isinstance(word, bytes) else word for word in arguments]
        return fork.run(*words, cwd=cwd or repo.path, env=env, input=input)

    return run
