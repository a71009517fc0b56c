"""Status words of all languages, in every place where records state them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from memcli.core.memory.memory import Memory
from memcli.core.sources.decisions.record_labels import names_nothing
from memcli.core.sources.decisions.status_words import contained_status, leading_status
from memcli.core.sources.passages import SourceFile
from tests.core.sources.extracted import extract_memories

DAY = datetime(2024, 5, 1, tzinfo=UTC)
ACCEPTED, PROPOSED, REJECTED, DEPRECATED = "accepted", "proposed", "rejected", "deprecated"
LANGUAGES = {
    "en": ("Status", "Decision", "Accepted", "Proposed", "Rejected", "Deprecated", "Superseded by {}"),
    "de": ("Status", "Entscheidung", "Angenommen", "Vorgeschlagen", "Abgelehnt", "Veraltet", "Ersetzt durch {}"),
    "fr": ("Statut", "Décision", "Acceptée", "Proposé", "Rejetée", "Obsolète", "Remplacé par {}"),
    "es": ("Estado", "Decisión", "Aceptado", "Propuesta", "Rechazado", "Obsoleto", "Reemplazada por {}"),
    "pt": ("Situação", "Decisão", "Aceito", "Proposta", "Rejeitada", "Obsoleto", "Substituído por {}"),
    "it": ("Stato", "Decisione", "Accettata", "Proposto", "Rifiutato", "Deprecata", "Sostituito da {}"),
    "nl": ("Status", "Besluit", "Geaccepteerd", "Voorgesteld", "Afgewezen", "Verouderd", "Vervangen door {}"),
    "pl": ("Status", "Decyzja", "Zaakceptowana", "Proponowana", "Odrzucona", "Przestarzała", "Zastąpiona przez {}"),
    "ru": ("Статус", "Решение", "Принято", "Предложено", "Отклонено", "Устарело", "Заменено на {}"),
    "zh": ("状态", "决策", "已接受", "提议中", "已拒绝", "已废弃", "已被 {} 取代"),
    "zh-tw": ("狀態", "決策", "已接受", "提議中", "已拒絕", "已廢棄", "已被 {} 取代"),
    "ja": ("ステータス", "決定", "承認済み", "提案中", "却下", "非推奨", "{} に置き換えられた"),
    "ko": ("상태", "결정", "승인됨", "제안됨", "거부됨", "폐기됨", "{}로 대체됨"),
}
SHAPES = {
    "section": "# Queues\n\n## {label}\n\n{word}\n\n## {decision}\n\nWe keep queues.\n",
    "section and date": "# Queues\n\n## {label}\n\n**{word}** (2024-01-02)\n\n## {decision}\n\nWe keep queues.\n",
    "heading": "# Queues\n\n## {label}: {word}\n\n## {decision}\n\nWe keep queues.\n",
    "line": "# Queues\n\n{label}: {word}\n\n## {decision}\n\nWe keep queues.\n",
    "list": "# Queues\n\n* **{label}**: {word}\n* x\n\n## {decision}\n\nWe keep queues.\n",
    "quote": "# Queues\n\n> **{label}:** {word}\n\n## {decision}\n\nWe keep queues.\n",
    "table": "# Queues\n\n| {label} | {word} |\n|---|---|\n| x | y |\n\n## {decision}\n\nWe keep queues.\n",
    "column": "# Queues\n\n| ID | {label} |\n|---|---|\n| 7 | {word} |\n\n## {decision}\n\nWe keep queues.\n",
    "front matter": "---\n{label}: {word}\n---\n# Queues\n\n## {decision}\n\nWe keep queues.\n",
    "two languages": "# Queues\n\n## {label} (Status)\n\n{word}\n\n## {decision}\n\nWe keep queues.\n",
}


def read(*texts: str, suffix: str = ".md") -> list[Memory]:
    files = [SourceFile(f"docs/adr/{n:04}-x{suffix}", text, DAY) for n, text in enumerate(texts, 1)]
    return extract_memories(files)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_status_is_read_wherever_it_stands(language: str, shape: str) -> None:
    label, decision, *words = LANGUAGES[language]
    texts = [SHAPES[shape].format(label=label, decision=decision, word=word) for word in words[:4]]
    accepted, proposed, rejected, deprecated = read(*texts)
    assert (accepted.status, accepted.tags, accepted.title) == ("active", (), "Queues")
    assert (proposed.status, proposed.tags) == ("active", (PROPOSED,))
    assert (rejected.status, rejected.tags) == ("retired", (REJECTED,))
    assert (deprecated.status, deprecated.tags) == ("retired", (DEPRECATED,))


@pytest.mark.parametrize("reference", ["[2](0002-x.md)", "ADR-0002"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_successor_is_found_in_every_language(language: str, reference: str) -> None:
    label, decision, accepted, *_, by = LANGUAGES[language]
    shape = SHAPES["section"]
    old, new = read(
        shape.format(label=label, decision=decision, word=by.format(reference)),
        shape.format(label=label, decision=decision, word=accepted),
    )
    assert (old.status, old.superseded_by) == ("superseded", new.id)
    assert (new.status, new.supersedes) == ("active", (old.id,))


@pytest.mark.parametrize(
    "nothing",
    ["none", "N/A", "~", "null", "(none)", "_not yet_", "-", "[]", "TBD", "keine", "нет", "なし", "无", "없음"],
)
def test_a_successor_that_is_none_retires_nothing(nothing: str) -> None:
    assert names_nothing(nothing)
    [listed] = read(f"# X\n\n* Status: accepted\n* Superseded by: {nothing}\n\n## Decision\n\nWe do.\n")
    [front] = read(f"---\nstatus: accepted\nsuperseded_by: {nothing}\n---\n# X\n\n## Decision\n\nWe do.\n")
    [below] = read(f"# X\n\n## Status\n\nAccepted\n\nSuperseded by: {nothing}\n\n## Decision\n\nWe do.\n")
    assert {memory.status for memory in (listed, front, below)} == {"active"}
    assert {memory.tags for memory in (listed, front, below)} == {()}


@pytest.mark.parametrize("word", ["Frobnicated", "Vielleicht", "{proposed | accepted}", "Not yet clear", "Mysterious"])
def test_an_unknown_status_is_not_decided(word: str) -> None:
    [memory] = read(f"# X\n\n## Status\n\n{word}\n\n## Decision\n\nWe do.\n")
    assert memory.status == "active"
    assert memory.tags in (("unclear",), ("proposed",))


@pytest.mark.parametrize(
    "sentence", ["We have not accepted this.", "Accepted unless rejected", "Acceptable", "Unaccepted"]
)
def test_sentences_that_state_nothing_certain(sentence: str) -> None:
    assert contained_status(sentence) is None
    assert leading_status("Acceptable") is None


def test_the_longest_word_counts() -> None:
    words = {
        text: leading_status(text) for text in ("Not accepted", "承認待ち", "未承認", "已被采纳", "No longer valid")
    }
    meanings = {text: found[0].meaning for text, found in words.items() if found}
    assert meanings == {
        "Not accepted": "rejected",
        "承認待ち": "proposed",
        "未承認": "proposed",
        "已被采纳": "accepted",
        "No longer valid": "deprecated",
    }


def test_what_is_ticked_counts() -> None:
    [ticked] = read("# X\n\n## Status\n\n- [ ] Accepted\n- [x] Rejected\n\n## Decision\n\nWe do.\n")
    [chosen] = read("# X\n\n## Status\n\nProposed | **Accepted** | Rejected\n\n## Decision\n\nWe do.\n")
    assert (ticked.status, chosen.status, chosen.tags) == ("retired", "active", ())


def test_the_directory_and_the_title_state_it_where_nothing_else_does() -> None:
    text = "# Use X\n\n## Decision\n\nWe use it.\n"
    [rejected] = extract_memories([SourceFile("docs/adr/rejected/0001-x.md", text, DAY)])
    [titled] = read("# Use X (Superseded)\n\n## Decision\n\nWe use it.\n")
    [badge] = read(
        "# Use X\n\n![Status](https://img.shields.io/badge/status-deprecated-red)\n\n## Decision\n\nWe do.\n"
    )
    assert (rejected.status, titled.status, titled.title, badge.status) == ("retired", "superseded", "Use X", "retired")


@pytest.mark.parametrize("field", ["stage: draft", "draft: true"])
def test_a_draft_by_its_front_matter_is_not_decided(field: str) -> None:
    [draft] = read(f"---\n{field}\n---\n# X\n\n## Decision\n\nWe do.\n")
    [stated] = read(f"---\n{field.replace('true', 'false')}\nstatus: accepted\n---\n# X\n\n## Decision\n\nWe do.\n")
    assert (draft.tags, stated.tags) == (("proposed",), ())


def test_long_blank_lines_in_the_head_are_read_in_linear_time() -> None:
    started = time.perf_counter()
    text = SHAPES["line"].format(label="Status", word="Rejected", decision="Decision")
    [memory] = read(text.replace("# Queues\n", f"# Queues\n{(' ' * 1000 + chr(10)) * 25}"))
    assert memory.status == "retired"
    assert time.perf_counter() - started < 2
