#!/usr/bin/env python3
"""A curator for mem that asks any endpoint with the /chat/completions API; needs nothing but Python.

    git config mem.curator "python3 /path/to/chat_completions.py"

MEM_CURATOR_URL     https://api.example.com/v1/chat/completions (or http://localhost:11434/v1: the path is added)
MEM_CURATOR_MODEL   the model's name
MEM_CURATOR_KEY     the key, sent as a bearer token; omit it if none is needed

Reads mem's job as JSON on stdin and prints the edits as JSON. Failures are one line on stderr and exit code 1; mem then
changes nothing. The texts of the job are sent to that endpoint: choose one that may see them.
"""

import json
import os
import sys
import urllib.error
import urllib.request

TIMEOUT, MOST = 280, 8 << 20


def prompt(job):
    """The messages: the instructions as the system prompt, the job as data."""
    data = {key: value for key, value in job.items() if key != "instructions"}
    return [
        {"role": "system", "content": "\n".join(job["instructions"])},
        {"role": "user", "content": json.dumps(data, ensure_ascii=False)},
    ]


def completion(url, model, key, messages):
    """The text of the answer."""
    url = url.rstrip("/")
    url = url if url.endswith("/chat/completions") else url + "/chat/completions"
    body = json.dumps({"model": model, "messages": messages, "temperature": 0, "stream": False}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")
    if key:
        request.add_unredirected_header("Authorization", "Bearer " + key)  # not sent to another host after a redirect
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        data = response.read(MOST + 1)
    if len(data) > MOST:
        raise ValueError("the endpoint sent more than 8 MiB")
    content = json.loads(data)["choices"][0]["message"]["content"]
    if not isinstance(content, str):
        raise ValueError("the endpoint sent no text")
    return content


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
    try:
        job = json.load(sys.stdin)
        url, model = os.environ["MEM_CURATOR_URL"], os.environ["MEM_CURATOR_MODEL"]
        text = completion(url, model, os.environ.get("MEM_CURATOR_KEY", ""), prompt(job))
        print(json.dumps({"job": job["id"], "edits": edits_in(text)}, ensure_ascii=False))
    except urllib.error.HTTPError as error:
        sys.exit(f"curator: the endpoint answered {error.code} {error.reason}")
    except KeyError as error:
        sys.exit(f"curator: {error} is not set, or not in what was sent")
    except (OSError, ValueError, TypeError, IndexError, RecursionError) as error:
        message = " ".join(str(error).split())[:300]
        sys.exit(f"curator: {message}")


if __name__ == "__main__":
    main()
