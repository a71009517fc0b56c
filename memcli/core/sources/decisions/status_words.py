"""THE table of the words by which decision records state their status, in thirteen languages.

Invariant: words are in lower case; an inflected form is a word of its own; of two words that begin a line the longer
one counts, so that "not accepted" is not "accepted".
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from memcli.core.memory.standing import PROPOSED

ACCEPTED, SUPERSEDED = "accepted", "superseded"
_WORDS = {
    ACCEPTED: """
        accepted|accept|approved|adopted|active|implemented|implementing|implementable|done|decided|agreed|final
        finalized|finalised|complete|completed|ratified|merged|living|current|stable|landed|in force|in use
        in effect
        effective|enacted|confirmed|resolved|chosen|valid|standard|released|shipped|graduated|ga|beta|endorsed
        enabled|published|committed|recommended|ready for release|ready-for-release
        angenommen|akzeptiert|beschlossen|entschieden|genehmigt|freigegeben|umgesetzt|gültig|aktiv|verabschiedet
        bestätigt|implementiert|in kraft|abgenommen|abgeschlossen|gilt|übernommen
        accepté|acceptée|acceptés|accepte|acceptee|approuvé|approuvée|adopté|adoptée|validé|validée|décidé|décidée
        retenu|retenue|en vigueur|actif|active|implémenté|implémentée|appliqué|appliquée|acté|actée|terminé|terminée
        aceptado|aceptada|aprobado|aprobada|adoptado|adoptada|decidido|decidida|vigente|implementado|implementada
        activo|activa|acordado|acordada|en vigor|confirmado|confirmada
        aceito|aceita|aceite|aceitado|aceitada|aprovado|aprovada|adotado|adotada|ativo|ativa|em vigor|concluído
        concluída
        accettato|accettata|approvato|approvata|adottato|adottata|deciso|decisa|attivo|attiva|in vigore
        implementato|implementata|confermato|confermata
        geaccepteerd|aanvaard|goedgekeurd|aangenomen|vastgesteld|besloten|actief|geïmplementeerd|van kracht|akkoord
        zaakceptowany|zaakceptowana|zaakceptowane|zaakceptowano|przyjęty|przyjęta|przyjęte|przyjęto|zatwierdzony
        zatwierdzona|zatwierdzone|zatwierdzono|obowiązuje|obowiązujący|obowiązująca|wdrożony|wdrożona|wdrożone
        aktywny|aktywna|aktywne
        принято|принят|принята|приняты|утверждено|утвержден|утверждён|утверждена|одобрено|одобрен|одобрена
        согласовано
        действует|действующее|действующий|активно|активен|реализовано|реализован|внедрено|внедрён|внедрен|решено
        已接受|接受|已被接受|已被采纳|已被批准|已获批准|已被通过|已采纳|已採納|采纳|採納|已采用|已採用|采用|採用
        已批准|批准|已通过|已通過|通过|通過|已确认|已確認|已实施|已實施|已实现
        已實現|已实行|生效|已生效|有效|现行|已决定|已決定|已定|已定稿|已落地|已完成|完成|已核准|核准|已确定
        已確定|已决策|已決策
        承認|承認済み|承認済|承認された|採択|採択済み|採用済み|採用された|受諾|受理|受け入れ済み|受入済み|決定
        決定済み|決定済|確定|確定済み|有効
        合意済み|実装済み|完了|適用中|運用中|アクティブ
        승인|승인됨|승인 완료|승인완료|채택|채택됨|수락|수락됨|확정|확정됨|결정|결정됨|결정 완료|적용|적용됨
        적용 중|유효|구현됨|구현 완료|완료|완료됨|합의됨
    """,
    PROPOSED: """
        proposed|proposal|propose|pending|draft|drafting|wip|work in progress|in progress|in review|under review
        in discussion|under discussion|discussion|review|open|rfc|request for comments|deferred|postponed|on hold
        provisional|candidate|experimental|trial|trialing|last call|tentative|unresolved|todo|to do|tbd
        to be decided
        to be determined|not accepted yet|not yet accepted|not approved yet|not yet approved|not yet decided
        not decided yet|undecided|awaiting|waiting|idea|planned|suggested|submitted|being discussed
        under consideration
        partially implemented proposal|final comment period|new|initial|in development
        not decided|unknown yet|paused|parked|backlog|alpha|exploring|exploration|ideation|prediscussion
        vorgeschlagen|vorschlag|entwurf|in arbeit|in diskussion|in prüfung|in bearbeitung|in abstimmung
        ausstehend|offen
        zurückgestellt|aufgeschoben|geplant|vorläufig|zur diskussion|noch nicht entschieden|nicht entschieden
        wird geprüft
        ungeklärt|vertagt|diskussion
        proposé|proposée|propose|proposition|brouillon|ébauche|en cours|en discussion|en attente|en revue
        en révision|à l'étude
        à valider|à discuter|à décider|reporté|reportée|différé|différée|en cours de discussion|provisoire
        ouvert|non décidé
        à l’étude|en cours de rédaction|en cours de validation|suspendu|suspendue
        propuesto|propuesta|borrador|pendiente|en discusión|en revisión|en progreso|en curso|en proceso|aplazado
        aplazada
        pospuesto|pospuesta|abierto|abierta|provisional|por decidir|por definir|en evaluación
        proposto|proposta|rascunho|pendente|em discussão|em análise|em revisão|em andamento|em avaliação
        em progresso|adiado
        adiada|aberto|aberta|a decidir|provisório|provisória|em aberto
        bozza|in discussione|in sospeso|in revisione|in corso|in attesa|rinviato|rinviata|rimandato
        in valutazione|aperto
        aperta|da decidere|provvisorio|provvisoria
        voorgesteld|voorstel|concept|in behandeling|ter discussie|in bespreking|uitgesteld|ter beoordeling
        in beoordeling
        openstaand|in afwachting|nog niet besloten|kladversie|voorlopig
        proponowany|proponowana|proponowane|zaproponowany|zaproponowana|zaproponowane|zaproponowano|propozycja|szkic
        wersja robocza|roboczy|robocza|w trakcie|w dyskusji|w toku|oczekujący|oczekująca|oczekujące|oczekuje
        odroczony
        odroczona|odroczone|do decyzji|w przeglądzie
        предложено|предложен|предложена|предложение|предлагается|черновик|проект|на рассмотрении|на обсуждении
        обсуждается
        в обсуждении|в работе|на согласовании|в процессе|ожидает|ожидает решения|отложено|отложен|отложена
        открыто|открыт
        не принято пока|пока не принято|ещё не принято|еще не принято|рассматривается|планируется
        提议|提議|已提议|已提議|提议中|提議中|提案|提案中|已提案|提出|已提出|草案|草稿|拟议|擬議|拟议中|待定
        待決定|待决定|待审核|待審核|待审批|待審批
        待批准|待确认|待確認|待评审|待審查|待讨论|待討論|待决策|讨论中|討論中|审核中|審核中|评审中|評審中|审查中
        審查中|进行中|進行中|未决|未決|未决定|未決定
        推迟|已推迟|延期|搁置|擱置|已搁置|暂缓|暫緩|暂定|未接受|未批准|尚未接受|尚未批准|征求意见|规划中|規劃中
        建议|建議|实施中
        提案済み|提案段階|草稿|ドラフト|下書き|検討中|審議中|議論中|レビュー中|レビュー待ち|保留|保留中|承認待ち
        未承認|未定|未決定|延期|仮|暫定
        検討|起案|作成中|進行中|未採択|未確定|決定待ち|決定前
        제안|제안됨|제안 중|제안중|초안|검토 중|검토중|검토|논의 중|논의중|보류|보류됨|보류 중|대기|대기 중
        대기중|진행 중|진행중|미정|연기|연기됨|작성 중|작성중|승인 대기
        승인 대기 중|승인되지 않음|아직 승인되지 않음|미승인|承認されていない|未通过审批|임시|계획|계획됨|결정 대기
    """,
    "rejected": """
        rejected|reject|declined|refused|denied|turned down|won't do|wontfix|not approved|not adopted|dismissed
        abgelehnt|verworfen|zurückgewiesen|nicht angenommen|nicht akzeptiert
        rejeté|rejetée|rejete|refusé|refusée|écarté|écartée|non retenu|non retenue|non accepté|non acceptée
        rechazado|rechazada|descartado|descartada|denegado|denegada|no aceptado|no aceptada
        rejeitado|rejeitada|recusado|recusada|não aceito|não aceita|negado|negada
        rifiutato|rifiutata|respinto|respinta|scartato|scartata|bocciato|bocciata|non accettato
        afgewezen|verworpen|geweigerd|niet geaccepteerd
        odrzucony|odrzucona|odrzucone|odrzucono|niezaakceptowany
        отклонено|отклонен|отклонён|отклонена|отвергнуто|отвергнут|отвергнута|не принято|не принят|не принята
        已拒绝|拒绝|已被拒绝|已被否决|已拒絕|拒絕|被拒绝|被拒絕|已否决|已否決|否决|否決|已驳回|已駁回|驳回|駁回
        不采纳|不採納|不采用|不採用|未采纳|未採納|未采用|未採用
        不接受|不通过|不通過|未通过|未通過|不承認
        却下|却下済み|却下された|否決|拒否|拒否済み|拒否された|不採用|不採択|棄却|見送り
        거부|거부됨|거절|거절됨|반려|반려됨|기각|기각됨|부결|불승인|미채택
    """,
    "deprecated": """
        deprecated|depreciated|discontinued|obsolete|obsoleted|outdated|no longer relevant|no longer valid
        no longer applicable|no longer in force|expired|stale|historical|historic|legacy
        veraltet|überholt|obsolet|hinfällig|nicht mehr gültig|nicht mehr relevant|ungültig|außer kraft
        obsolète|obsolete|déprécié|dépréciée|deprecie|caduc|caduque|périmé|périmée|dépassé|dépassée|plus en vigueur
        obsoleto|obsoleta|deprecado|deprecada|en desuso|caducado|caducada|no vigente|ya no vigente
        depreciado|depreciada|descontinuado|descontinuada|desatualizado|desatualizada|em desuso|expirado
        deprecato|deprecata|superato|superata|non più valido|scaduto
        verouderd|achterhaald|niet meer geldig|vervallen
        przestarzały|przestarzała|przestarzałe|nieaktualny|nieaktualna|nieaktualne|nieobowiązujący|wycofywany
        устарело|устарел|устарела|устаревшее|устаревший|неактуально|неактуален|не актуально|больше не действует
        已弃用|已棄用|已被废弃|已被弃用|弃用|棄用|已废弃|已廢棄|废弃|廢棄|已过时|已過時|过时|過時|已作废|已作廢
        作废|作廢|已失效|失效|已废止|已廢止|废止|廢止|不再使用
        非推奨|廃止|廃止済み|廃止予定|廃止された|無効|失効|期限切れ|陳腐化|古い
        폐기|폐기됨|폐기 예정|사용 중단|사용중단|더 이상 사용되지 않음|지원 중단|만료|만료됨|무효|구식
        더 이상 유효하지 않음
    """,
    "withdrawn": """
        withdrawn|retracted|retired|cancelled|canceled|closed|reverted|rolled back|removed|revoked|april fool!
        april fool
        zurückgezogen|aufgehoben|widerrufen|storniert|entfernt|zurückgenommen|gestrichen|geschlossen
        retiré|retirée|annulé|annulée|abrogé|abrogée|révoqué|révoquée|fermé|fermée
        retirado|retirada|cancelado|cancelada|anulado|anulada|revocado|revocada|derogado|derogada|cerrado|revertido
        revogado|revogada|encerrado|encerrada|revertida
        ritirato|ritirata|annullato|annullata|revocato|revocata|chiuso
        ingetrokken|geannuleerd|teruggetrokken|gesloten
        wycofany|wycofana|wycofane|wycofano|anulowany|anulowana|anulowane|anulowano|zamknięty
        отозвано|отозван|отозвана|отменено|отменен|отменён|отменена|аннулировано|закрыто|снято
        已撤回|撤回|已撤销|已撤銷|撤销|撤銷|已取消|取消|已关闭|已關閉|已回滚|已移除
        取り下げ|取り下げ済み|取下げ|撤回|撤回済み|撤回された|取消|取り消し|中止|キャンセル
        철회|철회됨|취소|취소됨|중단|중단됨|종료|되돌림
    """,
    "abandoned": """
        abandoned|discarded|dropped|dead|shelved
        aufgegeben|fallengelassen|abgebrochen|eingestellt
        abandonné|abandonnée|abandonne
        abandonado|abandonada
        abbandonato|abbandonata
        verlaten|opgegeven
        porzucony|porzucona|porzucone|zaniechano|zarzucony
        заброшено|заброшен|оставлено|отброшено
        已放弃|已放棄|放弃|已终止|已終止|终止
        放棄|断念|破棄
        포기|포기됨|버려짐
    """,
    SUPERSEDED: """
        superseded|superceded|superseeded|supersceded|replaced|supplanted|subsumed
        ersetzt|abgelöst|wurde ersetzt|wurde abgelöst
        remplacé|remplacée|remplace par|supplanté|supplantée|remplacés|supersédé|supersédée
        reemplazado|reemplazada|sustituido|sustituida|supersedido|supersedida|remplazado|remplazada
        substituído|substituída|substituido|substituida|suplantado|suplantada|superado|superada
        sostituito|sostituita|rimpiazzato|rimpiazzata|soppiantato
        vervangen|opgevolgd
        zastąpiony|zastąpiona|zastąpione|zastąpiono
        заменено|заменен|заменён|заменена|замещено|замещён|замещен|вытеснено|замещена
        已取代|被取代|已被取代|已替代|被替代|已被替代|已替换|已替換|被替换|被替換|已被替换|已被替換|已被代替|被代替
        置換|置換済み|置換された|置き換え|置き換え済み|置き換えられた|上書き済み|差し替え|代替済み|後継あり
        置き換わった
        대체|대체됨|대체되었음|교체|교체됨
    """,
}
_DEAD = ("rejected", "deprecated", "withdrawn", "abandoned")
_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_LETTERS = r"[^\W\d_]"
_NEGATED = r"(?i)\b(?:not|no|nicht|kein\w*|ne|pas|non|não|niet|nie|не|never|until|unless|if|when)\b|[不未]|ない|않"


class StatusWord(NamedTuple):
    """A status word as written, and what it means: accepted, proposed, superseded or the way in which it is dead."""

    text: str
    meaning: str

    @property
    def is_dead(self) -> bool:
        return self.meaning in _DEAD


_PREFIXES = {
    r"no longer (?:proposed|a draft|draft)[;,:.]? (?:(?:but|and|now) )*": ACCEPTED,
    r"(?:not yet|(?:yet )?to be|will be|noch nicht|pas encore|(?:aún|todavía) no|ainda não|non ancora|nog niet|"
    r"jeszcze nie|(?:ещ[её]|пока) не) ": PROPOSED,
    r"(?:no longer|nicht mehr|ya no|não mais|non più|niet (?:meer|langer)|już nie|больше не) ": "deprecated",
    r"(?:not|nicht|no|não|non|niet|nie|не) ": "rejected",
}
"""What stands before a word of acceptance and turns it around, the longer ones first → what both together mean."""


@cache
def _meanings() -> dict[str, str]:
    pairs = [(word, meaning) for meaning, table in _WORDS.items() for word in re.split(r"[|\n]", table)]
    return {" ".join(word.split()): meaning for word, meaning in reversed(pairs) if word.strip()}


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_meanings(), key=len, reverse=True)
    spaced = "|".join(re.escape(word) for word in words if not re.match(_CJK, word))
    unspaced = "|".join(re.escape(word) for word in words if re.match(_CJK, word))
    return re.compile(rf"(?:(?:{spaced})(?!{_LETTERS}|-{_LETTERS})|(?:{unspaced}))")


def leading_status(line: str) -> tuple[StatusWord, str] | None:
    """The status word that a line begins with, and what follows it; `not yet accepted` is proposed."""
    text = folded(line)
    if match := _pattern().match(text):
        return StatusWord(match[0], _meanings()[match[0]]), text[match.end() :]
    for prefix, meaning in _PREFIXES.items():
        led = re.match(prefix, text)
        match = _pattern().match(text, led.end()) if led else None
        if match and _meanings()[match[0]] == ACCEPTED:
            return StatusWord(text[: match.end()], meaning), text[match.end() :]
    return None


def contained_status(line: str) -> StatusWord | None:
    """The status word in a sentence about the record, None where words disagree or one may be negated."""
    words = [StatusWord(match[0], _meanings()[match[0]]) for match in _inner_words(folded(line))]
    agree = len({word.meaning for word in words}) == 1
    return words[0] if agree and not re.search(_NEGATED, line) else None


def _inner_words(line: str) -> list[re.Match[str]]:
    matches = _pattern().finditer(line)
    return [match for match in matches if not re.match(r"[\w-]", line[match.start() - 1 : match.start()])]


def folded(text: str) -> str:
    """A text as words are compared: composed, in lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).lower().replace("’", "'").split())
