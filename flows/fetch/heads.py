"""The head of an answer as browsers and curl read it, written anew for h11, which refuses more.

Decides what of an odd status line and of odd header lines can be read safely: a line that is no
header is dropped, a folded one is one line, lengths that agree are one length. What cannot be
read safely is kept as a `doubt`: two lengths, or a coding nobody knows, leave open where the body
ends (RFC 9112, 6.3), and a page cut at the wrong place must not be taken for whole. Refuses to know
what headers mean; a connection whose head was written anew is not for a second request, so that no
answer can be taken for that of another (`transport.Line.is_spent`).

Linear in its input, which `MOST_HEAD_BYTES` bounds.
"""

import re
from dataclasses import dataclass

from flows.core import Reason
from flows.fetch.failure import NotFetched

MOST_HEAD_BYTES = 100_000  # what h11 takes; real heads have 1 to 10 KB
_MOST_LINES = 5_000  # 2 µs each; real heads have 10 to 50

_END = re.compile(rb"\n\r?\n")
_TOKEN = re.compile(rb"[-!#$%&'*+.^_`|~0-9a-zA-Z]+")
_STATUS = re.compile(
    rb"HTTP(?:/(\d)(?:\.(\d))?)?[ \t]+([1-9]\d\d)(?!\d)[ \t]*+(.*)", re.IGNORECASE | re.DOTALL
)
_PLAIN_STATUS = re.compile(rb"HTTP/1\.[01] [1-9]\d\d(?: [^\0\r\v\f]*+)?")
_UNFIT = re.compile(rb"[\0\r\v\f]")  # what h11 takes in no value
_FRAMING = (b"content-length", b"transfer-encoding")
_MOST_STRAY = 4  # a byte-order mark, a blank; as Chromium has it
_MOST_DIGITS = 20  # as in h11; 19 digits are more bytes than there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head that h11 takes. `is_repaired`: it is not what came, byte for byte.

    `is_chunked`: its body comes in chunks. `doubt` says in words why it is unsure where the body
    ends; None when it is sure.
    """

    status: int
    content: bytes
    is_repaired: bool
    is_chunked: bool = False
    doubt: str | None = None


class HeadReader:
    """Takes the head of one answer off the front of what has come."""

    def __init__(self) -> None:
        self._searched = 0
        self._has_stripped = False

    def take(self, buffer: bytearray) -> Head | None:
        """The head, taken off `buffer`; None while its end has not come.

        Informational answers (RFC 9110, 15.2) are passed over, but for a change of protocols.
        Raises `NotFetched` `protocol_error` for what is no HTTP, or has no end.
        """
        while True:
            self._strip(buffer)
            end = _END.search(buffer, self._searched)
            if end is None:
                self._searched = max(0, len(buffer) - 2)
                if len(buffer) > MOST_HEAD_BYTES:
                    raise _no_http(f"a head of more than {MOST_HEAD_BYTES:,} bytes")
                return None
            raw = bytes(buffer[: end.end()])
            del buffer[: end.end()]
            self._searched = 0
            head = read_head(raw, is_repaired=self._has_stripped)
            if head.status >= 200 or head.status == 101:
                return head

    def _strip(self, buffer: bytearray) -> None:
        """Drop blank lines and a few stray bytes before the head, as browsers do; what does not
        begin like one then will never be."""
        is_blank = buffer.startswith((b"\r", b"\n"))
        stray = len(buffer) - len(buffer.lstrip(b"\r\n")) if is_blank else 0
        stray += max(0, bytes(buffer[stray : stray + 4 + _MOST_STRAY]).upper().find(b"HTTP"))
        if stray:
            del buffer[:stray]
            self._has_stripped = True
            self._searched = 0
        is_begun = b"HTTP".startswith(bytes(buffer[:4]).upper())
        if not is_begun and len(buffer) >= 4 + _MOST_STRAY:
            raise _no_http(f"no HTTP: it begins with {bytes(buffer[:40])!r}")


def read_head(raw: bytes, *, is_repaired: bool = False) -> Head:
    """`raw`, from its status line to its blank line, as h11 takes it.

    Raises `NotFetched` `protocol_error` when there is no status in it, or no end of lines.
    """
    first, *rest = (line.removesuffix(b"\r") for line in raw.rstrip(b"\r\n").split(b"\n"))
    status, status_line = _status(first)
    if len(rest) > _MOST_LINES:
        raise _no_http(f"a head of more than {_MOST_LINES:,} lines")
    lines = [line for line in map(_header, _unfolded(rest)) if line is not None]
    lines, doubt = _framed(lines)
    content = b"\r\n".join([status_line, *(line for _, line in lines), b"", b""])
    return Head(
        status=status,
        content=content,
        is_repaired=is_repaired or content != raw,
        is_chunked=any(name == b"transfer-encoding" for name, _ in lines),
        doubt=doubt,
    )


def check_first_chunk(body: bytes) -> None:
    """Raise `NotFetched` where no chunk begins: h11 would wait for the end of a line.

    Servers that send a length beside `chunked` often send the body in one piece.
    """
    if body and body[0] not in b"0123456789abcdefABCDEF":
        raise _no_http("a Transfer-Encoding of 'chunked' and no chunks")


def _status(line: bytes) -> tuple[int, bytes]:
    found = _STATUS.fullmatch(line)
    if found is None:
        raise _no_http(f"no HTTP status: {line[:40]!r}")
    if _PLAIN_STATUS.fullmatch(line):
        return int(found[3]), line
    # An answer of no or an old version promises nothing of a connection kept alive
    version = b"1.0" if (found[1] or b"0", found[2]) in ((b"1", b"0"), (b"0", found[2])) else b"1.1"
    said = _UNFIT.sub(b" ", found[4])
    return int(found[3]), b" ".join([b"HTTP/" + version, found[3], said])


def _unfolded(lines: list[bytes]) -> list[bytes]:
    """Lines that begin with a blank belong to the one before (RFC 9112, 5.2), the first to none."""
    whole: list[list[bytes]] = []
    for line in lines:
        if not line.startswith((b" ", b"\t")):
            whole.append([line])
        elif whole:
            whole[-1].append(line.strip(b" \t"))
    return [parts[0] if len(parts) == 1 else b" ".join(parts) for parts in whole]


def _header(line: bytes) -> tuple[bytes, bytes] | None:
    """The name in lower case and the line as h11 takes it; None for what is no header."""
    said, colon, value = line.partition(b":")
    name = said.rstrip(b" \t")
    if not colon or not _TOKEN.fullmatch(name):
        return None
    if len(name) == len(said) and not _UNFIT.search(value):
        return name.lower(), line
    return name.lower(), name + b": " + _UNFIT.sub(b" ", value).strip()


Lines = list[tuple[bytes, bytes]]


def _framed(lines: Lines) -> tuple[Lines, str | None]:
    """Lines that say once where the body ends, and what makes that doubtful."""
    lengths = _listed(lines, b"content-length")
    codings = _listed(lines, b"transfer-encoding")
    is_plain = codings in ([], [b"chunked"]) and all(map(_is_number, lengths))
    if is_plain and sum(name in _FRAMING for name, _ in lines) <= 1 and len(lengths) <= 1:
        return lines, None
    framing, doubt = _framing(lengths, [one for one in codings if one not in (b"identity", b"")])
    return [*(line for line in lines if line[0] not in _FRAMING), *framing], doubt


def _framing(lengths: list[bytes], codings: list[bytes]) -> tuple[Lines, str | None]:
    """Chunks go before any length (RFC 9112, 6.3); lengths that differ are the least of them.

    What a proxy coded for the way (`gzip, chunked`) is known by its first bytes later on.
    """
    if codings:
        if codings[-1] == b"chunked":
            return [(b"transfer-encoding", b"Transfer-Encoding: chunked")], None
        return [], f"a Transfer-Encoding of {_quoted(codings)}"
    said = [length for length in dict.fromkeys(lengths) if length]
    numbers = sorted({int(length) for length in said if _is_number(length)})
    doubt = None
    if len(numbers) > 1:
        doubt = f"Content-Lengths that differ: {_quoted(said)}"
    elif not all(map(_is_number, said)):
        doubt = f"a Content-Length of {_quoted(said)}"
    least = [(b"content-length", b"Content-Length: %d" % number) for number in numbers[:1]]
    return least, doubt


def _listed(lines: Lines, name: bytes) -> list[bytes]:
    """The members of a list that may stand in several headers, in lower case."""
    values = (line.partition(b":")[2] for found, line in lines if found == name)
    return [member.strip().lower() for value in values for member in value.split(b",")]


def _is_number(length: bytes) -> bool:
    return length.isdigit() and len(length) <= _MOST_DIGITS


def _quoted(said: list[bytes]) -> str:
    return repr(", ".join(one.decode("latin-1") for one in said)[:80])


def _no_http(detail: str) -> NotFetched:
    return NotFetched(Reason.PROTOCOL_ERROR, detail)
