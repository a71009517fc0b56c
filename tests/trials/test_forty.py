"""The acceptance trial: a reader who sees only what the program shows decides 40 candidates, and misses no fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.answers import KEEP, Trial
from tests.trials.command_reader import CommandReader
from tests.trials.forty import CANDIDATES, make_trial
from tests.trials.readers import Session, lines_for

SEEDS = (3, 7)
"""In one of them the store is wrong and a candidate replaces what it says; in the other it is right."""
MOST = 12
"""Commands, or key presses beyond scrolling."""


@pytest.fixture(params=SEEDS)
def trial(request: pytest.FixtureRequest, tmp_path: Path) -> Trial:
    return make_trial(tmp_path / "shop", request.param)


def test_every_fault_is_there_once_and_every_seed_is_another_trial(tmp_path: Path) -> None:
    trials = [make_trial(tmp_path / str(seed), seed) for seed in SEEDS]
    for trial in trials:
        assert len(trial.answers) == CANDIDATES
        assert len({answer.agent for answer in trial.answers.values()}) == 5
        assert len({answer.fault for answer in trial.faulty}) == 6
    texts = [{answer.text for answer in trial.answers.values()} for trial in trials]
    places = [[answer.fault for answer in trial.answers.values()] for trial in trials]
    assert texts[0] != texts[1] and places[0] != places[1]
    assert {answer.decision for trial in trials for answer in trial.faulty} >= {"replace", "reject", "either"}


def test_a_reader_decides_all_at_prompts(trial: Trial) -> None:
    with Session(trial.path, "review", "-p") as session:
        pressed = 0
        while "Carry out" not in (shown := session.read_to(r"\[[a-zA-Z,]+,\?\] ")):
            lines = lines_for(shown)
            pressed += len(lines)
            session.enter(*lines)
        session.enter("y")
        pressed += 1
        end = session.rest()
    assert "'mem undo' takes all of it back" in end
    assert list(trial.mistakes()) == []
    assert pressed <= MOST, pressed


def test_a_reader_decides_all_by_commands_alone(trial: Trial) -> None:
    reader = CommandReader(trial.path)
    reader.decide()
    assert list(trial.mistakes()) == []
    assert reader.commands <= MOST, reader.commands


def test_each_kept_fact_can_say_why_it_was_kept(trial: Trial) -> None:
    with Session(trial.path, "review", "-p") as session:
        while "Carry out" not in (shown := session.read_to(r"\[[a-zA-Z,]+,\?\] ")):
            session.enter(*lines_for(shown))
        session.enter("y")
        session.rest()
    kept = [answer for answer in trial.answers.values() if answer.decision == KEEP and not answer.other]
    for answer in kept[:: max(1, len(kept) // 6)]:
        with Session(trial.path, "why", answer.id) as session:
            why = session.rest()
        for reason in (answer.agent, answer.session, "Ada"):
            assert reason in why, why
