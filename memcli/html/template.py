"""Templates as pages, and the only home of Jinja2.

Contract: a page is one file that loads nothing. Its content security policy allows the page's own style and script, by
their hashes, and nothing else. Every value is escaped as it is printed, and hidden characters become visible.

`templates/NAME.html.j2` extends `base.html.j2`; `NAME.css` beside it follows the style of all pages, and `NAME.js`,
where there is one, is the page's script.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memcli.html.visible_text import visible

if TYPE_CHECKING:
    from jinja2 import Environment

_WIKI_LINK = re.compile(r"\[\[([0-9A-Z]{26})(?:\|([^\]\n<>]*))?\]\]")
_TEMPLATES = Path(__file__).with_name("templates")


def render_page(name: str, values: Mapping[str, object]) -> str:
    """The page that the template `name` makes of the values."""
    from markupsafe import Markup

    style, script = _asset("base.css") + _asset(f"{name}.css"), _asset(f"{name}.js")
    assets = {"style": Markup(style), "script": Markup(script), "policy": content_policy(style, script)}  # ours alone
    return _environment().get_template(f"{name}.html.j2").render({**values, **assets})


def content_policy(style: str, script: str) -> str:
    """The content security policy of a page with this style and script."""
    sources = [f"style-src '{_hash(style)}'", *([f"script-src '{_hash(script)}'"] if script else [])]
    return "; ".join(("default-src 'none'", *sources, "base-uri 'none'", "form-action 'none'"))


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _asset(name: str) -> str:
    """A style or script of ours; empty where there is none of that name."""
    file = _TEMPLATES / name
    return file.read_text("utf-8") if file.exists() else ""


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["markdown"] = _markdown
    return environment


def _shown(value: Any) -> Any:
    """A value as it is printed: hidden characters visible, nothing for None; HTML of a filter or macro as it is."""
    if value is None:
        return ""
    return value if hasattr(value, "__html__") else visible(str(value))


def _markdown(text: str, title: str = "", ids: Collection[str] = ()) -> Any:
    """A markdown body as HTML without images, tags and a first heading that is the title; its only links are those to
    the memories of these ids, within the page."""
    from markupsafe import Markup

    from memcli.core.text.markdown import inert_html

    html = inert_html(visible(text.removeprefix(f"# {title}\n")))  # made by markdown-it, which escapes all text
    return Markup(_WIKI_LINK.sub(lambda match: _link(match) if match[1] in ids else match[0], html))


def _link(match: re.Match[str]) -> str:
    return f'<a href="#m-{match[1]}">{match[2] or match[1][-6:]}</a>'
