"""Pairs of texts that must never become one: contradictions, and claims with their retraction, in twelve languages."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Pair = tuple[str, str]

SLOTS: dict[str, tuple[str, ...]] = {
    "number": ("5", "7", "50", "5.0", "0.5", "1,000", "1000", "-5", "+5", "1e3", "five", "V", "IV", "½", "10²", "102"),
    "amount": ("$5", "€5", "5 %", "5 GB", "5 MB", "5 Gb", "5 ms", "5 s", "5 min", "v1.2", "v12", "1.2.0", "1:2", "5m"),
    "limit": ("< 5", "> 5", "<= 5", ">= 5", "!= 5", "== 5", "~5", "5+", "at least 5", "at most 5", "up to 5", "5 only"),
    "day": ("Monday", "Tuesday", "2026-01-02", "2026-02-01", "1/2/2026", "2/1/2026", "3 May", "5 March", "Q1", "Q2"),
    "name": ("Ada", "Bob", "ada", "Redis", "Postgres", "`User`", "`user`", "`USER`", "US", "C#", "C++", "C", "node-1"),
    "path": ("src/a.py", "src/A.py", "src/a/b.py", "./a", "/a", "~/a", "*.py", ".py", "__init__", "init", "--a", "-a"),
    "modal": ("must", "may", "must not", "may not", "should", "need not", "can", "cannot", "never", "always", "rarely"),
    "share": (
        "all",
        "some",
        "no",
        "most",
        "few",
        "a few",
        "many",
        "only",
        "not all",
        "half of the",
        "the other",
        "both",
    ),
}
FRAMES: dict[str, tuple[str, ...]] = {
    "number": ("The gateway retries every failed delivery {} times.", "Set the limit of the queue to {} for the team."),
    "amount": ("The cache of the gateway holds {} of the data.", "A request to the billing service costs {} at peak."),
    "limit": (
        "The pager is called where the latency is {} in the region.",
        "We keep the build if coverage is {} there.",
    ),
    "day": ("Deploys of the shop go out on {} after the audit.", "The contract with the vendor ends on {} for good."),
    "name": ("Ask {} before the schema of the ledger is changed.", "The retry queue of the shop is kept in {} now."),
    "path": (
        "The settings of the worker are read from {} first.",
        "Keep the handlers of the webhooks out of {} please.",
    ),
    "modal": ("Agents {} push to the main branch of the shop.", "The worker {} hold the lock while it calls the API."),
    "share": ("We know that {} tests of the gateway pass there.", "On release {} replicas of the store are restarted."),
}
SWAPS = (
    ("{0} calls {1}, and the reply goes to the queue.", "Order matters: {0} is started before {1} in every region."),
    ("If {0} fails, then {1} takes over the traffic.", "The copy in {0} wins over the one in {1} on conflict."),
)
PARTIES = (("A", "B"), ("the gateway", "the ledger"), ("Redis", "Postgres"), ("`left`", "`right`"), ("Ada", "Bob"))
"""Two sides whose order matters."""

NEGATIONS: dict[str, tuple[Pair, ...]] = {
    "en": (("The flag is on.", "The flag is not on."), ("No, deploy on Friday.", "No deploy on Friday."),
           ("Deploy. Never roll back on Friday.", "Deploy never. Roll back on Friday."),
           ("The cache is safe.", "Is the cache safe?"), ("It is safe.", "It is safe?"), ("Call save!", "Call save"),
           ("There is a little memory left.", "There is little memory left.")),
    "de": (("Der Cache ist sicher.", "Der Cache ist nicht sicher."), ("Es gibt einen Index.", "Es gibt keinen Index."),
           ("Schalte den Cache an.", "Schalte den Cache aus."), ("Alle Tests laufen.", "Nicht alle Tests laufen.")),
    "fr": (("Le cache est sûr.", "Le cache n'est pas sûr."), ("On déploie le lundi.", "On ne déploie jamais le lundi."),
           ("Tous les tests passent.", "Aucun test ne passe.")),
    "es": (("El caché es seguro.", "El caché no es seguro."), ("No, despliega hoy.", "No despliega hoy."),
           ("Llama a Ana.", "Llama Ana."), ("Siempre se reintenta.", "Nunca se reintenta.")),
    "it": (("La cache è sicura.", "La cache non è sicura."), ("Si riprova sempre.", "Non si riprova mai.")),
    "pt": (("O cache é seguro.", "O cache não é seguro."), ("Chama a Ana.", "Chama Ana.")),
    "nl": (("De cache is veilig.", "De cache is niet veilig."), ("Er is een index.", "Er is geen index.")),
    "pl": (("Pamięć jest bezpieczna.", "Pamięć nie jest bezpieczna."), ("Zawsze ponawiamy.", "Nigdy nie ponawiamy.")),
    "ru": (("Кэш безопасен.", "Кэш не безопасен."), ("Казнить нельзя, помиловать.", "Казнить, нельзя помиловать."),
           ("Казнить нельзя помиловать.", "Казнить нельзя, помиловать.")),
    "zh": (("缓存是安全的。", "缓存不是安全的。"), ("必须重试。", "不必重试。"), ("可以吗？", "可以。")),
    "ja": (("キャッシュは安全です。", "キャッシュは安全ではありません。"), ("再試行する。", "再試行しない。")),
    "ko": (("캐시는 안전합니다.", "캐시는 안전하지 않습니다."), ("다시 시도한다.", "다시 시도하지 않는다.")),
}  # fmt: skip

RETRACTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "en": ("Payments run on Stripe.", ("This is no longer so.", "Adyen took over in spring.", "Wrong, it turned out.",
           "Ada says otherwise.", "That was before the move.", "See the new contract.", "At least it was planned.")),
    "de": ("Die Zahlungen laufen über Stripe.", ("Das gilt leider nicht mehr.", "Inzwischen macht das Adyen.",
           "So war es bis zum Frühjahr.", "Stimmt nicht.", "Überholt.")),
    "fr": ("Les paiements passent par Stripe.", ("Ce n'est plus le cas.", "Depuis le printemps, c'est Adyen.", "Faux.",
           "C'était avant la migration.")),
    "es": ("Los pagos van por Stripe.", ("Ya no es así.", "Desde la primavera lo hace Adyen.", "Era un error.",
           "Esto era antes.")),
    "it": ("I pagamenti passano da Stripe.", ("Non è più così.", "Adesso se ne occupa Adyen.", "Era prima.")),
    "pt": ("Os pagamentos passam pelo Stripe.", ("Isso já não é assim.", "Agora é a Adyen.", "Estava errado.")),
    "nl": ("De betalingen lopen via Stripe.", ("Dat klopt niet meer.", "Sinds de lente doet Adyen dat.", "Fout.")),
    "pl": ("Płatności idą przez Stripe.", ("To już nieaktualne.", "Od wiosny robi to Adyen.", "Pomyłka.")),
    "ru": ("Платежи идут через Stripe.", ("Это больше не так.", "С весны этим занимается Adyen.", "Ошибка.")),
    "zh": ("付款通过Stripe处理。", ("现在不再如此。", "春天起由Adyen接手。", "这是错的。")),
    "ja": ("支払いはStripeで処理する。", ("今は違います。", "春からAdyenです。", "誤りでした。")),
    "ko": ("결제는 Stripe로 처리한다.", ("이제는 아닙니다.", "봄부터 Adyen이 맡습니다.", "틀렸습니다.")),
}  # fmt: skip

SETTINGS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: f"# Rule\n\n{text}",
    lambda text: f"- {text}\n- Tests run on every push.",
    lambda text: f"1. {text}\n2. Tests run on every push.",
    lambda text: f"| rule | since |\n|---|---|\n| {text} | 2026 |",
    lambda text: f"We agreed on this.\n\n```text\n{text}\n```\n",
    lambda text: f"The platform team keeps a page on this. {text} The page is read by all.",
    lambda text: f"> {text}",
    lambda text: f"**Note:** {text}",
)
"""Where a claim may stand."""
RETRACTING: tuple[Callable[[str, str], str], ...] = (
    lambda claim, retraction: f"{claim} {retraction}",
    lambda claim, retraction: f"{retraction} {claim}",
    lambda claim, retraction: f"{claim}\n\n{retraction}",
    lambda claim, retraction: f"# {retraction}\n\n{claim}",
    lambda claim, retraction: f"- {claim}\n- {retraction}",
    lambda claim, retraction: f"{claim}\n\n> {retraction}",
    lambda claim, retraction: f"{claim}\n\n```\n{retraction}\n```",
    lambda claim, retraction: f"| claim | state |\n|---|---|\n| {claim} | {retraction} |",
    lambda claim, _: f"~~{claim}~~",
    lambda claim, _: f"- [ ] {claim}",
    lambda claim, _: f"“{claim}”",
)
"""How a claim may be taken back."""


def contradictions() -> Iterator[Pair]:
    """Every pair that the tables give, several thousand, each in one setting."""
    pairs = [*_filled(), *_swapped(), *(pair for group in NEGATIONS.values() for pair in group)]
    for number, (mine, theirs) in enumerate(pairs):
        setting = SETTINGS[number % len(SETTINGS)]
        yield setting(mine), setting(theirs)


def _filled() -> Iterator[Pair]:
    for kind, values in SLOTS.items():
        for frame in FRAMES[kind]:
            for place, value in enumerate(values):
                yield from ((frame.format(value), frame.format(other)) for other in values[place + 1 :])


def _swapped() -> Iterator[Pair]:
    for frame in (frame for frames in SWAPS for frame in frames):
        yield from ((frame.format(*parties), frame.format(*parties[::-1])) for parties in PARTIES)


def retractions() -> Iterator[Pair]:
    """Every claim with every retraction of its language, in every form."""
    for claim, texts in RETRACTIONS.values():
        for retraction in texts:
            yield from ((claim, retracting(claim, retraction)) for retracting in RETRACTING)


def sample(pairs: Iterator[Pair], count: int, seed: int) -> list[Pair]:
    """So many of these pairs."""
    return random.Random(seed).sample(list(pairs), count)
