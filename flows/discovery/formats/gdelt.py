"""GDELT: its 15-minute bulk files and the DOC API's article lists: bytes → rows and listings.

Decides which file covers which quarter of an hour, what a row of each table says, and how a window
is split until the DOC API's cap of 250 rows no longer hides any; refuses to fetch. GDELT's times
are when it saw an article, not when it was published, so they are marked `gdelt_seen`.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from flows.core.text.cleaning import how_many
from flows.core.urls import fetch_url, host_of
from flows.discovery.formats.json_feed import read_json
from flows.discovery.listing import Child, Entry, Listing, Unreadable

BULK = "http://data.gdeltproject.org/gdeltv2/"
DOC_API = "https://api.gdeltproject.org/api/v2/doc/doc"
QUARTER = timedelta(minutes=15)

# What the DOC API returns at most; a window that returns as many may hide more.
DOC_CAP = 250
# Below this a window is not split further: the API's own resolution.
_LEAST_WINDOW = timedelta(minutes=15)

# A quarter's largest table (GKG) is about 20 MB unpacked; four times that is no longer GDELT.
_MAX_UNPACKED_BYTES = 80_000_000

# What zipfile raises on bytes that are no zip, or one that is damaged, encrypted or coded strangely
_ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, IndexError, EOFError, OSError, RuntimeError,
    ValueError,
)  # fmt: skip

_FILE = re.compile(
    r"/(?P<stamp>\d{14})\.(?P<translated>translation\.)?"
    r"(?P<table>export|mentions|gkg)\.csv\.zip$",
    re.IGNORECASE,
)
_ROW_NUMBER = re.compile(r"\d{6,}")

# Column numbers, from 0, of the address and the time in each table (GDELT codebooks 2.0, GKG 2.1)
_COLUMNS = {"export": (60, 59), "mentions": (5, 2), "gkg": (4, 1)}
_GKG_EXTRAS = 26


def parse_file_list(body: bytes, *, url: str) -> Listing | Unreadable:
    """Read `lastupdate.txt` or `masterfilelist.txt`: size, digest and address a line."""
    children = []
    for line in body.decode("ascii", errors="replace").splitlines():
        address = line.rpartition(" ")[2].strip()
        if (found := _FILE.search(address)) is not None:
            stamp = found["stamp"]
            children.append(Child(url=address, lastmod=f"{stamp[:8]}T{stamp[8:]}Z"))
    if not children:
        return Unreadable(problem="no list of GDELT files")
    return Listing(form="gdelt", base=url, children=tuple(children))


def bulk_files(
    since: datetime, until: datetime, *, table: str = "gkg", translated: bool = False
) -> Iterator[str]:
    """Addresses of the files that cover [since, until), a quarter of an hour each, oldest first.

    A file is named for the quarter it was finished in, so the one after `until` belongs to it.
    """
    stamp = _quarter(since)
    while stamp < until + QUARTER:
        yield bulk_file(stamp, table=table, translated=translated)
        stamp += QUARTER


def bulk_file(stamp: datetime, *, table: str = "gkg", translated: bool = False) -> str:
    """The address of one table of the quarter named `stamp`."""
    kind = "translation." if translated else ""
    suffix = "csv" if table == "gkg" else "CSV"
    return f"{BULK}{stamp.astimezone(UTC):%Y%m%d%H%M%S}.{kind}{table}.{suffix}.zip"


def stamp_of(url: str) -> datetime:
    """The quarter a file is named for: the end of what it covers.

    Raises `ValueError` for another address.
    """
    named = _FILE.search(urlsplit(url).path)
    if named is None:
        raise ValueError("no GDELT file name")
    return datetime.strptime(named["stamp"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def is_translated(list_url: str) -> bool:
    """Whether a list names the files of what GDELT translated: `lastupdate-translation.txt`."""
    return "translation" in list_url.rpartition("/")[2]


def _quarter(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def parse_bulk_file(body: bytes, *, url: str, hosts: Collection[str] = ()) -> Listing | Unreadable:
    """Read one zipped table; each address once, only of `hosts` when any are given.

    `hosts` without `www.`; an article of `edition.cnn.com` counts for `cnn.com`.
    """
    named = _FILE.search(urlsplit(url).path)
    if named is None:
        return Unreadable(problem="no GDELT file name")
    table = named["table"].lower()
    text = _unpacked(body)
    if isinstance(text, Unreadable):
        return text
    entries: dict[str, Entry] = {}
    wanted = frozenset(host.removeprefix("www.") for host in hosts)
    cut = 0
    for line in io.StringIO(text, newline=None):  # not csv: it bounds fields, GDELT does not
        row = line.rstrip("\n").split("\t")
        cut += _is_cut(row, table)
        entry = _row(row, table)
        if entry is None or entry.link is None or entry.link in entries:
            continue
        if not wanted or _is_of(entry.link, wanted):
            entries[entry.link] = entry
    flaw = f"{how_many(cut, 'row')} cut before the address" if cut else None
    return Listing(form="gdelt", base=url, entries=tuple(entries.values()), flaw=flaw)


def _is_cut(row: Sequence[str], table: str) -> bool:
    """Whether a row begins as rows do, with its number, and ends before the article's address."""
    return len(row) <= _COLUMNS[table][0] and _ROW_NUMBER.match(row[0]) is not None


def _unpacked(body: bytes) -> str | Unreadable:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            first = archive.infolist()[0]
            if first.file_size > _MAX_UNPACKED_BYTES:
                return Unreadable(problem=f"unpacks to {first.file_size:,} bytes")
            with archive.open(first) as file:
                unpacked = file.read(_MAX_UNPACKED_BYTES)
    except _ZIP_FAULTS as error:
        return Unreadable(problem=f"no whole zip file: {error}")
    return unpacked.decode("utf-8", errors="replace").replace("\0", "")


def _row(row: Sequence[str], table: str) -> Entry | None:
    address, seen = _COLUMNS[table]
    if len(row) <= address or not row[address].lower().startswith(("http://", "https://")):
        return None
    extras = row[_GKG_EXTRAS] if table == "gkg" and len(row) > _GKG_EXTRAS else ""
    return Entry(
        link=row[address],
        title=_page_title(extras),
        published=_utc_stamp(row[seen]),
        claim="gdelt_seen",
    )


def _page_title(extras: str) -> str | None:
    """The title in a row's extras; by hand, as a pattern would look for the end of each opening."""
    _, opened, after = extras.partition("<PAGE_TITLE>")
    title, closed, _ = after.partition("</PAGE_TITLE>")
    return title if opened and closed else None


def _utc_stamp(text: str) -> str | None:
    """`20230224101500` → `20230224T101500Z`: GDELT writes UTC without saying so."""
    return f"{text[:8]}T{text[8:]}Z" if re.fullmatch(r"\d{14}", text) else None


def _is_of(link: str, hosts: frozenset[str]) -> bool:
    labels = host_of(fetch_url(link) or "").partition(":")[0].split(".")
    return any(".".join(labels[start:]) in hosts for start in range(len(labels)))


def doc_query(words: str, since: datetime, until: datetime) -> str:
    """The DOC API's address for the articles it saw in [since, until), newest first."""
    fields = {
        "query": words,
        "mode": "artlist",
        "format": "json",
        "maxrecords": str(DOC_CAP),
        "sort": "datedesc",
        "startdatetime": f"{since.astimezone(UTC):%Y%m%d%H%M%S}",
        "enddatetime": f"{until.astimezone(UTC):%Y%m%d%H%M%S}",
    }
    return f"{DOC_API}?{urlencode(fields)}"


def parse_articles(body: bytes, *, url: str) -> Listing | Unreadable:
    """Read a DOC API answer. Errors come as plain text with status 200, and are passed on."""
    document = read_json(body)
    if isinstance(document, Unreadable):
        said = body[:200].decode("utf-8", errors="replace").strip()
        return Unreadable(problem=f"GDELT says: {said}" if said else "an empty answer")
    rows = document.get("articles", []) if isinstance(document, Mapping) else None
    if not isinstance(rows, list):
        return Unreadable(problem="JSON, and no GDELT article list")
    entries = [_article(row) for row in rows if isinstance(row, Mapping)]
    return Listing(form="gdelt", base=url, entries=tuple(entries))


def _article(row: Mapping[str, object]) -> Entry:
    link, title, seen = row.get("url"), row.get("title"), row.get("seendate")
    return Entry(
        link=link if isinstance(link, str) else None,
        title=title if isinstance(title, str) else None,
        published=seen if isinstance(seen, str) else None,
        claim="gdelt_seen",
    )


def split_window(
    since: datetime, until: datetime, *, rows: int
) -> tuple[tuple[datetime, datetime], ...]:
    """The halves to ask instead when a window's answer reached the cap; none when it is complete.

    A window of a quarter of an hour that still reaches the cap is not split: it is incomplete,
    and `window_complete` says so.
    """
    if window_complete(rows) or until - since <= _LEAST_WINDOW:
        return ()
    middle = since + (until - since) / 2
    middle = middle.replace(second=0, microsecond=0)
    return ((since, middle), (middle, until))


def window_complete(rows: int) -> bool:
    """Whether an answer of `rows` rows can be all there is."""
    return rows < DOC_CAP
