"""Credentials are found by form, placeholders are not, and no input takes long."""

from __future__ import annotations

import json
import random
import string
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.review.checks.runner import scan_text
from memcli.core.review.secrets import entropy, find_secrets
from tests.needs import SHARED, needs_corpora

DATA = SHARED / "data"
ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
_random = random.Random(7)


def drawn(length: int, alphabet: str = ALNUM) -> str:
    """Letters drawn by lot (a fixed lot), ending in a digit."""
    return "".join(_random.choice(alphabet) for _ in range(length - 1)) + "7"


TOKENS = {
    "AWS access key": "AKIA" + drawn(16, string.ascii_uppercase),
    "GitHub token": "ghp_" + drawn(36),
    "GitLab token": "glpat-" + drawn(20),
    "Slack token": f"xoxb-{drawn(12, string.digits)}-{drawn(12, string.digits)}-{drawn(24)}",
    "Slack webhook": f"https://hooks.slack.com/services/T{drawn(8)}/B{drawn(8)}/{drawn(24)}",
    "Stripe key": "sk_live_" + drawn(24),
    "Anthropic API key": "sk-ant-api03-" + drawn(90),
    "OpenAI API key": "sk-proj-" + drawn(64, ALNUM + "-_"),
    "Google API key": "AIza" + drawn(35),
    "JSON web token": f"eyJ{drawn(30)}.eyJ{drawn(60)}.{drawn(43)}",
    "npm token": "npm_" + drawn(36),
    "PyPI token": "pypi-AgEIcHlwaS5vcmc" + drawn(100),
    "Hugging Face token": "hf_" + drawn(34, string.ascii_letters),
    "DigitalOcean token": "dop_v1_" + drawn(64, HEX),
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA" + drawn(48),
    "password in a URL": f"postgres://app:{drawn(12)}@db.internal:5432/prod",
    "authorization header": "Authorization: Bearer " + drawn(40),
}

ASSIGNMENTS = [
    'password = "hunter2"',
    "The staging password: Tr0ub4dor&3",
    "DB_PASSWORD='S3cur3P@ssw0rd!'",
    '{"password": "k3ep-0ut-please"}',
    "the admin password is Tr0ub4dor&3.",
    "**Password:** Tr0ub4dor&3",
    f"api_key: {drawn(32)}",
    f'apiKey: "{drawn(32)}"',
    f"aws_secret_access_key = {drawn(40, ALNUM + '/+')}",
    f"//registry.example.org/:_authToken={drawn(36)}",
    f'client_secret => "{drawn(30)}"',
]

HARMLESS = [
    "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    'password = "<password>"',
    "password: your-password-here",
    "token: ${TOKEN}",
    "API_KEY=xxxxxxxxxxxxxxxxxxxxxxxx",
    "API_KEY=$API_KEY",
    'api_key = os.environ["API_KEY_2"]',
    "token = get_token(user1, 30)",
    "sk-ant-api03-...",
    "ghp_" + "x" * 36,
    "postgres://user:password@localhost/db",
    "postgres://user:$PGPASSWORD@db2/app",
    "https://host:8080/path@2x.png",
    "the secret: commit 3f2a9c1d4b5e6f708192a3b4c5d6e7f801234567 fixed it",
    "max_tokens: 128000",
    "generate_password_hash is `pbkdf2:sha256`",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "`-----BEGIN PRIVATE KEY-----` opens a key file",
    "pwd: /home/u1/project2",
    "See [[01K9Z3V5C4M8Q2T7R6W1XABCDE]] and src/payments/webhook.py@3f2a9c1d",
]


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_is_named_by_kind_and_line(kind: str) -> None:
    secrets = find_secrets(f"one\ntwo\nuse {TOKENS[kind]} here\n")
    assert (kind, 3) in [(secret.kind, secret.line) for secret in secrets]


@pytest.mark.parametrize("text", ASSIGNMENTS)
def test_an_assigned_secret_is_found(text: str) -> None:
    assert [secret.line for secret in find_secrets(f"\n{text}\n")] == [2]


@pytest.mark.parametrize("text", HARMLESS)
def test_placeholders_code_and_documented_examples_are_not_secrets(text: str) -> None:
    assert find_secrets(text) == []


@pytest.mark.parametrize("text", [*TOKENS.values(), *ASSIGNMENTS])
def test_a_finding_never_repeats_the_secret(text: str) -> None:
    parts = {text[start : start + 5] for start in range(len(text) - 4)}
    telling = {part for part in parts if any(letter.isdigit() for letter in part)}
    findings = scan_text(text)
    assert findings and telling
    assert not any(part in f"{finding.message} {finding.next}" for finding in findings for part in telling)


@given(st.text(max_size=300))
def test_any_text_can_be_scanned(text: str) -> None:
    assert all(1 <= secret.line <= text.count("\n") + 1 for secret in find_secrets(text))


@given(st.text(ALNUM + " \n.:=", max_size=80), st.text(ALNUM + " \n.:=", max_size=80), st.sampled_from(list(TOKENS)))
def test_a_token_is_found_anywhere_in_a_text(before: str, after: str, kind: str) -> None:
    assert any(secret.kind == kind for secret in find_secrets(f"{before}\n{TOKENS[kind]}\n{after}"))


HOSTILE = [
    "password",
    "password=",
    "password     :",
    "password is ",
    "secret.-",
    "://",
    "://a:",
    "://a:bcd",
    "token\"'`",
]
HOSTILE += [
    "eyJ" + "a" * 100 + ".",
    "eyJaaaaaaaaaaaaa.eyJaaaaaaaaa",
    "sk-",
    "sk-proj-",
    "xoxb-1-",
    "A",
    "\n",
    "İpassword",
]
HOSTILE += [
    "-----BEGIN PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\nAbcd: a\n",
    "uthorization: a ",
    "AccountKey=",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_of_64_kib_is_scanned(unit: str) -> None:
    """An exponential pattern would never come back; a quadratic one takes minutes over this list."""
    begun = time.process_time()
    find_secrets((unit * 65536)[:65536])
    assert time.process_time() - begun < 5


def test_entropy_is_in_bits_a_character() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2


def corpus() -> Iterator[str]:
    for file in sorted(DATA.glob("*/docs.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


@needs_corpora
def test_few_documents_of_the_corpora_are_refused() -> None:
    """What is left looks like a credential to people as well: a Stripe test key, passwords in sample settings."""
    documents = list(corpus())
    refused = [text for text in documents if find_secrets(text)]
    assert len(documents) > 5000
    assert len(refused) <= len(documents) / 1000
