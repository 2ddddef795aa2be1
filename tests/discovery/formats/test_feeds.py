"""RSS and Atom: every usable entry is kept as the source gave it, whatever else is wrong."""

import pytest

from flows.discovery.kinds import Answer, read_answer
from flows.discovery.listing import MAX_ENTRIES, Entry, Listing, Unreadable
from tests.discovery.support import FEED

ITEM = "<item><title>One</title><link>https://daily.test/1</link></item>"


def read(body: str | bytes, **fields: str) -> Listing | Unreadable:
    raw = body.encode() if isinstance(body, str) else body
    return read_answer(Answer(kind="feed", url=FEED, body=raw, **fields))  # type: ignore[arg-type]


def listing(body: str | bytes, **fields: str) -> Listing:
    read_as = read(body, **fields)
    assert isinstance(read_as, Listing)
    return read_as


def test_an_rss_item_keeps_its_claims_verbatim() -> None:
    found = listing(
        "<rss version='2.0'><channel><item><title>Xi &amp; Zelensky &lt;b&gt;talk&lt;/b&gt;</title>"
        "<link>/a?x=1&amp;y=2</link><guid isPermaLink='false'>tag:1</guid>"
        "<pubDate>2023年02月24日 10:00</pubDate><description>Words</description></item>"
        "</channel></rss>"
    )

    assert (found.form, found.entries) == (
        "rss",
        (
            Entry(
                link="/a?x=1&y=2",
                title="Xi & Zelensky <b>talk</b>",
                summary="Words",
                published="2023年02月24日 10:00",
                guid="tag:1",
            ),
        ),
    )


def test_an_atom_entry_keeps_published_and_updated_apart() -> None:
    found = listing(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:1</id><title>One</title>"
        "<link rel='enclosure' href='https://daily.test/1.mp3'/>"
        "<link rel='alternate' href='https://daily.test/1'/>"
        "<published>2023-02-24</published><updated>2023-02-25</updated></entry></feed>"
    )

    entry = found.entries[0]
    assert (found.form, entry.link, entry.published, entry.updated) == (
        "atom",
        "https://daily.test/1",
        "2023-02-24",
        "2023-02-25",
    )


@pytest.mark.parametrize(
    "body",
    [
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        f" xmlns='http://purl.org/rss/1.0/'>{ITEM}</rdf:RDF>",
        f"<rss version='0.91'><channel>{ITEM}</channel></rss>",
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>One</title>"
        "<link rel='alternate' href='https://daily.test/1'/></entry></feed>",
    ],
    ids=["rss-1.0", "rss-0.91", "atom-0.3"],
)
def test_old_dialects_are_read(body: str) -> None:
    assert [entry.link for entry in listing(body).entries] == ["https://daily.test/1"]


def test_entries_before_a_tear_are_kept() -> None:
    found = listing(f"<rss version='2.0'><channel>{ITEM}<item><title>Torn")

    assert found.entries[0].link == "https://daily.test/1"
    assert found.flaw is not None


def test_an_undeclared_entity_does_not_lose_the_feed() -> None:
    found = listing(
        f"<rss version='2.0'><channel><title>R&eacute;gime & co</title>{ITEM}</channel>"
    )

    assert [entry.title for entry in found.entries] == ["One"]


def test_a_false_declared_encoding_is_survived() -> None:
    body = (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><item><title>Переговоры"
    )
    found = listing(
        (body + "</title><link>https://daily.test/1</link></item></channel></rss>").encode(
            "cp1251"
        ),
        charset="windows-1251",
        media_type="application/rss+xml",
    )

    assert found.entries[0].title == "Переговоры"


def test_utf_16_is_read() -> None:
    body = (
        f"<?xml version='1.0' encoding='utf-16'?><rss version='2.0'><channel>{ITEM}</channel></rss>"
    )

    assert len(listing(body.encode("utf-16")).entries) == 1


def test_a_guid_that_is_no_address_is_no_link() -> None:
    found = listing("<rss version='2.0'><channel><item><guid>abc</guid></item></channel></rss>")

    assert (found.entries[0].link, found.entries[0].guid) == (None, "abc")


def test_a_guid_that_is_an_address_serves_as_link() -> None:
    found = listing(
        "<rss version='2.0'><channel><item><guid>https://daily.test/1</guid></item></channel></rss>"
    )

    assert found.entries[0].link == "https://daily.test/1"


@pytest.mark.parametrize(
    ("about", "minutes"),
    [
        ("<ttl>90</ttl>", 90),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 360),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        ("", None),
    ],
)
def test_advertised_intervals_are_read(about: str, minutes: int | None) -> None:
    found = listing(
        "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>"
        f"{about}{ITEM}</channel></rss>"
    )

    assert found.advertised_minutes == minutes


def test_the_archive_of_a_feed_is_found_before_its_next_page() -> None:
    found = listing(
        "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='next' href='/p2'/>"
        "<link rel='prev-archive' href='/2022'/><title>x</title></feed>"
    )

    assert found.older == "/2022"


def test_a_page_where_a_feed_should_be_names_the_feeds_it_announces() -> None:
    found = read(
        "<!doctype html><html><head><link rel='alternate' type='application/rss+xml' href='/f'>"
        "<link rel='alternate' type='application/json' href='/wp-json/x'></head></html>"
    )

    assert found == Unreadable(
        problem="an HTML page where a listing should be", points_to=("https://daily.test/f",)
    )


@pytest.mark.parametrize("body", [b"", b"   ", b"not a feed", bytes(range(256)) * 10])
def test_what_is_no_feed_gives_a_reason(body: bytes) -> None:
    assert isinstance(read(body), Unreadable)


def test_of_too_many_entries_both_ends_are_kept() -> None:
    body = "".join(
        f"<item><link>https://daily.test/{number}</link></item>" for number in range(5_000)
    )
    found = listing(f"<rss version='2.0'><channel>{body}</channel></rss>")

    assert (len(found.entries), found.beyond) == (MAX_ENTRIES, 3_000)
    assert found.entries[0].link == "https://daily.test/0"
    assert found.entries[-1].link == "https://daily.test/4999"


def test_entries_never_closed_are_cut_before_they_nest() -> None:
    body = "".join(f"<item><link>https://daily.test/{number}</link>" for number in range(20_000))
    found = listing(f"<rss version='2.0'><channel>{body}")

    assert len(found.entries) <= MAX_ENTRIES
    assert found.beyond >= 18_000


def test_an_entity_bomb_does_not_grow() -> None:
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{levels}]><rss version="2.0"><channel>{ITEM}'
    found = read(f'<?xml version="1.0"?>{bomb}<item><title>&l9;</title></item></channel></rss>')

    titles = found.entries if isinstance(found, Listing) else ()
    assert sum(len(entry.title or "") for entry in titles) < 100_000


def test_an_external_entity_is_not_read() -> None:
    found = listing(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<rss version='2.0'><channel><item><title>a&f;b</title><link>https://daily.test/1</link>"
        "</item></channel></rss>"
    )

    assert "root:" not in (found.entries[0].title or "")


@pytest.mark.parametrize(
    ("declared", "codec", "title"),
    [
        ("windows-1251", "cp1251", "Мир и переговоры"),
        ("gb2312", "gb18030", "停火止战，镕㐀"),
        ("shift_jis", "cp932", "停戦と和平交渉①"),
        ("euc-kr", "cp949", "휴전과 평화 협상 똠"),
        ("utf-8", "utf-8", "Мир"),
    ],
)
@pytest.mark.parametrize("junk", [b"", b"\r\n", b" \n\n"])
def test_one_odd_byte_or_junk_before_the_prolog_costs_no_title(
    declared: str, codec: str, title: str, junk: bytes
) -> None:
    items = "".join(
        f"<item><title>{title} {n}</title><link>http://s.test/{title}/{n}</link></item>"
        for n in (1, 2)
    )
    body = f"<?xml version='1.0' encoding='{declared}'?><rss version='2.0'><channel>{items}"
    raw = junk + (body + "</channel></rss>").encode(codec)
    odd = raw.replace(b" 2</title>", b" 2\xff</title>", 1)

    assert [entry.link for entry in listing(odd).entries] == [
        f"http://s.test/{title}/1",
        f"http://s.test/{title}/2",
    ]
    assert listing(odd).entries[0].title == f"{title} 1"
