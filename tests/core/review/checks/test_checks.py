"""Each check of the gate says what it must, and nothing about a sound candidate."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.finding import BLOCK, INFO, WARN, Finding
from memcli.core.memory.anchors import Anchor, blob_id
from memcli.core.memory.document import new_document
from memcli.core.memory.identity import MemoryId, new_memory_path, ulid
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.memory import Memory, Source, front_matter
from memcli.core.pack.frame import framed
from memcli.core.review.candidates import POLICY, Candidate, change_of
from memcli.core.review.checks.context import Context
from memcli.core.review.checks.runner import check_write, run_checks
from memcli.core.review.claim import claim_hash
from memcli.core.review.safe_paths import unsafe_anchor, unsafe_path
from memcli.core.session.state import RejectedClaim

BODY = "StripeWebhookHandler raced with the ledger; failed deliveries go through the retry queue (max 7 attempts).\n"
OTHER = "StripeWebhookHandler raced with the ledger; failed deliveries go through the retry queue (max 9 attempts).\n"


def numbered(number: int) -> MemoryId:
    return ulid(parse_instant("2026-11-20T09:30:00Z"), number.to_bytes(10, "big"))


def make(number: int, body: str = BODY, **values: Any) -> Memory:
    created = parse_instant(f"2026-11-20T09:{number % 60:02}:00Z")
    plain = Memory(numbered(number), "The retry queue", "semantic", "fact", "payments", body, created, created)
    return replace(plain, source=Source(session="s-1"), **values)


def text_of(memory: Memory) -> str:
    return new_document(front_matter(memory), memory.body).text()


def proposal(after: Memory, before: Memory | None = None, **values: Any) -> Candidate:
    path = new_memory_path(after.kind, after.topic, after.title, after.id)
    old = text_of(before) if before else ""
    plain = Candidate(after.id, change_of(before, after), path, before, after, old, text_of(after))
    return replace(plain, **values)


@dataclass(frozen=True)
class Elsewhere:
    """Other sessions: {session: its candidates}, and what was rejected."""

    proposed: Mapping[str, Sequence[Memory]] = field(default_factory=dict)
    rejected: Sequence[RejectedClaim] = ()

    def candidates(self) -> list[Memory]:
        return [memory for memories in self.proposed.values() for memory in memories]

    def values_of(self, key: str) -> dict[str, list[tuple[str, Memory]]]:
        return {
            name: [(claim_hash(memory), memory) for memory in memories if memory.key == key]
            for name, memories in self.proposed.items()
        }

    def rejection(self, claim: str) -> RejectedClaim | None:
        return next((rejection for rejection in self.rejected if rejection.claim == claim), None)


@dataclass(frozen=True)
class Shelf:
    """A store of a few memories; all of them are near to everything."""

    memories: Sequence[Memory] = ()
    elsewhere: Elsewhere = field(default_factory=Elsewhere)

    def memory(self, id: str) -> Memory | None:
        return next((memory for memory in self.memories if memory.id == id), None)

    def by_key(self, key: str) -> list[Memory]:
        return [memory for memory in self.memories if memory.key == key]

    def same_claim(self, claim: str) -> list[Memory]:
        return [memory for memory in self.memories if claim_hash(memory) == claim]

    def similar(self, text: str) -> list[Memory]:
        return list(self.memories) if text else []


@dataclass(frozen=True)
class Files:
    """The code: {path: text}."""

    texts: Mapping[str, str]
    history: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """{commit that this code descends from: its texts}."""

    def earlier(self, commit: str) -> Files | None:
        return Files(self.history[commit]) if commit in self.history else None

    def content(self, path: str) -> bytes:
        return self.texts.get(path, "").encode()

    def blob_at(self, path: str) -> str | None:
        return blob_id(self.texts[path].encode()) if path in self.texts else None

    def has(self, path: str) -> bool:
        return path in self.texts

    def joined(self, paths: Iterable[str]) -> str:
        return "\n".join(self.texts[path] for path in paths if path in self.texts)


def judge(
    *candidates: Candidate,
    store: Sequence[Memory] = (),
    elsewhere: Elsewhere | None = None,
    agent: bool = True,
    **values: Any,
) -> list[Finding]:
    shelf = Shelf(store, elsewhere or Elsewhere())
    return run_checks(candidates, Context(shelf, values.pop("code", None), agent, **values))


def names(findings: Sequence[Finding]) -> set[tuple[str, str]]:
    return {(finding.check, finding.severity) for finding in findings}


def test_a_sound_candidate_has_no_findings() -> None:
    anchored = make(1, paths=(Anchor("src/webhook.py"),))
    assert judge(proposal(anchored), code=Files({"src/webhook.py": "x"})) == []
    assert check_write(text_of(anchored), "semantic/payments/the-retry-queue-000001.md") == []


def test_the_readers_problems_pass_through_with_an_id() -> None:
    broken = Candidate("X", "added", "semantic/a/b.md", None, None, "", "no", (Finding("schema", BLOCK, "", "line 2"),))
    assert judge(broken) == [Finding("schema", BLOCK, "X", "line 2")]


@pytest.mark.parametrize("spoiled", [{"title": "  "}, {"body": " \n"}])
def test_title_and_body_are_there(spoiled: dict[str, Any]) -> None:
    assert names(judge(proposal(replace(make(1), **spoiled)))) >= {("schema", BLOCK)}


def test_a_withdrawn_stub_needs_neither() -> None:
    stub = replace(make(1), title="", body="", status="withdrawn")
    assert judge(proposal(stub, make(1))) == []


def test_an_id_is_given_once() -> None:
    findings = judge(proposal(make(2), make(1)))
    assert ("schema", BLOCK) in names(findings)
    twice = [proposal(make(1)), proposal(make(1), path="semantic/payments/copy.md")]
    assert [finding.check for finding in judge(*twice) if "same id" in finding.message] == ["schema", "schema"]


def test_size() -> None:
    assert [one.check for one in judge(proposal(make(1, "x" * 65000)))] == []
    assert [one.check for one in judge(proposal(make(1, "é" * 33000)))] == ["size"]


def test_a_secret_blocks_and_nothing_quotes_it() -> None:
    token = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"
    findings = judge(proposal(make(1, f"{BODY}\nuse {token} for it (max 7)\n")), store=[make(2, OTHER)])
    assert ("secret", BLOCK) in names(findings)
    assert not any(token[4:12].lower() in f"{one.message} {one.next}".lower() for one in findings)


@pytest.mark.parametrize("letter", ["\x1b", "\x00", "\x08", "\x7f", "\x9b", "\u202e", "\u2066"])
def test_control_characters_block_wherever_they_are(letter: str) -> None:
    path = "semantic/payments/a.md"
    found = [
        one for one in check_write(text_of(make(1)) + f"red{letter}[31m\n", path) if one.check == "terminal-escape"
    ]
    assert [one.severity for one in found] == [BLOCK]
    assert letter not in found[0].message
    assert f"U+{ord(letter):04X}" in found[0].message


def test_control_characters_spelled_out_in_the_front_matter_block() -> None:
    text = text_of(make(1)).replace("title: The retry queue", r'title: "red \x1b[31m"')
    assert ("terminal-escape", BLOCK) in names(check_write(text, "semantic/payments/a.md"))
    harmless = text_of(make(1, "write \\x1b in Python\n"))
    assert check_write(harmless, "semantic/payments/a.md") == []


SAFE = ["semantic/payments/retry.md", "episodic/a-b/2026-11-20.md", "procedural/x/支付.md", "semantic/a/b.c_d e.md"]
UNSAFE = ["MEMORY.md", "semantic/a.md", "semantic/a/b/c.md", "other/a/b.md", "semantic/../b.md", "semantic/a/..md"]
UNSAFE += ["/semantic/a/b.md", "semantic/a/b.txt", "semantic/Pay/b.md", "semantic/a/con.md", "semantic/nul/b.md"]
UNSAFE += ["semantic/.git/b.md", "semantic/a/.GIT.md", "semantic/a/git~1.md", "semantic/a/b .md", "semantic/a/ b.md"]
UNSAFE += ["semantic/a/b..md", "semantic/a/b:c.md", "semantic/a/b\\c.md", "semantic/a/cafe\u0301.md", "semantic//b.md"]
UNSAFE += ["semantic/a/.g\u200cit.md", "semantic/a/" + "x" * 250 + ".md", "semantic/a/b\n.md", "semantic/a/aux.x.md"]


@pytest.mark.parametrize("path", SAFE)
def test_paths_of_the_allowed_form_are_safe(path: str) -> None:
    assert unsafe_path(path) == ""


@pytest.mark.parametrize("path", UNSAFE)
def test_other_paths_are_not(path: str) -> None:
    assert unsafe_path(path)
    assert ("path-safety", BLOCK) in names(judge(proposal(make(1), path=path)))


@given(st.sampled_from(["semantic", "procedural"]), st.text(max_size=40), st.text(max_size=80), st.integers(0, 10**6))
def test_paths_made_by_us_are_safe(kind: str, topic: str, title: str, number: int) -> None:
    assert unsafe_path(new_memory_path(kind, topic, title, numbered(number))) == ""


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "src/../../x", "C:/x", "~/x", ".git/config", "a\\..\\b"])
def test_anchors_stay_in_the_repository(path: str) -> None:
    assert unsafe_anchor(path)
    assert ("path-safety", BLOCK) in names(judge(proposal(make(1, paths=(Anchor(path),)))))
    assert ("path-safety", BLOCK) in names(judge(proposal(make(1, holds_if=(f"{path} contains root",)))))


@pytest.mark.parametrize("path", ["src/app.py", "src/**/*.py", "a..b/c", ".github/workflows/ci.yml", ".gitignore"])
def test_other_anchors_are_fine(path: str) -> None:
    assert unsafe_anchor(path) == ""


def test_read_only_is_for_persons() -> None:
    locked = make(1, read_only=True)
    opened = replace(locked, read_only=False, body=OTHER)
    assert names(judge(proposal(opened, locked))) == {("read-only", BLOCK)}
    assert names(judge(proposal(locked))) == {("read-only", BLOCK)}
    assert judge(proposal(opened, locked), agent=False) == []


def test_the_policy_is_for_persons_and_must_be_readable() -> None:
    changed = Candidate("policy", POLICY, "policy.yaml", None, None, "", "promote: auto\n")
    assert names(judge(changed)) == {("read-only", BLOCK)}
    assert judge(changed, agent=False) == []
    assert names(judge(replace(changed, new_text="promote: nobody\n"), agent=False)) == {("schema", BLOCK)}
    assert names(judge(replace(changed, new_text="promot: auto\n"), agent=False)) == {("schema", WARN)}


def test_a_duplicate_blocks() -> None:
    same = make(2, "  " + BODY.replace(" ", "\n", 1))
    assert names(judge(proposal(make(1)), store=[same])) == {("duplicate", BLOCK)}
    assert [one.check for one in judge(proposal(make(1)), proposal(same))] == ["duplicate"]


@pytest.mark.parametrize("other", [{"kind": "procedural"}, {"key": "a.b"}, {"status": "retired"}])
def test_the_same_body_of_another_kind_key_or_status_is_no_duplicate(other: dict[str, str]) -> None:
    assert ("duplicate", BLOCK) not in names(judge(proposal(make(1)), store=[make(2, **other)]))


def test_what_the_session_retires_is_no_duplicate() -> None:
    old = make(2)
    retired = proposal(replace(old, status="retired"), old)
    assert judge(proposal(make(1)), retired, store=[old]) == []


def test_an_edit_that_says_nothing_new_is_not_compared() -> None:
    before, alike = make(1), make(2, OTHER)
    assert judge(proposal(replace(before, tags=("new",)), before), store=[before, alike, make(3)]) == []


def test_the_same_claims_in_other_words_are_a_near_duplicate() -> None:
    reworded = make(2, "Failed deliveries of the StripeWebhookHandler go through the retry queue, max 7 attempts.\n")
    findings = judge(proposal(make(1)), store=[reworded])
    assert names(findings) == {("near-duplicate", WARN)}
    assert findings[0].id == numbered(1)
    assert numbered(2)[-6:] in findings[0].message


def test_other_claims_in_the_same_words_are_a_contradiction_in_store_and_session() -> None:
    findings = judge(proposal(make(1)), store=[make(2, OTHER)])
    assert names(findings) == {("contradiction", WARN)}
    assert "number 7 against 9" in findings[0].message
    assert names(judge(proposal(make(1)), proposal(make(2, OTHER)))) == {("contradiction", WARN)}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"key": "webhook.retries"}, {"key": "ledger.retries"}),
        ({"supersedes": (numbered(2),)}, {}),
        ({}, {"merged_from": (numbered(1),)}),
        ({"kind": "episodic"}, {"kind": "episodic"}),
        ({}, {"valid_to": parse_instant("2026-11-01")}),
    ],
)
def test_timelines_lineages_events_and_past_claims_do_not_contradict(mine: dict[str, Any], theirs: Any) -> None:
    assert judge(proposal(make(1, **mine)), store=[make(2, OTHER, **theirs)]) == []


def test_a_newer_value_of_a_key_is_told_with_the_text_that_it_replaces() -> None:
    old, new = make(1, key="a.b", evidence="human"), make(2, OTHER, key="a.b", evidence="human", pin=True)
    findings = judge(proposal(new), store=[old], agent=False)
    assert names(findings) == {("contradiction", WARN)}
    assert f"replaces: {BODY.strip()}" in findings[0].message
    dated = replace(new, valid_from=parse_instant("2026-11-21"))
    assert names(judge(proposal(dated), store=[old], agent=False)) == {("contradiction", INFO)}
    assert names(judge(proposal(replace(new, evidence="code")), store=[old])) == {("contradiction", INFO)}
    assert judge(proposal(replace(new, supersedes=(old.id,))), store=[old], agent=False) == []
    ended = replace(old, valid_to=new.created)
    assert judge(proposal(new), store=[ended], agent=False) == []


def test_a_value_that_lands_behind_a_later_one_is_told() -> None:
    old, new = make(1, key="a.b"), make(2, OTHER, key="a.b")
    findings = judge(proposal(old), store=[new])
    assert names(findings) == {("contradiction", WARN)}
    assert f"replaced at once by: {OTHER.strip()}" in findings[0].message
    past = replace(old, valid_from=parse_instant("2020-01-01"))
    assert judge(proposal(past), store=[new]) == []


def test_two_values_of_one_session_are_told_once_unless_both_have_a_date() -> None:
    old, new = make(1, key="a.b"), make(2, OTHER, key="a.b")
    assert [one.id for one in judge(proposal(old), proposal(new))] == [new.id]
    assert [one.id for one in judge(proposal(new), proposal(old))] == [new.id]
    dated = [replace(old, valid_from=parse_instant("2026-01-01")), replace(new, valid_from=parse_instant("2026-02-01"))]
    assert judge(*map(proposal, dated)) == []


def test_another_session_that_gives_the_key_another_value_is_named() -> None:
    mine, theirs = make(1, "I love X.\n", key="taste.x"), make(2, "I hate X.\n", key="taste.x")
    for one, other in ((mine, theirs), (theirs, mine)):
        findings = judge(proposal(one), elsewhere=Elsewhere({"other-work": [other]}))
        assert names(findings) == {("contradiction", WARN)}
        assert "the session other-work" in findings[0].message
        assert other.body.strip() in findings[0].message
    same = replace(theirs, body="I **love** X")
    assert judge(proposal(mine), elsewhere=Elsewhere({"other-work": [same]})) == []
    dates = parse_instant("2024-01-01"), parse_instant("2025-01-01")
    dated = [replace(each, valid_from=date) for each, date in zip((mine, theirs), dates, strict=True)]
    findings = judge(proposal(dated[0]), elsewhere=Elsewhere({"other-work": [dated[1]]}))
    assert names(findings) == {("contradiction", INFO)}
    ended = replace(dated[0], valid_to=dates[1])
    assert judge(proposal(ended), elsewhere=Elsewhere({"other-work": [dated[1]]})) == []


def test_many_sessions_with_other_values_are_counted() -> None:
    others = {f"s-{number}": [make(number, f"Value {number}.", key="a.b")] for number in range(2, 20)}
    findings = judge(proposal(make(1, key="a.b")), elsewhere=Elsewhere(others))
    assert len(findings) == 11
    assert findings[-1].message.startswith("8 more sessions")


def test_two_claims_with_one_start_conflict() -> None:
    day = parse_instant("2026-11-01")
    old, new = make(1, key="a.b", valid_from=day), make(2, OTHER, key="a.b", valid_from=day)
    assert names(judge(proposal(new), store=[old])) == {("key-conflict", WARN)}
    assert names(judge(proposal(new), proposal(old))) == {("key-conflict", WARN)}
    moved = replace(new, valid_from=parse_instant("2026-11-02"))
    assert names(judge(proposal(moved, new), store=[old, new])) == {("contradiction", INFO)}
    assert names(judge(proposal(new, moved), store=[old, moved])) == {("key-conflict", WARN)}


def test_weaker_evidence_does_not_silently_supersede() -> None:
    day = parse_instant("2026-11-21")
    old, new = make(1, key="a.b", evidence="test"), make(2, OTHER, key="a.b", evidence="inference", valid_from=day)
    assert ("key-conflict", WARN) in names(judge(proposal(new), store=[old]))
    assert names(judge(proposal(replace(new, evidence="code")), store=[old])) == {("contradiction", INFO)}
    named = replace(new, key=None, supersedes=(old.id,))
    assert names(judge(proposal(named), store=[old])) == {("key-conflict", WARN)}
    assert "key-conflict" not in {finding.check for finding in judge(proposal(old), store=[new])}


def test_a_persons_word_from_an_agent_is_inference() -> None:
    old, new = make(1, key="a.b", evidence="document"), make(2, OTHER, key="a.b", evidence="human")
    assert ("key-conflict", WARN) in names(judge(proposal(new), store=[old]))
    assert names(judge(proposal(new), store=[old], agent=False)) == {("contradiction", INFO)}


SUCCESSOR = make(2, OTHER)


def superseded(by: str, **values: Any) -> Candidate:
    before = make(1, **values)
    return proposal(replace(before, status="superseded", superseded_by=by), before)


@pytest.mark.parametrize("successor", [{"supersedes": (numbered(1),)}, {"merged_from": (numbered(1),)}])
def test_a_successor_that_names_the_memory_it_replaces_is_fine(successor: dict[str, Any]) -> None:
    taken = superseded(SUCCESSOR.id)
    assert judge(taken, store=[make(1), replace(SUCCESSOR, **successor)]) == []
    assert names(judge(taken, proposal(replace(SUCCESSOR, **successor)), store=[make(1)])) <= {("contradiction", WARN)}


def test_a_memory_whose_successor_does_not_name_it_is_orphaned() -> None:
    findings = judge(superseded(SUCCESSOR.id), store=[make(1), SUCCESSOR])
    assert [(finding.check, finding.severity, finding.id) for finding in findings] == [("orphaned", BLOCK, numbered(1))]
    assert "would be lost" in findings[0].message and numbered(2)[-6:] in findings[0].message


def test_a_memory_whose_successor_is_not_there_is_orphaned() -> None:
    assert names(judge(superseded(numbered(9)), store=[make(1)])) == {("orphaned", BLOCK)}
    assert names(judge(superseded(""), store=[make(1)])) == {("orphaned", BLOCK)}


def test_timelines_and_what_was_superseded_before_are_not_orphaned() -> None:
    assert judge(superseded(SUCCESSOR.id, key="a.b"), store=[make(1, key="a.b"), SUCCESSOR]) == []
    before = make(1, status="superseded", superseded_by=SUCCESSOR.id)
    assert judge(proposal(replace(before, tags=("b",)), before), store=[before, SUCCESSOR]) == []


def test_a_stale_read_is_told_once() -> None:
    read, fresh = make(5, "The ledger locks rows.\n"), make(6, "Deploys run at noon.\n")
    current = {read.id: blob_id(b"new"), fresh.id: blob_id(b"same")}
    reads = {read.id: blob_id(b"old"), fresh.id: blob_id(b"same"), numbered(9): blob_id(b"never shared")}
    findings = judge(proposal(make(1)), store=[read, fresh], reads=reads, current=current)
    assert [(one.check, one.severity, one.id) for one in findings] == [("stale-read", WARN, read.id)]


def test_reading_ones_own_edit_is_not_stale() -> None:
    before = make(1)
    after = replace(before, body="Rewritten.\n")
    reads, current = {before.id: blob_id(text_of(after).encode())}, {before.id: blob_id(text_of(before).encode())}
    assert judge(proposal(after, before), store=[before], reads=reads, current=current) == []
    moved = {before.id: blob_id(b"changed by somebody else")}
    assert names(judge(proposal(after, before), store=[before], reads=reads, current=moved)) == {("stale-read", WARN)}


def test_text_of_a_context_pack_is_an_echo() -> None:
    cited = "- [mem:ABC123] (fact, promoted, code, 3 days) Deploys happen on Tuesdays, never before noon."
    for body in (framed(f"Pinned\n{cited}\n"), cited, f"What I know:\n{cited}\n{cited.replace('ABC', 'ABD')}"):
        assert ("echo", WARN) in names(judge(proposal(make(1, body))))
    prose = make(1, "As [mem:ABC123] says, deploys happen on Tuesdays; the queue of part 7 is drained before.")
    assert names(judge(proposal(prose))) == set()
    assert names(judge(proposal(replace(make(1, cited), tags=("b",)), make(1, cited)))) == set()


def test_what_the_readme_says_is_derivable() -> None:
    readme = f"# Payments\n\nHow it works.\n{BODY}\nMore about ledgers and rows.\n"
    code = Files({"README.md": readme})
    assert names(judge(proposal(make(1)), code=code)) == {("derivable", INFO)}
    assert judge(proposal(make(1, BODY + "The ledger then locks every row of the night's batch.\n")), code=code) == []
    shuffled = "Attempts max; queue retry through deliveries; ledger failed with raced StripeWebhookHandler.\n"
    assert judge(proposal(make(1, shuffled)), code=code) == []


@pytest.mark.parametrize(
    "origin, file, expected",
    [
        ("CLAUDE.md#L3", "CLAUDE.md", set()),
        ("CLAUDE.md#L3", "AGENTS.md", set()),
        (".cursor/rules/a.mdc#L3", "CLAUDE.md", set()),
        ("packages/a/AGENTS.md#L3", "CLAUDE.md", set()),
        ("CLAUDE.md#L3", "README.md", {("derivable", INFO)}),
        ("README.md#L3", "README.md", set()),
        ("CONTRIBUTING.md#L3", "CLAUDE.md", {("derivable", INFO)}),
    ],
)
def test_rules_for_agents_are_compared_with_the_readme_alone(
    origin: str, file: str, expected: set[tuple[str, str]]
) -> None:
    memory = replace(make(1), source=Source(ref=origin))
    assert names(judge(proposal(memory), code=Files({file: BODY}))) == expected


def test_a_source_is_named() -> None:
    assert names(judge(proposal(replace(make(1), source=Source(agent="x"))))) == {("source-missing", INFO)}
    assert names(judge(proposal(make(1, evidence="document")))) == {("source-missing", INFO)}
    assert judge(proposal(replace(make(1), source=Source(ref="docs/a.md:3"), evidence="document"))) == []


def test_anchors_exist_in_the_code() -> None:
    anchored = make(1, paths=(Anchor("src/a.py"), Anchor("src/gone.py")))
    findings = judge(proposal(anchored), code=Files({"src/a.py": ""}))
    assert names(findings) == {("anchor-missing", INFO)}
    assert "src/gone.py" in findings[0].message
    assert judge(proposal(anchored)) == []


def about_retries(*paths: str, commit: str = "c0ffee12") -> Candidate:
    plain = make(1, "RETRIES is 7.\n", paths=tuple(map(Anchor, paths)))
    return proposal(replace(plain, source=Source("s-1", commit=commit)))


@pytest.mark.parametrize(
    ("now", "change"),
    [({"src/a.py": "RETRIES = 5\n"}, "src/a.py no longer has 7"), ({}, "src/a.py is gone")],
)
def test_code_that_has_moved_on_makes_a_candidate_outdated(now: Mapping[str, str], change: str) -> None:
    code = Files(now, {"c0ffee12": {"src/a.py": "RETRIES = 7\n"}})
    (finding,) = [each for each in judge(about_retries("src/a.py"), code=code) if each.check == "outdated"]
    assert finding.severity == WARN and change in finding.message


def test_code_of_another_branch_outdates_nothing() -> None:
    code = Files({"src/a.py": "RETRIES = 5\n"}, {"c0ffee12": {"src/a.py": "RETRIES = 7\n"}})
    assert judge(about_retries("src/a.py", commit="abcdef12"), code=code) == []
    assert judge(about_retries("src/b.py"), code=Files({"src/b.py": "x\n"}, code.history)) == []
    uncommitted = Anchor("src/a.py", blob_id(b"RETRIES = 7  # not committed yet\n"))
    late = replace(make(1, "RETRIES is 7.\n", paths=(uncommitted,)), source=Source("s-1", commit="c0ffee12"))
    assert judge(proposal(late), code=code) == []


def test_the_same_words_in_two_sessions_are_told_in_both() -> None:
    mine, theirs = make(1), replace(make(2), source=Source(session="s-2"))
    (finding,) = judge(proposal(mine), elsewhere=Elsewhere({"s-2": [theirs]}))
    assert (finding.check, finding.severity, finding.with_ids) == ("near-duplicate", WARN, (theirs.id,))
    assert "says the same as" in finding.message and "of the session s-2" in finding.message
    assert "mem review s-2" in finding.next


def test_links_lead_somewhere() -> None:
    known = make(7, "Rows are locked.\n", key="ledger.locks", title="Locking")
    fine = f"See [[{known.id}|locking]], [[ledger.locks]], [[a-title]], ![[plan.png]] and `[[ -f x ]]`.\n"
    assert judge(proposal(make(1, fine)), store=[known]) == []
    dead = make(1, f"See [[{numbered(8)}]] and [[ledger.rows]].\n", based_on=(numbered(8), numbered(9)))
    findings = judge(proposal(dead), store=[known])
    assert names(findings) == {("dead-link", INFO)}
    assert len(findings) == 3


def test_a_retired_candidate_is_judged_by_its_form_alone() -> None:
    before = make(1)
    assert judge(proposal(replace(before, status="retired"), before), store=[make(2), make(3, OTHER)]) == []


def test_every_finding_has_a_next_step_that_destroys_nothing() -> None:
    spoiled = make(1, f"{BODY}\x1b", paths=(Anchor("/x"),), read_only=True, key="a.b", based_on=(numbered(44),))
    store = [make(2, OTHER, key="a.b", evidence="code"), make(3, OTHER), make(4)]
    reads, current = {numbered(2): "a"}, {numbered(2): "b"}
    findings = judge(proposal(spoiled), proposal(make(5)), store=store, reads=reads, current=current)
    assert len({finding.check for finding in findings}) >= 7
    for finding in findings:
        assert finding.next
        assert not any(word in finding.next for word in ("rm ", "redact", "revert", "--force", "retire", "reject"))


def test_titles_of_others_cannot_drive_the_terminal() -> None:
    findings = judge(proposal(make(1)), store=[replace(make(2), title="\x1b[2J\u202egone")])
    assert any("gone" in finding.message for finding in findings)
    assert all(letter.isprintable() for finding in findings for letter in finding.message)


def test_a_broken_file_is_a_finding_when_written() -> None:
    assert names(check_write("---\na: [\n---\nx\n", "semantic/a/b.md")) == {("schema", BLOCK)}
    assert ("schema", BLOCK) in names(check_write("just text\n", "semantic/a/b.md"))


@given(st.text(max_size=200), st.text(max_size=60))
def test_checking_a_write_never_raises(text: str, path: str) -> None:
    assert all(finding.check for finding in check_write(text, path))


def test_checking_a_write_loads_no_text_analysis() -> None:
    code = (
        "import sys; from memcli.core.review.checks.runner import check_write;"
        "check_write('---\\ntitle: x\\n---\\nx', 'semantic/a/b.md');"
        "names = ('Stemmer', 'markdown_it', 'ruamel.yaml', 'memcli.core.text.similarity'); "
        "print([m for m in names if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_session_larger_than_the_policy_expects_gets_a_warning() -> None:
    many = [proposal(make(number, f"Note {number} on queues.\n", kind="episodic")) for number in range(1, 5)]
    sizes = [
        [one.severity for one in judge(*many, max_candidates=most) if one.check == "session-size"] for most in (4, 3)
    ]
    assert sizes == [[], [WARN]]
