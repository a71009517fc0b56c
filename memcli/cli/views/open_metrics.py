"""Statistics as OpenMetrics text. The home of prometheus-client: its registry and its exposition write the text, and
escape whatever a label holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from memcli.operations.stats.counts import Counts
from memcli.operations.stats.stats import Stats

if TYPE_CHECKING:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

COUNTERS = {
    "proposed": ("mem_proposed", "Candidates proposed, decided or not"),
    "accepted": ("mem_accepted", "Candidates promoted and not undone"),
    "rejected": ("mem_rejected", "Candidates rejected"),
    "reads": ("mem_reads", "Recorded reads of memories"),
    "packs": ("mem_packs", "Context packs among the reads"),
    "pack_tokens": ("mem_pack_tokens", "Estimated tokens of the context packs"),
}
GAUGES = {
    "waiting": ("mem_waiting_candidates", "Candidates that await review"),
    "questions": ("mem_open_questions", "Open questions"),
    "active": ("mem_active_memories", "Active memories"),
    "stale": ("mem_stale_memories", "Active memories whose code has changed or is gone"),
    "stale_share": ("mem_stale_ratio", "Share of the active memories that is stale"),
}
DREAMS = {
    "run": ("mem_dreams", "Dreams run"),
    "proposed": ("mem_dream_proposed", "Changes proposed by dreams"),
    "promoted": ("mem_dream_promoted", "Changes of dreams promoted"),
    "rejected": ("mem_dream_rejected", "Changes of dreams rejected or discarded"),
    "reverted": ("mem_dream_reverted", "Promoted changes of dreams reverted"),
}
"""Number of `Counts`, or of `DreamCounts` → the metric and what it tells; the samples of counters end in `_total`."""


class StatsCollector:
    """What a registry collects: the total, or each group under a label of the grouping's name."""

    def __init__(self, stats: Stats) -> None:
        self._stats = stats

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        labels = [self._stats.by] if self._stats.by else []
        for name, (metric, text) in COUNTERS.items():
            yield self._filled(CounterMetricFamily(metric, text, labels=labels), name)
        for name, (metric, text) in GAUGES.items():
            yield self._filled(GaugeMetricFamily(metric, text, labels=labels), name)
        for name, (metric, text) in DREAMS.items():
            yield CounterMetricFamily(metric, text, value=getattr(self._stats.dreams, name))

    def _filled(self, metric: CounterMetricFamily | GaugeMetricFamily, name: str) -> Metric:
        """The metric with a sample for each group; a share of nothing has none."""
        groups: Mapping[str, Counts] = self._stats.groups if self._stats.by else {"": self._stats.total}
        for group, counts in groups.items():
            value, label = getattr(counts, name), group.encode("utf-8", "replace").decode()
            if value is not None:
                metric.add_metric([label] if self._stats.by else [], value)
        return metric


def open_metrics(stats: Stats) -> str:
    """The OpenMetrics text of statistics, with `# EOF` at its end."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.openmetrics.exposition import generate_latest

    registry = CollectorRegistry()
    registry.register(StatsCollector(stats))
    return str(generate_latest(registry).decode())  # type: ignore[no-untyped-call]
