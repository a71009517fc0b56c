"""The object database: commits and their history, on top of trees (`trees`) and objects by id (`object_store`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from memcli.errors import Failure
from memcli.git.objects import Commit, Person, instant, readable
from memcli.git.trees import Trees

if TYPE_CHECKING:
    import pygit2


class Odb(Trees):
    """The object database of one repository."""

    def commit(self, commit_id: str) -> Commit:
        """Raises Failure where it is not here or not a commit."""
        with readable():
            item: Any = self._object(commit_id)
        if item.type_str != "commit":
            raise Failure(f"{commit_id[:10]} is a {item.type_str}, not a commit", "a ref points to it by mistake")
        return Commit(
            str(item.id),
            str(item.tree_id),
            tuple(str(parent) for parent in item.parent_ids),
            item.message,
            item.author.name,
            item.author.email,
            instant(item.commit_time),
        )

    def authored(self, commit_id: str) -> datetime:
        """When a commit was first made: rebasing and amending keep that."""
        with readable():
            return instant(self._object(commit_id).author.time)

    def commit_named(self, text: str) -> str | None:
        """The full id of the commit that has this id (7 to 40 hex), None where it is not here or not the only one."""
        return self._named(text, "commit")

    def commits_from(self, beginning: str) -> list[str]:
        """The commits whose ids begin so (hex, at least four characters), also through a tag; sorted."""
        with readable():
            try:
                names = [str(self.repository.expand_id(beginning))]
            except ValueError:  # several objects: most likely only one is a commit
                names = sorted(name for name in map(str, self.repository) if name.startswith(beginning))
            except KeyError:
                return []
            commits = dict.fromkeys(self._peeled(name) for name in names)
        return [commit for commit in commits if commit]

    def _peeled(self, object_id: str) -> str | None:
        """The commit that an object is or, as a tag, stands for."""
        import pygit2

        try:
            return str(self._object(object_id).peel(pygit2.Commit).id)
        except pygit2.GitError:
            return None

    def reaches(self, tips: Iterable[str], commit: str) -> bool:
        """Whether a commit is one of `tips` or reachable from them; the other side's history is never walked."""
        with readable():
            walker = self.repository.walk(None)
            for tip in tips:
                walker.push(tip)
            return any(str(ancestor.id) == commit for ancestor in walker)

    def first_parents(self, tip: str, stop: str | None = None) -> Iterator[Commit]:
        """Commits from `tip` along first parents, newest first, until `stop` (left out) or the root."""
        place: str | None = tip
        while place and place != stop:
            commit = self.commit(place)
            yield commit
            place = commit.parents[0] if commit.parents else None

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether `old` is reachable from `new`."""
        with readable():
            return old == new or self.repository.descendant_of(new, old)

    def merge_base(self, one: str, other: str) -> str | None:
        with readable():
            base = self.repository.merge_base(one, other)
        return str(base) if base else None

    def blame(self, commit: str, path: str) -> list[str]:
        """For each line of a file, the commit along first parents that brought it."""
        import pygit2

        with readable():
            hunks = self.repository.blame(
                path, flags=pygit2.enums.BlameFlag.FIRST_PARENT, newest_commit=pygit2.Oid(hex=commit)
            )
            return [str(hunk.final_commit_id) for hunk in hunks for _ in range(hunk.lines_in_hunk)]

    def write_commit(self, tree: str, parents: Iterable[str], message: str, author: Person) -> str:
        """Write a commit that no ref points to yet (`create_commit` with a ref can lose it on a full disk)."""
        import pygit2

        signature = pygit2.Signature(author.name, author.email, int(author.at.timestamp()), 0, "utf-8")
        above = list(parents)

        def write() -> pygit2.Oid:
            return self.repository.create_commit(None, signature, signature, message, tree, above)

        with readable():
            return self._remember(lambda: self._with([tree, *above], write))
