#!/usr/bin/env python3
"""A curator for mem that calls an agent's command line; needs nothing but Python and that agent.

    git config mem.curator "python3 /path/to/agent_cli.py claude -p"
    git config mem.curator "python3 /path/to/agent_cli.py --last codex exec"

The words after the script are the agent's command. It gets the prompt on stdin, or with --last as its last argument
(only for small jobs: on Linux an argument has at most 128 KiB). The script reads mem's job as JSON on stdin and prints
the edits as JSON. Failures are one line on stderr and exit code 1; mem then changes nothing.

Give the agent no tools and no right to write: it should answer, not act.
"""

import json
import subprocess
import sys


def prompt(job):
    """The prompt: the instructions, then the job as data."""
    data = {key: value for key, value in job.items() if key != "instructions"}
    instructions = "\n".join(job["instructions"])
    return f"{instructions}\n\nThe job, as data:\n\n{json.dumps(data, ensure_ascii=False)}\n"


def answer(command, text, as_argument):
    """What the agent prints. Raises ValueError with the last line of its stderr where it fails."""
    arguments = [*command, text] if as_argument else command
    stdin = "" if as_argument else text
    agent = subprocess.run(arguments, input=stdin, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if agent.returncode:
        last = (agent.stderr.strip().splitlines() or ["no message"])[-1]
        raise ValueError(f"{command[0]} ended with exit code {agent.returncode}: {last}")
    return agent.stdout


def edits_in(text):
    """The last list of edits in an answer, regardless of text or fences around it. Raises ValueError."""
    decoder, position, edits = json.JSONDecoder(), 0, None
    for _ in range(1000):
        position = min((at for at in (text.find("{", position), text.find("[", position)) if at >= 0), default=-1)
        if position < 0:
            break
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            position += 1
            continue
        items = value.get("edits") if isinstance(value, dict) else value
        is_edits = isinstance(items, list) and all(isinstance(item, dict) and "edit" in item for item in items)
        edits = items if is_edits and (items or isinstance(value, dict)) else edits
    if edits is None:
        raise ValueError("no edits in the answer")
    return edits


def main():
    words = sys.argv[1:]
    as_argument = words[:1] == ["--last"]
    command = words[1:] if as_argument else words
    if not command:
        sys.exit("curator: name the agent's command, for example: agent_cli.py claude -p")
    try:
        job = json.load(sys.stdin)
        text = answer(command, prompt(job), as_argument)
        print(json.dumps({"job": job["id"], "edits": edits_in(text)}, ensure_ascii=False))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        message = " ".join(str(error).split())[:300]
        sys.exit(f"curator: {message}")


if __name__ == "__main__":
    main()
