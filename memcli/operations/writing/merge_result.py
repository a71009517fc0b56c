"""What the store would hold after a promotion: computed here once, for reviews and promotions alike.

Candidates of several sessions are merged one session after the other, so that two that change one memory are merged
three-way twice, and what they change differently is found. The tree's objects go to the scratch store that is handed
in; a promotion writes `files` once more, into the repository.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from memcli.branch import FRONT_PAGE, POLICY_FILE
from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.merge.three_way import changed_parts
from memcli.core.review.candidates import Candidate, CandidateMerge
from memcli.errors import Conflict
from memcli.operations.views.reader import Reader
from memcli.operations.writing.derived_files import front_page, keys_of, timelines
from memcli.store import MergedFile, Store, file_candidate, parse_memory

Batch = Sequence[Candidate]
"""The candidates of one session that are merged together."""


@dataclass(frozen=True)
class MergeResult:
    """The candidates of one session merged into the commit `main` of the store, alone or behind those of others.

    `tree` is what the store would hold with all of them, `files` are those that this session's commit changes.
    `candidates` are as they would land; `merged` are the same before the timelines of their keys are arranged, as the
    checks judge them; `others` are the memories outside the sessions that change with them.
    """

    main: str
    tree: str
    files: Mapping[str, str]
    merged: tuple[Candidate, ...]
    candidates: tuple[Candidate, ...]
    others: tuple[Candidate, ...]


def merge_into_store(store: Store, reader: Reader, main: str, batches: Sequence[Batch]) -> list[MergeResult]:
    """Merge candidates into the store's tip `main`, session by session: one result for each of the batches, all with
    the same tree. Files that cannot be read stay out of it.

    Raises Conflict where the tip has moved meanwhile.
    """
    tree = store.tree_of(main)
    merged = _merged_in_turn(store, reader, tree, batches)
    landing = _Landing(merged, [keys_of([*batch, *made], {}) for batch, made in zip(batches, merged, strict=True)])
    arranged = timelines(reader, landing.texts, set(landing.last_with_key))
    files = landing.files(arranged)
    if landing.texts and files:
        files[-1][FRONT_PAGE] = front_page(reader, {**landing.texts, **arranged})
    if reader.tip()[1] != main:
        raise Conflict("the store was changed meanwhile", "run the command again")
    changed = {path: text for texts in files for path, text in texts.items()}
    result = store.write(tree, changed) if changed else tree
    return [
        MergeResult(
            main,
            result,
            files[number],
            tuple(made),
            tuple(landing.as_landing(number, candidate, arranged) for candidate in made),
            tuple(_others(store, tree, {path: files[number][path] for path in landing.beside(files[number])})),
        )
        for number, made in enumerate(merged)
    ]


class _Landing:
    """The merged files of several sessions, which commit each belongs to, and which is the last one to touch a key."""

    def __init__(self, merged: Sequence[Batch], keys: Sequence[set[str]]) -> None:
        self._own = [{each.path: each.new_text for each in batch if _can_land(each)} for batch in merged]
        self.texts = {path: text for texts in self._own for path, text in texts.items()}
        self._last_with_path = {path: number for number, texts in enumerate(self._own) for path in texts}
        self.last_with_key = {key: number for number, touched in enumerate(keys) for key in touched}

    def files(self, arranged: Mapping[str, str]) -> list[dict[str, str]]:
        """The files of each commit. A timeline is arranged in the last one that touches its key."""
        files = [dict(texts) for texts in self._own]
        for path, text in arranged.items():
            memory = parse_memory(text, path).memory
            files[self.last_with_key.get((memory and memory.key) or "", -1)][path] = text
        return files

    def as_landing(self, number: int, candidate: Candidate, arranged: Mapping[str, str]) -> Candidate:
        """A merged candidate with its place on the timeline of its key, unless a later session changes it again."""
        text = arranged.get(candidate.path)
        if text is None or self._last_with_path.get(candidate.path) != number:
            return candidate
        return replace(file_candidate(candidate.path, candidate.old_text, text), merge=candidate.merge)

    def beside(self, files: Iterable[str]) -> Iterator[str]:
        """Those of a commit's files that are no candidates."""
        return (path for path in files if path not in self.texts and path != FRONT_PAGE)


def _merged_in_turn(store: Store, reader: Reader, tree: str, batches: Sequence[Batch]) -> list[list[Candidate]]:
    """Each batch merged into the tree that the ones before it make."""
    merged, paths = list[list[Candidate]](), dict[str, str]()
    with reader.main_view() as view:

        def locate(memory_id: str) -> str | None:
            record = view.get(memory_id)
            return paths.get(memory_id) or (record.path if record else None)

        for number, batch in enumerate(batches, 1):
            made = [_merged_candidate(candidate, store.merged(candidate, tree, locate)) for candidate in batch]
            merged.append(made)
            if number < len(batches):
                paths |= {candidate.id: candidate.path for candidate in made}
                tree = store.write(tree, {each.path: each.new_text for each in made if _can_land(each)})
    return merged


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


def _others(store: Store, tree: str, texts: Mapping[str, str]) -> Iterator[Candidate]:
    for path, text in sorted(texts.items()):
        yield file_candidate(path, store.text(store.odb.file(tree, path)), text)
