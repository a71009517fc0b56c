"""Front matter of other tools, read without failing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.sources.lenient_front_matter import parse_leniently


def test_nested_keys_are_flattened_and_outer_ones_take_precedence() -> None:
    document = parse_leniently(
        "---\nname: fog\ntype: user\nmetadata:\n  type: project\n  node-Type: memory\n---\n\nBody\n"
    )
    assert (document.get("name"), document.get("type"), document.get("node_type")) == ("fog", "user", "memory")
    assert document.body == "\nBody\n"
    assert document.line == 8


def test_refused_front_matter_is_read_line_by_line() -> None:
    text = "---\nname: &x fog\ndescription: a: b: [c\n  and more\nname: again\ntags:\n  - one\n  - two\n---\nBody\n"
    document = parse_leniently(text)
    assert document.get("description") == "a: b: [c and more"
    assert document.get("tags") == "one two"
    assert document.body == "Body\n"
    assert document.line == 10


def test_a_horizontal_rule_is_not_front_matter() -> None:
    for text in ("---\nJust words.\n---\nMore.\n", "---\nname: never closed\n\nBody\n", "--- \nx: y\n---\n", ""):
        assert parse_leniently(text).body == text


@given(st.text(alphabet="-\n: abc&*!{}[]'\"|>#\t", max_size=200))
def test_any_text_can_be_read_and_ends_with_its_body(text: str) -> None:
    document = parse_leniently("---\n" + text)
    assert ("---\n" + text).endswith(document.body)
