"""Texts with the same words are recognised as such, and no two texts with another meaning are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.dream.same_words import loose_words, same_words
from tests.core.dream.opposing_claims import SETTINGS, contradictions, retractions
from tests.core.text.test_similarity import TEXTS

DEPLOYS = "Deploys go out on Tuesday after the audit has signed the release notes."
BACKUPS = "バックアップは毎晩vaultで実行します。"
SAME = [
    ("The queue retries.", "queue retries"),
    (DEPLOYS, DEPLOYS.rstrip(".")),
    (DEPLOYS, "Deploys go out on Tuesday, after the audit has signed the release notes."),
    (DEPLOYS, "Deploys go out on a Tuesday after the audit has signed release notes."),
    (DEPLOYS, "**Deploys** go out on *Tuesday* after the audit has signed the _release notes_."),
    (DEPLOYS, f"- {DEPLOYS}"),
    (DEPLOYS, f"## {DEPLOYS}"),
    (DEPLOYS, DEPLOYS.lower()),
    (DEPLOYS, DEPLOYS.upper()),
    (DEPLOYS, DEPLOYS.replace(" after ", "\n  after ")),
    ("Deploys go out on Tuesday.", "Deploys Go Out On Tuesday"),
    ("Use `redis` for queues.", "Use redis for queues."),
    ("- one thing\n- the other thing", "* one thing\n* the other thing\n"),
    ("# Head\n\nText of it.", "## Head\n\nText of it"),
    ("He said “yes”.", 'He said "yes".'),
    ("Das gilt nicht.", "Das **gilt** nicht"),
    ("新しい。", "新しい"),
    (BACKUPS, BACKUPS.replace("バックアップ", "**バックアップ**")),
    (BACKUPS, BACKUPS.replace("毎晩", "**毎晩**")),
    (BACKUPS, BACKUPS.replace("vault", "**vault**")),
    (BACKUPS, f"*バックアップ*{BACKUPS.removeprefix('バックアップ')}"),
    (BACKUPS, f"- {BACKUPS}"),
    ("备份每晚运行。", "**备份**每晚运行"),
    ("백업은 매일 실행한다.", "**백업**은 매일 실행한다."),
    ("The worker (a daemon) retries.", "Worker (daemon) retries."),
    ("```\nmake\n```", "```\nmake\n```\n"),
]
DIFFERENT = [
    ("Route a is closed to b.", "Route is closed to b."),
    ("Pass User to the factory.", "Pass user to the factory."),
    ("Set DEBUG to true here.", "set debug to true here"),
    ("The table is called Orders.", "The table is called orders."),
    ("Only a few users of the app.", "Only few users of the app."),
    ("The one replica is of the old kind.", "One replica is of the old kind."),
    ("- [x] done thing", "- [ ] done thing"),
    ("- 1 disables the cache.", "1 disables the cache."),
    ("> Use Redis.", "Use Redis."),
    ("never deploy\non friday roll back", "never deploy on friday\nroll back"),
    ("[the runbook](https://a.example/)", "[the runbook](https://b.example/)"),
    ("1. Stop\n2. Run", "1. Run\n2. Stop"),
    ("Allowed:\n- redis\n\nForbidden:\n- memcached", "Allowed:\n- memcached\n\nForbidden:\n- redis"),
    ("Bitte schalte den Cache an.", "Bitte schalte den Cache."),
    ("**not** this and that", "this and that"),
    ("Use *.py and *.js", "Use .py and .js"),
    ("✅ the deploy", "❌ the deploy"),
    (BACKUPS, "**バックアップ**は毎晩vaultで実行しません。"),
    ("単価*数量*税率", "単価数量税率"),
    ("Maße der Kiste", "Masse der Kiste"),
    ("- redis\n+ memcached", "+ redis\n- memcached"),
    ("+ use redis", "- use redis"),
    ("The workers, which run on arm, are of the old kind.", "The workers which run on arm are of the old kind."),
    ("When the gateway calls the ledger, the queue waits.", "When the gateway calls, the ledger, the queue waits."),
    ("Not now, and never.", "Not now and never."),
]


@pytest.mark.parametrize(("text", "other"), SAME)
def test_markup_articles_and_uniform_case_do_not_matter(text: str, other: str) -> None:
    assert same_words(text, other) and same_words(other, text)
    assert loose_words(text) == loose_words(other)


@pytest.mark.parametrize(("text", "other"), DIFFERENT)
def test_texts_with_another_meaning_are_not_the_same(text: str, other: str) -> None:
    assert not same_words(text, other)
    assert not same_words(other, text)


def test_no_contradiction_counts_as_the_same() -> None:
    pairs = list(contradictions())
    assert len(pairs) > 1000
    assert [pair for pair in pairs if same_words(*pair) or same_words(*pair[::-1])] == []


def test_no_retraction_counts_as_its_claim() -> None:
    pairs = list(retractions())
    assert len(pairs) > 400
    assert [pair for pair in pairs if same_words(*pair) or same_words(*pair[::-1])] == []


@given(TEXTS, st.sampled_from(SETTINGS))
def test_a_text_says_the_same_as_itself(text: str, setting: object) -> None:
    assert callable(setting)
    assert same_words(setting(text), setting(text))


@given(TEXTS, TEXTS)
def test_texts_that_say_the_same_have_the_same_words(text: str, other: str) -> None:
    assert same_words(text, other) == same_words(other, text)
    assert not same_words(text, other) or loose_words(text) == loose_words(other)


_VOCABULARY = "never deploy on friday no yes not the a roll back stop Go go US us , . ; - ! ? `x` `X`"
WORDS = st.lists(st.sampled_from(_VOCABULARY.split()), max_size=8)


@given(WORDS, WORDS)
def test_words_and_signs_are_never_dropped(mine: list[str], theirs: list[str]) -> None:
    def kept(words: list[str]) -> list[str]:
        return [word.lower() for word in words if word.strip("`,.").lower() not in ("", "the", "a")]

    if same_words(" ".join(mine), " ".join(theirs)):
        assert [word.strip("`") for word in kept(mine)] == [word.strip("`") for word in kept(theirs)]
