"""A repository of notes from bootstrap through promotion: the limit, links, and a second run."""

from __future__ import annotations

import random
import re

from memcli import config
from memcli.config import Flags
from memcli.core.memory.summary import Filters
from memcli.operations.bootstrap.bootstrap import bootstrap
from memcli.operations.bootstrap.bootstrapped import BootstrapRequest
from memcli.operations.memories.list import list_memories
from memcli.operations.memories.show import show_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo

NOTES = 80


def _open(repo: Repo) -> Workspace:
    return Workspace(config.load(Flags(directory=str(repo.path))))


def _words(number: int) -> str:
    """Words that no other note has."""
    letters = random.Random(number)
    return " ".join("".join(letters.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(30))


def _note(number: int) -> str:
    text = f"Never drain {_words(number)}, because it fails, see [[note-{(number + 1) % NOTES}]]."
    return f"# The flag {_words(number)[:7]}\n\n{text}\n"


def _repository(repo: Repo) -> Workspace:
    files = {f"topic-{number % 5}/note-{number}.md": _note(number) for number in range(NOTES)}
    repo.commit("notes", files | {"README.md": "# Notes\n\nWhat I learned.\n"})
    init(_open(repo))
    return _open(repo)


def _links(workspace: Workspace) -> tuple[set[str], set[str]]:
    """The ids of the stored memories, and those that their links lead to."""
    ids = [memory.id for memory in list_memories(workspace, Filters(all=True)).memories]
    bodies = [show_memory(workspace, memory_id).body for memory_id in ids]
    return set(ids), {target for body in bodies for target in re.findall(r"\[\[(\w{26})\|", body)}


def test_a_repository_of_notes_is_proposed_up_to_the_limit_and_no_link_leads_nowhere(repo: Repo) -> None:
    found = bootstrap(_repository(repo), BootstrapRequest(limit=40))
    assert (len(found.proposed), {proposal.reader for proposal in found.proposed}) == (40, {"notes"})
    assert found.session
    promote(_open(repo), PromoteRequest(found.session, consent=True))
    ids, targets = _links(_open(repo))
    assert len(ids) == 40
    assert targets
    assert targets <= ids
    again = bootstrap(_open(repo), BootstrapRequest(limit=40))
    assert (again.proposed, again.state) == ((), "unchanged")


def test_all_notes_are_linked(repo: Repo) -> None:
    found = bootstrap(_repository(repo), BootstrapRequest(limit=None))
    assert len(found.proposed) == NOTES
    assert found.session
    promote(_open(repo), PromoteRequest(found.session, consent=True))
    ids, targets = _links(_open(repo))
    assert ids == targets
