"""How each harness is started headless on the stub model: its variables, its files, its command lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Words = tuple[str, ...]


@dataclass(frozen=True)
class Launcher:
    """`{url}` in variables and files is the stub's; `{project}` in files is the directory that the harness may trust.

    `prompt`, `resume` and `fork` make command lines of a prompt and of the id of the conversation to continue.
    """

    variables: dict[str, str]
    files: dict[str, str]
    """Path in the home → text."""
    prompt: Callable[[str], Words]
    resume: Callable[[str, str], Words]
    fork: Callable[[str, str], Words] | None = None
    compact: Callable[[str], Words] | None = None
    """The command line that compacts a conversation, where the harness has one."""

    def configure(self, home: Path, url: str, project: Path) -> None:
        """Write its files."""
        for name, text in self.files.items():
            file = home / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace("{url}", url).replace("{project}", str(project)), "utf-8")

    def environment(self, url: str) -> dict[str, str]:
        return {name: value.replace("{url}", url) for name, value in self.variables.items()}


CODEX_CONFIG = """\
model = "gpt-5.1-codex"
model_provider = "stub"
check_for_update_on_startup = false
[model_providers.stub]
name = "stub"
base_url = "{url}/v1"
wire_api = "responses"
env_key = "STUB_KEY"
request_max_retries = 1
stream_max_retries = 1
[analytics]
enabled = false
"""
GEMINI_SETTINGS = {
    "security": {"auth": {"selectedType": "gemini-api-key"}},
    "general": {"enableAutoUpdate": False},
    "privacy": {"usageStatisticsEnabled": False},
    "telemetry": {"enabled": False},
}
OPENCODE_SETTINGS = {
    "$schema": "https://opencode.ai/config.json",
    "autoupdate": False,
    "share": "disabled",
    "model": "stub/stub-model",
    "small_model": "stub/stub-model",
    "provider": {
        "stub": {
            "npm": "@ai-sdk/openai-compatible",
            "name": "Stub",
            "options": {"baseURL": "{url}/v1", "apiKey": "dummy"},
            "models": {"stub-model": {"name": "Stub", "limit": {"context": 200000, "output": 8000}}},
        }
    },
}
_CLAUDE = ("--dangerously-skip-permissions",)
_CODEX = ("--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "--dangerously-bypass-hook-trust")
_COPILOT = ("--allow-all-tools",)

LAUNCHERS = {
    "claude": Launcher(
        variables={
            "ANTHROPIC_BASE_URL": "{url}",
            "ANTHROPIC_API_KEY": "dummy",
            "DISABLE_TELEMETRY": "1",
            "DISABLE_AUTOUPDATER": "1",
            "DISABLE_ERROR_REPORTING": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "IS_SANDBOX": "1",
        },
        files={},
        prompt=lambda prompt: ("-p", prompt, *_CLAUDE),
        resume=lambda session, prompt: ("--resume", session, "-p", prompt, *_CLAUDE),
        fork=lambda session, prompt: ("--resume", session, "--fork-session", "-p", prompt, *_CLAUDE),
        compact=lambda session: ("--resume", session, "-p", "/compact", *_CLAUDE),
    ),
    "codex": Launcher(
        variables={"STUB_KEY": "dummy"},
        files={".codex/config.toml": CODEX_CONFIG + '[projects."{project}"]\ntrust_level = "trusted"\n'},
        prompt=lambda prompt: ("exec", *_CODEX, prompt),
        resume=lambda session, prompt: ("exec", *_CODEX, "resume", session, prompt),
        fork=lambda session, prompt: ("exec", *_CODEX, "fork", session, prompt),
    ),
    "gemini": Launcher(
        variables={
            "GEMINI_API_KEY": "dummy",
            "GOOGLE_GEMINI_BASE_URL": "{url}",
            "GEMINI_TELEMETRY_ENABLED": "false",
            "NO_BROWSER": "1",
        },
        files={
            ".gemini/settings.json": json.dumps(GEMINI_SETTINGS),
            ".gemini/trustedFolders.json": '{"{project}": "TRUST_FOLDER"}',
        },
        prompt=lambda prompt: ("-p", prompt, "--yolo"),
        resume=lambda _, prompt: ("--resume", "latest", "-p", prompt, "--yolo"),
    ),
    "copilot": Launcher(
        variables={
            "COPILOT_PROVIDER_BASE_URL": "{url}/v1",
            "COPILOT_PROVIDER_TYPE": "openai",
            "COPILOT_PROVIDER_API_KEY": "dummy",
            "COPILOT_MODEL": "stub-model",
            "COPILOT_OFFLINE": "true",
            "COPILOT_AUTO_UPDATE": "false",
        },
        files={".copilot/config.json": '{"trustedFolders": ["{project}"]}'},
        prompt=lambda prompt: ("-p", prompt, *_COPILOT),
        resume=lambda session, prompt: (f"--resume={session}", "-p", prompt, *_COPILOT),
    ),
    "opencode": Launcher(
        variables={
            "OPENCODE_DISABLE_AUTOUPDATE": "1",
            "OPENCODE_DISABLE_MODELS_FETCH": "1",
            "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
            "npm_config_offline": "true",  # else it waits 70 s for the registry, at every start
            "npm_config_fetch_retries": "0",
        },
        files={".config/opencode/opencode.json": json.dumps(OPENCODE_SETTINGS)},
        prompt=lambda prompt: ("run", prompt),
        resume=lambda session, prompt: ("run", "-s", session, prompt),
        fork=lambda session, prompt: ("run", "-s", session, "--fork", prompt),
    ),
}
