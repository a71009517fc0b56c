"""The order of a page: by topic, compared candidates beside each other, each finding about a pair once."""

from __future__ import annotations

from dataclasses import replace

from memcli.core.finding import Finding
from memcli.core.review.page_order import PageEntry, page_topics
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.store import file_candidate

SECRET = "sk_live_5x5BHkMNggAe6FaG546FuFgH"


def waiting(number: int, topic: str = "queue", session: str = "one", body: str = "") -> WaitingCandidate:
    memory_id = f"01K9Z3V5C4M8Q2T7R6W1XABC{number:02}"
    front = f"id: {memory_id}\ntitle: Fact {number}\nkind: semantic\ntype: fact\ntopic: {topic}\nstatus: active\n"
    dates = "created: 2026-11-20T09:30:00Z\nmodified: 2026-11-20T09:30:00Z\n"
    text = f"---\n{front}{dates}---\n{body or f'Fact {number}.'}\n"
    candidate = file_candidate(f"semantic/{topic}/fact-{number}.md", "", text)
    return WaitingCandidate(candidate, session, None, "Ada <ada@example.com>", None)


def contradicting(one: WaitingCandidate, other: WaitingCandidate) -> list[WaitingCandidate]:
    pairs = ((one, other), (other, one))
    return [
        replace(mine, findings=(Finding("contradiction", "warn", mine.id, "5 against 9", with_ids=(theirs.id,)),))
        for mine, theirs in pairs
    ]


def test_topics_are_sorted_and_keep_the_order_of_their_candidates() -> None:
    topics = page_topics([waiting(1, "queue"), waiting(2, "api"), waiting(3, "queue")])
    assert [(topic.name, [entry.waiting.id[-1] for entry in topic.entries]) for topic in topics] == [
        ("api", ["2"]),
        ("queue", ["1", "3"]),
    ]


def test_compared_candidates_stand_together_and_their_finding_once() -> None:
    first, second = contradicting(waiting(1), waiting(3, session="two"))
    (topic,) = page_topics([first, waiting(2), second])
    assert [entry.waiting.id[-1] for entry in topic.entries] == ["1", "3", "2"]
    assert [len(entry.findings) for entry in topic.entries] == [1, 0, 0]
    assert topic.entries[1].repeated == (("contradiction", first.id),)


def test_one_memory_that_two_sessions_change_stands_together() -> None:
    (topic,) = page_topics([waiting(1), waiting(2), waiting(1, session="two")])
    assert [entry.waiting.session for entry in topic.entries] == ["one", "two", "one"]


def test_a_secret_that_was_found_is_masked() -> None:
    found = replace(waiting(1, body=f"Use {SECRET} here."), findings=(Finding("secret", "block", "", "a key"),))
    assert SECRET not in str(PageEntry(found, found.findings).change)


def test_a_body_that_is_the_title_is_said_once() -> None:
    assert PageEntry(waiting(1, body="Fact `1`."), ()).says_only_its_title
    assert not PageEntry(waiting(1, body="Fact 1.\n\nAnd more."), ()).says_only_its_title
