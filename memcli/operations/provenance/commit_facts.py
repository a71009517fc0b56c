"""What is known of one code commit: what it changed, which commits it was made of, and what its message says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from memcli.core.session.fingerprint import FileText, Fingerprint, patch_id
from memcli.core.session.line_hash import line_hash, path_hash
from memcli.core.session.line_owners import AddedLines, owners_beside
from memcli.core.session.message_evidence import MessageEvidence
from memcli.git.changed_lines import ChangedFile
from memcli.operations.provenance.code_line import CodeLinePlace
from memcli.operations.provenance.commit_claims import MadeCommit
from memcli.operations.provenance.commit_parts import CommitHistory, CommitPart


class CommitFacts:
    """One commit; `is_cut_off`: a shallow clone has nothing before it."""

    def __init__(self, history: CommitHistory, commit: str, is_cut_off: bool = False) -> None:
        self.history, self.claims, self.commit, self._is_cut_off = history, history.claims, commit, is_cut_off
        self._around: dict[str, AddedLines] = {}

    @property
    def message(self) -> MessageEvidence:
        return self.history.message(self.commit)

    @cached_property
    def parts(self) -> list[CommitPart]:
        """The commits that it was made of, and itself, the oldest first."""
        return self.history.parts(self.commit)

    @cached_property
    def makers(self) -> dict[str, MadeCommit]:
        """{session: its first commit that this one was made of}."""
        return {part.made.session.session: part.made for part in reversed(self.parts) if part.made}

    @cached_property
    def is_mixed(self) -> bool:
        """Whether others than one session may have a part in it."""
        *earlier, last = self.parts
        kept = [self.history.print(part) for part in earlier if last.made is None]
        is_changed = last.made is None and self.patch not in [each.patch for each in kept if each]
        return len(self.makers) > 1 or is_changed or self._is_cut_off or any(part.made is None for part in earlier)

    @cached_property
    def files(self) -> Mapping[str, ChangedFile]:
        change = self.history.change(self.commit)
        return change.files if change else {}

    @cached_property
    def patch(self) -> str:
        kept = self.history.print_here(self.commit)
        return kept.patch if kept else ""

    @cached_property
    def is_revert(self) -> bool:
        """Whether it takes back another commit: by its message, or by doing the opposite of a recorded change."""
        texts = [FileText(file.path, file.removed, list(file.added.values())) for file in self.files.values()]
        opposite = patch_id(texts)
        recorded = (each.patch for prints in self.claims.prints.values() for each in prints)
        return self.message.is_revert or (bool(opposite) and opposite in recorded)

    @cached_property
    def seconds(self) -> int:
        """When it was committed."""
        return int(self.history.odb.commit(self.commit).at.timestamp())

    def is_added(self, place: CodeLinePlace) -> bool:
        """Whether the commit is known to have added the line."""
        file = self.files.get(place.path)
        return file is not None and place.number in file.added

    def lines_around(self, place: CodeLinePlace) -> AddedLines:
        """What the commit added to the line's file; the line alone where that cannot be told."""
        if not self.is_added(place):
            return AddedLines({place.number: place.text})
        if place.path not in self._around:
            file = self.files[place.path]
            self._around[place.path] = AddedLines(file.added, self._before(file))
        return self._around[place.path]

    def _before(self, file: ChangedFile) -> frozenset[str]:
        """The hashes of the lines that the file had in the first parent, and kept."""
        odb, parents = self.history.odb, self.history.odb.commit(self.commit).parents
        blob = odb.file(odb.commit(parents[0]).tree, file.old_path) if parents and not self._is_cut_off else None
        lines = Counter(map(line_hash, odb.blob(blob).split(b"\n") if blob else []))
        return frozenset(lines - Counter(map(line_hash, file.removed))) - {""}

    def part_of(self, place: CodeLinePlace) -> CommitPart | None:
        """The first of the commits that it was made of which has the line; for a line that any code has, that of the
        lines around it."""
        hashes = self.lines_around(place).hashes
        if hashes[place.number]:
            return self._first_with(hashes[place.number])
        owners = {number: part for number, hashed in hashes.items() if hashed and (part := self._first_with(hashed))}
        return dict(owners_beside(hashes, owners)).get(place.number)

    def _first_with(self, hashed: str) -> CommitPart | None:
        return next((part for part, hashes in self._hashes if hashed in hashes), None)

    @cached_property
    def _hashes(self) -> list[tuple[CommitPart, frozenset[str]]]:
        """The hashes of the lines that each part added. What a shallow clone shows as added is no evidence."""
        parts = [part for part in self.parts if part.made or not (self._is_cut_off and part.commit == self.commit)]
        prints = [(part, self._print_of(part)) for part in parts]
        return [(part, frozenset(line for file in kept.files for line in file.added)) for part, kept in prints if kept]

    def _print_of(self, part: CommitPart) -> Fingerprint | None:
        if self._is_cut_off and part.commit == self.commit:
            return self.claims.print_of(part.made.session.session, part.commit) if part.made else None
        return self.history.print(part)

    @cached_property
    def paths_there(self) -> frozenset[str]:
        """The hashes of the paths of all files, in the commit and before it."""
        odb, commit = self.history.odb, self.history.odb.commit(self.commit)
        trees = [commit.tree, *(odb.commit(parent).tree for parent in commit.parents[:1] if odb.has(parent))]
        return frozenset(path_hash(path) for tree in trees for path in odb.files(tree))
