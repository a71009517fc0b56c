"""What in a file of rules is no rule: what tools write into it, lists of files and libraries, what the project is.

Only what is special to such files; what any passage may be (an index, a plan, marketing) is judged with all others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from memcli.core.sources.passage_text import (
    count_words,
    has_commands,
    has_shell,
    is_contents,
    is_instruction,
    without_fences,
)
from memcli.core.sources.rule_statements import CONVENTIONS, is_general_advice, statements, states_nothing
from memcli.core.sources.rule_words import MUST
from memcli.core.sources.sections import Part
from memcli.core.sources.titles import is_generic

MIN_WORDS = 3
NO_WORDS = "next to no words"
GENERAL_ADVICE = "general advice, true in any repository"
DETAILED_WORDS = 10
"""Words of each line from where a list of files tells what their names do not."""
_BOILERPLATE = re.compile(
    r"(?i)^\W*(?:this (?:file|document|guide|repository guide)|these (?:instructions|guidelines)|\w+\.md)\b"
    r"[^.\n]{0,80}?\b"
    r"(?:provides? (?:guidance|guidelines|instructions|context|information)|contains? (?:instructions|guidance|rules)|"
    r"(?:gives?|offers?|outlines?|describes?|explains?|helps?|is for|is (?:an? )?(?:the )?(?:canonical |quick[- ])?"
    r"(?:guide|reference|instructions))|exists for|is the secret)|"
    r"^\W*(?:(?:canonical|quick|development) )?(?:guide|guidance|guidelines|instructions|(?:quick[- ])?reference)\b"
    r"[^.\n]{0,40} (?:for|to)\b|"
    r"^\W*(?:本(?:文件|文档|仓库|项目)[^。\n]{0,40}(?:说明|指南|规范|指导)|"
    r"このファイル|本ドキュメント|이 (?:파일|문서)는|"
    r"(?:этот|данный) файл|diese datei|ce fichier|este archivo|este arquivo)"
)
_DESCRIBES = re.compile(
    r"(?i)(?:(?:project|product|repository|application|app|codebase|system)\s*)?(?:overview|description|"
    r"summary|purpose|introduction|about|information|context|background|what is this\??)|"
    r"what (?:is|this) .{1,60}|about .{1,40}|project|conclusion|target (?:users|audience)|key features|features|vision|"
    r"business objectives|"
    r"项目(?:概述|简介|介绍)|プロジェクト概要|프로젝트 개요|(?:обзор|описание) проекта|"
    r"projekt(?:übersicht|beschreibung)"
)
_LISTS_FILES = re.compile(
    r"(?i)(?:project|repository|repo|directory|folder|file|code(?:base)?|source|package|workspace|documentation|app|"
    r"module|monorepo) (?:structure|layout|tree|organi[sz]ation|map)(?: guide| overview)?|structure|layout|"
    r"(?:(?:key|important|main|core|relevant|configuration|source) )?(?:files|directories|locations|paths)"
    r"(?: reference| to modify)?|"
    r"(?:(?:key|important) )?(?:file|entry|directory) (?:locations?|paths|roles|points?|references?)|related files?|"
    r"目录结构|项目结构|"
    r"ディレクトリ構成|プロジェクト構成|структура (?:проекта|файлов)"
)
_SHOWS_CODE = re.compile(
    r"(?i)(?:(?:key|core|main|public|exported) )?(?:types|interfaces?|structs|classes|functions|methods|components|"
    r"exports|api)|usage(?: (?:examples?|patterns?|with .{1,40}))?|(?:data(?:base)?|prisma) (?:models?|schema)|"
    r"integration points?|"
    r"package contents|(?:api )?(?:endpoints|routes)"
)
_LISTS_LIBRARIES = re.compile(
    r"(?i)(?:tech(?:nology|nical|nologies)?[ -]?(?:stack|details)?|stack|dependencies|"
    r"languages?|frameworks?|runtimes?|(?:key|core|main|active) technologies|"
    r"technologies(?: used)?|built with|platform requirements|技术栈|"
    r"技術スタック|기술 스택)"
)
_PASSING = re.compile(
    r"(?i)(?:.{0,20}\b)?(?:recent (?:changes|updates|development\b.*|work)|current (?:status|state|focus|work|sprint|"
    r"tasks?)|roadmap|what to work on|next steps|future (?:work|plans|development|improvements|enhancements)|"
    r"todos?|status|implementation status|known todos?|changelog|"
    r"version history|last updated?|notes for future development)"
)
_PERSONA = re.compile(r"(?i)^\W*(?:you are|act as|you're|du bist|tu es|eres|você é|ты\s*[—-]|вы\s*[—-]|你是|あなたは)")
_PERSONA_TITLE = re.compile(
    r"(?i)(?:your |agent |ai )?(?:persona|personas|roles and personas|identity|developer profile)"
)
_PROFILE = re.compile(r"(?im)^\W*(?:role|title|position|rolle|rôle|rol|cargo|funci[oó]n|角色|职位|役割)\W*[:：]")
_PROFILE_LINK = re.compile(r"(?i)linkedin\.com/in/|^\W*(?:linkedin|e-?mail|github|twitter)\W*[:：]", re.M)
_ABOUT_FILE = re.compile(
    r"(?i)(?:about|purpose of|how to use|maintaining|updating|using|maintenance of) (?:this|these) "
    r"(?:file|document|guide|rules|instructions).*|"
    r"(?:table of )?contents|toc|original sources?|sources?|references?|(?:support (?:&|and) |available )?resources|"
    r"useful links|"
    r"documentation (?:structure|index|links)|key sections|read first|read this first|see also|further reading|links|"
    r"(?:collegamenti|link|enlaces|liens|wichtige links|links importantes)"
    r"(?: (?:importanti|importantes|utili|utiles|útiles))?|"
    r"riferimenti|referencias|références|verweise|目录|参考(?:资料|链接)?|参考リンク|"
    r"(?:cursor )?rules? (?:location|file structure|updates?|quality checks?|improvement triggers|maintenance)"
)
_ITEM = re.compile(r"(?m)^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\S|^[ \t]*\|.*\|")
_PARAMETER = re.compile(r"(?i)\s*[-*+|]\s*\**`[^`\n]{1,60}`\**[^\n]{0,80}?(?:\(?default|\(?optional|\(?required\)|: )")
_PATH_FIRST = re.compile(r"\s*(?:[-*+]|\||\d+[.)])\s*\**\[?`[^`\s]{0,100}(?:/|\.[a-z]{1,5})[^`\s]{0,100}`")
_TREE_LINE = re.compile(r"[ \t│|]*[├└]|[ \t]*\S*/(?:\s+#.*)?$")
_IS_A = re.compile(r"(?i)[^.\n]{0,160}\b(?:(?:is|are|provides|ist|est|es|é) (?:an?|the|eine?|une?|um|uma)|это)\b")


def no_rule(part: Part, title: str = "") -> str:
    """Why a passage of a file of rules is not proposed; '' where it is. `title`: the file's, if it has one."""
    words, prose = count_words(part.text), without_fences(part.text).lstrip()
    heading = re.sub(r"^[\W\d_]+|\W+$", "", re.split(r": | [-–—] ", part.title or title)[-1])
    is_strict = MUST.search(prose) is not None
    if _refers_elsewhere(prose, words) or is_contents(part.text) or (_ABOUT_FILE.fullmatch(heading) and not is_strict):
        return "refers to other texts"
    if words < MIN_WORDS:
        return NO_WORDS
    if is_generic(part.title) and _BOILERPLATE.match(prose) and words < (25 if is_strict else 80):
        return "says what the file is for"
    if (_PERSONA.match(prose) and words < 60) or _PERSONA_TITLE.fullmatch(heading):
        return "tells an agent who it is"
    if _PROFILE.search(prose) and _PROFILE_LINK.search(prose):
        return "tells who somebody is"
    if _PASSING.fullmatch(heading):
        return "a plan or status report"
    if is_general_advice(part.text) and not has_commands(part.text):
        return GENERAL_ADVICE
    return _what_code_shows(part, heading, prose)


def _what_code_shows(part: Part, heading: str, prose: str) -> str:
    """Why a description is not proposed: the code or the README shows it, and it states no rule."""
    if has_shell(part.text):
        return ""
    headings = (*part.trail, part.title) if part.title else (heading,)
    reference = _reference(part.text, headings)
    if reference or states_nothing(part.text, headings):
        kind = _kind_of_description(part, heading, prose)
        return kind or reference or "a description, which the code shows"
    return "" if _states_rules(prose) else _kind_of_description(part, heading, prose)


def _reference(text: str, headings: Sequence[str]) -> str:
    """Why a text is looked up rather than followed: it lists parameters or files, or is mostly an example in code."""
    found = [statement.text for statement in statements(text)]
    rows = [row for row in found if not re.fullmatch(r"[\s|:-]+", row)]
    if len(rows) > 2 and sum(_PARAMETER.match(row) is not None for row in rows) * 2 > len(rows):
        return "a list of parameters, which the code shows"
    if MUST.search(without_fences(text)) or any(CONVENTIONS.search(heading) for heading in headings):
        return ""
    if len(rows) > 2 and sum(_PATH_FIRST.match(row) is not None for row in rows) * 5 >= len(rows) * 4:
        return "" if _is_detailed(text) else "a list of files, which the code shows"
    is_code = len(without_fences(text).strip()) * 2 < len(text) and not has_commands(text)
    return "an example of code" if is_code else ""


def _kind_of_description(part: Part, heading: str, prose: str) -> str:
    """What a text describes, by its heading and its shape; '' where neither tells."""
    if _is_tree(part.text) or (_LISTS_FILES.fullmatch(heading) and not _is_detailed(part.text)):
        return "a list of files, which the code shows"
    if _SHOWS_CODE.fullmatch(heading) and not _is_detailed(prose):
        return "a description of code, which the code shows"
    if _LISTS_LIBRARIES.fullmatch(heading) and _ITEM.search(prose):
        return "a list of libraries, which the code shows"
    is_description = _DESCRIBES.fullmatch(heading) or (
        not part.title and count_words(prose) < 80 and "- " not in prose and _IS_A.match(prose)
    )
    return "describes the project" if is_description else ""


def _states_rules(prose: str) -> bool:
    """Whether a text has a duty, or several statements that tell what to do."""
    lines = [line for line in prose.split("\n") if line.strip()]
    telling = sum(is_instruction(line) for line in lines)
    return MUST.search(prose) is not None or telling * 4 > len(lines)


def _is_tree(text: str) -> bool:
    """Whether most lines draw a tree of files."""
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith(("```", "~~~"))]
    drawn = sum(_TREE_LINE.match(line) is not None for line in lines)
    return drawn > 2 and drawn * 5 > len(lines) * 3


def _is_detailed(text: str) -> bool:
    """Whether the lines of a list say what the names do not."""
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and count_words(text) >= DETAILED_WORDS * len(lines)


def _refers_elsewhere(prose: str, words: int) -> bool:
    """Whether a short text only says where to read on."""
    refers = re.match(
        r"(?i)\W*(?:@\S+\s*$|(?:please )?(?:see|read|refer to|follow|start with|check) (?:also )?[\[`@]|"
        r"(?:the )?(?:full |main |detailed )?(?:rules|instructions|guidelines|guidance) (?:are|live|is) )",
        prose,
    )
    lines = [line for line in prose.split("\n") if line.strip()]
    only_imports = bool(lines) and all(re.fullmatch(r"\s*(?:[-*+]\s+)?@\S+\s*", line) for line in lines)
    return only_imports or (refers is not None and words < 25)
