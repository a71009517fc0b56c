"""THE tables of words that tell what a statement is: a duty, a preference, a decision, or a warning of what is fragile.

Languages: English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Chinese, Japanese, Korean.
"""

from __future__ import annotations

import re


def _words(spaced: str, unspaced: str = "") -> re.Pattern[str]:
    """One of the words of a language with spaces, or of one without."""
    return re.compile(rf"(?i)\b(?:{_joined(spaced)})\b" + (f"|{_joined(unspaced)}" if unspaced else ""))


def _joined(words: str) -> str:
    return re.sub(r"\s*\n\s*", "", words)


MUST = _words(
    r"""
    must|mustn't|shall|never|always|do not|don't|mandatory|forbidden|prohibited|not allowed|required to|
    muss|müssen|darf nicht|dürfen nicht|niemals|immer|verboten|zwingend|auf keinen fall|keinesfalls|
    doit|doivent|ne jamais|jamais|toujours|interdite?s?|obligatoires?|il faut|
    debe|deben|nunca|siempre|prohibid[oa]s?|obligatori[oa]s?|
    deve|devem|sempre|proibid[oa]s?|obrigatóri[oa]s?|não (?:use|faça|altere|modifique|edite)|
    devono|mai|vietat[oi]|obbligatori[oaei]?|bisogna|moet|moeten|nooit|altijd|verplicht|
    musi|muszą|nigdy|zawsze|zabronion[eay]|nie wolno|
    долж(?:ен|на|но|ны)|нельзя|никогда|всегда|запрещ\w+|запреты?|обязательно|обязан\w*|
    не (?:используй\w*|меняй\w*|трогай\w*)
    """,
    r"""
    必须|必須|禁止|不得|不要|不允许|不能|切勿|严禁|务必|一律|始终|总是|绝不|只能|
    しなければならない|してはいけない|しないこと|てはならない|必ず|常に|決して|厳禁|
    반드시|금지|하지 마|하지 말|해야 (?:한다|합니다)|절대|항상
    """,
)
PREFER = _words(
    r"""
    prefer\w*|avoid|should|favou?r|rather than|instead of|style|convention\w*|naming|
    sollte[nst]*|bevorzug\w*|vermeide\w*|lieber|statt|
    préfér\w*|évite[rz]?|devrait|plutôt|éviter|
    preferisci|evita(?:re)?|dovrebbe(?:ro)?|invece di|
    prefier\w*|preferi\w*|evit[ae]r?|debería\w*|en lugar de|em vez de|deveria\w*|
    предпочит\w*|избега\w*|следует|вместо|лучше
    """,
    r"优先|尽量|建议|推荐|避免|应当|应该|推奨|望ましい|避ける|べき|すること|권장|피하|선호",
)
IMPERATIVE = re.compile(
    r"(?mi)^[ \t]*(?:[-*+]|\d+[.)])?[ \t]*\**(?:(?:use|keep|write|follow|add|put|name|split|reuse|preserve|ensure|make|"
    r"run|check|read|include|document|handle|test|ask|format|commit|limit|treat|update|place|call|pass|store|set|leave|"
    r"remove|delete|review|validate|verify|define|export|import|declare|wrap|mark|state|load|report|provide|resolve|"
    r"verwende|nutze|benutze|schreibe|halte|prüfe|utilise[rz]?|écri\w+|garde[rz]?|vérifie[rz]?|"
    r"usa|usar|escrib\w+|mant[eé]n\w*|use|escreva|mantenha|"
    r"используй\w*|пиши\w*|проверяй\w*|добавляй\w*|запускай\w*|следуй\w*)\b|"
    r"使用|保持|遵循|确保|统一|优先|采用|를 사용|を使)"
)
STABLE = _words(
    r"""
    (?:do not|don't|never) (?:touch|hand-?edit)|(?:is|are) (?:frozen|fragile|deprecated)|owned by|owners?:|
    off[- ]limits|end[- ]of[- ]life|nicht anfassen|veraltet|ne pas toucher|obsolète|no tocar|não (?:toque|mexa)|
    не трога(?:ть|й\w*)|устарел\w*
    """,
    r"请勿修改|勿动|已废弃|已弃用|触らない|非推奨|건드리지",
)
STABLE_HEADING = _words(
    r"""
    do[- ]not[- ](?:touch|modify|edit)|off[- ]limits|protected (?:files|paths|areas|code)|frozen|deprecat\w+|fragile|
    legacy (?:code|areas?)|ownership|code owners|stability|no[- ]touch
    """
)
DECIDED = _words(
    r"""
    we (?:chose|decided|picked|settled on|use [^.\n]{1,60} because)|was chosen|were chosen|decision|decided|chosen over|
    wir haben uns [^.\n]{0,60} entschieden|entscheidung|nous avons (?:choisi|décidé)|se decidió|decidimos|решено|решили
    """,
    r"决定采用|选型|採用した|결정했",
)
TELLING = _words(
    r"""
    because|so that|otherwise|unless|instead|rather than|without|cannot|can't|won't|doesn't|don't|isn't|aren't|not|only|
    requires?|required|needs? to|has to|have to|ensures?|make sure|before|manual(?:ly)?|fails?|breaks?|crash(?:es)?|
    silently|caveat|gotcha|pitfall|workaround|deprecated|legacy|source of truth|by hand|generated|no longer|beware|
    careful|caution|warning|when (?:you|adding|changing|editing|writing|modifying)|if you|no [a-z]+|
    weil|damit|sonst|nicht|keine?|nur|bevor|vor dem|car|sinon|ne|pas|sans|avant|seulement|porque|salvo|sin|no|sólo|solo|
    antes|não|sem|apenas|somente|non|senza|prima|niet|geen|alleen|nie|bez|tylko|
    verwenden|ausführen|anlegen|utiliser|ajouter|créer|exécuter|usare|utilizzare|aggiungere|creare|eseguire|
    implementare|usar|utilizar|crear|criar|agregar|adicionar|ejecutar|executar|
    чтобы|иначе|потому|не|нет|только|перед|без
    """,
    r"因为|否则|以免|不|仅|只|前必|需要|注意|ため|ない|のみ|前に|注意|않|때문|만 ",
)
"""Words of reasons, limits and exceptions, which a mere description has none of."""
GENERAL = _words(
    r"""
    clean(?: code)?|best[- ]practices?|meaningful|descriptive|self[- ](?:documenting|explanatory)|readab\w+|
    maintainab\w+|modular\w*|scalab\w+|reusab\w+|dry|solid|kiss|yagni|single[- ]responsibility|separation of concerns|
    edge cases?|error[- ]handling|handle (?:all )?errors?|errors? (?:gracefully|messages?)|robust\w*|
    well[- ](?:documented|tested|structured|organized|commented)|concise\w*|step[- ]by[- ]step|think\w*|clarif\w+|
    assum\w+|hallucinat\w+|guess\w*|ambigu\w+|trade-?offs?|simpl\w+|over-?(?:engineer|complicat)\w*|
    abstractions?|speculative|premature\w*|production[- ]ready|high[- ]quality|quality|efficien\w+|optimi[sz]\w+|
    performan\w+|secur\w+|accessib\w+|coverage|unit tests?|document\w*|comments?|complex\w*|requirements?|
    root causes?|minimal|small(?:er)? functions?|magic (?:numbers?|strings?)|early returns?|pure functions?|immutab\w+|
    type[- ]safe\w*|consisten\w+|composition|inheritance|declarative|up[- ]to[- ]date|expert\w*|senior|professional\w*|
    user experience|intuitive\w*|apologi\w+|verbos\w+|expla(?:in|nations?)\w*|reason\w*|plan\w*|verif\w+|
    success criteria|surgical\w*|refactor\w*|duplicat\w+|incremental\w*|iterat\w+|idiomatic\w*|naming|
    understand\w*|analy[sz]e\w*|careful\w*|thorough\w*|correct\w*|logical\w*|focus(?:ed)?|break down|
    existing (?:code|patterns?|style)|lessons?|elegant\w*|context|goals?|tasks?|questions?|feedback|
    (?:sauber|lesbar|wartbar|verständlich)\w*|propre|lisible|maintenable|limpio|legible|mantenible|limpo|legível
    """,
    r"""
    整洁|可读|可维护|最佳实践|有意义|模块化|简洁|健壮|性能|安全|错误处理|边界|高质量|单一职责|可扩展|复用|注释|一致|
    読みやす|保守|簡潔|可読|品質|깨끗|가독|유지보수
    """,
)
"""Words of advice that holds in any repository."""
