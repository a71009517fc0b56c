"""A synthetic store: memories as developers write them, made from word lists, the same on every machine.

`memory(n)` depends on `n` alone, so that stores of all sizes share their first memories; `build` loads them as one
commit with the store's own code, not through the journal.
"""

from __future__ import annotations

import multiprocessing
import random
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from memcli.branch import store_to_write
from memcli.config import Flags, load
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import new_document
from memcli.core.memory.identity import new_memory_path, ulid
from memcli.core.memory.memory import Memory, Source, front_matter
from memcli.git import refs
from memcli.git.objects import Move
from memcli.operations.setup.init import init
from memcli.workspace import Workspace

TOPICS = 300


def _listed(words: str) -> list[str]:
    return words.split()


_EPOCH = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)
_AREAS = _listed(
    "payments search billing ledger login session catalog checkout export import mailer webhook scheduler gateway "
    "cache storage metrics tracing audit upload"
)
_PARTS = _listed(
    "retries limits schema locking timeouts permissions migration backfill cleanup naming paging batching rollout "
    "fixtures alerts"
)
_ADJECTIVES = _listed(
    "stale nightly concurrent partial duplicate expired signed cold idempotent sharded cyclic truncated verbose silent "
    "optional legacy remote local pending orphaned"
)
_NOUNS = _listed(
    "worker queue token invoice record cursor snapshot bucket handler listener index pool socket header payload "
    "manifest column replica tenant customer migration lease digest checksum pipeline artefact session certificate "
    "endpoint consumer producer topic partition offset feed report template widget shard watermark"
)
_VERBS = _listed(
    "drops rejects rewrites retries throttles duplicates blocks swallows reorders truncates refreshes validates "
    "archives compresses republishes splits merges locks leaks escapes"
)
_REASONS = (
    "the vendor answers out of order",
    "clock skew between the two regions reaches nine seconds",
    "the driver keeps prepared statements per connection",
    "finance closes the month on local time",
    "the old mobile clients never send the header",
    "a restart in the middle leaves half a batch behind",
    "the load balancer cuts idle connections",
    "the reviewers asked for one place to look",
    "the linter cannot see generated code",
    "two teams deploy from the same branch",
    "the upstream library changed its default without a note",
    "customers paste whole spreadsheets into the form",
)
_TYPES = ("fact", "fact", "decision", "constraint", "preference", "stability", "procedure", "event", "attempt")
_SYLLABLES = _listed("ba cor del fin gra hol jun kes lim mor nat pex quo ras sil tem ulv vor wex yar zin")
_COMMONEST, _RAREST = 30, 9261
_KINDS = {"procedure": "procedural", "event": "episodic", "attempt": "episodic"}


def topics() -> list[str]:
    """The 300 topics."""
    return [f"{area}-{part}" for area in _AREAS for part in _PARTS][:TOPICS]


def memory(number: int) -> Memory:
    """The memory of that number."""
    draw = random.Random(number)
    topic = topics()[draw.randrange(TOPICS)]
    area, _, part = topic.partition("-")
    kind_of = draw.choice(_TYPES)
    created = _EPOCH + timedelta(minutes=7 * number)
    anchor = Anchor(f"src/{area}/{draw.choice(_NOUNS)}_{draw.choice(_NOUNS)}.py", f"{draw.getrandbits(32):08x}")
    return Memory(
        id=ulid(created, draw.randbytes(10)),
        title=_title(draw, area, part),
        kind=_KINDS.get(kind_of, "semantic"),
        type=kind_of,
        topic=topic,
        body=_body(draw, area, part),
        created=created,
        modified=created,
        key=f"{area}.{part}.{number}" if number % 10 == 0 else None,
        tags=tuple(sorted({area, draw.choice(_ADJECTIVES)})),
        paths=(anchor,) if number % 2 == 0 else (),
        pin=number % 2000 == 0,
        evidence=draw.choice(("code", "test", "human", "document", "inference")),
        source=Source(f"{area}-{number % 97:x}", "claude-code", f"{draw.getrandbits(32):08x}"),
    )


def _name(draw: random.Random) -> str:
    """One of 9,231 invented names of services, customers and projects; like words, the n-th is used 1/n as often."""
    rank = int(_COMMONEST * (_RAREST / _COMMONEST) ** draw.random())
    first, rest = divmod(rank, len(_SYLLABLES) ** 2)
    second, third = divmod(rest, len(_SYLLABLES))
    return "".join(_SYLLABLES[place] for place in (third, second, first))


def _title(draw: random.Random, area: str, part: str) -> str:
    return f"The {draw.choice(_ADJECTIVES)} {area} {draw.choice(_NOUNS)} of {_name(draw)} {draw.choice(_VERBS)} {part}"


def _body(draw: random.Random, area: str, part: str) -> str:
    """Two to six sentences in one or two paragraphs, with code words and figures."""
    sentences = [_sentence(draw, area, part) for _ in range(draw.randint(2, 6))]
    half = len(sentences) // 2 if len(sentences) > 3 else len(sentences)
    paragraphs = (" ".join(sentences[:half]), " ".join(sentences[half:]))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def _sentence(draw: random.Random, area: str, part: str) -> str:
    noun, other, adjective, verb = (draw.choice(words) for words in (_NOUNS, _NOUNS, _ADJECTIVES, _VERBS))
    service, name = _name(draw), f"{area.title()}{noun.title()}{other.title()}"
    return draw.choice(
        (
            f"`{name}` {verb} the {adjective} {other} of {service} because {draw.choice(_REASONS)}.",
            f"After {draw.randint(2, 90)} attempts the {adjective} {noun} {verb} its {other}; {area}_{noun}_{part} "
            f"is set to {draw.randint(3, 9000)} for that.",
            f"We keep every {noun} of {area} apart from {service} and its {other}, since {draw.choice(_REASONS)}.",
            f"Do not call `{name}.{verb}()` from a {noun}: {service} {verb} the {adjective} {other}.",
            f"The {adjective} {noun} in {area}/{part} {verb} more than {draw.randint(10, 999)} {other}s an hour "
            f"when {service} imports.",
        )
    )


def query(number: int) -> str:
    """A question about the memory of that number, in five or six words of its title and body."""
    found, draw = memory(number), random.Random(-number)
    words = [word.strip("`.,;:()") for word in found.body.split()]
    return " ".join([*found.title.split()[1:4], *draw.sample(words, min(3, len(words)))])


def files(numbers: range) -> Iterator[tuple[str, str]]:
    """(path, text) of each memory."""
    for number in numbers:
        one = memory(number)
        yield new_memory_path(one.kind, one.topic, one.title, one.id), new_document(front_matter(one), one.body).text()


def draft(number: int) -> dict[str, str]:
    """A memory as `mem add` takes it."""
    one = memory(number)
    return {"title": one.title, "topic": one.topic, "type": one.type, "kind": one.kind, "body": one.body}


def commit(workspace: Workspace, numbers: range) -> None:
    """Put memories into the store, as one commit of its branch; the index does not hear of it."""
    ref, tip = store_to_write(workspace.layout)
    tree = workspace.store.write(workspace.store.tree_of(tip), dict(files(numbers)))
    made = workspace.odb.write_commit(tree, [tip], "promote: synthetic memories\n", workspace.person)
    refs.move(workspace.odb, [Move(ref, tip, made)], "benchmark", workspace.person)


def build(place: Path, count: int) -> None:
    """A git repository at `place` whose store holds the first `count` memories, packed as `git gc` leaves it.

    Made by a process of its own: commands are started more slowly from one that has held 100,000 memories.
    """
    process = multiprocessing.get_context("spawn").Process(target=_build, args=(place, count))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"the store of {count} memories could not be built")


def _build(place: Path, count: int) -> None:
    place.mkdir(parents=True)
    for words in (["init", "-q", "-b", "trunk"], ["commit", "-q", "--allow-empty", "-m", "code"]):
        subprocess.run(["git", *words], cwd=place, check=True)
    workspace = Workspace(replace(load(Flags(directory=str(place))), agent=None, session=None))
    init(workspace)
    commit(workspace, range(count))
    subprocess.run(["git", "gc", "-q"], cwd=place, check=True)
