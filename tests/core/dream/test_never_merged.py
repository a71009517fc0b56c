"""Pairs that look nearly the same and mean different things: neither may be dropped for the other."""

from __future__ import annotations

import pytest

from memcli.core.dream.containment import is_contained_verbatim

PAIRS = [
    ("1. Stop the server\n2. Run the migration", "1. Run the migration\n2. Stop the server"),
    ("Stop the server.\nRun the migration.", "Run the migration.\nStop the server."),
    ("Allowed:\n- redis\n\nForbidden:\n- memcached", "Allowed:\n- memcached\n\nForbidden:\n- redis"),
    ("## Use\n\nRedis\n\n## Avoid\n\nMemcached", "## Use\n\nMemcached\n\n## Avoid\n\nRedis"),
    ("Is it safe? Yes. Is it fast? No.", "Is it safe? No. Is it fast? Yes."),
    ("-1 disables the cache.", "1 disables the cache."),
    ("> 100 ms triggers the pager.", "100 ms triggers the pager."),
    ("It is written in C#", "It is written in C"),
    ("Origins allowed: *", "Origins allowed: -"),
    ("Controllers call save!", "Controllers call save"),
    ("Pass `User` to the factory.", "Pass `user` to the factory."),
    ("Override __init__ in plugins.", "Override init in plugins."),
    ("~~Listen on port 8080.~~", "Listen on port 8080."),
    ("The runbook is [here](https://a.example/x).", "The runbook is [here](https://b.example/y)."),
    ("There is a little memory left.", "There is little memory left."),
    ("Only a few users restart it.", "Only few users restart it."),
    ("Deploy on Friday.", "Deploy on Friday. The opposite is true."),
    ("Deploy on Friday.", "Deploy on Friday. Update: Monday."),
    ("Deploy on Friday.", "Deploy on Friday. We moved away from this."),
    ("Deploy on Friday.", "Deploy on Friday. Applies to staging."),
]


@pytest.mark.parametrize(("text", "other"), PAIRS)
def test_a_text_does_not_contain_one_with_another_meaning(text: str, other: str) -> None:
    assert not is_contained_verbatim(text, other)
    assert not is_contained_verbatim(other, text)
