"""What the wording of a text tells: rules, reasons, pitfalls, decisions and ownership in several languages; names,
paths, commands and numbers in all of them."""

from __future__ import annotations

import re

SCANNED = 12_000
"""Characters of a text that are looked at."""
_RULES = (
    r"must(?:n't)?|never|always|do not|don't|cannot|can't|shall|should(?:n't)?|required?|requires|mandatory|"
    r"forbidden|only|"
    r"make sure|ensure|avoid|prefer|at (?:least|most)|no more than|unless|instead|before|after|"
    r"muss|müssen|niemals?|immer|darf|dürfen|soll(?:en|te)?|verboten|nur|statt|bitte|"
    r"doit|doivent|jamais|toujours|faut|obligatoire|interdit|éviter|seulement|avant|"
    r"debe[ns]?|nunca|siempre|evitar?|obligatori[oa]|deve[m]?|sempre|apenas|"
    r"mai|devono|moet(?:en)?|nooit|altijd|musi|nigdy|zawsze|należy|"
    r"должн[аоы]?|нельзя|никогда|всегда|необходимо|следует|нужно"
)
_REASONS = (
    r"because|so that|since|otherwise|in order to|to avoid|to prevent|to keep|due to|therefore|reasons?|rationale|"
    r"rather than|instead of|trade-?offs?|which means|this means|this way|"
    r"weil|damit|sonst|daher|deshalb|grund|um zu|parce que|car|afin d|sinon|donc|raison|"
    r"porque|para que|de lo contrario|por eso|razón|perché|affinché|altrimenti|omdat|zodat|anders|"
    r"ponieważ|żeby|dlatego|потому что|чтобы|иначе|поэтому|так как"
)
_PITFALLS = (
    r"caveats?|gotchas?|pitfalls?|known (?:issues?|limitations?)|limitations?|beware|warning|caution|careful|"
    r"danger\w*|"
    r"breaks?|broken|fails?|failures?|does(?:n't| not) work|won't|silently|race|deadlock|leaks?|flaky|workaround|"
    r"achtung|vorsicht|fehler|attention|échoue|cuidado|falla|attenzione|ostrożnie|осторожно|ошибк\w+"
)
_DECISIONS = (
    r"we (?:have )?(?:decided|chose|agreed|use|follow|support|keep|don't|do not|only|never|require|prefer|"
    r"generate|squash)|"
    r"decided|decision|chosen|policy|convention|guarantees?|invariants?|deprecat\w+|backwards?[ -]compatib\w+|semver|"
    r"maintained by|owned by|owners?|responsible|approv(?:e|al|ed)|"
    r"entschieden|entscheidung|décidé|décision|decidido|decisión|decisão|deciso|besloten|zdecydowano|решили|решение"
)
_UNSPACED = (
    r"必须|不要|不得|禁止|请勿|务必|应该|应当|需要|避免|始终|因为|为了|否则|因此|注意|决定|建议|"
    r"必ず|禁止|しないで|すること|べき|ため|注意|ください|なければ|"
    r"반드시|금지|마세요|해야|때문|위해|주의|하지 않"
)
_STEPS = (
    r"(?m)^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\**(?:run|use|add|create|update|open|edit|check|set|bump|tag|push|merge|"
    r"commit|"
    r"build|install|start|write|keep|put|name|remove|delete|copy|verify|wait|publish|review|ensure|make|include|"
    r"follow|"
    r"prefix|squash|rebase|draft|announce|go|select|click|lancer|exécut|ausführen|ejecut)\w*\b"
)
_GENERIC = (
    r"clean code|best practices|meaningful (?:names|commit)|self-explanatory|well[- ](?:documented|tested)|"
    r"readable code|"
    r"be (?:respectful|kind|nice|patient)|high[- ]quality|have fun|happy coding|don't hesitate|feel free|as possible"
)
_SHELL_LINE = r"(?m)^[ \t]*(?:\$ |> ?)?(?:[\w./-]+ )?[\w./-]+(?: +-{1,2}[\w-]+| +[\w./:@=-]+)+[ \t]*$"
_PROMPT = r"(?m)^[ \t]*(?:\$|#|>|%) +[\w./-]+\S*$"
_FENCED = r"(?ms)^[ \t]*(?:```|~~~)[^\n]*\n(.*?)^[ \t]*(?:```|~~~)"
_RST_LITERAL = (
    r"(?m)(?:::|\.\. (?:code-block|code|prompt|console)::.*)\n(?:[ \t]*(?::\w+:.*)?\n)+((?:[ \t]+\S.*\n?|[ \t]*\n)+)"
)


def wording_hits(text: str) -> int:
    """How many words of rules, reasons, pitfalls and decisions a text has, and how many steps."""
    text = text[:SCANNED]
    prose = _prose(text)
    words = re.findall(rf"(?i)\b(?:{_RULES}|{_REASONS}|{_PITFALLS}|{_DECISIONS})\b", prose)
    unspaced = [] if text.isascii() else re.findall(_UNSPACED, prose)
    generic = re.findall(rf"(?i)\b(?:{_GENERIC})\b", prose)
    return max(0, len(words) + len(unspaced) + len(re.findall(rf"(?i){_STEPS}", text)) - 2 * len(generic))


def strict_hits(text: str) -> int:
    """How many words of reasons, pitfalls and decisions a text has."""
    prose = _prose(text[:SCANNED])
    unspaced = [] if text.isascii() else re.findall(_UNSPACED, prose)
    return len(unspaced) + len(re.findall(rf"(?i)\b(?:{_REASONS}|{_PITFALLS}|{_DECISIONS}|must|never)\b", prose))


def command_lines(text: str) -> int:
    """How many lines of code blocks, and of inline code, look like commands."""
    text = text[:SCANNED]
    blocks = [*re.findall(_FENCED, text), *re.findall(_RST_LITERAL, text)]
    inline = re.findall(r"`{1,2}((?:[a-z][\w./-]* )+[^`\n]{1,100}|\./[^`\n]+|make [^`\n]+)`", text)
    return sum(len(re.findall(_SHELL_LINE, block)) + len(re.findall(_PROMPT, block)) for block in blocks) + len(inline)


def specifics(text: str) -> int:
    """How many names, paths, commands and numbers a text has."""
    text = text[:SCANNED]
    spans = len(set(re.findall(r"`{1,2}([^`\n]{2,120})`{1,2}", text)))
    paths = len(set(re.findall(r"(?<![\w/:.])(?:[\w.-]+/){1,8}[\w.-]+\.\w{1,6}\b", text)))
    numbers = len(
        re.findall(r"(?<![\w.#])v?\d+(?:\.\d+)*(?: ?(?:%|ms|s|min|h|days?|weeks?|months?|MB|GB|KB|x))?(?![\w.)])", text)
    )
    names = len(set(re.findall(r"\b(?:[A-Z]{2,}(?:_[A-Z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[a-z]+_[a-z_]+)\b", text)))
    return 2 * command_lines(text) + spans + paths + names + min(numbers, 5)


def _prose(text: str) -> str:
    return re.sub(_FENCED, " ", text)
