"""The acceptance trial of deciding: 40 candidates of five agents, six of them faulty, in a real repository.

`python -m tests.trials.forty DIR [--seed N] [--answers FILE]` makes the repository. The seed chooses what the memories
say, who says it, and where the faults are, so that nobody can learn them by heart; the answers are not in DIR.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from memcli import config
from memcli.core.memory.document import Value
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.supersede import supersede_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.start import start_session
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.trials.answers import EITHER, KEEP, REJECT, REPLACE, Answer, Trial, git_output
from tests.trials.facts import FACTS, REWORDINGS, SETTINGS, Fact, Rewording, Setting

CANDIDATES = 40
AGENTS = ("claude-code", "codex", "cursor", "gemini", "aider")
TASKS = ("payouts and refunds", "login hardening", "search quality", "rollout safety", "archive migration",
         "checkout rewrite", "on-call notes")  # fmt: skip
_ADDITIONS = (
    "The runbook names who to ask.",
    "New colleagues get this wrong at first.",
    "It held in last year's audit.",
)
STORED = 14
"""Plain facts in the store, beside those that candidates change, repeat or contradict."""


def make_trial(path: Path, seed: int = 0, now: datetime | None = None) -> Trial:
    """A repository at `path`, which must not exist, with a store, and 40 candidates that await review."""
    maker = _Maker(path, random.Random(seed), now or datetime.now(UTC).replace(microsecond=0))
    return Trial(path, seed, {answer.id: answer for answer in maker.make()})


@dataclass
class _Line:
    """A session: what it adds, in order."""

    name: str
    agent: str
    task: str
    at: datetime
    adds: list[_Add] = field(default_factory=list)


@dataclass
class _Add:
    """A candidate to add, and what is right about it; `pair`: the text of the other side."""

    values: dict[str, Value]
    decision: str = KEEP
    fault: str = ""
    why: str = "nothing speaks against it"
    pair: str = ""


class _Maker:
    """Makes one trial; `chance` is the seed's."""

    def __init__(self, path: Path, chance: random.Random, now: datetime) -> None:
        self._path, self._chance, self._now = path, chance, now
        self._facts = [_numbered(fact, chance) for fact in chance.sample(FACTS, len(FACTS))]
        self._settings = chance.sample(SETTINGS, 3)
        self._values = {each.constant: chance.sample(each.values, 2) for each in SETTINGS}
        self._rewording: Rewording = chance.choice(REWORDINGS)
        self._ids: dict[str, str] = {}
        self._is_store_wrong = chance.random() < 0.5

    def make(self) -> list[Answer]:
        """Make everything; the right answers."""
        self._make_code()
        init(self._workspace(self._now - timedelta(days=40)))
        self._make_store()
        if self._is_store_wrong:
            self._change_constant(self._settings[0], self._now - timedelta(days=6))
        lines = self._lines()
        answers = [answer for line in lines for answer in self._propose(line)]
        answers += self._changes(lines)
        self._change_constant(self._settings[2], self._now - timedelta(hours=2))
        self._hide_secret()
        return [self._with_other(answer, answers) for answer in answers]

    def _make_code(self) -> None:
        """A repository with every file that a memory is about."""
        self._path.mkdir(parents=True)
        for words in ("init -q -b main", "config user.name Ada", "config user.email ada@example.org"):
            git_output(self._path, *words.split())
        (self._path / "README.md").write_text("# Shop\n\nA web shop, its services and how they are run.\n")
        for name in sorted({each.path for row in (FACTS, REWORDINGS) for each in row}):
            self._write(name, f"# {Path(name).stem.capitalize()} of the shop.\n")
        for setting in SETTINGS:
            self._write(setting.path, _code(setting, self._values[setting.constant][0]))
        self._commit("Begin the shop", self._now - timedelta(days=41))

    def _make_store(self) -> None:
        """Facts that Ada has promoted, among them those that candidates will meet."""
        at = self._now - timedelta(days=30)
        first, store = self._values[self._settings[0].constant][0], self._facts[:STORED]
        told = [
            _of_setting(self._settings[0], first),
            self._plain(self._rewording.topic, self._rewording.text, self._rewording.path),
            *map(_of_fact, store),
        ]
        self._chance.shuffle(told)
        start_session(self._workspace(at), "groundwork")
        for values, added in zip(told, add_memories(self._workspace(at), told), strict=True):
            self._ids[str(values["body"])] = added.id
        promote(self._workspace(at + timedelta(hours=2)), PromoteRequest("groundwork", consent=True))

    def _lines(self) -> list[_Line]:
        """Seven sessions of five agents with all that is added, shuffled."""
        names = [*AGENTS, *self._chance.sample(AGENTS, 2)]
        lines = [
            _Line(
                f"{agent.split('-')[0]}-{task.split()[0]}", agent, task, self._now - timedelta(hours=90 - 12 * number)
            )
            for number, (agent, task) in enumerate(zip(names, TASKS, strict=True))
        ]
        for add, line in self._faults(lines):
            line.adds.append(add)
        faults = sum(len(line.adds) for line in lines)
        for fact in self._facts[STORED : STORED + CANDIDATES - 4 - faults]:
            min(self._chance.sample(lines, 3), key=lambda line: len(line.adds)).adds.append(_Add(_of_fact(fact)))
        for line in lines:
            self._chance.shuffle(line.adds)
        return lines

    def _faults(self, lines: list[_Line]) -> Iterator[tuple[_Add, _Line]]:
        """The six faults, each in a session of its own where that is possible; two of them have two sides."""
        first, second, third, fourth, fifth, sixth, seventh = self._chance.sample(lines, 7)
        yield self._against_store(), first
        wrong, right = self._between_agents()
        yield wrong, second
        yield right, third if third.agent != second.agent else first
        near, same = self._rewording, self._facts[-1]
        stored = self._ids[near.text]
        yield (
            _Add(
                self._plain(near.topic, near.reworded, near.path),
                REJECT,
                "near-duplicate of the store",
                f"the store says it already ({stored[-6:]})",
                near.text,
            ),
            fourth,
        )
        for line in (fifth, sixth if sixth.agent != fifth.agent else seventh):
            yield _Add(_of_fact(same), EITHER, "same claim by two agents", "one of the two is enough", same.text), line
        yield self._outdated(), seventh
        letters = self._chance.choices("abcdefghkmnpqrstuvwxyzABCDEFGHKLMN23456789", k=24)
        self._secret = f"sk_{'live'}_{''.join(letters)}"
        values = self._plain("payments", "Staging sends card payments to the processor's sandbox, with PLACEHOLDER.")
        title = {"title": "Staging pays in the processor's sandbox"}
        yield _Add({**values, **title}, REJECT, "secret", "it holds a credential"), sixth

    def _against_store(self) -> _Add:
        """A claim against the store: wrong where the code agrees with the store, else it replaces what is there."""
        setting = self._settings[0]
        stored, claimed = self._values[setting.constant]
        pair = setting.text.format(n=stored)
        if self._is_store_wrong:
            why = f"the code says {setting.constant} = {claimed} by now; the store's {stored} is out of date"
            return _Add(_of_setting(setting, claimed), REPLACE, "contradiction with the store", why, pair)
        why = f"the code still says {setting.constant} = {stored}"
        return _Add(_guess(setting, claimed), REJECT, "contradiction with the store", why, pair)

    def _between_agents(self) -> tuple[_Add, _Add]:
        """(the wrong claim, the right one) of two agents."""
        setting = self._settings[1]
        right, wrong = self._values[setting.constant]
        texts = [setting.text.format(n=value) for value in (right, wrong)]
        why = f"the code says {setting.constant} = {right}"
        fault = "contradiction between agents"
        return _Add(_guess(setting, wrong), REJECT, fault, why, texts[0]), _Add(_of_setting(setting, right), why=why)

    def _outdated(self) -> _Add:
        setting = self._settings[2]
        before, now = self._values[setting.constant]
        why = f"the code has changed since: {setting.constant} = {now}"
        return _Add(_of_setting(setting, before), REJECT, "outdated", why)

    def _propose(self, line: _Line) -> Iterator[Answer]:
        """Start a session and add its candidates."""
        start_session(self._workspace(line.at, line), line.name, line.task)
        added = add_memories(self._workspace(line.at + timedelta(hours=1), line), [add.values for add in line.adds])
        for add, recorded in zip(line.adds, added, strict=True):
            text = str(add.values["body"])
            yield Answer(recorded.id, line.name, line.agent, text, add.decision, add.fault, add.why, add.pair)
            if add.fault == "secret":
                self._secret_at = line.name, recorded.path

    def _with_other(self, answer: Answer, answers: Iterable[Answer]) -> Answer:
        """An answer with the id of its other side in the place of that one's text."""
        others = [each.id for each in answers if each.text == answer.other and each.id != answer.id]
        return replace(answer, other=(others or [self._ids.get(answer.other, "")])[0])

    def _changes(self, lines: list[_Line]) -> Iterator[Answer]:
        """Two edits of memories of the store, and one that takes the place of another, by three agents."""
        for line, fact in zip(self._chance.sample(lines, 2), self._facts[:2], strict=True):
            workspace = self._workspace(line.at + timedelta(hours=2), line)
            opened = open_memory(workspace, self._ids[fact.text])
            text = f"{fact.text} {self._chance.choice(_ADDITIONS)}"
            yield Answer(edit_memory(workspace, opened, {}, text).id, line.name, line.agent, text, KEEP)
        line, fact = self._chance.choice(lines), self._facts[2]
        values = {**_of_fact(self._facts[-2]), "topic": fact.topic}
        old = self._ids[fact.text]
        new = supersede_memory(self._workspace(line.at + timedelta(hours=3), line), old, values)
        text = str(values["body"])
        yield Answer(new.id, line.name, line.agent, text, KEEP)
        yield Answer(old, line.name, line.agent, fact.text, KEEP, other=text)

    def _change_constant(self, setting: Setting, at: datetime) -> None:
        """A later commit gives a constant its second value."""
        value = self._values[setting.constant][1]
        self._write(setting.path, _code(setting, value))
        self._commit(f"{setting.topic}: set {setting.constant} to {value}", at)

    def _hide_secret(self) -> None:
        """Put the credential into its candidate with git alone: mem refuses to write one."""
        session, path = self._secret_at
        ref = f"refs/mem/sessions/{session}"
        text = git_output(self._path, "show", f"{ref}:{path}").replace("PLACEHOLDER", self._secret) + "\n"
        blob = git_output(self._path, "hash-object", "-w", "--stdin", input=text)
        index = {"GIT_INDEX_FILE": str(self._path / ".git" / "trial-index")}
        git_output(self._path, "read-tree", ref, env=index)
        git_output(self._path, "update-index", "--cacheinfo", f"100644,{blob},{path}", env=index)
        tree = git_output(self._path, "write-tree", env=index)
        commit = git_output(self._path, "commit-tree", "-p", ref, "-m", "say which key it is", tree)
        git_output(self._path, "update-ref", ref, commit)
        (self._path / ".git" / "trial-index").unlink()

    @staticmethod
    def _plain(topic: str, text: str, path: str = "") -> dict[str, Value]:
        return _of_fact(Fact(topic, "fact", path, text))

    def _write(self, name: str, text: str) -> None:
        file = self._path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def _commit(self, subject: str, at: datetime) -> None:
        git_output(self._path, "add", "-A")
        date = {f"GIT_{who}_DATE": at.isoformat() for who in ("AUTHOR", "COMMITTER")}
        git_output(self._path, "commit", "-q", "-m", subject, env=date)

    def _workspace(self, at: datetime, line: _Line | None = None) -> Workspace:
        """The repository as Ada, or the agent of a session, has it at an instant."""
        flags = config.Flags(str(self._path), agent=line.agent if line else None)
        session = {"MEM_SESSION": line.name} if line and self._has(line.name) else {}
        environment = {**config.personal_environment(), "GIT_COMMITTER_DATE": at.isoformat(), **session}
        return Workspace(config.load(flags, environment))

    def _has(self, session: str) -> bool:
        return bool(git_output(self._path, "for-each-ref", f"refs/mem/sessions/{session}"))


def _numbered(fact: Fact, chance: random.Random) -> Fact:
    return fact._replace(text=fact.text.replace("{n}", str(chance.randint(3, 18))))


def _of_fact(fact: Fact) -> dict[str, Value]:
    """The values of a memory that somebody has read in the code."""
    values: dict[str, Value] = {"body": fact.text, "topic": fact.topic, "type": fact.type}
    return {**values, "paths": (fact.path,), "evidence": "code"} if fact.path else values


def _of_setting(setting: Setting, value: int) -> dict[str, Value]:
    return _of_fact(Fact(setting.topic, "fact", setting.path, setting.text.format(n=value)))


def _guess(setting: Setting, value: int) -> dict[str, Value]:
    """The values of a memory about a constant that its author has not looked up."""
    return {**_of_fact(Fact(setting.topic, "fact", "", setting.text.format(n=value))), "evidence": "inference"}


def _code(setting: Setting, value: int) -> str:
    """A module with one constant."""
    name = Path(setting.path).stem
    head = f'"""{name.capitalize()} of the shop."""\n\n{setting.constant} = {value}\n'
    return f"{head}\n\ndef {name}() -> int:\n    return {setting.constant}\n"


def main() -> int:
    """Make the trial, and say how to begin."""
    parser = argparse.ArgumentParser(prog="python -m tests.trials.forty", description=__doc__)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--answers", type=Path, help="write the right answers to this file, as JSON")
    options = parser.parse_args()
    trial = make_trial(options.dir, options.seed)
    if options.answers:
        options.answers.write_text(json.dumps([asdict(answer) for answer in trial.answers.values()], indent=1))
    print(f"{trial.path}: {len(trial.answers)} candidates await review")
    return 0


if __name__ == "__main__":
    sys.exit(main())
