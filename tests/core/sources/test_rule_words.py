"""The type of a section of rules, by its wording in many languages."""

from __future__ import annotations

import pytest

from memcli.core.sources.passage_text import rule_type


@pytest.mark.parametrize(
    "text",
    [
        "You must not push to main",
        "Do not edit the schema by hand",
        "Der Cache darf nicht geleert werden",
        "Il faut toujours valider les entrées",
        "Nunca edites el esquema a mano",
        "Não altere o esquema gerado",
        "Nooit rechtstreeks naar main pushen",
        "Nigdy nie edytuj schematu",
        "Никогда не меняйте схему вручную",
        "必须使用中文注释",
        "生成されたファイルは必ず確認する",
        "스키마 직접 수정 금지",
    ],
)
def test_a_duty_is_a_constraint(text: str) -> None:
    assert rule_type("", f"- {text}\n") == "constraint"


@pytest.mark.parametrize(
    "text", ["Prefer small files", "Vermeide globale Variablen", "Évitez les classes", "优先使用组合", "避免使用 any"]
)
def test_advice_is_a_preference(text: str) -> None:
    assert rule_type("", f"- {text}\n") == "preference"


@pytest.mark.parametrize(
    "heading, text",
    [
        ("Do not touch", "- `legacy/billing` is kept as it is"),
        ("Ownership", "- `src/pay` belongs to the payments team"),
        ("", "- Do not touch the vendored parser\n- `old/` is deprecated"),
        ("", "- Не трогать модуль оплаты"),
    ],
)
def test_what_is_fragile_or_owned_is_stability(heading: str, text: str) -> None:
    assert rule_type(heading, text) == "stability"


def test_a_choice_with_its_reason_is_a_decision() -> None:
    assert rule_type("Storage", "We chose SQLite because one file is easy to back up.") == "decision"


def test_an_option_named_frozen_is_not_stability() -> None:
    assert rule_type("Formatting", "```bash\nuv run --frozen ruff\n```") == "procedure"
