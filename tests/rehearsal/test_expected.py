from flows.rehearsal.expected import CopiedPiece, KeptPiece, expect
from flows.rehearsal.reprint import outlets_with_reprints
from tests.rehearsal.places import SEEDS

EXPECTED = expect(outlets_with_reprints(SEEDS))
WIRE = "http://meridian-press.test/story/2023/02/24/china-twelve-point-position-ukraine"


def _kept(part: str) -> KeptPiece:
    (piece,) = [kept for kept in EXPECTED.kept if any(part in url for url in kept.urls)]
    return piece


def test_what_rolled_out_of_a_feed_and_stands_in_a_sitemap_must_be_kept() -> None:
    assert _kept("canberra-embassy-statement").source_ids == frozenset()


def test_what_rolled_out_and_stands_nowhere_is_missed() -> None:
    assert EXPECTED.missed == (
        "http://dispatch-ticker.test/d/beijing-envoy-delhi-stopover",
        "http://dispatch-ticker.test/d/cricket-umpire-retires",
    )


def test_each_text_that_a_look_shows_is_a_revision() -> None:
    piece = _kept("london-cautious-on-beijing-paper")
    assert piece.revisions == 3
    assert piece.paragraphs[-1].startswith("Ministers will discuss")


def test_a_consent_wall_at_a_later_look_is_no_revision() -> None:
    assert _kept("zelenskyi-hoche-zustritysia").revisions == 1


def test_counters_are_no_revisions() -> None:
    assert _kept("what-beijing-wants-from-its-plan").revisions == 1


def test_a_moved_piece_has_both_its_urls() -> None:
    assert len(_kept("pekin-wysle-emisariusza").urls) == 2


def test_a_date_without_time_is_its_day() -> None:
    piece = _kept("die-stille-in-der-mitte")
    assert (piece.day_only, piece.published_at.isoformat()) == (True, "2023-02-24T00:00:00+00:00")


def test_copies_are_tied_to_the_wire_and_to_the_seed() -> None:
    assert sorted((copied.original, copied.kind) for copied in EXPECTED.copied) == [
        (WIRE, "same"),
        (WIRE, "same"),
        (WIRE, "trimmed"),
        ("seed:004_c1a8dcbe9e5b42d2.txt", "edited"),
    ]
    assert all(isinstance(copied, CopiedPiece) for copied in EXPECTED.copied)


def test_only_a_roll_over_that_nothing_repairs_stays_open() -> None:
    rolled = {s.source_id: s.gap_open for s in EXPECTED.sources if s.rolled_over}
    assert rolled == {"dispatch_ticker": True, "rolling_bulletin": False}


def test_hosts_that_fail_must_be_seen_failing() -> None:
    failing = {s.source_id for s in EXPECTED.sources if "failed" in s.statuses}
    assert failing == {"broken_gazette", "closed_observer"}


def test_a_feed_without_news_must_be_seen_unchanged_or_empty() -> None:
    statuses = {s.source_id: s.statuses for s in EXPECTED.sources}
    assert "unchanged" in statuses["minato_shimbun"]
    assert "empty" in statuses["quiet_post"]


def test_every_reason_is_one_of_the_vocabulary() -> None:
    from flows.core import Reason

    known = {str(reason) for reason in Reason}
    assert {reason for left in EXPECTED.left for reason in left.reasons} <= known
