"""The restricted YAML: what it reads, what it refuses and where, and that the quick way never disagrees with ruamel."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memcli.core.memory import fast_yaml as plain
from memcli.core.memory.fast_yaml import Value, YamlItem, read_fast
from memcli.core.memory.front_matter import MAX_NODES, DocumentError, read_front_matter, read_with_ruamel

SIGNS = "a b key : :: - -- # [ ] { } , | > |+ |- >2 & &a * *a ! ? % @ ` ~ ... --- \" ' \\ \\n \\x41 <<"
LINES = [
    " ",
    "  ",
    ": ",
    "- ",
    " #c",
    "\n",
    "\n\n",
    ":\n",
    "\n  - ",
    "\n  key: ",
    "key: ",
    "k: |\n  text\n",
    'q: "x"\n',
    "n:\n",
]
ODD = ["\t", "\x07", "\x85", "\u2028", "\ufeff", "é", "日本"]
FRAGMENTS = [*SIGNS.split(" "), *LINES, *ODD]
SCALARS = [
    "v",
    "two words",
    "no",
    "1.10",
    "12:30",
    "null",
    "~",
    "é日本",
    "'it''s'",
    '"q\\n\\"x\\""',
    '"# no"',
    "a#b",
    "x:y",
]
KEYS = ["id", "title", "tags", "a-b", "x.y", "zz"]


def scalars() -> st.SearchStrategy[str]:
    return st.sampled_from(SCALARS) | st.text("ab:#-'\"[,]{} \\é", max_size=8)


@st.composite
def entries(draw: st.DrawFn, key: str) -> str:
    """The lines of one key in any of the forms people write, most of them valid."""
    comment = draw(st.sampled_from(["", "", " # why", "   #"]))
    first, second = draw(scalars()), draw(scalars())
    indent = draw(st.sampled_from(["", "  ", "    "]))
    deeper = indent or " "
    lines = draw(
        st.sampled_from(
            [
                f"{key}: {first}{comment}",
                f"{key}:   {first}  ",
                f"{key}:{comment}",
                f"{key}: [{first}, {second}]{comment}",
                f"{key}: {{a: {first}, b: {second}}}",
                f"{key}: [\n  {first},\n# odd\n  {second}\n]",
                f"{key}:{comment}\n{indent}- {first}{comment}\n{indent}- {second}",
                f"{key}:\n{deeper}a: {first}{comment}\n{deeper}# between\n{deeper}b: {second}",
                f"{key}: |\n{deeper}{first}\n\n{deeper}# {second}",
                f"{key}: >+\n{deeper}{first}\n\n",
                f'{key}: "one\n# two\n\n  three"{comment}',
                f"{key}: one\n  two\n  three{comment}",
                f"{key}:\n  - a: {first}\n    b: {second}\n  - [x]",
                f"'{key}': {first}",
            ]
        )
    )
    before = draw(st.sampled_from(["", "", "# above\n", "\n", "  # indented\n", "# one\n\n# two\n"]))
    return f"{before}{lines}\n"


@st.composite
def blocks(draw: st.DrawFn) -> str:
    keys = draw(st.lists(st.sampled_from(KEYS), max_size=4, unique_by=str))
    parts = [draw(entries(key)) for key in keys]
    return "".join(parts) + draw(st.sampled_from(["", "", "\n", "# tail\n", "  # tail\n\n"]))


def noise() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(lambda parts: "".join(parts) + "\n") | st.text().map(
        lambda text: text + "\n"
    )


def values(block: str) -> dict[str, Value]:
    return {item.key: item.value for item in read_front_matter(block)}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("1.10", "1.10"),
        ("12:30", "12:30"),
        ("null", "null"),
        ("~", "~"),
        ("2026-11-20T09:30:00Z", "2026-11-20T09:30:00Z"),
        ("", None),
        ('""', ""),
        ("# nothing", None),
        ("C# or F#", "C# or F#"),
        ("it's  two", "it's  two"),
        ("'it''s'  # why", "it's"),
        (r'"a\tb \"c\" \u00e9 \x41"', 'a\tb "c" é A'),
        ("one\n  two\n\n  three", "one two\nthree"),
        ("|\n  one\n   two\n\n", "one\n two\n"),
        (">-\n  one\n  two", "one two"),
        ("[a, 'b, c', [d, {e: }]]", ("a", "b, c", ("d", {"e": None}))),
        ("{a: 1, b: [2]}", {"a": "1", "b": ("2",)}),
        ("[]", ()),
        ("{}", {}),
        ("\n  - a\n  # c\n  - \n  - b: 1\n    c:\n    - d", ("a", None, {"b": "1", "c": ("d",)})),
        ("\n- a\n- b", ("a", "b")),
        ("\n    x: 1\n    y:", {"x": "1", "y": None}),
    ],
)
def test_a_value_is_the_text_that_was_written(written: str, value: Value) -> None:
    assert values(f"key: {written}\nlast: x\n") == {"key": value, "last": "x"}


@pytest.mark.parametrize(
    ("block", "line", "says"),
    [
        ("a: 1\nb: &x 1\n", 3, "anchor"),
        ("a: 1\nb: *x\n", 3, "anchor"),
        ("a: !!str 1\n", 2, "tag"),
        ("a: ! 1\n", 2, "tag"),
        ("a: 1\nb: 2\na: 3\n", 4, "duplicate key 'a'"),
        ("a:\n  b: 1\n  b: 2\n", 4, "duplicate key 'b'"),
        ("a: {b: 1, b: 2}\n", 2, "duplicate key"),
        ("a: b: c\n", 2, "in quotes"),
        ("a: @x\n", 2, "in quotes"),
        ("ok: 1\na: 'x\n", 3, "never closed"),
        ("ok: 1\na: [1,\n", 3, "never closed"),
        ("- a\n- b\n", 2, "'key: value'"),
        ("just text\n", 2, "'key: value'"),
        ("{a: 1}\n", 2, "'key: value'"),
        ("? a\n: b\n", 2, "begin its line"),
        ("  a: 1\n", 2, "begin its line"),
        ("[a]: 1\n", 2, "a key must be a word"),
        (": 1\n", 2, "a key must be a word"),
        ("a: 1\n...\nb: 2\n", 3, "may not contain"),
        ("a: 1\n--- x\n", 3, "may not contain"),
        ("a: [[[[[[1]]]]]]\n", 2, "6 levels"),
        ("a:\n  b:\n    c:\n      d:\n        e:\n          - f:\n", 7, "6 levels"),
        ("a: \x07\n", 2, "not allowed"),
        ('ok: 1\na: "\\UFFFFFFFF"\n', 3, "not readable"),
        ("a: " + "[" * 10_000 + "\n", 2, "6 levels"),
        ("a: " + "{a: " * 10_000 + "\n", 2, "6 levels"),
        ("a:\n" + "- " * 10_000 + "\n", 3, "6 levels"),
    ],
)
def test_what_the_restricted_yaml_has_not_is_refused_with_its_line(block: str, line: int, says: str) -> None:
    with pytest.raises(DocumentError, match=f"line {line}: ") as caught:
        read_front_matter(block)
    assert (caught.value.line, says in caught.value.message) == (line, True), caught.value


def test_six_levels_and_two_thousand_nodes_are_read() -> None:
    assert values("a: [[[[[1]]]]]\n") == {"a": ((((("1",),),),),)}
    widest = MAX_NODES - 3
    assert len(values(f"a: [{'1, ' * widest}]\n")["a"] or ()) == widest
    with pytest.raises(DocumentError, match="2000"):
        read_front_matter(f"a: [{'1, ' * (widest + 1)}]\n")
    with pytest.raises(DocumentError, match="2000"):
        read_front_matter("".join(f"k{number}: 1\n" for number in range(1000)))


def test_an_item_knows_its_lines_and_its_comment() -> None:
    block = "# top\na: 1  # one\n\nb:  # list\n  - x # no\n  # end\n# c\nc: |\n  t\n\nd: [x] # flow\ne: 'x' # quoted\n"
    expected = [(1, 2, "  # one"), (3, 5, ""), (7, 9, ""), (10, 11, " # flow"), (11, 12, " # quoted")]
    assert [(item.line, item.end, item.comment) for item in read_front_matter(block)] == expected


@settings(max_examples=250)
@given(noise())
def test_noise_gives_items_or_a_document_error(block: str) -> None:
    try:
        items = read_front_matter(block)
    except DocumentError as error:
        assert 2 <= error.line <= block.count("\n") + 2
    else:
        assert all(0 <= item.line < item.end <= block.count("\n") for item in items)


def same(quick: YamlItem, full: YamlItem) -> bool:
    """Equal but for the blanks in front of a comment behind an empty value."""
    return quick[:4] == full[:4] and quick.comment.strip() == full.comment.strip()


@settings(max_examples=400)
@given(blocks() | noise())
@example("a:\n  - b\n c: d\n")
@example("a: x\n  # c\nb:\n\n# d\n- e\n")
@example("a: x\n\n  \n   y: z\n")
@example("a:\n  b: 1\n    # c\n  c: 2 \n")
@example("a: \xa0x\xa0\n")
def test_the_quick_way_agrees_with_ruamel_whenever_it_answers(block: str) -> None:
    quick = read_fast(block)
    if quick is not None:
        full = read_with_ruamel(block)
        assert len(quick) == len(full)
        assert all(same(one, other) for one, other in zip(quick, full, strict=True)), (quick, full)


@settings(max_examples=150)
@given(
    st.dictionaries(st.sampled_from(KEYS), st.text() | st.lists(st.text()) | st.dictionaries(st.just("k"), st.text()))
)
def test_what_is_written_is_plain(front: dict[str, Value]) -> None:
    block = plain.block_lines(front)
    items = read_fast(block)
    assert items is not None and read_with_ruamel(block) is not None
    assert {item.key: list(item.value) if isinstance(item.value, tuple) else item.value for item in items} == front


def test_most_forms_people_write_are_read_by_the_quick_way() -> None:
    block = "id: 01K\ntitle: Don't panic, it's (mostly) fine\n# c\ntags:\n- a\n- b\n\nsource:\n  ref: https://x.y/z#a\n"
    assert read_fast(block) is not None
