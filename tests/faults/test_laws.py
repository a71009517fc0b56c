"""Any sequence of operations: no acknowledged memory is lost, MEMORY.md and the index are functions of the tree."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pygit2
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from memcli import config
from memcli.branch import is_memory_path, store_to_write
from memcli.core.memory.summary import Filters
from memcli.core.pack.front_page import front_page_of
from memcli.errors import MemError, Refused
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.retire import retire_memory
from memcli.operations.recall.index import verify_index
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.sessions.close import close_session
from memcli.operations.sessions.update import update_session
from memcli.operations.setup.init import init
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace
from tests.faults.world import ENDED, MAIN, SESSIONS, World

NAMES = ("a", "b")
pick = st.integers(0, 10_000)


class Operations(RuleBasedStateMachine):
    """A model beside a repository: which memories must be in the store, and which in some open session or the store."""

    def __init__(self) -> None:
        super().__init__()
        self.place = TemporaryDirectory()
        self.world = World(Path(self.place.name))
        pygit2.init_repository(self.place.name)
        init(self.open())
        self.count = 0
        self.standing: dict[str, str] = {}
        self.refused: dict[str, list[str]] = {}

    def teardown(self) -> None:
        self.place.cleanup()

    def open(self, session: str | None = None) -> Workspace:
        return Workspace(config.load(config.Flags(directory=self.place.name, session=session)))

    def some_session(self, choice: int) -> str:
        names = sorted(ref.removeprefix(SESSIONS) for ref in self.world.refs(SESSIONS))
        assume(names)
        return names[choice % len(names)]

    def some_of(self, name: str, choice: int) -> list[str]:
        sessions = self.open().sessions
        ids = [one.id for one in sessions.candidates(sessions.load(name))]
        assume(ids)
        return [one for place, one in enumerate(ids) if (choice >> place) & 1] or ids[:1]

    @rule(name=st.sampled_from(NAMES), number=st.integers(1, 2))
    def add(self, name: str, number: int) -> None:
        markers = [f"marker{self.count + step}x" for step in range(number)]
        self.count += number
        made = add_memories(self.open(name), [{"body": f"{marker} is a fact"} for marker in markers])
        self.standing.update({one.id: marker for one, marker in zip(made, markers, strict=True)})

    @rule(name=st.sampled_from(NAMES), choice=pick)
    def edit(self, name: str, choice: int) -> None:
        one = self.visible(name, choice)
        self.count += 1
        try:
            made = edit_memory(self.open(name), open_memory(self.open(name), one), {"tags": (f"tag-{self.count}",)})
        except Refused:
            return
        assert made.state == "committed"

    @rule(name=st.sampled_from(NAMES), choice=pick)
    def retire(self, name: str, choice: int) -> None:
        try:
            retire_memory(self.open(name), self.visible(name, choice), "no longer")
        except Refused:
            return

    def visible(self, name: str, choice: int) -> str:
        """A memory that a call in this session sees."""
        found = {one.id for one in self.world.memories(MAIN)}
        if f"{SESSIONS}{name}" in self.world.refs(SESSIONS):
            sessions = self.open().sessions
            found |= {one.id for one in sessions.candidates(sessions.load(name))}
        assume(found)
        return sorted(found)[choice % len(found)]

    @rule(session=pick, choice=st.none() | pick)
    def promote(self, session: int, choice: int | None) -> None:
        name = self.some_session(session)
        only = [] if choice is None else self.some_of(name, choice)
        done = promote(self.open(), PromoteRequest(name, only, consent=True))
        inside = {one.id for one in self.world.memories(MAIN)}
        assert {one.id for one in done.promoted} <= inside

    @rule(session=pick, choice=pick)
    def reject(self, session: int, choice: int) -> None:
        name = self.some_session(session)
        ids = self.some_of(name, choice)
        reject(self.open(), name, ids, "no")
        self.refused[self.world.oplog()[-1]["op"]] = ids

    @rule(session=pick)
    def update(self, session: int) -> None:
        update_session(self.open(), self.some_session(session))

    @rule(session=pick)
    def close(self, session: int) -> None:
        close_session(self.open(), self.some_session(session))

    @rule(choice=st.none() | pick)
    def undo(self, choice: int | None) -> None:
        """What an undone add had made may go; what an undone rejection was about stands again."""
        operations = self.world.oplog()
        op = None if choice is None or not operations else operations[choice % len(operations)]["op"]
        try:
            done = undo(self.open(), op)
        except MemError as error:
            assert error.exit_code in (4, 5, 6)
            return
        taken = next(one for one in operations if one["op"] == done.op)
        if taken["verb"] == "add":
            made = {self.id_at(change["after"]) for change in taken["changes"]}
            self.standing = {one: marker for one, marker in self.standing.items() if one not in made}
        self.refused.pop(done.op, None)

    def id_at(self, blob: str) -> str:
        text = self.world.git("cat-file", "-p", blob)
        return text.split("\nid: ")[1].split("\n")[0] if "\nid: " in text else ""

    @invariant()
    def nothing_is_lost(self) -> None:
        memories = self.world.memories()
        refused = {one for ids in self.refused.values() for one in ids}
        lost = self.standing.keys() - refused - {one.id for one in memories}
        assert lost == set()
        for one in memories:
            marker = self.standing.get(one.id)
            assert marker is None or marker in one.body

    @invariant()
    def refs_are_one(self) -> None:
        names = [ref.rpartition("/")[2] for ref in self.world.refs(SESSIONS, ENDED)]
        assert len(names) == len(set(names))
        assert self.world.waiting() == []

    @invariant()
    def derived_is_a_function_of_the_tree(self) -> None:
        there = self.open()
        found = verify_index(there)
        assert found.ok, found.problems
        tree = there.store.tree_of(store_to_write(there.layout)[1])
        with Reader(there).main_view() as view:
            page = front_page_of(view.records(Filters()))
        if there.odb.file(tree, "MEMORY.md"):
            assert there.store.text(there.odb.file(tree, "MEMORY.md")) == page
        assert all(is_memory_path(one.path) for one in self.world.memories(MAIN))


TestOperations = Operations.TestCase
TestOperations.settings = settings(
    max_examples=8,
    stateful_step_count=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
