"""The rules in templates of pull requests."""

from __future__ import annotations

from memcli.core.memory.memory import Memory
from memcli.core.sources.passages import SourceFile
from tests.core.sources.extracted import extract_memories

RULES = """<!--
Describe your change here.
Always add a file to `changelog/unreleased/`, because the release notes are made of these.
-->
## What is this about?

- [ ] I have added tests that fail without the change
- [ ] Never edit `queue/generated.py` by hand, run `make generate` instead
- [ ] Fixes #
"""


def read(path: str, text: str = RULES) -> list[Memory]:
    return extract_memories([SourceFile(path, text, None)], options=[])


def test_rules_in_comments_and_lists_are_one_memory() -> None:
    [memory] = read(".github/PULL_REQUEST_TEMPLATE.md")
    assert (memory.title, memory.type) == ("What a pull request has to fulfil", "procedure")
    assert "because the release notes are made of these" in memory.body
    assert "queue/generated.py" in memory.body
    assert "Fixes #" not in memory.body and "<!--" not in memory.body
    [of_kind] = read(".github/PULL_REQUEST_TEMPLATE/release.md")
    assert of_kind.title == "What a pull request has to fulfil: Release"


def test_a_form_without_rules_is_left_out() -> None:
    form = "## Description\n\n<!-- Describe your change -->\n\n- [ ] Bug fix\n- [ ] Feature\n"
    assert read("pull_request_template.md", form) == []
