"""What the store would hold after a promotion: computed here once, for reviews and promotions alike.

The tree's objects go to the scratch store that is handed in; a promotion writes `files` once more, into the repository.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from memcli.branch import FRONT_PAGE, POLICY_FILE
from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.merge.three_way import changed_parts
from memcli.core.review.candidates import Candidate, CandidateMerge
from memcli.errors import Conflict
from memcli.operations.views.reader import Reader
from memcli.operations.writing.derived_files import front_page, keys_of, timelines
from memcli.store import MergedFile, Store, file_candidate


@dataclass(frozen=True)
class MergeResult:
    """The candidates of a session merged into the commit `main` of the store: the tree, and the `files` that differ.

    `candidates` are as they would land; `merged` are the same before the timelines of their keys are arranged, as the
    checks judge them; `others` are the memories outside the session that change with them.
    """

    main: str
    tree: str
    files: Mapping[str, str]
    merged: tuple[Candidate, ...]
    candidates: tuple[Candidate, ...]
    others: tuple[Candidate, ...]


def merge_into_store(store: Store, reader: Reader, main: str, candidates: Sequence[Candidate]) -> MergeResult:
    """Merge candidates into the store's tip `main`; files that cannot be read stay out of the tree.

    Raises Conflict where the tip has moved meanwhile.
    """
    tree = store.tree_of(main)
    merged = _merged(store, reader, tree, candidates)
    texts = {candidate.path: candidate.new_text for candidate in merged if _can_land(candidate)}
    arranged = timelines(reader, texts, keys_of([*candidates, *merged], {}))
    landing: dict[str, str] = {**texts, **arranged}
    if texts:
        landing[FRONT_PAGE] = front_page(reader, landing)
    if reader.tip()[1] != main:
        raise Conflict("the store was changed meanwhile", "run the command again")
    return MergeResult(
        main,
        store.write(tree, landing) if landing else tree,
        landing,
        tuple(merged),
        tuple(_as_landing(candidate, arranged) for candidate in merged),
        tuple(_others(store, tree, {path: text for path, text in arranged.items() if path not in texts})),
    )


def _merged(store: Store, reader: Reader, tree: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    with reader.main_view() as view:

        def locate(memory_id: str) -> str | None:
            record = view.get(memory_id)
            return record.path if record else None

        return [_merged_candidate(candidate, store.merged(candidate, tree, locate)) for candidate in candidates]


def _merged_candidate(candidate: Candidate, file: MergedFile) -> Candidate:
    """A session's candidate as a change of the store; as it is where it cannot be read."""
    before, after = (candidate.path, candidate.old_text), candidate.new_text
    if not _can_land(candidate) or ((file.path, file.ours), file.merge.text) == (before, after):
        return candidate
    change = file_candidate(file.path, file.ours, file.merge.text)
    if file.ours in ("", candidate.old_text):
        return change
    changed = _changed(candidate.old_text, file.ours)
    merge = CandidateMerge(candidate.old_text, candidate.new_text, changed, file.merge.conflicts)
    return replace(change, merge=merge)


def _changed(base: str, ours: str) -> tuple[str, ...]:
    """What the store has changed since the session's base; nothing is named where it added the memory too."""
    try:
        return changed_parts(parse_document(base), parse_document(ours)) if base else ()
    except DocumentError:
        return ()


def _can_land(candidate: Candidate) -> bool:
    return candidate.after is not None or candidate.path == POLICY_FILE


def _as_landing(candidate: Candidate, arranged: dict[str, str]) -> Candidate:
    """A merged candidate with its place on the timeline of its key."""
    text = arranged.get(candidate.path)
    if text is None:
        return candidate
    return replace(file_candidate(candidate.path, candidate.old_text, text), merge=candidate.merge)


def _others(store: Store, tree: str, arranged: dict[str, str]) -> Iterable[Candidate]:
    for path, text in sorted(arranged.items()):
        yield file_candidate(path, store.text(store.odb.file(tree, path)), text)
