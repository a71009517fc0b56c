"""The clock of one call: its one instant, and ids that follow it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property

from memcli.core.memory.identity import MemoryId, Ulids


class Clock:
    """One instant for everything that a call does, and ids that sort in the order in which it makes them.

    `fixed` is the instant that the environment sets, None where the clock tells.
    """

    def __init__(self, fixed: datetime | None) -> None:
        self._fixed = fixed
        self._memories, self._operations = Ulids(), Ulids()

    @cached_property
    def now(self) -> datetime:
        """The instant of the call, UTC, whole seconds."""
        return self._fixed or datetime.now(UTC).replace(microsecond=0)

    def new_memory_id(self) -> MemoryId:
        """A new memory's id; those of other calls sort by the millisecond."""
        return self._memories.next(self._fixed or datetime.now(UTC), os.urandom(16))

    def new_operation_id(self, waiting: Iterable[str] = ()) -> str:
        """A new operation's id, which sorts behind those that wait in the journal even where the clock stepped back."""
        return self._operations.next(datetime.now(UTC), os.urandom(16), waiting)
