"""What the wording of a text tells: rules, reasons, pitfalls, decisions and ownership in several languages; names,
paths, commands and numbers in all of them."""

from __future__ import annotations

import re

from memcli.core.sources.passage_text import word_list

MOST_TOLD = 4
"""Sentences of prose that tell what to do, of which so many count."""
SCANNED = 12_000
"""Characters of a text that are looked at."""
_RULES = word_list(
    """
    must mustn't never always cannot can't shall should shouldn't require required requires mandatory forbidden only
    ensure avoid prefer unless instead before after don't
    muss müssen niemals niemal immer darf dürfen soll sollen sollte verboten nur statt bitte
    doit doivent jamais toujours faut obligatoire interdit éviter seulement avant
    debe deben nunca siempre evita evitar obligatorio obligatoria deve devem sempre apenas mai devono
    moet moeten nooit altijd musi nigdy zawsze należy
    должен должна должно должны нельзя никогда всегда необходимо следует нужно
    """
)
_REASONS = word_list(
    """
    because since otherwise therefore reason reasons rationale trade-off trade-offs tradeoff tradeoffs
    weil damit sonst daher deshalb grund car sinon donc raison porque razón perché affinché altrimenti
    omdat zodat anders ponieważ żeby dlatego чтобы иначе поэтому
    """
)
_PITFALLS = word_list(
    """
    caveat caveats gotcha gotchas pitfall pitfalls limitation limitations beware warning caution careful danger
    dangerous break breaks broken fail fails failure failures won't silently race deadlock leak leaks flaky workaround
    achtung vorsicht fehler attention échoue cuidado falla attenzione ostrożnie осторожно ошибка ошибки
    """
)
_DECISIONS = word_list(
    """
    decided decision decisions chosen policy convention guarantee guarantees invariant invariants deprecate deprecated
    deprecation semver owner owners responsible approve approved approval
    entschieden entscheidung décidé décision decidido decisión decisão deciso besloten zdecydowano решили решение
    """
)
_RULE_PHRASES = re.compile(r"\b(?:do not|make sure|at (?:least|most)|no more than)\b")
_REASON_PHRASES = re.compile(
    r"\b(?:so that|in order to|to (?:avoid|prevent|keep)|due to|rather than|instead of|which means|this (?:means|"
    r"way)|"
    r"um zu|parce que|afin d|para que|de lo contrario|por eso|потому что|так как|known (?:issues?|limitations?)|"
    r"does not work|backwards?[ -]compatib\w+|(?:maintained|owned) by|"
    r"we (?:have )?(?:decided|chose|agreed|use|follow|support|keep|don't|do not|only|never|require|prefer|"
    r"generate|squash))\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_UNSPACED = re.compile(
    r"必须|不要|不得|禁止|请勿|务必|应该|应当|需要|避免|始终|因为|为了|否则|因此|注意|决定|建议|"
    r"必ず|禁止|しないで|すること|べき|ため|注意|ください|なければ|"
    r"반드시|금지|마세요|해야|때문|위해|주의|하지 않"
)
_STEPS = re.compile(
    r"(?m)^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\**(?:run|use|add|create|update|open|edit|check|set|bump|tag|push|merge|"
    r"commit|"
    r"build|install|start|write|keep|put|name|remove|delete|copy|verify|wait|publish|review|ensure|make|include|"
    r"follow|"
    r"prefix|squash|rebase|draft|announce|go|select|click|lancer|exécut|ausführen|ejecut)\w*\b"
)
_TOLD = re.compile(
    r"(?m)(?:^|[.!?:] +|, +)(?:please |then |always |instead,? |and )?(?:run|use|add|create|update|open a|edit|check|"
    r"set|bump|keep|put|name|remove|delete|verify|ensure|make sure|write|follow|prefer|avoid|include|document)\s"
)
"""Sentences, and ends of conditions, that tell what to do."""
_GENERIC = re.compile(
    r"clean code|best practices|meaningful (?:names|commit)|self-explanatory|well[- ](?:documented|tested)|"
    r"readable code|"
    r"be (?:respectful|kind|nice|patient)|high[- ]quality|have fun|happy coding|don't hesitate|feel free|as possible"
)
_SHELL_LINE = re.compile(r"(?m)^[ \t]*(?:\$ |> ?)?[\w./-]+(?: +[\w./:@=-]+)+[ \t]*$")
_PROMPT = re.compile(r"(?m)^[ \t]*(?:\$|#|>|%) +[\w./-]+\S*$")
_FENCED = re.compile(r"(?ms)^[ \t]*(?:```|~~~)[^\n]*\n(.*?)^[ \t]*(?:```|~~~)")
_RST_LITERAL = re.compile(
    r"(?m)(?:::|\.\. (?:code-block|code|prompt|console)::.*)\n(?:[ \t]*(?::\w+:.*)?\n)+((?:[ \t]+\S.*\n?|[ \t]*\n)+)"
)


def wording_hits(text: str) -> int:
    """How many words of rules, reasons, pitfalls and decisions a text has, and how many steps."""
    text = text[:SCANNED]
    prose = _prose(text)
    rules = _counted(prose, _RULES | _REASONS | _PITFALLS | _DECISIONS) + len(_RULE_PHRASES.findall(prose))
    steps = max(len(_STEPS.findall(text.lower())), min(MOST_TOLD, len(_TOLD.findall(prose))))
    generic = len(_GENERIC.findall(prose))
    return max(0, rules + len(_REASON_PHRASES.findall(prose)) + _unspaced(prose) + steps - 2 * generic)


def strict_hits(text: str) -> int:
    """How many words of reasons, pitfalls and decisions a text has."""
    prose = _prose(text[:SCANNED])
    words = _counted(prose, _REASONS | _PITFALLS | _DECISIONS | {"must", "never"})
    return words + len(_REASON_PHRASES.findall(prose)) + _unspaced(prose)


def _counted(prose: str, table: frozenset[str]) -> int:
    return sum(word in table for word in _WORD.findall(prose))


def _unspaced(prose: str) -> int:
    return 0 if prose.isascii() else len(_UNSPACED.findall(prose))


def command_lines(text: str) -> int:
    """How many lines of code blocks, and of inline code, look like commands."""
    text = text[:SCANNED]
    blocks = [*_FENCED.findall(text), *_RST_LITERAL.findall(text)]
    inline = re.findall(r"`{1,2}((?:[a-z][\w./-]* )+[^`\n]{1,100}|\./[^`\n]+|make [^`\n]+)`", text)
    return sum(len(_SHELL_LINE.findall(block)) + len(_PROMPT.findall(block)) for block in blocks) + len(inline)


def specifics(text: str) -> int:
    """How many names, paths, commands and numbers a text has."""
    text = text[:SCANNED]
    spans = len(set(re.findall(r"`{1,2}([^`\n]{2,120})`{1,2}", text)))
    paths = len(set(re.findall(r"(?<![\w/:.])(?:[\w.-]{1,60}/){1,8}[\w.-]{1,60}\.\w{1,6}\b", text)))
    numbers = len(
        re.findall(r"(?<![\w.#])v?\d+(?:\.\d+)*(?: ?(?:%|ms|s|min|h|days?|weeks?|months?|MB|GB|KB|x))?(?![\w.)])", text)
    )
    names = len(set(re.findall(r"\b(?:[A-Z]{2,}(?:_[A-Z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[a-z]+_[a-z_]+)\b", text)))
    return 3 * command_lines(text) + spans + paths + names + min(numbers, 5)


def _prose(text: str) -> str:
    """The text without code blocks, in lower case and with straight apostrophes."""
    return _FENCED.sub(" ", text).lower().replace("’", "'")
