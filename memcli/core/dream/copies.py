"""Copies: memories that say the same, word for word, about the same matter and time, so that one of them is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from memcli.core.dream.merged_memory import MUST_AGREE
from memcli.core.dream.resemblance import NEUTRAL_TITLE
from memcli.core.dream.same_words import loose_words, same_words
from memcli.core.dream.time_phrases import PHRASE
from memcli.core.memory.key_types import DEFAULT_TOPIC
from memcli.core.memory.memory import Memory
from memcli.core.text.analysis import STOP_WORDS, stems, words
from memcli.core.text.prose import first_title

OWN_SUBJECT = 5
"""Stems from which a text says what it is about; a shorter one depends on its topic and key."""
_HARMLESS_WORDS = "a about an and are at by for from how in is of our the to what when where why with"
_HARMLESS = frozenset(_HARMLESS_WORDS.split())
"""Function words of a title that add nothing to what the body says."""
SameFront = Callable[[Memory, Memory], bool]
"""Whether two memories agree in the keys that have no rule for merging."""


def copy_groups(memories: Iterable[Memory], same_front: SameFront) -> list[list[Memory]]:
    """The groups of two and more copies; the first of each, the one that stays, has the key if any has, else is the
    eldest."""
    buckets: dict[tuple[str, ...], list[list[Memory]]] = {}
    for memory in sorted(memories, key=_place):
        groups = buckets.setdefault(loose_words(memory.body), [])
        group = next((group for group in groups if _belongs(memory, group, same_front)), None)
        if group is None:
            groups.append([memory])
        else:
            group.append(memory)
    return [group for groups in buckets.values() for group in groups if len(group) > 1]


def _place(memory: Memory) -> tuple[bool, datetime, str]:
    return memory.key is None, memory.created, memory.id


def _belongs(memory: Memory, group: list[Memory], same_front: SameFront) -> bool:
    """Whether a memory is a copy of all in a group: what a text in one case leaves open, another one may say."""
    kept, bodies = group[0], dict.fromkeys(member.body for member in group)
    return (
        _same_matter(kept, memory)
        and same_front(kept, memory)
        and all(body == memory.body or same_words(body, memory.body) for body in bodies)
        and _adds_nothing(memory, kept)
    )


def _same_matter(kept: Memory, memory: Memory) -> bool:
    """Whether two memories with the same words are about one matter, at one time."""
    if memory.key or memory.valid_from not in (None, kept.valid_from) or _depends_on_day(kept, memory):
        return False
    if any(getattr(kept, name) != getattr(memory, name) for name in (*MUST_AGREE, "type")):
        return False
    linked = {*kept.supersedes, *kept.merged_from} & {memory.id} or {*memory.supersedes, *memory.merged_from} & {
        kept.id
    }
    if linked or kept.conflict or memory.conflict or not memory.body.strip():
        return False
    return kept.topic == memory.topic or DEFAULT_TOPIC in (kept.topic, memory.topic) or names_its_subject(memory.body)


def names_its_subject(body: str) -> bool:
    """Whether a text has enough words to say what it is about without its topic and key."""
    return len(set(stems(body))) >= OWN_SUBJECT


def _depends_on_day(memory: Memory, other: Memory) -> bool:
    """Whether equal words mean different things because they were written on two days: events, `yesterday`."""
    if memory.created.date() == other.created.date():
        return False
    return "episodic" in (memory.kind, other.kind) or any(map(PHRASE.search, (memory.body, other.body)))


def _adds_nothing(memory: Memory, kept: Memory) -> bool:
    """Whether the title of a copy says nothing that the memory that stays does not say."""
    title, text = memory.title, f"{kept.title}\n{kept.body}"
    if (
        title in (kept.title, first_title(memory.body))
        or NEUTRAL_TITLE.fullmatch(title)
        or same_words(title, kept.title)
    ):
        return True
    function_words = STOP_WORDS.intersection(words(title)) - _HARMLESS
    return set(stems(title)) <= set(stems(text)) and function_words <= set(words(text))
