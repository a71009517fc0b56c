"""Whose work a line of a code commit is, and by which evidence.

Evidence in its order: what sessions recorded about the commit or about those that it was made of; trailers anywhere in
its message; a change that a session recorded, applied again; the lines themselves. Where a commit holds the work of
several, each line is looked for in what each of them recorded. What stays open is answered with nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from memcli.core.session.fingerprint import Fingerprint
from memcli.core.session.line_hash import line_hash, line_weight, path_hash
from memcli.core.session.line_owners import AddedLines, RecordedLines, line_owners
from memcli.git.changed_lines import ChangedFile
from memcli.git.history import was_added_since
from memcli.operations.provenance.code_line import CodeLinePlace
from memcli.operations.provenance.commit_claims import MadeCommit
from memcli.operations.provenance.commit_facts import CommitFacts
from memcli.operations.provenance.commit_parts import RECORDED, TRAILER
from memcli.operations.provenance.recorded_lines import recorded_lines

PATCH, LINES = "patch-id", "lines"
CERTAIN, PROBABLE = "certain", "probable"
STRICT_SHARE, STRICT_WEIGHT = 0.8, 20
"""Share of another session's lines, and letters, with which a commit that one session recorded is the other's work."""


@dataclass(frozen=True)
class Attribution:
    """`made`: the commit with which the session wrote it, None where nobody is known; then `possible` names the
    sessions that have a part in the commit and may have."""

    made: MadeCommit | None = None
    evidence: str = ""
    certainty: str = ""
    possible: tuple[str, ...] = ()

    @property
    def session(self) -> str:
        """The session's name; empty where nobody is known."""
        return self.made.session.session if self.made else ""


NOBODY = Attribution()


class CommitAttribution:
    """The authors of the lines that one commit added."""

    def __init__(self, facts: CommitFacts) -> None:
        self._facts, self._claims, self._message = facts, facts.claims, facts.message
        self._records: dict[str, list[RecordedLines]] = {}
        self._owners: dict[tuple[str, str, int], dict[int, str]] = {}

    def of_line(self, place: CodeLinePlace) -> Attribution:
        """Who wrote a line that the commit added."""
        if brought_back := self._brought_back(place):
            return brought_back
        if self._facts.makers:
            return self._by_mixed_parts(place) if self._facts.is_mixed else self._by_one_part(place)
        if self._message.sessions:
            return self._by_trailers(place)
        if self._facts.is_revert:
            return NOBODY
        return self._by_patch or self._by_lines(place)

    def of_commit(self) -> list[Attribution]:
        """The sessions that have written lines of the commit, each once, the one with the most first."""
        answers = [answer for place in self._places() if (answer := self.of_line(place)).made]
        counts = Counter(answer.session for answer in answers)
        first = {answer.session: answer for answer in reversed(answers)}
        ranked = [first[session] for session, _ in counts.most_common()]
        return ranked or [answer for answer in (self._without_lines(),) if answer and answer.made]

    def _places(self) -> Iterator[CodeLinePlace]:
        for path, file in self._facts.files.items():
            yield from (CodeLinePlace(path, number, text) for number, text in file.added.items() if line_hash(text))

    def _without_lines(self) -> Attribution | None:
        """The session of a commit that added no lines which tell anything."""
        if len(self._facts.makers) == 1:
            part = next(part for part in self._facts.parts if part.made)
            return Attribution(part.made, part.evidence, CERTAIN)
        if self._message.is_complete and len(self._message.sessions) == 1:
            return Attribution(self._named(self._message.sessions[0]), TRAILER, CERTAIN)
        return None if self._message.sessions or self._facts.is_revert else self._by_patch

    def _brought_back(self, place: CodeLinePlace) -> Attribution | None:
        """Who wrote the line in the commit whose revert this one reverts; None for any other commit."""
        commit = self._facts.history.brought_back(self._facts.commit)
        facts, hashed = CommitFacts(self._facts.history, commit) if commit else None, line_hash(place.text)
        file = facts.files.get(place.path) if facts else None
        numbers = [number for number, text in file.added.items() if line_hash(text) == hashed] if file else []
        if facts is None or len(numbers) != 1:
            return None
        answer = CommitAttribution(facts).of_line(replace(place, number=numbers[0]))
        return answer if answer.made else None

    # by what sessions recorded

    def _by_one_part(self, place: CodeLinePlace) -> Attribution:
        """The session that made it all, unless it has taken over the work of another one."""
        (session, made), *_ = self._facts.makers.items()
        is_recorded = any(part.made and part.evidence == RECORDED for part in self._facts.parts)
        answer = Attribution(made, RECORDED, CERTAIN) if is_recorded else self._by_own_trailer(made, place)
        return self._taken_over(session, place) or answer

    def _by_own_trailer(self, made: MadeCommit, place: CodeLinePlace) -> Attribution:
        """The session that a commit names which it has not recorded: somebody may have amended it, or combined it with
        another commit whose message reads like a body."""
        session, hashed = made.session.session, line_hash(place.text)
        known, plain = self._lines_of(session), not self._message.has_body
        if own := self._with_line(session, hashed):
            return Attribution(own, TRAILER, CERTAIN)
        if not hashed or not self._claims.is_whole(session):
            return Attribution(made, TRAILER, CERTAIN if plain else PROBABLE)
        file = self._facts.files.get(place.path)
        is_combined = file is not None and any(line_hash(text) in known for text in file.added.values())
        return NOBODY if is_combined and not plain else Attribution(made, TRAILER, PROBABLE)

    def _by_mixed_parts(self, place: CodeLinePlace) -> Attribution:
        """The session whose commit had the line first; nobody, where the line came in by combining them."""
        part = self._facts.part_of(place)
        if part:
            return Attribution(part.made, part.evidence, CERTAIN) if part.made else NOBODY
        return Attribution(possible=tuple(self._facts.makers))

    def _taken_over(self, session: str, place: CodeLinePlace) -> Attribution | None:
        """The other session whose work a commit brought in, as a squash that somebody has committed by hand does."""
        owners, lines = self._owners_but(session, place), self._facts.lines_around(place)
        if place.number not in owners:
            return None
        telling, made = self._telling(place, owners)
        if not "" < made.at < self._facts.makers[session].at:
            return None
        own = (number for number, owner in owners.items() if owner == owners[place.number])
        is_enough = sum(line_weight(lines.texts[number]) for number in own) >= STRICT_WEIGHT
        is_taken = is_enough and not self._came_before(made, telling)
        return Attribution(made, LINES, PROBABLE) if is_taken else None

    def _owners_but(self, session: str, place: CodeLinePlace) -> dict[int, str]:
        """The owners of a file's lines among all other sessions, by strict evidence."""
        others = [record for record in self._recorded(place.path) if record.session != session]
        return self._kept_owners(
            "others", place, lambda lines: line_owners(lines, others, STRICT_SHARE, is_strict=True)
        )

    # by trailers of the commits that it quotes

    def _by_trailers(self, place: CodeLinePlace) -> Attribution:
        named, hashed = self._message.sessions, line_hash(place.text)
        recorded = [record for record in self._recorded(place.path) if record.session in named]
        owners = self._kept_owners("named", place, lambda lines: line_owners(lines, recorded, 0.0))
        if place.number in owners:
            telling, made = self._telling(place, owners)
            return Attribution(made, TRAILER, CERTAIN if telling.number == place.number else PROBABLE)
        unknown = [session for session in named if not self._claims.is_whole(session)]
        rest = named if not hashed and len(named) == 1 else unknown
        if len(rest) == 1 and self._message.is_complete:
            return Attribution(self._named(rest[0]), TRAILER, CERTAIN if len(named) == 1 else PROBABLE)
        return Attribution(possible=tuple(rest))

    def _named(self, session: str) -> MadeCommit:
        return self._facts.history.named(session, self._facts.commit)

    # by the change and its lines

    @cached_property
    def _by_patch(self) -> Attribution | None:
        """The session that recorded the same change; None where none did, or several that are as likely."""
        patch, commit = self._facts.patch, self._facts.commit
        change = self._facts.history.change(commit)
        same = [(session, each) for session, prints in self._claims.prints.items() for each in prints
                if patch and each.patch == patch and each.commit != commit]  # fmt: skip
        dated = [(session, each) for session, each in same if change and each.authored == change.authored]
        chosen = dated or same
        makers = sorted((self._made(session, each) for session, each in chosen), key=lambda made: made.at)
        if not makers or (len({made.session.session for made in makers}) > 1 and not dated):
            return None
        return Attribution(makers[0], PATCH, CERTAIN if dated else PROBABLE)

    def _by_lines(self, place: CodeLinePlace) -> Attribution:
        """The session that recorded lines of the commit, this one among them."""
        recorded = self._recorded(place.path)
        owners = self._kept_owners("all", place, lambda lines: line_owners(lines, recorded))
        if place.number not in owners:
            return NOBODY
        telling, made = self._telling(place, owners)
        is_repeated = not self._message.is_reapplied and self._came_before(made, telling)
        return NOBODY if is_repeated else Attribution(made, LINES, PROBABLE)

    def _telling(self, place: CodeLinePlace, owners: Mapping[int, str]) -> tuple[CodeLinePlace, MadeCommit]:
        """The line itself or, where the file has it several times, the next one of the same session that it has once;
        and the commit with which the session wrote that."""
        lines, owner = self._facts.lines_around(place), owners[place.number]
        hashes = lines.hashes
        counts = Counter(hashes.values())
        own = [number for number, name in owners.items() if name == owner and hashes[number]
               and counts[hashes[number]] == 1 and hashes[number] not in lines.before]  # fmt: skip
        number = min(own, key=lambda number: abs(number - place.number), default=place.number)
        telling = replace(place, number=number, text=lines.texts[number])
        return telling, self._with_line(owner, hashes[number]) or self._named(owner)

    def _recorded(self, path: str) -> list[RecordedLines]:
        """What sessions recorded for a file, under the names that it has or had before the commit or in its making."""
        if path not in self._records:
            file: ChangedFile | None = self._facts.files.get(path)
            names = {path_hash(path), path_hash(file.old_path if file else path)}
            there, until = self._facts.paths_there, self._facts.seconds
            self._records[path] = recorded_lines(self._claims, names, lambda name: name not in there, until)
        return self._records[path]

    def _kept_owners(
        self, kind: str, place: CodeLinePlace, owners_of: Callable[[AddedLines], dict[int, str]]
    ) -> dict[int, str]:
        """The owners of all lines that the commit added to a file, found once."""
        key = (kind, place.path, self._facts.is_added(place) or place.number)
        if key not in self._owners:
            self._owners[key] = owners_of(self._facts.lines_around(place))
        return self._owners[key]

    def _came_before(self, made: MadeCommit, place: CodeLinePlace) -> bool:
        """Whether the line had come into the file since its session wrote it, so that this commit only repeats it."""
        kept = self._claims.print_of(made.session.session, made.commit)
        return kept is not None and was_added_since(
            str(self._facts.history.odb.common), self._facts.commit, place.path, place.text, kept.authored
        )

    def _lines_of(self, session: str) -> frozenset[str]:
        prints = self._claims.prints.get(session, ())
        return frozenset(line for each in prints for file in each.files for line in file.added)

    def _with_line(self, session: str, hashed: str) -> MadeCommit | None:
        """The first commit of a session that added a line."""
        prints = self._claims.prints.get(session, ()) if hashed else ()
        having = (each for each in prints if any(hashed in file.added for file in each.files))
        return next((self._made(session, each) for each in having), None)

    def _made(self, session: str, each: Fingerprint) -> MadeCommit:
        return self._claims.makers(each.commit)[session]
