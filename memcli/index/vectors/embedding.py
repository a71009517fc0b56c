"""The embedders: texts to vectors of length 1, so that a dot product is a cosine.

Contract: `name` identifies what made the vectors, settings and model included: equal names give equal vectors. Nothing
is loaded before the first text, nothing is downloaded without permission, and whatever fails raises `Unavailable`.
The home of tokenizers, and of Chroma's embedding functions.
"""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

from memcli.errors import NotInstalled
from memcli.index.vectors.chroma_client import INSTALL, is_installed
from memcli.index.vectors.dot_products import column_sums

MODELS = Path(__file__).parents[2] / "models"
"""The models that ship with the package; a plain path, because importlib.resources costs half a bare Python start."""


WIDTH = 256
"""The dimensions of the table."""


class Unavailable(NotInstalled):
    """The embedder cannot be used here; lexical recall goes on without it."""

    code = "embedder-unavailable"


class Embedder(Protocol):
    """A way to make vectors; `quick` is one that may embed a whole store while somebody waits."""

    @property
    def name(self) -> str: ...
    @property
    def quick(self) -> bool: ...
    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector of length 1 for each text (0 where nothing of a text is known)."""
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
    def _table(self) -> memoryview:
        """The rows of the table, read from its file as they are needed."""
        try:
            return _tensor(MODELS / self.name / "model.safetensors", "embeddings")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _unreadable(error) from error

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(MODELS / self.name / "tokenizer.json"))
        except Exception as error:  # the library raises plain Exceptions
            raise _unreadable(error) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        plain = [text.encode("utf-8", "replace").decode() for text in texts]
        encodings = self._tokenizer.encode_batch_fast(plain, add_special_tokens=False)
        return [self._mean(encoding.ids) for encoding in encodings]

    def _mean(self, tokens: Sequence[int]) -> list[float]:
        """The mean of the tokens' rows, at length 1, which makes it the same as their sum."""
        rows = [self._table[token * WIDTH : (token + 1) * WIDTH] for token in tokens]
        return unit(column_sums(rows)) if rows else [0.0] * WIDTH


def _tensor(file: Path, name: str) -> memoryview:
    """The bytes of one tensor of int8, `WIDTH` wide, from a file in the format of safetensors.

    That is the length of the header (eight bytes), the header as JSON, and the tensors' bytes at the places that it
    gives. Raises OSError, ValueError, KeyError, TypeError.
    """
    with file.open("rb") as stream:
        content = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    begin = 8 + int.from_bytes(content[:8], "little")
    tensor = json.loads(bytes(content[8:begin]))[name]
    first, last = tensor["data_offsets"]
    if tensor["dtype"] != "I8" or tensor["shape"][1:] != [WIDTH] or begin + last > len(content):
        raise ValueError(f"{file.name} does not hold whole rows of {WIDTH} int8")
    return content[begin + first : begin + last]


def _unreadable(error: Exception) -> Unavailable:
    return Unavailable(f"the embedding table cannot be read: {error}", "install memcli again")


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

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        made = self._made
        try:
            return [unit(list(map(float, vector))) for vector in made([text or " " for text in texts])]
        except Exception as error:
            raise Unavailable(
                f"{self.function} failed: {error}", "'git config mem.embedder static' works offline"
            ) from error


def unit(vector: Sequence[float]) -> list[float]:
    """A vector brought to length 1; zeros stay."""
    length = math.hypot(*vector)
    return [number / length for number in vector] if length else list(vector)
