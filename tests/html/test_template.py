"""The environment of all templates: the policy allows what a page brings along, and nothing else."""

from __future__ import annotations

import base64
import hashlib

from memcli.html.template import _environment, content_policy


def test_the_policy_allows_the_pages_own_style_and_script_alone() -> None:
    style, script = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in ("p{}", "alert('é')")
    )
    assert content_policy("p{}", "alert('é')") == (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none';"
        " form-action 'none'"
    )
    assert "script-src" not in content_policy("p{}", "")


def test_values_are_escaped_and_visible_wherever_they_are_printed() -> None:
    class Word(str):
        """As ids are."""

    template = _environment().from_string('<p title="{{ a }}">{{ a }}{{ nothing }}{{ a | markdown }}</p>')
    for text in ("\"'<b>&amp;\u202e", Word("\"'<b>&amp;\u202e")):
        html = template.render(a=text, nothing=None)
        assert html.startswith('<p title="&#34;&#39;&lt;b&gt;&amp;amp;\\u202e">&#34;&#39;&lt;b&gt;&amp;amp;\\u202e<p>')
        assert "<b>" not in html and "\u202e" not in html
