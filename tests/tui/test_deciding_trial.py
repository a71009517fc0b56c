"""The acceptance trial by keys: 40 candidates, six faults, at most twelve keys beyond moving."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.answers import EITHER, KEEP, REPLACE, Answer, Trial
from tests.trials.forty import make_trial
from tests.tui.driven import Driven, drive

MOST_KEYS = 12


class _Reader:
    """Somebody who knows what is right, and counts keys."""

    def __init__(self, trial: Trial) -> None:
        self.trial, self.keys = trial, 0

    async def decide(self, driven: Driven) -> None:
        await driven.judged()
        flagged = [row for row in driven.inbox.list.rows if not row.is_clean]
        assert {answer.id for answer in self.trial.faulty} <= {row.key.id for row in flagged}, "a fault is not flagged"
        for row in flagged:
            if driven.inbox.marks.of(row) is None:
                driven.inbox.list.choose(row.key)
                await driven.shows(row.title[:20], "evidence")
                await self._answer(driven, self.trial.answers[row.key.id])
        await self._press(driven, "A")
        await self._press(driven, "enter")
        await driven.shows("as one operation?", "all decided")
        await self._press(driven, "enter")
        await driven.until(lambda: not driven.inbox.rows)

    async def _answer(self, driven: Driven, answer: Answer) -> None:
        if answer.decision in (KEEP, REPLACE, EITHER):
            await self._settled(driven, "1")
        elif answer.other in self.trial.answers or "near-duplicate" in answer.fault:
            await self._settled(driven, "2")
        elif driven.inbox.marks.last is None:
            await self._press(driven, "r")
            await self._press(driven, "enter")
        else:
            await self._press(driven, "full_stop")

    async def _settled(self, driven: Driven, key: str) -> None:
        """Decide between two, once the other one is there to be read."""
        row = driven.inbox.list.row
        assert row
        await driven.until(lambda: driven.page.context_of(row) is not None)
        await self._press(driven, key)

    async def _press(self, driven: Driven, key: str) -> None:
        self.keys += 1
        await driven.press(key)


@pytest.mark.parametrize("seed", [1, 5])
def test_all_forty_are_decided_in_twelve_keys(tmp_path: Path, seed: int) -> None:
    trial = make_trial(tmp_path / "trial", seed)
    reader = _Reader(trial)
    drive(trial.path, reader.decide, size=(140, 60))
    assert list(trial.mistakes()) == []
    assert reader.keys <= MOST_KEYS
