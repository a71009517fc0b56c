"""Hook entries for the YAML files of lefthook and pre-commit, inserted by lines.

Invariant: an entry is a marked block of its own lines; a file in a form that lines cannot show is refused.
"""

from __future__ import annotations

import re

SHEBANG = "#!/bin/sh\n"


def script_block(script: str, launcher: str) -> str:
    """The marked block of a hook script, which calls `mem` by the given launcher."""
    body = script.removeprefix(SHEBANG)
    return body.replace("command -v mem ", f"command -v {launcher} ").replace("mem hook git ", f"{launcher} hook git ")


def script_commands(script: str, launcher: str) -> str:
    """The commands of a hook script without its marks."""
    return "\n".join(script_block(script, launcher).splitlines()[1:-1])


def mark_lines(lines: str) -> str:
    """Lines of YAML between our marks."""
    return f"# mem:begin (written by 'mem hooks install'; remove with 'mem hooks uninstall')\n{lines}# mem:end\n"


def lefthook_entry(event: str, commands: str) -> str:
    """A top-level entry of lefthook.yml."""
    script = "".join(f"        {line}\n" for line in commands.replace('"$@"', "{0}").splitlines())
    stdin = "      use_stdin: true\n" if event == "post-rewrite" else ""
    return f"{event}:\n  commands:\n    mem:\n{stdin}      run: |\n{script}"


def lefthook_problem(text: str, events: list[str]) -> str:
    """Why entries cannot be added to a lefthook.yml; empty if they can."""
    taken = [event for event in events if re.search(rf"(?m)^['\"]?{event}['\"]?[ \t]*:", text)]
    if taken:
        return f"it already has entries for {', '.join(taken)}, which would have to be merged"
    return "" if re.match(r"(?s)\s*(#.*)?$|.*?^[\w.'\"-]+[ \t]*:", text, re.M) else "its form is not recognised"


_ARGUMENTS = {
    "post-checkout": '"$PRE_COMMIT_FROM_REF" "$PRE_COMMIT_TO_REF" "$PRE_COMMIT_CHECKOUT_TYPE"',
    "post-merge": '"$PRE_COMMIT_IS_SQUASH_MERGE"',
    "prepare-commit-msg": '"$1" "$PRE_COMMIT_COMMIT_MSG_SOURCE" "$PRE_COMMIT_COMMIT_OBJECT_NAME"',
}
"""pre-commit passes most arguments as variables. It does not pass on the stdin of post-rewrite."""


def pre_commit_item(commands: dict[str, str]) -> str:
    """An item of `repos` in .pre-commit-config.yaml; `commands`: event → commands of its script."""
    lines = ["- repo: local", "  hooks:"]
    for event, script in commands.items():
        entry = _shell(script.replace('"$@"', _ARGUMENTS.get(event, "")))
        names = "true" if event == "prepare-commit-msg" else "false"
        lines += [f"    - id: mem-{event}", f"      name: mem {event}", "      language: system"]
        lines += [f"      stages: [{event}]", "      always_run: true", f"      pass_filenames: {names}"]
        lines += ["      entry: |", *(f"        {line}" for line in entry.splitlines())]
    return "\n".join(lines) + "\n"


def _shell(script: str) -> str:
    import shlex

    return f"sh -c {shlex.quote(script)} mem"


def append_to_repos(text: str, item: str) -> str | None:
    """The text with an item at the end of the list `repos`; None if that is not a list with a line for each item."""
    key = re.search(r"(?m)^repos[ \t]*:[ \t]*(?:#.*)?\r?\n", text)
    first_item = re.compile(r"(?m)^([ \t]*)-[ \t]").search(text, key.end()) if key else None
    if not key or not first_item:
        return None
    indent = first_item[1]
    end = _end_of_list(text, key.end(), indent)
    lines = "".join(f"{indent}{line}\n" for line in item.splitlines())
    if text[:end].endswith("\n"):
        return text[:end] + lines + text[end:]
    return text[:end] + "\n" + lines.rstrip("\n") + text[end:]


def _end_of_list(text: str, start: int, indent: str) -> int:
    """Where the last line of the list ends that starts there."""
    end = start
    for match in re.compile(r"(?m)^.*(?:\n|\Z)").finditer(text, start):
        line = match[0]
        is_inside = line[:1] in (" ", "\t") or (not indent and line.startswith("-"))
        if line.strip() and not is_inside and not line.startswith("#"):
            break
        end = match.end() if line.strip() and is_inside else end
    return end
