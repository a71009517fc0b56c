"""The embedders: texts to vectors of length 1, so that a dot product is a cosine.

Contract: `name` identifies what made the vectors, settings and model included: equal names give equal vectors. Nothing
is loaded before the first text, nothing is downloaded without permission, and whatever fails raises `Unavailable`.
The home of tokenizers and safetensors, and of Chroma's embedding functions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from memcli.errors import NotInstalled
from memcli.index.vectors.chroma_client import INSTALL, is_installed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MODELS = Path(__file__).parents[2] / "models"
"""The models that ship with the package; a plain path, because importlib.resources costs half a bare Python start."""


class Unavailable(NotInstalled):
    """The embedder cannot be used here; lexical recall goes on without it."""

    code = "embedder-unavailable"


class Embedder(Protocol):
    """A way to make vectors; `quick` is one that may embed a whole store while somebody waits."""

    @property
    def name(self) -> str: ...
    @property
    def quick(self) -> bool: ...
    def embed(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions) float32, each row of length 1 (0 where nothing of a text is known)."""
        ...


@cache
def choose_embedder(name: str, settings: str = "", download: bool = False) -> Embedder | None:
    """The embedder of a name: `static`, `minilm`, `none` (None), else one of Chroma's embedding functions.

    `settings` is a JSON object for one of Chroma's. A process that lives long loads each of them once. Raises
    Unavailable.
    """
    if name == "none":
        return None
    if name == "static":
        return StaticEmbedder()
    function = "onnx_mini_lm_l6_v2" if name == "minilm" else name
    return ChromaEmbedder(function, _settings(settings), download)


def _settings(text: str) -> Mapping[str, Any]:
    try:
        settings = json.loads(text or "{}")
    except ValueError as error:
        raise Unavailable(
            f"mem.embedderSettings is not JSON: {error}", """for example '{"model_name": "…"}'"""
        ) from error
    if not isinstance(settings, dict):
        raise Unavailable("mem.embedderSettings is not a JSON object", """for example '{"model_name": "…"}'""")
    return settings


class StaticEmbedder:
    """The table that ships with the package: a text is the mean of its tokens' rows."""

    name, quick = "static-minilm-256", True

    @cached_property
    def _model(self) -> tuple[Any, Vectors]:
        from safetensors import safe_open
        from tokenizers import Tokenizer

        place = MODELS / self.name
        try:
            with safe_open(str(place / "model.safetensors"), "numpy") as tensors:
                table = tensors.get_tensor("embeddings")
            tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
        except Exception as error:  # the libraries raise plain Exceptions
            raise Unavailable(f"the embedding table cannot be read: {error}", "install memcli again") from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer, table

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        tokenizer, table = self._model
        made = np.zeros((len(texts), table.shape[1]), np.float32)
        plain = [text.encode("utf-8", "replace").decode() for text in texts]
        for row, encoding in enumerate(tokenizer.encode_batch_fast(plain, add_special_tokens=False)):
            if encoding.ids:
                made[row] = table[encoding.ids].sum(axis=0, dtype=np.float32)
        return unit(made)


@dataclass(frozen=True)
class ChromaEmbedder:
    """One of Chroma's embedding functions, by its registered name and settings."""

    function: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    download: bool = False
    quick: bool = False

    @property
    def name(self) -> str:
        import hashlib

        settings = json.dumps(self.settings, sort_keys=True)
        return (
            f"{self.function}-{hashlib.sha256(settings.encode()).hexdigest()[:8]}" if self.settings else self.function
        )

    @cached_property
    def _made(self) -> Any:
        if not is_installed():
            raise Unavailable("chromadb is not installed", f"{INSTALL}, or 'git config --unset mem.embedder'")
        try:
            from chromadb.utils import embedding_functions
        except Exception as error:  # also where a `.env` of the current directory confuses it
            raise Unavailable(f"chromadb cannot be loaded: {error}", "'git config mem.embedder static'") from error
        known = embedding_functions.known_embedding_functions
        if self.function not in known:
            names = ", ".join(sorted(known))
            raise Unavailable(f"Chroma has no embedding function {self.function!r}", f"it has {names}")
        function = known[self.function]
        try:
            made = function.build_from_config(dict(self.settings)) if self.settings else function()
        except Exception as error:  # each function of Chroma's raises what it likes
            raise Unavailable(
                f"{self.function}: {error}", "correct mem.embedderSettings, or install what the embedder needs"
            ) from error
        self._check_presence(made)
        return made

    def _check_presence(self, made: Any) -> None:
        """Chroma downloads its own model at first use: not without permission."""
        folder = getattr(made, "DOWNLOAD_PATH", None)
        if folder is None or self.download or (folder / made.EXTRACTED_FOLDER_NAME / "model.onnx").is_file():
            return
        raise Unavailable(
            f"the model of {self.function} is not on this machine",
            "'git config mem.download true' allows Chroma to fetch it (about 80 MB)",
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        made = self._made
        try:
            return unit(np.asarray(made([text or " " for text in texts]), np.float32))
        except Exception as error:
            raise Unavailable(
                f"{self.function} failed: {error}", "'git config mem.embedder static' works offline"
            ) from error


def unit(rows: Vectors) -> Vectors:
    """Every row brought to length 1; a row of zeros stays."""
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled
