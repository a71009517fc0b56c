"""Reaching Chroma: the files of a generation below a directory, or a server at a URL (`http://host:port`).

chromadb is the one heavy dependency that `mem` works without: who asks for it learns here how to install it. Its import
costs sixty bare Python starts, so only who asks pays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memcli.errors import Failure, Interrupted, MemError, NotInstalled
from memcli.index.storage import generations

if TYPE_CHECKING:
    from urllib.parse import SplitResult

ANSWER_SECONDS = 3.0
"""How long a server may take to say that it is there; Chroma's own client waits for ever."""
INSTALL = "run 'pip install chromadb'"
_HINT = "run 'mem index rebuild' to make the collection again, or 'mem recall --via exact' to do without it"


def is_installed() -> bool:
    """Whether there is a chromadb to import; does not load it."""
    from importlib.util import find_spec

    return find_spec("chromadb") is not None


def require_chromadb() -> None:
    """Raise NotInstalled, with the command that adds it, where there is no chromadb; does not load it."""
    if not is_installed():
        raise NotInstalled("chromadb is not installed", INSTALL)


class ChromaClient:
    """Chroma's client of one place: of the current generation below a directory, or of a server."""

    def __init__(self, place: Path | str) -> None:
        self.place = place
        self._client: tuple[Path | str, Any] | None = None
        self._silence: str | None = None

    def generation(self) -> Path | None:
        """The current one, where the place is a directory."""
        name = generations.current_generation(self.place) if isinstance(self.place, Path) else None
        return self.place / name if isinstance(self.place, Path) and name and (self.place / name).is_dir() else None

    def new_generation(self) -> Path:
        """A fresh one, now the current one."""
        assert isinstance(self.place, Path)
        generation = generations.new_generation(self.place)
        generations.make_current(self.place, generation.name)
        generations.remove_old(self.place, generation)
        return generation

    def open(self, create: bool = True) -> Any:
        """Chroma's own client, made once for each generation; None where there is no generation and none is to be
        made. Raises NotInstalled, OSError and what Chroma raises."""
        place = self.generation() if isinstance(self.place, Path) else self.place
        if place is None and not create:
            return None
        place = place or self.new_generation()
        if self._silence is not None:
            raise OSError(self._silence)  # who did not answer once is not waited for again
        if self._client is None or self._client[0] != place:
            try:
                self._client = place, _connected(place)
            except OSError as error:
                self._silence = str(error)
                raise
        return self._client[1]

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Whatever Chroma raises, panics of its compiled parts included, as one Failure."""
        try:
            yield
        except (MemError, Interrupted, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:
            where = f"the Chroma server at {self.place}" if isinstance(self.place, str) else "the Chroma collection"
            words = " ".join(str(error).split())[:200] or type(error).__name__
            raise Failure(f"{where} cannot be used: {words}", _HINT) from error


def _connected(place: Path | str) -> Any:
    """Chroma's client of a directory or a server. Without `_env_file`, a `.env` of the current directory would
    configure it."""
    from urllib.parse import urlsplit

    require_chromadb()
    url = None if isinstance(place, Path) else urlsplit(place)
    if url is not None:
        _knock(url)  # before the import, which is slow: nobody should wait for it in vain
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False, _env_file=None)  # type: ignore[call-arg]
    if url is None:
        return chromadb.PersistentClient(path=str(place), settings=quiet)
    return chromadb.HttpClient(
        host=url.hostname or "", port=url.port or 8000, ssl=url.scheme == "https", settings=quiet
    )


def _knock(url: SplitResult) -> None:
    """Ask a server whether it is there. Raises OSError, HTTPException."""
    import http.client

    secure = url.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port or 8000, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/api/v2/heartbeat")
        status = connection.getresponse().status
    finally:
        connection.close()
    if status >= 400:
        raise OSError(f"it answers with HTTP {status} and is not a Chroma server")
