"""The labels and headings of decision records in thirteen languages: Status, Date, Decision, Superseded by, …"""

from __future__ import annotations

import re

from memcli.core.sources.decisions.status_words import folded
from memcli.core.sources.passage_text import word_list

STATUS = word_list(
    """
    status statut état etat estado situação situacao stato toestand statuss stan статус состояние 状态 狀態 狀况
    状况 ステータス 状態 상태 현황 stand estatus
    """
)
DATE = word_list(
    """
    date datum fecha data дата 日期 日付 決定日 날짜 일자 decided created stand
    """
) | {
    "decided on",
    "decision date",
    "start date",
    "start-date",
    "created on",
    "date created",
    "last updated",
}
DECISION = word_list(
    """
    decision decisions entscheidung beschluss décision decisión decisão decisione besluit beslissing decyzja
    решение 决策 決策 决定 決定 決定事項 결정 의사결정 判断 決議 决议
    """
)| {
    "decision outcome", "the decision", "we will", "résultat de la décision", "resultado de la decisión",
    "resultado da decisão", "決定内容", "決策結果", "决策结果", "결정 사항", "결정사항",
    "ergebnis der entscheidung", "принятое решение",
}  # fmt: skip
_OTHERS = word_list(
    """
    context consequences motivation alternatives rationale background drawbacks problem options implications
    impact kontext konsequenzen auswirkungen folgen alternativen begründung hintergrund problemstellung optionen
    contexte conséquences justification problématique impacts contexto consecuencias motivación alternativas
    justificación consequências justificativa motivação impactos contesto conseguenze motivazione alternative
    gevolgen consequenties achtergrond alternatieven konsekwencje uzasadnienie alternatywy контекст последствия
    обоснование альтернативы мотивация проблема 背景 上下文 后果 後果 影响 影響 结果 結果 理由 备选方案 備選方案
    替代方案 动机 動機 问题 問題 コンテキスト 文脈 代替案 根拠 経緯 選択肢 帰結 맥락 배경 결과 근거 대안 영향
    이유 컨텍스트
    """
)| {
    "context and problem statement", "considered options", "decision drivers", "alternatives considered",
    "considered alternatives", "kontext und problemstellung", "betrachtete optionen", "betrachtete alternativen",
    "contexte et problème", "contexte et problématique", "options envisagées", "alternatives considérées",
    "alternativas consideradas", "opciones consideradas", "opções consideradas", "opzioni considerate",
    "alternative considerate", "overwogen opties", "рассмотренные варианты", "рассмотренные альтернативы",
    "考虑的选项", "考慮的選項", "検討した選択肢", "고려한 대안", "고려된 옵션", "상황", "상황 및 문제",
}  # fmt: skip
SECTIONS = STATUS | DECISION | _OTHERS
SUPERSEDED_BY = (
    r"\b(?:supers?[ce]e?ded|superseeded|replaced|supplanted|subsumed|obsoleted)[ _-]+(?:by|with|in)\b|"
    r"\b(?:deprecated|abandoned|rejected|withdrawn) in favou?r of\b|"
    r"\b(?:ersetzt|abgelöst|überholt) (?:durch|von)\b|\bnachfolger(?:in)?\b|"
    r"\b(?:remplacée?s?|remplace|supplantée?|supersédée?) par\b|"
    r"\b(?:ree?mplazad[oa]|sustituid[oa]|supersedid[oa]|substitu[íi]d[oa]|suplantad[oa]|superad[oa]) (?:por|pel[oa])\b|"
    r"\b(?:sostituit[oa]|superat[oa]|rimpiazzat[oa]) (?:da|dal|dalla|dall')(?![a-z])|"
    r"\b(?:vervangen|opgevolgd) door\b|\bzastąpion[yaeo] (?:przez|na)\b|"
    r"\b(?:замен[её]н[оа]?|замещ[её]н[оа]?|вытеснен[оа]?)(?: (?:на|решением|записью))?(?!\w)|"
    r"(?:已?被|由|已)[^。；;\n]{0,80}?(?:取代|替代|替换|替換|代替|废止|廢止)(?!了?\s*(?:adr|rfc|\[|#))|"
    r"置(?:き)?換(?:え|わ|済)\w*|後継|により廃止|によって廃止|に代替|대체(?!하|함)|교체됨"
)
SUPERSEDES = (
    r"\b(?:supers?[ce]e?des|superseedes|replaces|obsoletes)\b|\bersetzt(?! (?:durch|von)\b)|\blöst\b(?=.*\bab\b)|"
    r"\bremplace(?! par\b)|\b(?:ree?mplaza|sustituye)(?: a)?\b|\bsubstitui\b|\bsostituisce\b|\bvervangt\b|"
    r"\bzastępuje\b|\b(?:заменяет|замещает)\b|(?<![被已由])(?:取代|替代|替换|替換)(?:了)?(?=\s*[:：]?\s*(?:adr|rfc|\[|#|\d))|"
    r"を置き換え(?:る|ます)|(?:를|을) 대체(?:한다|함|합니다)"
)
SUCCESSION_STEMS = (
    *(
        "supers",
        "superc",
        "replace",
        "supplant",
        "subsumed",
        "obsolete",
        "favor",
        "favour",
        "ersetzt",
        "löst",
        "nachfolge",
    ),
    *("remplac", "supersé", "emplaza", "sustitu", "substitu", "suplanta", "superad", "superat", "sostitui", "rimpiazz"),
    *(
        "vervang",
        "opgevolgd",
        "zast",
        "замен",
        "замещ",
        "вытесн",
        "取代",
        "替代",
        "替换",
        "替換",
        "代替",
        "废止",
        "廢止",
    ),
    *("廃止", "置き換え", "置換", "後継", "대체", "교체"),
)
"""Of each line that says which record replaces which, one is a part."""
PARTLY = (
    r"(?i)\b(?:part(?:ly|ially)?|in part|teilweise|partiellement|en partie|parcialmente|parzialmente|gedeeltelijk|"
    r"deels|częściowo|частично)\b|"
    r"(?:\b(?:пункт|раздел|section|item|point|clause|punkt|abschnitt|ziffer|punto|apartado|ponto|article|punt)|§)\s*\d|部分|局部|一部|일부|부분"
)
AMENDED = r"(?i)\b(?:amended|geändert|modifiée?|modificad[oa]|alterad[oa]) (?:by|durch|par|por)\b"
_NOTHING = (
    r"(?i)(?:none|n/?a|not applicable|null|nil|nothing|no|no one|tbd|tba|to be determined|not yet|never|unknown|empty|"
    r"not superseded|keine?r?s?|nichts|entfällt|aucune?|néant|sans objet|ninguno|ninguna|nada|no aplica|nenhuma?|"
    r"nessuno|nessuna|geen|n\.?v\.?t\.?|brak|żaden|нет|нету|отсутствует|не применимо|无|無|没有|沒有|暂无|暫無|"
    r"不适用|不適用|なし|無し|該当なし|"
    r"ない|없음|해당 없음|해당없음|false|undefined|x{2,}|adr[- ]?(?:x+|n+|y+)|y{2,}|n{2,})"
)


def label_of(heading: str) -> str:
    """A heading or label in lower case, without numbers and symbols around it."""
    return re.sub(r"^[\W\d_]+|[\W_]+$", "", folded(heading[:200]))


def is_labelled(heading: str, labels: frozenset[str]) -> bool:
    """Whether a heading is one of the labels, alone or beside its translation: `上下文 (Context)`."""
    own = label_of(heading)
    names = [own, *(label_of(part) for part in re.split(r"[/(（［\[|·&]", own))]
    return any(name in labels for name in names)


def names_nothing(value: str) -> bool:
    """Whether a value says that there is no record: `none`, `N/A`, `~`, `_not yet_`, `[]`, an empty one."""
    bare = re.sub(r"^[\W_]+|[\W_]+$", "", value[:200])
    return not bare or re.fullmatch(_NOTHING, bare) is not None
