"""A real small embedder for tests: every word has a direction of its own, found by hashing; some words share theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memcli.index.vectors.embedding import unit


@dataclass
class Meanings:
    """A text is the sum of its words' directions; `same` maps a word to the one it means the same as."""

    same: Mapping[str, str] = field(default_factory=dict)
    name: str = "meanings"
    quick: bool = True

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [unit(self._sum(text).tolist()) for text in texts]

    def _sum(self, text: str) -> NDArray[np.float64]:
        words = [self.same.get(word, word) for word in text.lower().split()]
        seeds = [int.from_bytes(hashlib.md5(word.encode()).digest()[:4], "big") for word in words]
        rows = [np.random.default_rng(seed).normal(size=64) for seed in seeds]
        summed: NDArray[np.float64] = np.sum([np.zeros(64), *rows], axis=0)
        return summed
