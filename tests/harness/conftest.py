"""The programs to test are named in `MEM_HARNESS` (`make harness` does that); without it nothing here is collected."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.harness.conversation import Conversation, converse
from tests.harness.network import StubNetwork, stub_network
from tests.harness.programs import HarnessProgram, chosen
from tests.harness.room import Room
from tests.needs import missing

PROGRAMS = chosen(os.environ.get("MEM_HARNESS", ""))
collect_ignore_glob = [] if PROGRAMS else ["test_*"]


AT_ONCE = 2
"""Conversations that are played at the same time."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test runs for every program, or for those of the harnesses that its module's `ONLY` has for it."""
    if "program" in metafunc.fixturenames:
        only = getattr(metafunc.module, "ONLY", {}).get(metafunc.function.__name__)
        programs = [program for program in PROGRAMS if only is None or program.adapter in only]
        metafunc.parametrize("program", programs, ids=lambda program: program.name, scope="session", indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is for none of the programs."""
    empty = [item for item in items if item.name.endswith("[NOTSET]")]
    items[:] = [item for item in items if item not in empty]
    config.hook.pytest_deselected(items=empty)


@pytest.fixture(scope="session")
def program(request: pytest.FixtureRequest) -> HarnessProgram:
    """An installed program."""
    chosen_program: HarnessProgram = request.param
    if chosen_program.problem:
        missing(chosen_program.problem)
    return chosen_program


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StubNetwork]:
    """The stub model of this process."""
    with stub_network(tmp_path_factory.mktemp("model") / "stub") as running:
        yield running


@pytest.fixture
def room(program: HarnessProgram, network: StubNetwork, tmp_path: Path) -> Room:
    """A room with a store."""
    made = Room(tmp_path / "room", network, program)
    made.prepare()
    made.run("mem", "init")
    return made


@pytest.fixture(scope="session")
def played(network: StubNetwork, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Conversation]]]:
    """Program → its conversation, which may still be going on."""
    rooms = [Room(tmp_path_factory.mktemp(each.name), network, each) for each in PROGRAMS if not each.problem]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {room.program.name: pool.submit(converse, room) for room in rooms}


@pytest.fixture(scope="session")
def conversation(program: HarnessProgram, played: dict[str, Future[Conversation]]) -> Conversation:
    """The recorded conversation of a program."""
    return played[program.name].result()
