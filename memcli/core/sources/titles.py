"""Titles of passages: what a passage claims, in one line of at most `LONGEST_TITLE` characters.

Dates, numbers and file names are left out of headings: the memory's date, its place and its `source.ref` have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from memcli.core.sources.passage_text import (
    LONGEST_TITLE,
    count_words,
    is_instruction,
    short_title,
    title_text,
    word_list,
)

_GENERIC_WORDS = word_list(
    """
    a about abstract additional advice an and aside at background basics best bonus caveats caution conclusion concepts
    content contents contributing contribution contributions convention conventions current detail details discussion
    doc docs document example examples explanation faq for from further general glance goals good
    guidance guide guideline guidelines how important in info information introduction intro it key know later links
    main misc miscellaneous more motivation my new nice note notes objective observations of on other our outline
    overview page point points practice practices preface preamble preliminaries project purpose
    quick rationale readme reference references reminder reminders remarks resources rule rules scope section
    software some start structure style summary system that the things this tips to todo topics tricks tutorial
    understanding use useful various warning warnings welcome what why with works your index home misc. etc
    agents claude gemini instructions memory decision decisions context status consequences learnings lessons
    allgemein allgemeines anmerkung anmerkungen aufbau beispiele details einführung einleitung grundlagen hinweis
    hinweise hintergrund richtlinien regeln sonstiges struktur tipps überblick übersicht wichtig zusammenfassung zum
    beitragen mitmachen
    aperçu avertissement conseils contexte contribuer divers généralités présentation règles remarques résumé vue
    ensemble
    aviso consejos contexto contribuir descripción estructura generalidades introducción nota notas reglas resumen
    visión
    dicas estrutura geral introdução observações regras resumo visão consigli contribuire generale introduzione
    panoramica regole riepilogo struttura
    algemeen bijdragen inleiding overzicht regels samenvatting tips ogólne przegląd uwagi wprowadzenie zasady wskazówki
    введение обзор общее общие заметки примечания правила советы важно структура
    概述 概览 介绍 简介 注意 注意事项 说明 规则 提示 背景 总结 结构 其他 前言 目录 概要
    はじめに 注意点 ルール ヒント 構成 その他 まとめ 개요 소개 주의 주의사항 규칙 팁 구조 배경 기타 요약
    """
)
_VAGUE_WORDS = word_list(
    """
    by common command commands behavior behaviors behaviour behaviours issue issues problem problems goal goals non
    case cases happy path option options changes change expectations where which who when or not do does is are it
    read write step steps high level detailed user interface other different types type
    """
)
"""Words that say little without the page they stand on."""
_CONTRIBUTING = (
    r"(?i)(?:how to |guide to )?(?:contribut(?:e|ing|ions?)(?: (?:to|towards)\b.*)?|contribuer(?: à\b.*)?|"
    r"contribuir(?: [ae]\b.*)?)$"
)
_NUMBER = (
    r"(?:(?:chapter|section|part|step|phase|no\.?|#)\s*)?\d{1,4}(?:[a-z]|(?:\.\d{1,3})*)(?:[.):]|\s*[–—-])(?!\S)|"
    r"\d+(?:\.\d+)+(?!\S)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = (
    r"(?:[\[(]?(?:19|20)\d\d[-/.]?\d\d[-/.]?\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?[\])]?|"
    r"[\[(]?\d{1,2}/\d{1,2}/(?:19|20)\d\d[\])]?|"
    rf"[\[(](?:(?:19|20)\d\d[-/.]\d\d|{_MONTH} (?:19|20)\d\d)[\])]|"
    rf"[\[(]?(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,?|\d{{1,2}}\.? {_MONTH}) (?:19|20)\d\d[\])]?)"
)
_FILE_NAME = r"`?[\w./-]{1,80}\.(?:mdx?|mdc|rst|adoc|txt|markdown)`?"
_LEADING = re.compile(rf"(?i)^(?:{_DATE}|{_FILE_NAME}|{_NUMBER})(?:\s*[:–—|-]+(?=\s)|(?=\s|$))\s*")
_TRAILING = re.compile(
    rf"(?i)\s*(?:[:–—|(-]\s*)?(?:(?:as of|added|updated)\s+)?"
    rf"(?:{_DATE}(?:\s*(?:to|until|–|-)\s*{_DATE})?|[(]{_FILE_NAME}[)])\s*[)]?$"
)
_SYMBOLS = r"^[^\w`'\"(\[<@$./#*~-]+\s*|\s*[¶#:]+$"
_NO_CLAIM = (
    r"(?i)(?:(?:this|the|these|following|below|here)\b[^.]{0,40}?\b(?:documents?|sections?|pages?|guides?|files?|"
    r"chapters?|directory|folder|articles?|describes?|contains?|explains?|lists?|are|is)\b.{0,40}?"
    r"(?:describes?|contains?|explains?|lists?|covers?|goes? over|provides?|outlines?|guidelines|overview|"
    r"list of|targeted|intended|meant|is for|is about)|it's people|"
    r"welcome|thank|thanks|hi\b|hello|here (?:is|are)|see\b|note that$|table of|"
    r"(?:last )?updated\b|(?:status|version|date|author|owner)\s*[:：]|"
    r"we (?:love|welcome|appreciate|are (?:happy|glad))|first off|"
    r"if you(?:'re| are) (?:reading|interested|looking|new)|"
    r"there (?:is|are) (?:a few|some|several|many|two|three)|"
    r"want to|would you|do you|so you|you(?:'re| are) |in this (?:document|section|guide)|dies(?:es|e) dokument|"
    r"ce document|este documento|questo documento|dit document|本文|このドキュメント|이 문서)"
)
_ENDS = re.compile(
    r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)(?<!cf\.)\s+(?=[^\W\d_a-z]|[\"'`(\[]|\d)|"
    r"(?<=[。！？])"
)
_ANNOUNCES = r"(?i)(?:to|for|the|this|these|here|there|some|example|if|when|as|in|once|after|then|we|you|it)\b|.{0,40}$"
"""How sentences begin that end with a colon and only announce what follows."""
_FENCED = re.compile(r"(?ms)^[ \t]*(```|~~~).*?(?:^[ \t]*\1[`~]*[ \t]*$|\Z)")
_BLOCKS = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d+[.)])[ \t])")
_MARKS = r"^[\s>#|]*(?:(?:[-*+]|\d+[.)])\s+)?(?:\[[ xX!]\w*\]\s*)?"
LONGEST_INNER = 80
"""Characters of the headings within a passage that stand for its claim."""
SCANNED = 4000
"""Characters of a passage that are scanned for its claim."""


def passage_title(text: str, headings: Sequence[str] = ()) -> str:
    """The title of a passage below `headings`, the outermost first; '' where nothing names it.

    The innermost heading, after the one above it where it is too short to stand alone; what the text claims where that
    heading is generic ("Tips", "Overview").
    """
    names = [name for heading in headings if (name := heading_title(heading))]
    own = names[-1] if names and headings and heading_title(headings[-1]) else ""
    above = next((name for name in reversed(names[:-1] if own else names) if not is_generic(name)), "")
    claim = first_claim(text)
    if own and not is_generic(own):
        named = _below(above, own) if _says_little(own) else own
        return _below(named, claim) if count_words(named) == 1 and is_instruction(claim) else named
    if inner := _inner_headings(text):
        return _below(above, inner)
    if claim:
        return _below(above, claim) if count_words(claim) < 5 else claim
    return _below(above, own) if above and own else above or own


def heading_title(heading: str) -> str:
    """A heading as one line without the dates, numbers, file names and symbols around it."""
    line = re.sub(_SYMBOLS, "", title_text(heading)).strip()
    for _ in range(4):
        shorter = _TRAILING.sub("", _LEADING.sub("", line, count=1), count=1).strip(" :–—|")
        if shorter == line:
            break
        line = shorter
    return short_title(line)


def is_generic(heading: str) -> bool:
    """Whether a heading names a kind of text ("Notes", "General rules") and not what it is about."""
    if re.match(_CONTRIBUTING, heading):
        return True
    words = re.findall(r"[^\W\d_][\w'’.]*", heading.lower())
    return all(word in _GENERIC_WORDS for word in words) or not words


def _says_little(heading: str) -> bool:
    """Whether a heading needs the one above it: fewer than three words, or none that names something."""
    words = re.findall(r"[^\W\d_][\w'’.]*", heading.lower())
    return count_words(heading) < 3 or sum(word not in _GENERIC_WORDS | _VAGUE_WORDS for word in words) < 1


def first_claim(text: str) -> str:
    """The first sentence that says something of its own, as a title; '' where there is none."""
    sentences = (sentence for sentence in _sentences(text) if _is_claim(sentence))
    return _cut(next(sentences, ""))


def _inner_headings(text: str) -> str:
    """The headings of a text that begins with one, as many as a title holds; '' where it has only one."""
    marks = re.findall(r"(?m)^(#{1,6}) +(\S[^\n]*)", _FENCED.sub("", text[:SCANNED]))
    if len(marks) < 2 or not text.lstrip().startswith("#"):
        return ""
    names = [heading_title(name) for mark, name in marks if len(mark) <= len(marks[0][0])]
    told = list(dict.fromkeys(name for name in names if not is_generic(name)))
    while len(", ".join(told)) > LONGEST_INNER:
        told.pop()
    return ", ".join(told) if len(told) > 1 else ""


def _is_claim(sentence: str) -> bool:
    announces = sentence.endswith(":") and re.match(_ANNOUNCES, sentence)
    return count_words(sentence) > 2 and not announces and not re.match(_NO_CLAIM, sentence)


def _sentences(text: str) -> Iterator[str]:
    """The sentences of the first paragraphs and list items outside code."""
    for block in _BLOCKS.split(_FENCED.sub("\n\n", text[:SCANNED])):
        if not re.match(r"\s*(?:#|\||\.\. |={3}|-{3}|\$ )|\n*(?: {4}|\t)", block):
            line = _LEADING.sub("", title_text(re.sub(_MARKS, "", block)), count=1)
            yield from (sentence.rstrip(".。") for sentence in _ENDS.split(line) if sentence)


def _cut(sentence: str) -> str:
    """A sentence as a title, cut after a clause where it is too long."""
    if len(sentence) <= LONGEST_TITLE:
        return short_title(sentence)
    clauses = [match.start() for match in re.finditer(r"(?:[,;:] | [–—(-]+ ?|，|；)", sentence[:LONGEST_TITLE])]
    ends = [end for end in clauses if end >= LONGEST_TITLE // 2 and _is_balanced(sentence[:end])]
    return short_title(sentence[: ends[-1]] if ends else sentence)


def _is_balanced(text: str) -> bool:
    return text.count("(") <= text.count(")")


def _below(above: str, title: str) -> str:
    """`<above>: <title>`, unless one says the other or they are too long together."""
    repeated = not above or above.lower() in title.lower() or title.lower() in above.lower()
    joined = f"{above}: {title}"
    if len(joined) > LONGEST_TITLE:
        return title if count_words(above) > 1 or count_words(title) < 3 else short_title(joined)
    return title if repeated else joined
