"""The README's commands do what the README shows; `python -m tests.test_readme` writes the real output into it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from tests.console import ROOT, TIME_AGO, Console

README = ROOT / "README.md"
_ID = "[0-9A-HJKMNP-TV-Z]"
_CHANGING = (
    (re.compile(rf"\b{_ID}{{26}}\b"), "<id>"),
    (re.compile(rf"(?<=[-(:]){_ID}{{6}}(?=\.md|[],)])"), "<id6>"),
    (re.compile(rf"(?m)^( *[a-z]* *){_ID}{{6}}  "), r"\1<id6>  "),
    (re.compile(rf"(?m)(?<=  ){_ID}{{6}}$"), "<id6>"),
    (re.compile(r"\b(?!6141f01eba)[0-9a-f]{8,40}\b"), "<commit>"),
    (re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?"), "<date>"),
    (TIME_AGO, "<date>"),
    (re.compile(r"ada-[a-z0-9]{6}|dream-\d{8}t\d{6}z"), "<session>"),
    (re.compile(rf"(?<= ){_ID}{{6}}(?= ')"), "<id6>"),
    (re.compile(rf"((?:mem:|mem show |mem supersede |mem edit |warn: [a-z-]+ )){_ID}{{6}}"), r"\1<id6>"),
    (re.compile(r"(?m)^/.*?(?=/\.mem/)"), "<place>"),
)


def _normalised(text: str) -> str:
    for pattern, replacement in _CHANGING:
        text = pattern.sub(replacement, text)
    return text


def test_the_commands_print_what_the_readme_shows(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    assert _normalised(Console(tmp_path).play(text)) == _normalised(text)


def test_the_readme_names_documents_that_exist() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        README.write_text(Console(Path(scratch)).play(README.read_text(encoding="utf-8")), encoding="utf-8")
