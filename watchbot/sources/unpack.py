"""Content encodings, undone piece by piece: gzip, deflate, br, zstd, and two of them over one another.

    packed bytes -> layer (outermost first) -> layer -> pieces of at most about a quarter of a megabyte

Nothing is ever unpacked further than one piece ahead, so a bomb costs no more memory than what is wanted of it.
The libraries of br and zstd are imported where a server answers with them.
"""

import sys
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from watchbot.model.errors import FetchError

if TYPE_CHECKING:
    from backports.zstd import ZstdDecompressor

ACCEPTED = "gzip, deflate, br, zstd"
LARGEST = 10 * 1024 * 1024
MOST_LAYERS = 2
_STEP = 256 * 1024
_MOST_MEMBERS = 1000
_WINDOW_LOG = 23  # 8 MB: what RFC 9659 allows a web server
_GZIP_OR_ZLIB, _RAW_DEFLATE = 47, -15
# Words that servers write where nothing is encoded; the last one speaks of the transfer only.
_PLAIN = frozenset({"", "identity", "none", "utf-8", "binary", "aws-chunked"})


class _Layer(Protocol):
    """One encoding. `complete` says whether its data came to a proper end."""

    complete: bool

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What the data becomes, at most about a step at a time; an empty piece is only a chance to pause."""
        ...


def unpacker(encoding: str) -> "Unpacker | None":
    """The unpacker for a Content-Encoding header, None where nothing is encoded. Raises FetchError."""
    names = [name for one in encoding.lower().split(",") if (name := one.strip()) not in _PLAIN]
    if not names:
        return None
    if len(names) > MOST_LAYERS:
        raise FetchError(f"its answer is encoded more than {MOST_LAYERS} times over")
    return Unpacker([_layer(name) for name in reversed(names)])


def too_large() -> FetchError:
    """The error for a body over the cap."""
    return FetchError(f"the answer is larger than {LARGEST // 1024 // 1024} MB")


def _layer(name: str) -> _Layer:
    """The decoder of one encoding."""
    match name:
        case "gzip" | "x-gzip" | "deflate":
            return _Zlib()
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
        case _:
            raise FetchError(f"it answers in an encoding that was not asked for ({name[:20]!r})")


def _damaged() -> FetchError:
    """The error for data that cannot be unpacked."""
    return FetchError("its compressed answer is damaged")


class Unpacker:
    """One layer or several, the one that was put on last coming off first."""

    def __init__(self, layers: list[_Layer]) -> None:
        """Nothing was seen yet."""
        self._layers = layers
        self._sizes = [0] * len(layers)

    @property
    def complete(self) -> bool:
        """Whether every layer came to its proper end."""
        return all(layer.complete for layer in self._layers)

    def pieces(self, data: bytes, depth: int = 0) -> Iterator[bytes]:
        """What the data becomes after all layers. Raises FetchError for damaged data and over the cap."""
        if depth == len(self._layers):
            yield data
            return
        for piece in self._layers[depth].pieces(data):
            self._sizes[depth] += len(piece)
            if self._sizes[depth] > LARGEST:
                raise too_large()
            yield from self.pieces(piece, depth + 1)


class _Zlib:
    """gzip and deflate; also deflate without its header, as some servers send it."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._decoder: zlib._Decompress | None = None
        self._members = 0
        self.complete = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """A step at a time; what follows the last member is no matter."""
        while data:
            if self._decoder is None:
                if self.complete and not data.startswith(b"\x1f\x8b"):
                    return
                self._decoder = self._next_member(data)
            try:
                piece = self._decoder.decompress(data, _STEP)
            except zlib.error:
                raise _damaged() from None
            self.complete = self._decoder.eof
            data = self._decoder.unused_data if self.complete else self._decoder.unconsumed_tail
            if self.complete:
                self._decoder = None
            yield piece

    def _next_member(self, data: bytes) -> "zlib._Decompress":
        """A decoder for what begins here."""
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise _damaged()
        raw = data[0] & 0x0F != 8 and not data.startswith(b"\x1f")
        return zlib.decompressobj(_RAW_DEFLATE if raw else _GZIP_OR_ZLIB)


class _Brotli:
    """br: one stream, and nothing after it."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        import brotli  # type: ignore[import-untyped]

        self._error: type[Exception] = brotli.error
        self._decoder = brotli.Decompressor()
        self.complete = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """A step at a time, until a step brings nothing and more data is taken."""
        if data and self.complete:
            raise _damaged()
        while not self.complete:
            try:
                piece = self._decoder.process(data, output_buffer_limit=_STEP)
            except self._error:
                raise _damaged() from None
            self.complete = self._decoder.is_finished()
            data = b""
            yield piece
            if not piece and self._decoder.can_accept_more_data():
                return


class _Zstd:
    """zstd: any number of frames, each with a window of at most 8 MB."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd

        self._zstd = zstd
        self._decoder: ZstdDecompressor | None = None
        self._frames = 0
        self.complete = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """A step at a time, frame after frame."""
        while data or self._holds_more():
            if self._decoder is None:
                self._decoder = self._next_frame()
            try:
                piece = self._decoder.decompress(data, _STEP)
            except self._zstd.ZstdError:
                raise _damaged() from None
            self.complete = self._decoder.eof
            data = self._decoder.unused_data if self.complete else b""
            if self.complete:
                self._decoder = None
            yield piece

    def _holds_more(self) -> bool:
        """Whether the decoder can go on without new data."""
        return self._decoder is not None and not self._decoder.needs_input

    def _next_frame(self) -> "ZstdDecompressor":
        """A decoder for what begins here."""
        self._frames += 1
        if self._frames > _MOST_MEMBERS:
            raise _damaged()
        options: dict[int, int] = {self._zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
        return self._zstd.ZstdDecompressor(options=options)
