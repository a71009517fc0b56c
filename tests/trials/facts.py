"""What the trial's store and candidates say: a web shop's facts, with numbers that the seed chooses for each `{n}`."""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """One fact: `text` may hold `{n}` and `{m}`, `path` is the code that it is about."""

    topic: str
    type: str
    path: str
    text: str


class Setting(NamedTuple):
    """A fact about a constant of the code, which two authors may give different values."""

    topic: str
    path: str
    constant: str
    values: tuple[int, ...]
    text: str


class Rewording(NamedTuple):
    """A fact, and the same in other words."""

    topic: str
    path: str
    text: str
    reworded: str


FACTS = tuple(Fact(*row) for row in (
    ("payments", "decision", "src/payments/ledger.py",
     "The ledger posts in whole cents; fractions are carried to the month's rounding account."),
    ("payments", "constraint", "src/payments/refunds.py",
     "A refund above {n}00 EUR waits for a second signature from finance."),
    ("payments", "fact", "src/payments/ledger.py",
     "Chargebacks arrive as a nightly CSV from the bank and are matched by reference number."),
    ("payments", "procedure", "src/payments/refunds.py",
     "To replay a failed payout, set its state to `queued` and run `bin/payouts --one ID`."),
    ("payments", "attempt", "src/payments/ledger.py",
     "Batching card captures by merchant was tried and taken back: the acquirer limits bursts."),
    ("payments", "stability", "src/payments/refunds.py",
     "Currency conversion is owned by the treasury team; nobody else edits its tables."),
    ("auth", "decision", "src/auth/tokens.py",
     "Access tokens are opaque to clients; only the gateway decodes them."),
    ("auth", "constraint", "src/auth/tokens.py",
     "Signing keys rotate every {n} days, and two generations stay valid side by side."),
    ("auth", "fact", "src/auth/tokens.py",
     "Service accounts cannot log in through the browser; they exchange a certificate."),
    ("auth", "procedure", "src/auth/passwords.py",
     "Lock out a stolen device with `bin/devices revoke`, which also ends its websocket."),
    ("auth", "attempt", "src/auth/passwords.py",
     "Magic links by SMS were dropped: carriers delayed them for up to {n} minutes."),
    ("auth", "preference", "src/auth/tokens.py",
     "Error pages of the login flow never tell whether an address is registered."),
    ("search", "decision", "src/search/index.py",
     "Product synonyms live in the catalogue, so that editors change them without a deploy."),
    ("search", "fact", "src/search/index.py",
     "Stemming is switched off for brand names, which made Nike match nicknames."),
    ("search", "procedure", "src/search/index.py",
     "Reindex one shop with `bin/reindex --shop ID`; the alias moves when counts agree."),
    ("search", "constraint", "src/search/query.py",
     "Facet counts above {n}000 are shown as an estimate."),
    ("search", "attempt", "src/search/query.py",
     "Learning to rank on clicks made bestsellers eat every niche; popularity is capped since."),
    ("search", "stability", "src/search/query.py",
     "The query parser is fragile around quotes; change it only with the golden file at hand."),
    ("deploy", "decision", "deploy/rollout.py",
     "Database migrations ship one release ahead of the code that needs them."),
    ("deploy", "constraint", "deploy/rollout.py",
     "No rollout starts on Friday after {n}:00 without the duty engineer's consent."),
    ("deploy", "procedure", "deploy/rollout.py",
     "Roll back with `make previous`: it pins the last green image and drains the queues."),
    ("deploy", "fact", "deploy/health.py",
     "The liveness probe answers from memory and never touches the database."),
    ("deploy", "attempt", "deploy/health.py",
     "Blue-green with two Kafka consumers double-counted orders; one side is paused now."),
    ("deploy", "preference", "deploy/health.py",
     "Feature flags are named after the ticket and removed within {n} weeks."),
    ("storage", "decision", "src/storage/blobs.py",
     "Product pictures are addressed by content hash, which makes purging caches unnecessary."),
    ("storage", "fact", "src/storage/blobs.py",
     "Thumbnails are rendered on first request by a worker in the same region."),
    ("storage", "constraint", "src/storage/archive.py",
     "Order documents are kept for {n} years by law, in write-once buckets."),
    ("storage", "procedure", "src/storage/archive.py",
     "Restore a customer's archive with `bin/thaw --order ID`; glacier objects take five hours."),
    ("storage", "attempt", "src/storage/blobs.py",
     "Serving WebP by content negotiation broke the mobile CDN cache key."),
    ("storage", "stability", "src/storage/archive.py",
     "The archive's manifest format is frozen: auditors parse it with their own tools."),
    ("api", "decision", "src/api/pagination.py",
     "Public endpoints use cursors, as offsets skipped rows during imports."),
    ("api", "constraint", "src/api/pagination.py",
     "Breaking changes get a new media type and {n} months of parallel support."),
    ("api", "fact", "src/api/errors.py",
     "Problem documents follow RFC 9457, with our own `trace` member."),
    ("api", "procedure", "src/api/errors.py",
     "Regenerate the OpenAPI file with `make schema` before every pull request."),
    ("api", "attempt", "src/api/errors.py",
     "GraphQL for partners was a dead end: their proxies cached POST bodies."),
    ("api", "preference", "src/api/pagination.py",
     "Timestamps leave the service as UTC strings with a trailing Z."),
    ("frontend", "decision", "web/checkout.ts",
     "The checkout renders on the server; hydration starts after the first paint."),
    ("frontend", "fact", "web/checkout.ts",
     "Basket totals in the browser are a preview, the backend's sum is binding."),
    ("frontend", "constraint", "web/forms.ts",
     "Every dialogue must be operable by keyboard and announce its title."),
    ("frontend", "procedure", "web/forms.ts",
     "Refresh visual snapshots with `npm run shots`, on Linux only because of fonts."),
    ("frontend", "attempt", "web/forms.ts",
     "Virtual scrolling in the order list confused screen readers and was removed."),
    ("frontend", "preference", "web/checkout.ts",
     "Design tokens come from Figma's export; hex colours in components fail the linter."),
    ("orders", "decision", "src/orders/saga.py",
     "An order is a saga: each step records its compensation before it runs."),
    ("orders", "fact", "src/orders/saga.py",
     "Partial shipments create child orders that share the parent's invoice."),
    ("orders", "constraint", "src/orders/stock.py",
     "Reserved stock is released {n} minutes after the basket goes idle."),
    ("orders", "procedure", "src/orders/stock.py",
     "Correct an inventory drift with `bin/recount --all`, never by SQL."),
    ("orders", "attempt", "src/orders/saga.py",
     "Optimistic locking on warehouses starved the evening import; a lease replaced it."),
    ("orders", "stability", "src/orders/stock.py",
     "Tax rules per country change every January and belong to the compliance group."),
    ("mail", "decision", "src/mail/outbox.py",
     "Outgoing mail goes through an outbox table, so a crash sends nothing twice."),
    ("mail", "fact", "src/mail/outbox.py",
     "Bounces are read from the provider's webhook and silence the address for {n} days."),
    ("mail", "constraint", "src/mail/templates.py",
     "Marketing letters require a double opt-in that is younger than two years."),
    ("mail", "procedure", "src/mail/templates.py",
     "Preview a template with `bin/letter --to me`, which watermarks the subject."),
    ("mail", "attempt", "src/mail/templates.py",
     "MJML partials were abandoned: Outlook dropped nested columns."),
    ("mail", "preference", "src/mail/outbox.py",
     "Plain text parts are written by hand and not derived from the markup."),
    ("observability", "decision", "deploy/metrics.py",
     "Traces are sampled at the edge; whatever fails is always retained."),
    ("observability", "fact", "deploy/metrics.py",
     "The dashboard called Pulse reads a replica that lags by {n} seconds at noon."),
    ("observability", "constraint", "deploy/metrics.py",
     "Log lines must not contain postal addresses; the shipper masks what slips through."),
    ("observability", "procedure", "deploy/alerts.py",
     "Silence a flapping alarm with an expiry, and link the incident in its comment."),
    ("observability", "attempt", "deploy/alerts.py",
     "Anomaly detection on sign-ups woke people for every newsletter."),
    ("observability", "preference", "deploy/alerts.py",
     "Metric names end in their unit, histograms use base two buckets."),
))  # fmt: skip

SETTINGS = tuple(Setting(*row) for row in (
    ("payments", "src/payments/webhook.py", "RETRIES", (5, 7, 9),
     "Webhook deliveries are retried at most {n} times, then they go to the dead letter queue."),
    ("auth", "src/auth/hashing.py", "BCRYPT_COST", (10, 12, 14), "Passwords are hashed with bcrypt at a cost of {n}."),
    ("auth", "src/auth/sessions.py", "IDLE_HOURS", (8, 12, 24),
     "A login session expires after {n} hours without any request."),
    ("search", "src/search/pages.py", "PAGE_SIZE", (20, 25, 50), "Search results are delivered in pages of {n} hits."),
    ("storage", "src/storage/uploads.py", "MAX_MEGABYTES", (16, 32, 64),
     "Uploads larger than {n} MB are refused by the gateway."),
    ("deploy", "deploy/canary.py", "CANARY_MINUTES", (15, 30, 45),
     "A release stays on the canary hosts for {n} minutes before it rolls out everywhere."),
    ("api", "src/api/limits.py", "PER_MINUTE", (60, 120, 300), "An API key may send {n} requests per minute."),
    ("orders", "src/orders/export.py", "BATCH", (100, 250, 500),
     "The warehouse export writes orders in batches of {n} rows."),
))  # fmt: skip
"""Enough that the seed finds a different one for each fault."""

REWORDINGS = tuple(Rewording(*row) for row in (
    ("payments", "src/payments/invoices.py",
     "The ledger service numbers all invoices; the shop never assigns a number.",
     "Invoices are numbered by the ledger service. The shop itself never assigns an invoice number."),
    ("search", "src/search/ranking.py", "Sold-out products stay in the search index and are ranked last.",
     "In the search index, sold-out products are kept; they are ranked last."),
    ("mail", "src/mail/queue.py", "Mail to customers is sent at local daytime, decided by their delivery address.",
     "Customers get mail at local daytime; their delivery address decides which time that is."),
    ("deploy", "deploy/secrets.py", "Workers read their credentials from Vault at start and renew them hourly.",
     "At start, workers read credentials from Vault; they renew them hourly."),
))  # fmt: skip
"""Near-duplicates that claim the same."""
