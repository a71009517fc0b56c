from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.bootstrap.lenient_front_matter import headed


def test_nested_keys_are_flattened_and_outer_ones_win() -> None:
    source = headed("---\nname: fog\ntype: user\nmetadata:\n  type: project\n  node-Type: memory\n---\n\nBody\n")
    assert (source.get("name"), source.get("type"), source.get("node_type")) == ("fog", "user", "memory")
    assert source.body == "\nBody\n"
    assert source.line == 8


def test_what_the_strict_reader_refuses_is_read_line_by_line() -> None:
    text = "---\nname: &x fog\ndescription: a: b: [c\n  and more\nname: again\ntags:\n  - one\n  - two\n---\nBody\n"
    source = headed(text)
    assert source.get("description") == "a: b: [c and more"
    assert source.get("tags") == "one two"
    assert source.body == "Body\n"
    assert source.line == 10


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    for text in ("---\nJust words.\n---\nMore.\n", "---\nname: never closed\n\nBody\n", "--- \nx: y\n---\n", ""):
        assert headed(text).body == text


@given(st.text(alphabet="-\n: abc&*!{}[]'\"|>#\t", max_size=200))
def test_any_beginning_is_read_and_the_body_is_a_tail(text: str) -> None:
    source = headed("---\n" + text)
    assert ("---\n" + text).endswith(source.body)
