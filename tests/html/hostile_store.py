"""A store in which every field that may hold free text tries to break out of a page, or to deceive its reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from memcli.branch import store_to_write
from memcli.core.memory.document import Value, new_document
from memcli.git import refs
from memcli.git.objects import Move, Person
from memcli.workspace import Workspace
from tests.conftest import Repo

AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
RUNS = (
    "<script>window.ran = 1</script>",
    "\"><img src=x onerror='window.ran = 1'>",
    "' onmouseover='window.ran = 1' x='",
    "</script><script>window.ran = 1</script>",
    "</title></style></textarea><svg onload=window.ran=1>",
    "]]><![CDATA[<script>window.ran = 1</script>",
    "<a href=javascript:window.ran=1>here</a> [here](javascript:window.ran=1)",
    "<iframe srcdoc='<script>parent.ran = 1</script>'></iframe>",
    "<link rel=stylesheet href=https://example.com/x.css> ![x](https://example.com/x.png) <https://example.com>",
    "<meta http-equiv=refresh content=0;url=https://example.com><base href=https://example.com>",
    "<form action=https://example.com><button>press</button></form>",
    "&lt;script&gt;window.ran = 1&lt;/script&gt; &#x202e; &#0;",
    "{{ 7 * 7 }}{% for x in y %} ${7 * 7}",
)
DECEIVES = ("invoice\u202egnp.exe", "pass\u200bword", "a\u0085b", "left\u2066right\u2069", "tag\U000e0041")
_HUGE = "<b>" + "W" * 50_000


def payload(number: int) -> str:
    """The text that a field of that number holds."""
    texts = (*RUNS, *DECEIVES)
    return texts[number % len(texts)]


def hostile_memories() -> Iterator[tuple[str, str]]:
    """(path, text) of memories in which all free text is hostile, each payload once in each field."""
    for number in range(len(RUNS) + len(DECEIVES)):
        memory_id = f"01K9Z3V5C4M8Q2T7R6W1XAB{number:03}"
        text = [payload(number + field) for field in range(12)]
        front: dict[str, Value] = {
            "id": memory_id, "title": text[0], "kind": "semantic", "type": text[1], "topic": "general",
            "paths": (f"src/{text[2].replace('@', '')}",), "status": ("active", "retired")[number % 2],
            "retired": {"at": "2026-11-29T00:00:00Z", "by": text[3], "reason": text[4]},
            "created": "2026-11-20T09:30:00Z", "modified": "2026-11-29T09:30:00Z", "evidence": "code",
            "verified": {"at": "2026-11-20T09:30:00Z", "commit": text[11]},
            "source": {"session": text[5], "agent": text[6], "commit": text[7], "ref": text[8]},
            "attention": (text[9],), "based_on": (f"01K9Z3V5C4M8Q2T7R6W1XAB{(number + 1) % 18:03}", text[10]),
            "conflict": "true" if number % 3 == 0 else None, "title_other": text[2] if number % 3 == 0 else None,
        }  # fmt: skip
        body = (
            f"# {text[0]}\n\n{text[1]}\n\n```{text[2]}\n{text[3]}\n```\n\n| a |\n|:-:|\n| {text[4]} |\n\n> {text[5]}\n"
        )
        path = f"semantic/general/{text[0].replace('/', '∕')[:40].strip()}-{number}.md"
        yield path, new_document({key: value for key, value in front.items() if value}, body).text()


def unreadable_files() -> Iterator[tuple[str, str]]:
    """(path, text) of files that are no memories, because of hostile values."""
    for number, text in enumerate((*RUNS, _HUGE)):
        name = f"semantic/general/bad {text.replace('/', '∕')[:60]}{number}.md"
        front = {"id": f"01K9Z3V5C4M8Q2T7R6W1XBB{number:03}", "topic": text, "key": text, "evidence": text}
        yield name, new_document({"title": text[:100], **front}, text).text()


def fill_with_hostile_text(workspace: Workspace) -> None:
    """Put it into the store, as commits whose authors, sessions, agents and reviewers are hostile too."""
    files = {**dict(hostile_memories()), **dict(unreadable_files())}
    for number, texts in enumerate((files, _changed(dict(hostile_memories())))):
        ref, tip = store_to_write(workspace.layout)
        tree = workspace.store.write(workspace.store.tree_of(tip), texts)
        trailers = "\n".join(
            f"Mem-{name}: {payload(number * 5 + place).splitlines()[0]}"
            for place, name in enumerate(("Session", "Agent", "Review", "Candidates", "Op"))
        )
        author = Person(payload(number).replace("<", "(").replace(">", ")"), "a@example.com", AT)
        message = f"promote {payload(number + 3)}\n\n{payload(number + 4)}\n\n{trailers}\n"
        made = workspace.odb.write_commit(tree, [tip], message, author)
        refs.move(workspace.odb, [Move(ref, tip, made)], "test", author)


def _changed(texts: dict[str, str]) -> dict[str, str]:
    """The same memories with one more hostile line each, for diffs."""
    return {path: f"{text}\n{payload(place)}\n" for place, (path, text) in enumerate(texts.items())}


def hostile_repository(place: Path) -> Repo:
    """A repository whose directory has a hostile name."""
    repo = Repo(place / "<img src=x onerror='window.ran=1'>\u202e")
    repo.path.mkdir(parents=True)
    repo.git("init", "-q", "-b", "main")
    repo.commit("code", {"src/<script>window.ran=1<∕script>.py": "x = 1\n"})
    return repo
