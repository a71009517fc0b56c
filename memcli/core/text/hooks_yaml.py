"""The configurations of lefthook and pre-commit as texts: where an entry of ours goes in, found by lines.

Invariant: an entry is a marked block of its own lines; a form that the lines do not show is refused.
"""

from __future__ import annotations

import re

SHEBANG = "#!/bin/sh\n"


def block_of(script: str, launcher: str) -> str:
    """The marked block of a hook script, with what launches `mem`."""
    body = script.removeprefix(SHEBANG)
    return body.replace("command -v mem ", f"command -v {launcher} ").replace("mem hook git ", f"{launcher} hook git ")


def command_of(script: str, launcher: str) -> str:
    """The commands of a hook script without its marks."""
    return "\n".join(block_of(script, launcher).splitlines()[1:-1])


def marked(lines: str) -> str:
    """Lines of YAML between our marks."""
    return f"# mem:begin (written by 'mem hooks install'; 'mem hooks uninstall' takes it out)\n{lines}# mem:end\n"


def lefthook_entry(event: str, command: str) -> str:
    """A top-level entry of lefthook.yml."""
    script = "".join(f"        {line}\n" for line in command.replace('"$@"', "{0}").splitlines())
    stdin = "      use_stdin: true\n" if event == "post-rewrite" else ""
    return f"{event}:\n  commands:\n    mem:\n{stdin}      run: |\n{script}"


def why_no_lefthook(text: str, events: list[str]) -> str:
    """Why entries cannot simply be added; empty where they can."""
    taken = [event for event in events if re.search(rf"(?m)^['\"]?{event}['\"]?[ \t]*:", text)]
    if taken:
        return f"it has entries for {', '.join(taken)} already, which would have to be merged"
    return "" if re.match(r"(?s)\s*(#.*)?$|.*?^[\w.'\"-]+[ \t]*:", text, re.M) else "its form is not known"


_ARGUMENTS = {
    "post-checkout": '"$PRE_COMMIT_FROM_REF" "$PRE_COMMIT_TO_REF" "$PRE_COMMIT_CHECKOUT_TYPE"',
    "post-merge": '"$PRE_COMMIT_IS_SQUASH_MERGE"',
    "prepare-commit-msg": '"$1" "$PRE_COMMIT_COMMIT_MSG_SOURCE" "$PRE_COMMIT_COMMIT_OBJECT_NAME"',
}
"""pre-commit hands most arguments over in variables. What git says to post-rewrite on stdin it does not hand over."""


def pre_commit_entries(commands: dict[str, str]) -> str:
    """An item of `repos` in .pre-commit-config.yaml."""
    lines = ["- repo: local", "  hooks:"]
    for event, command in commands.items():
        script = command.replace('"$@"', _ARGUMENTS.get(event, ""))
        names = "true" if event == "prepare-commit-msg" else "false"
        lines += [f"    - id: mem-{event}", f"      name: mem {event}", "      language: system"]
        lines += [f"      stages: [{event}]", "      always_run: true", f"      pass_filenames: {names}"]
        lines += ["      entry: |", *(f"        {line}" for line in _shell(script).splitlines())]
    return "\n".join(lines) + "\n"


def _shell(script: str) -> str:
    import shlex

    return f"sh -c {shlex.quote(script)} mem"


def in_repos(text: str, entry: str) -> str | None:
    """The text with an item at the end of the list `repos`; None where it is no list in lines of its own."""
    found = re.search(r"(?m)^repos[ \t]*:[ \t]*(?:#.*)?\r?\n", text)
    item = re.compile(r"(?m)^([ \t]*)-[ \t]").search(text, found.end()) if found else None
    if not found or not item:
        return None
    indent, end = item[1], found.end()
    for line in re.compile(r"(?m)^.*(?:\n|\Z)").finditer(text, found.end()):
        inside = line[0][:1] in (" ", "\t") or (not indent and line[0].startswith("-"))
        if line[0].strip() and not inside and not line[0].startswith("#"):
            break
        end = line.end() if line[0].strip() and inside else end
    lines = "".join(f"{indent}{line}\n" for line in entry.splitlines())
    if text[:end].endswith("\n"):
        return text[:end] + lines + text[end:]
    return text[:end] + "\n" + lines.rstrip("\n") + text[end:]
