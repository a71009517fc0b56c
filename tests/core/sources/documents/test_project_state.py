"""What is read of a README."""

from __future__ import annotations

import pytest

from memcli.core.sources.documents.project_state import states_of
from memcli.core.sources.passages import SourceFile
from tests.core.sources.extracted import extract_memories

INTRO = "# Queue\n\nQueue is a fast queue for everything that you send.\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "> [!WARNING]\n> This repository has been archived: use the new queue instead.",
        "The project is in maintenance mode, so only fixes of security issues are merged.",
        "Version 1 is no longer maintained and gets no fixes.",
        "We only support the latest release of each of the last two major versions.",
    ],
)
def test_the_state_of_a_project_is_kept(text: str) -> None:
    [memory] = extract_memories([SourceFile("README.md", f"{INTRO}{text}\n\nHave fun with it.\n", None)], options=[])
    assert (memory.type, memory.body.strip()) == ("stability", text)
    assert memory.source.ref == "README.md#L5"
    assert not memory.title.startswith(("[", ">"))


@pytest.mark.parametrize(
    "text",
    [
        "Queue supports many backends and is easy to use.",
        "```\nThis project is deprecated and must not be used.\n```",
        "| a | This project is archived and over now, really |",
    ],
)
def test_the_rest_of_a_readme_is_not_read(text: str) -> None:
    assert states_of(INTRO + text) == []
