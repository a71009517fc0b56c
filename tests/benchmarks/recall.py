"""Recall on public sets, by channel and fused: `python -m tests.benchmarks.recall [--embedder static …] [--cache DIR]`.

It asks the product itself: memories loaded through `Index`, answers from `search`, channels from `FINDING`'s own
functions. Reported besides: reciprocal rank fusion, the best single channel, latency, memory, abstention, ablation.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from memcli.index.database.view import View
from memcli.index.search.channels import FINDING
from memcli.index.search.fusion import RRF, best_first
from memcli.index.search.query import Query
from memcli.index.search.ranking import SearchRequest, search
from memcli.index.vectors.embedding import Embedder
from tests.benchmarks import ablation, unanswerable
from tests.benchmarks.measures import Quality, interval, mean, quality
from tests.benchmarks.sets import EMBEDDERS, SETS, Question, corpus, embedder, minilm, opened, store
from tests.needs import SHARED

SINGLE = ("lexical", "dense")
Answering = Callable[[View, Question], Sequence[str]]


@dataclass(frozen=True)
class Measured:
    """One way to answer on one set: each question's quality and seconds."""

    way: str
    found: tuple[Quality, ...]
    seconds: tuple[float, ...]

    @property
    def mean(self) -> Quality:
        return mean(self.found)


def fused(view: View, question: Question) -> Sequence[str]:
    hits = search(view, SearchRequest(question.query, question.filters, 10 + len(question.without))).hits
    return [hit.record.id for hit in hits]


def reciprocal(view: View, question: Question) -> Sequence[str]:
    hits = search(view, SearchRequest(question.query, question.filters, 10 + len(question.without), fusion=RRF)).hits
    return [hit.record.id for hit in hits]


def single(channel: str) -> Answering:
    """One channel's own answer."""

    def answered(view: View, question: Question) -> Sequence[str]:
        scores = FINDING[channel](Query.of(view, question.query, question.filters))
        return [memory_id for memory_id, _ in best_first(scores)]

    return answered


def measure(view: View, questions: Sequence[Question], way: str, answered: Answering) -> Measured:
    found, seconds = list[Quality](), list[float]()
    for question in questions:
        start = time.perf_counter()
        ranking = answered(view, question)
        seconds.append(time.perf_counter() - start)
        kept = [memory_id for memory_id in ranking if memory_id not in question.without]
        found.append(quality(kept, question.relevant))
    return Measured(way, tuple(found), tuple(seconds))


def ways(vectors: bool) -> dict[str, Answering]:
    """All ways to answer, ours last."""
    channels = {name: single(name) for name in SINGLE if vectors or name != "dense"}
    return {**channels, **({"RRF": reciprocal} if vectors else {}), "fused": fused}


def run(name: str, making: Embedder | None, place: Path | None) -> list[Measured]:
    """All ways on one set."""
    with store(name, making, place) as index, opened(index, making) as view:
        return [measure(view, corpus(name).answerable, *way) for way in ways(making is not None).items()]


def report(label: str, names: Sequence[str], place: Path | None) -> None:
    """The tables of one embedder."""
    making = embedder(label)
    print(f"\n### {label}\n")
    print("| set | way | R@1 | R@5 | R@10 | MRR@10 | nDCG@10 | ms, p50 / p95 |\n|---|---|--:|--:|--:|--:|--:|--:|")
    found: dict[str, list[Measured]] = {}
    for name in names:
        found[name] = run(name, making, place)
        for one in found[name]:
            print(_row(name, one), flush=True)
    _macro(found)
    _losses(found)
    unanswerable.report(names, making, place)
    ablation.report(names, making, place)
    print(f"\nPeak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _row(name: str, one: Measured) -> str:
    total = one.mean
    r5, mrr = (interval([getattr(each, field) for each in one.found]) for field in ("r5", "mrr"))
    slow = statistics.quantiles(one.seconds, n=20)[-1]
    return (
        f"| {name} | {one.way} | {total.r1:.3f} | {total.r5:.3f} ({r5[0]:.2f} to {r5[1]:.2f}) | {total.r10:.3f}"
        f" | {total.mrr:.3f} ({mrr[0]:.2f} to {mrr[1]:.2f}) | {total.ndcg:.3f}"
        f" | {statistics.median(one.seconds) * 1000:.0f} / {slow * 1000:.0f} |"
    )


def _macro(found: dict[str, list[Measured]]) -> None:
    print("\n| macro average | R@1 | R@5 | R@10 | MRR@10 | nDCG@10 |\n|---|--:|--:|--:|--:|--:|")
    for place, one in enumerate(next(iter(found.values()))):
        total = mean([measured[place].mean for measured in found.values()])
        print(f"| {one.way} | {total.r1:.3f} | {total.r5:.3f} | {total.r10:.3f} | {total.mrr:.3f} | {total.ndcg:.3f} |")


def _losses(found: dict[str, list[Measured]]) -> None:
    """Where ours is below the best single channel."""
    for name, measured in found.items():
        ours = measured[-1].mean
        for field in ("r5", "mrr"):
            best = max(getattr(one.mean, field) for one in measured if one.way in SINGLE)
            if getattr(ours, field) < best:
                print(f"\nbelow the best single channel: {name}, {field}: {getattr(ours, field):.4f} < {best:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--embedder", choices=EMBEDDERS, action="append", help="default: none and static")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--cache", type=Path, help="keep the indexes and their vectors here")
    said = parser.parse_args()
    if not (SHARED / "data").is_dir():
        sys.exit(f"no corpora in {SHARED} (MEM_TEST_DATA)")
    for label in said.embedder or ("none", "static"):
        if label == "minilm" and not minilm().is_dir():
            sys.exit(f"no model in {minilm()} (MEM_TEST_DATA)")
        report(label, said.sets.split(","), said.cache)


if __name__ == "__main__":
    main()
