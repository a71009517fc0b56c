"""The table of hook events: adapters and `mem hydrate --for` name only events that are in it."""

from __future__ import annotations

import pytest

from memcli.agents.adapter import Adapter
from memcli.agents.events import HOOK_EVENTS
from memcli.agents.registry import adapters
from memcli.cli.commands.hydrate import PackEvent


@pytest.mark.parametrize("adapter", adapters().values(), ids=lambda adapter: adapter.name)
def test_an_adapter_names_only_events_of_the_table(adapter: Adapter) -> None:
    installed = {event for _, event, _ in adapter.hook_events}
    assert {*installed, *adapter.answer_events, *adapter.answer_fields} <= HOOK_EVENTS.keys()


def test_packs_are_for_events_of_the_table() -> None:
    assert {event.value for event in PackEvent} <= {event.pack for event in HOOK_EVENTS.values()}
