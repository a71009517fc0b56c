"""`mem bootstrap`: propose what a repository already knows as candidates of a session.

The result is a function of the code's HEAD (or of the files named): a second run proposes nothing new, and two clones
make the same ids.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.branch import store_to_write
from memcli.core.finding import Finding, blocking
from memcli.core.memory.memory import Memory
from memcli.core.review.claim import claim_hash
from memcli.core.sources.dating import dated_memories
from memcli.core.sources.extraction import read_commits
from memcli.core.sources.source_reading import SourceReading, read_sources
from memcli.core.worth.selection import DEFAULT_LIMIT, WorthContext, select
from memcli.index.database.view import View
from memcli.operations.bootstrap.source_trees import BootstrapSources
from memcli.operations.views.reader import Reader
from memcli.operations.writing.new_files import NewFile, new_files
from memcli.operations.writing.record import record_entry
from memcli.selection import Selection
from memcli.sessions import Sessions
from memcli.workspace import Workspace


@dataclass(frozen=True)
class BootstrapRequest:
    """What to read: `paths` that a person named, else HEAD and its history; `options`: of readers; `limit`: None for
    all."""

    paths: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    limit: int | None = DEFAULT_LIMIT
    dry_run: bool = False


_EVERYTHING = BootstrapRequest()


@dataclass(frozen=True)
class Bootstrapped:
    """What was proposed.

    `session`: None where nothing was written; `kinds`: the number of memories by type; `refused`: the findings that
    kept memories out.
    """

    session: str | None
    state: str
    found: int
    known: int
    proposed: tuple[Memory, ...]
    kinds: dict[str, int]
    refused: tuple[Finding, ...]


def bootstrap(workspace: Workspace, request: BootstrapRequest = _EVERYTHING) -> Bootstrapped:
    """Propose memories from the repository's files and history, or from the named files and directories.

    Raises NoStore, NotFound, Usage, Failure.
    """
    store_to_write(workspace.layout)
    selection = select(_readings(workspace, request), WorthContext("", workspace.now), request.limit)
    found = dated_memories([weighed.extract for weighed in selection.kept], {})
    stated = workspace.config.session and workspace.selection.writable()
    with Reader(workspace).view() as view:
        decided = _decided_claims(workspace.sessions, workspace.selection)
        new = [memory for memory in found if not _is_known(view, memory) and claim_hash(memory) not in decided]
    files = list(new_files(new, workspace.excludes))
    refused = tuple(finding for file in files for finding in _refusals(file))
    allowed = [file for file in files if not blocking(file.findings)]
    edits, proposed = [file.edit for file in allowed], tuple(file.memory for file in allowed)
    kinds = dict(Counter(memory.type for memory in proposed))
    result = Bootstrapped(None, "unchanged", len(found), len(found) - len(new), proposed, kinds, refused)
    if not edits or request.dry_run:
        return result
    session = stated or _free_name(workspace.selection)
    entry = workspace.actor.entry("bootstrap", session, edits, {"summary": f"{len(edits)} memories"})
    acknowledged = record_entry(workspace, entry)
    if not stated:
        workspace.selection.remember(acknowledged.session)
    return replace(result, session=acknowledged.session, state=acknowledged.state)


def _readings(workspace: Workspace, request: BootstrapRequest) -> list[SourceReading]:
    sources, code, directory = BootstrapSources(workspace.excludes), workspace.code, workspace.config.directory
    if request.paths or code is None:
        root = Path(workspace.layout.worktree or directory)
        tree = sources.tree_on_disk([directory / path for path in request.paths] or [root], root)
        return list(read_sources(tree, request.options))
    tree = sources.tree_of_code(code)
    commits = list(sources.commits(workspace.layout.common_dir, code.commit))
    return [*read_sources(tree, request.options), read_commits(commits, tree.paths)]


def _free_name(selection: Selection) -> str:
    names = ("bootstrap", *(f"bootstrap-{number}" for number in range(2, 10_000)))
    return next(name for name in names if not selection.is_open(name) and not selection.has_ended(name))


def _is_known(view: View, memory: Memory) -> bool:
    repeated = (record.status == "active" for record in view.by_claim(claim_hash(memory)))
    return view.get(memory.id) is not None or any(repeated)


def _decided_claims(sessions: Sessions, selection: Selection) -> set[str]:
    """The claims that wait in open sessions, or were rejected in any."""
    claims: set[str] = set()
    for session in sessions.all(ended=True):
        claims.update(rejection.claim for rejection in session.rejected_claims)
        if selection.is_open(session.name):
            changes = sessions.changes(session)
            claims.update(claim_hash(candidate.after) for candidate in changes if candidate.after)
    return claims


def _refusals(file: NewFile) -> list[Finding]:
    """The blocking findings about a file, each with the memory's source."""
    source = file.memory.source.ref
    return [replace(finding, message=f"{source}: {finding.message}") for finding in blocking(file.findings)]
