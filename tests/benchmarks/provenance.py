"""Whether `mem why` finds the session of each line of real histories: `python -m tests.benchmarks.provenance REPO…`.

The last commits of each repository (a git directory) are made again as if two sessions and a person had worked in turn,
and brought to `main` in all the ways that git and forges have, one after the other. Every line that they brought is
asked for, in the clone where the work was made and in a fresh clone, with trailers and without. A line is `right`
where the session is found, or nobody for a person's; `open` where it is a session's and nobody is named; `common` lines
hold no word that tells anything, such as braces.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, product
from pathlib import Path

from memcli.config import Flags, load
from memcli.core.session.line_hash import line_hash
from memcli.operations.provenance.authorship import Authorship
from memcli.operations.provenance.code_line import CodeLinePlace
from memcli.operations.provenance.session_records import SessionRecords
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.code_histories import LANDINGS, PERSON, CodeHistory, TrueLine, Work, generated_works, new_history, true_lines

HEAD = (
    "| history | landed by | clone | trailer | right | open | wrong | certain | common: open | wrong | certain |\n"
    "|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|"
)
RESULTS = ("right", "open", "wrong", "certain wrong", "open, common", "wrong, common", "certain wrong, common")
SESSIONS = ("session-a", "session-b")


def replayed(repository: Path, scratch: Path, commits: int, has_trailer: bool) -> CodeHistory:
    """The last commits of a repository, made again by sessions and a person."""
    git("clone", "-q", "--bare", str(repository), str(scratch / "code.git"))
    clone = scratch / "code"
    git("init", "-q", "-b", "main", str(clone))
    git("-C", str(clone), "fetch", "-q", str(scratch / "code.git"), "HEAD")
    ids = git("-C", str(clone), "rev-list", "--first-parent", f"--max-count={commits + 1}", "FETCH_HEAD").split()[::-1]
    git("-C", str(clone), "update-ref", "refs/heads/main", ids[0])
    init(Workspace(load(Flags(directory=str(clone)))))
    history, chance = CodeHistory(clone, has_trailer), random.Random(7)
    history.start(SESSIONS)
    works = [Work(chance.choice((*SESSIONS, PERSON)), f"Work {number}", tree_of(clone, commit))
             for number, commit in enumerate(ids[1:])]  # fmt: skip
    number = 0
    while works:
        size = chance.randint(1, 6)
        history.land(works[:size], LANDINGS[number % len(LANDINGS)])
        works, number = works[size:], number + 1
    history.promote(SESSIONS)
    return history


def tree_of(clone: Path, commit: str) -> str:
    return git("-C", str(clone), "rev-parse", f"{commit}^{{tree}}").strip()


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


def fresh_clone(history: CodeHistory, scratch: Path) -> Path:
    """A clone of the branches `main` and `mem/main`."""
    place = scratch / "fresh"
    git("clone", "-q", "--single-branch", "--branch", "main", f"file://{history.path}", str(place))
    git("-C", str(place), "fetch", "-q", "origin", "mem/main:refs/remotes/origin/mem/main")
    return place


def asked(place: Path, history: CodeHistory, lines: Sequence[TrueLine]) -> Iterator[tuple[str, TrueLine, str, str]]:
    """(landing, line, session or empty, certainty) of each line."""
    workspace = Workspace(load(Flags(directory=str(place))))
    records = SessionRecords.of(workspace.layout, workspace.store)
    authorship, landed = Authorship(records, workspace.sessions, workspace.journal), dict(history.landed)
    of_commit = cache(authorship.attribution)
    for line in lines:
        origin = of_commit(line.commit).of_line(CodeLinePlace(line.name_there, line.there, line.text))
        yield landed[line.commit], line, origin.session, origin.certainty


def verdict(line: TrueLine, session: str) -> str:
    """`right`, `wrong` or `open`; a line without words may be told by what stands around it, or not at all."""
    author = "" if line.author in (None, PERSON) else str(line.author)
    if session == author:
        return "right"
    if session:
        return "wrong" if line_hash(line.text) else "wrong, common"
    return "open" if line_hash(line.text) else "open, common"


def generated(scratch: Path, seed: int, has_trailer: bool) -> CodeHistory:
    """A generated history in which work has landed once in each way, in an order of its own."""
    history, chance = new_history(scratch / "code", has_trailer), random.Random(seed)
    history.start(SESSIONS)
    works = generated_works(history, chance, (*SESSIONS, PERSON))
    for landing in chance.sample(LANDINGS, len(LANDINGS)):
        history.land(list(islice(works, chance.randint(1, 4))), landing)
    history.promote(SESSIONS)
    return history


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--commits", type=int, default=60, help="commits of each repository")
    parser.add_argument("--generated", type=int, default=0, help="generated histories")
    parser.add_argument("--list", action="store_true", help="print each line that is not right")
    options = parser.parse_args()
    print(HEAD)
    for has_trailer in (False, True):
        counts = Counter[tuple[str, str, str]]()
        for seed in range(options.generated):
            with tempfile.TemporaryDirectory() as scratch:
                counts += counted(generated(Path(scratch), seed, has_trailer), Path(scratch), options.list)
        show("generated", has_trailer, counts)
        for repository in options.repositories:
            with tempfile.TemporaryDirectory() as scratch:
                history = replayed(repository, Path(scratch), options.commits, has_trailer)
                name = repository.parent.name if repository.name == "repo" else repository.name
                show(name, has_trailer, counted(history, Path(scratch), options.list))


def counted(history: CodeHistory, scratch: Path, is_listed: bool = False) -> Counter[tuple[str, str, str]]:
    """How often there was each result, by clone and landing."""
    lines, counts = list(true_lines(history, changed_files(history))), Counter[tuple[str, str, str]]()
    for place, clone in ((history.path, "own"), (fresh_clone(history, scratch), "fresh")):
        for landing, line, session, certainty in asked(place, history, lines):
            result = verdict(line, session)
            counts[landing, clone, result] += 1
            counts[landing, clone, f"{certainty} {result}"] += 1
            if is_listed and result in ("wrong", "open"):
                text = line.text[:70].decode("utf-8", "replace")
                print(f"    {result} {certainty} {landing} {line.path}:{line.number} {line.author} {session} {text}")
    return counts


def show(name: str, has_trailer: bool, counts: Counter[tuple[str, str, str]]) -> None:
    """Print a table row for each way of landing, in both clones."""
    for landing, clone in product(LANDINGS, ("own", "fresh")) if counts else ():
        row = " | ".join(str(counts[landing, clone, result]) for result in RESULTS)
        print(f"| {name} | {landing} | {clone} | {'yes' if has_trailer else 'no'} | {row} |", flush=True)


def changed_files(history: CodeHistory) -> list[str]:
    """The files at the tip that differ from where the work began."""
    options = ("-z", "--name-only", "--diff-filter=AMR", "--no-renames")
    root = git("-C", str(history.path), "rev-list", "--first-parent", "main").split()[-1]
    return [file for file in git("-C", str(history.path), "diff", *options, root, "main").split("\0") if file]


if __name__ == "__main__":
    main()
