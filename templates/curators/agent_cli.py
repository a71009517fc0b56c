#!/usr/bin/env python3
"""A curator for mem that calls an agent's command line; needs nothing but Python and that agent.

    git config mem.curator "python3 /path/to/agent_cli.py claude -p"
    git config mem.curator "python3 /path/to/agent_cli.py --last codex exec"

The words behind the script are the agent's command. It is given the prompt on stdin, with --last as its last argument
(only for small jobs: an argument has at most 128 KiB on Linux). Reads mem's job as JSON on stdin and prints the edits
as JSON. What goes wrong is one line on stderr and exit code 1; mem then leaves everything as it is.

Give the agent no tools and no right to write: it has to answer, not to act.
"""

import json
import subprocess
import sys


def prompt(job):
    """What the agent is asked: instructions, then the job as data."""
    data = {key: value for key, value in job.items() if key != "instructions"}
    instructions = "\n".join(job["instructions"])
    return f"{instructions}\n\nThe job, as data:\n\n{json.dumps(data, ensure_ascii=False)}\n"


def answer(command, text, as_argument):
    """What the agent prints. Raises ValueError with its last words where it fails."""
    words = [*command, text] if as_argument else command
    given = "" if as_argument else text
    done = subprocess.run(words, input=given, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no words"])[-1]
        raise ValueError(f"{command[0]} ended with exit code {done.returncode}: {last}")
    return done.stdout


def edits_in(text):
    """The last list of edits in an answer, whatever words or fences are around it. Raises ValueError."""
    decoder, place, found = json.JSONDecoder(), 0, None
    for _ in range(1000):
        place = min((at for at in (text.find("{", place), text.find("[", place)) if at >= 0), default=-1)
        if place < 0:
            break
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            place += 1
            continue
        listed = value.get("edits") if isinstance(value, dict) else value
        is_edits = isinstance(listed, list) and all(isinstance(one, dict) and "edit" in one for one in listed)
        found = listed if is_edits and (listed or isinstance(value, dict)) else found
    if found is None:
        raise ValueError("no edits in the answer")
    return found


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
        words = " ".join(str(error).split())[:300]
        sys.exit(f"curator: {words}")


if __name__ == "__main__":
    main()
