"""Credentials in text: the home of the token formats that must never enter a store.

A hit is a kind and a line, never the credential itself, so that no message can repeat it. A rule has a literal that
`in` searches for first and a pattern of bounded repetitions, so that any 64 KiB are read in a few milliseconds.
Precision comes before recall: placeholders and documented examples (`AKIAIOSFODNN7EXAMPLE`) are not secrets, and random
letters without a known form or a name such as `password` beside them are ignored, because commit ids look like that.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Secret:
    """A credential of `kind` on `line` (1-based)."""

    line: int
    kind: str


# Kind, literals of which one must occur, pattern: its group 1, else the whole match, is compared with the placeholders.
_TOKENS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("AWS access key", ("AKIA", "ASIA"), r"\bA(?:KI|SI)A[A-Z0-9]{16}\b"),
    ("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[opusr]_[A-Za-z0-9]{36,255}"),
    ("GitHub token", ("github_pat_",), r"\bgithub_pat_[A-Za-z0-9_]{40,255}"),
    ("GitLab token", ("glpat-", "gldt-", "glrt-", "glptt-"), r"\bgl(?:pa|d|r|pt)t-[A-Za-z0-9_-]{20,255}"),
    ("Slack token", ("xox",), r"\bxox[abeoprs]-(?:\d-)?[A-Za-z0-9]{8,64}(?:-[A-Za-z0-9]{6,255}){0,4}"),
    ("Slack token", ("xapp-",), r"\bxapp-\d-[A-Z0-9]{6,32}-\d{6,24}-[a-z0-9]{32,128}"),
    ("Slack webhook", ("hooks.slack.com",), r"hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9+/]{40,80})"),
    ("Stripe key", ("_live_", "_test_"), r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}"),
    ("Stripe webhook secret", ("whsec_",), r"\bwhsec_[A-Za-z0-9+/]{24,128}"),
    ("Anthropic API key", ("sk-ant-",), r"\bsk-ant-[a-z]{2,10}\d{0,3}-[A-Za-z0-9_-]{20,255}"),
    ("OpenAI API key", ("sk-",), r"\bsk-(?:proj-|svcacct-|admin-|or-v1-)?[A-Za-z0-9][A-Za-z0-9_]{31,255}"),
    ("OpenAI API key", ("sk-proj-", "sk-svcacct-", "sk-admin-"), r"\bsk-[a-z]{4,8}-[A-Za-z0-9_-]{32,255}"),
    ("Google API key", ("AIza",), r"\bAIza[A-Za-z0-9_-]{35}"),
    ("Google client secret", ("GOCSPX-",), r"\bGOCSPX-[A-Za-z0-9_-]{24,64}"),
    ("Google access token", ("ya29.",), r"\bya29\.[A-Za-z0-9_-]{30,255}"),
    ("JSON web token", ("eyJ",), r"\beyJ[\w-]{12,512}\.(eyJ[\w-]{8,4096}\.[\w-]{16,1024})"),
    ("npm token", ("npm_",), r"\bnpm_[A-Za-z0-9]{36}"),
    ("PyPI token", ("pypi-AgE",), r"\bpypi-AgE[A-Za-z0-9_-]{40,255}"),
    ("Hugging Face token", ("hf_",), r"\bhf_[A-Za-z0-9]{30,64}"),
    ("SendGrid key", ("SG.",), r"\bSG\.[\w-]{16,32}\.[\w-]{32,64}"),
    ("DigitalOcean token", ("dop_v1_", "doo_v1_", "dor_v1_"), r"\bdo[opr]_v1_[0-9a-f]{64}"),
    ("Docker token", ("dckr_",), r"\bdckr_[op]at_[A-Za-z0-9_-]{24,64}"),
    ("Shopify token", ("shp",), r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("Databricks token", ("dapi",), r"\bdapi[0-9a-f]{32}"),
    ("Vault token", ("hvs.", "hvb."), r"\bhv[sb]\.[A-Za-z0-9_-]{24,255}"),
    ("Telegram bot token", (":AA",), r"\b\d{8,10}:AA[\w-]{33}\b"),
    ("Azure storage key", ("AccountKey=",), r"AccountKey=([A-Za-z0-9+/]{64,88}={0,2})"),
    (
        "authorization header",
        ("uthorization",),
        r"uthorization[\"'`]?[ \t]*[:=][ \t]*[\"'`]?\w{0,16} +([\w.~+/=-]{16,512})",
    ),
    ("age secret key", ("AGE-SECRET-KEY-",), r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    (
        "private key",
        ("PRIVATE KEY",),
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----"
        r"(?:\\[nr]|[\s\"'+>|]|[A-Z][\w-]{3,20}: [^\n]{1,80}\n){1,40}"
        r"([A-Za-z0-9+/]{16,64})",
    ),
    ("password in a URL", ("://",), r"://[^\s:/@\"'`<>\[\]{}$()|\\]{0,64}:([^\s/@\"'`<>]{3,128})@[A-Za-z0-9\[]"),
)

_PASSWORD_NAMES = ("password", "passwd", "passphrase", "pwd")
_NAMES = (*_PASSWORD_NAMES, "secret", "token", "api_key", "apikey", "api-key", "access_key", "accesskey", "access-key")
_NAME_END = r"(?![\w.-]{0,24}(?:hash|file|path|url))[\w.-]{0,24}+[\"'`\]*]{0,3}+"
_SEPARATOR = r"(?:[ \t]{0,4}+(?::=|=>|[:=](?![:=]))[ \t*]{0,4}+|[ \t]{1,4}+(?:is[ \t]{1,4}+|(?=[\"'`])))"
_VALUE = r"(?:(?P<quote>[\"'`])(?P<quoted>[^\s\"'`]{6,256}+)(?P=quote)|(?P<bare>[^\s\"'`,;]{6,256}+))"

_CODE = r"[()\[\]{}<>$*\\|]|\.\.|…|%[sd]|^[@&#/~.-]|^\w+(?:\.[A-Za-z_]\w*)+$|::|->|\w/\w+\.\w+$"
_PLACEHOLDERS = """
a abc access admin an and api app auth bar baz bearer changeit changeme client credential credentials default demo dummy
env example fake foo foobar generated guest hash hello here hidden id insert key letmein local localhost long mock my
mypassword mysecret mytoken none null of or pass passphrase passwd password placeholder postgres private pwd qwerty
random redacted replace root sample secret secure session set some sometoken string strong super test testing the this
to todo token undefined user username value with your
"""


def find_secrets(text: str) -> list[Secret]:
    """The credentials in a text, by line; each kind once per line."""
    secrets = {Secret(text.count("\n", 0, start) + 1, kind) for kind, (start, _) in _hits(text)}
    return sorted(secrets)


def without_secrets(text: str) -> str:
    """The text with `[secret: KIND]` in the place of every credential; unchanged where there is none."""
    pieces, place = list[str](), 0
    for (start, end), kind in sorted((span, kind) for kind, span in _hits(text)):
        if start >= place:
            pieces += [text[place:start], f"[secret: {kind}]"]
        place = max(place, end)
    return "".join([*pieces, text[place:]])


def _hits(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Kind and span of every credential."""
    for kind, literals, pattern in _TOKENS:
        if any(literal in text for literal in literals):
            for match in _compiled(pattern).finditer(text):
                if not _is_placeholder(match[match.lastindex or 0]):
                    yield kind, match.span()
    yield from _assignments(text)


def _assignments(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """`password = "…"`, `api_key: …`, `the password is …`, where the value is neither code nor a placeholder."""
    lowered = text.lower()
    if len(lowered) != len(text):  # İ becomes two letters
        lowered = _compiled(r"[^\x00-\x7f]").sub("?", text).lower()
    for name in _NAMES:
        password, start = name in _PASSWORD_NAMES, lowered.find(name)
        while start >= 0:
            match = _compiled(_NAME_END + _SEPARATOR + _VALUE).match(text, start + len(name))
            if match and _is_secret_value(match["quoted"] or match["bare"], password, bool(match["quoted"])):
                yield ("password" if password else "secret value"), (start, match.end())
            start = lowered.find(name, match.end() if match else start + len(name))


def _is_secret_value(value: str, password: bool, quoted: bool) -> bool:
    """Whether an assigned value looks random: digits among letters and, for keys, length and entropy."""
    if _is_placeholder(value) or _compiled(_CODE).search(value):
        return False
    digits, letters = sum(map(str.isdigit, value)), sum(map(str.isalpha, value))
    if not digits or not letters:
        return False
    if password:
        return entropy(value) >= 2.5 and (quoted or len(value) >= 8)
    mixed = value.lower() != value != value.upper()
    return len(value) >= 16 and (mixed or digits >= 2) and entropy(value) >= 3.3


def _is_placeholder(value: str) -> bool:
    """Whether a value is evidently not a secret: `example`, `your-token-here`, `xxxx`, `$TOKEN`, `1234567890`."""
    lowered = value.lower()
    if "example" in lowered or "xxxx" in lowered or "..." in value or value[0] in "$<{%*[(":
        return True
    if len(set(lowered)) < 4 or lowered in "0123456789abcdefghijklmnopqrstuvwxyz01234567890":
        return True
    words = _compiled(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_]+").findall(value)
    return bool(words) and _placeholders().issuperset(word.lower() for word in words)


@functools.cache
def _placeholders() -> frozenset[str]:
    return frozenset(_PLACEHOLDERS.split())


def entropy(text: str) -> float:
    """Shannon entropy in bits per character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
