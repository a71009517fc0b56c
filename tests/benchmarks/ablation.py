"""What each channel is worth: the macro averages without it, with other weights, and with weights chosen on all sets
but the one they are judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from memcli.index.search.fusion import fuse, weights
from memcli.index.search.query import Query
from memcli.index.search.scores import ScoredCandidates, score_candidates
from memcli.index.vectors.embedding import Embedder
from tests.benchmarks.measures import Quality, mean, quality
from tests.benchmarks.sets import Question, corpus, opened, store

DENSE = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
ADJACENT = (0.0, 0.2, 0.3, 0.5, 1.0)
Weights = Mapping[str, float]
Kept = Mapping[str, Sequence[tuple[Question, ScoredCandidates]]]


def report(names: Sequence[str], making: Embedder | None, place: Path | None) -> None:
    """The ablation's table; abstention plays no part in it."""
    kept = {name: _gathered(name, making, place) for name in names}
    ours = weights(making.name if making else None)
    print("\n| without | R@5 | MRR@10 |\n|---|--:|--:|")
    print(f"| – | {_figures(kept, ours)} |")
    for channel in ("lexical", "adjacent", "dense", "neighbours", "exact", "recency", "importance"):
        print(f"| {channel} | {_figures(kept, {**ours, channel: 0.0})} |")
    print("\n| weight | R@5 | MRR@10 |\n|---|--:|--:|")
    for channel, values in (("dense", DENSE if making else ()), ("adjacent", ADJACENT)):
        for value in values:
            print(f"| {channel} {value:g} | {_figures(kept, {**ours, channel: value})} |")
    if making:
        print(f"\nDense and adjacent weights chosen on all sets but one, judged by that one: {_held_out(kept, ours)}")


def _gathered(name: str, making: Embedder | None, place: Path | None) -> list[tuple[Question, ScoredCandidates]]:
    with store(name, making, place) as index, opened(index, making) as view:
        return [(one, score_candidates(Query.of(view, one.query, one.filters))) for one in corpus(name).answerable]


def _judged(questions: Sequence[tuple[Question, ScoredCandidates]], weighing: Weights) -> Quality:
    found = []
    for question, gathered in questions:
        ranking = [one for one, _ in fuse(gathered.channels, weighing=weighing) if one not in question.without]
        found.append(quality(ranking, question.relevant))
    return mean(found)


def _figures(kept: Kept, weighing: Weights) -> str:
    total = mean([_judged(questions, weighing) for questions in kept.values()])
    return f"{total.r5:.4f} | {total.mrr:.4f}"


def _held_out(kept: Kept, ours: Weights) -> str:
    grid = [{**ours, "dense": dense, "adjacent": adjacent} for dense in DENSE for adjacent in ADJACENT]
    table = {name: [_judged(questions, weighing) for weighing in grid] for name, questions in kept.items()}
    judged = []
    for name in kept:
        others = [table[other] for other in kept if other != name]
        best = max(range(len(grid)), key=lambda place: sum(one[place].r5 + one[place].mrr for one in others))
        judged.append(table[name][best])
    total = mean(judged)
    return f"R@5 {total.r5:.4f}, MRR@10 {total.mrr:.4f}"
