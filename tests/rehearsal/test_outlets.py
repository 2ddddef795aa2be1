from datetime import UTC, datetime, timedelta

from flows.rehearsal.outlets import furniture, outlets, text_at
from flows.rehearsal.timeline import END

ALL = outlets()
PIECES = [(outlet, piece) for outlet in ALL for piece in outlet.pieces]


def test_there_are_at_least_a_dozen_outlets_in_eight_languages() -> None:
    assert len(ALL) >= 12
    assert len({outlet.language for outlet in ALL}) >= 8


def test_no_two_pieces_have_the_same_url() -> None:
    urls = [outlet.url(piece.path) for outlet, piece in PIECES]
    assert len(urls) == len(set(urls))


def test_no_two_feeds_have_the_same_id() -> None:
    ids = [feed.source_id for outlet in ALL for feed in outlet.feeds]
    assert len(ids) == len(set(ids))


def test_every_instant_is_aware_and_within_the_rehearsal() -> None:
    oldest = datetime(2023, 2, 23, tzinfo=UTC)
    assert [p.path for _, p in PIECES if not oldest <= p.published <= END] == []


def test_on_topic_pieces_are_articles_and_not_notes() -> None:
    short = [
        piece.path
        for _, piece in PIECES
        if piece.ends == ("kept",)
        and piece.copied is None
        and sum(map(len, piece.paragraphs)) < 350
    ]
    assert short == []


def test_a_copy_carries_the_paragraphs_of_its_original() -> None:
    texts = {outlet.url(piece.path): piece.paragraphs for outlet, piece in PIECES}
    copies = [p for _, p in PIECES if p.copied and p.copied.piece_url in texts]
    assert sorted((len(p.paragraphs), p.copied.kind) for p in copies if p.copied) == [
        (3, "trimmed"),
        (10, "same"),
        (10, "same"),
    ]


def test_a_text_changes_at_its_edits_and_not_before() -> None:
    (piece,) = [p for _, p in PIECES if p.edits]
    first = piece.edits[0].at
    assert text_at(piece, first - timedelta(seconds=1)) == piece
    changed = text_at(piece, first)
    assert "33 sentences" in changed.paragraphs[1]
    assert len(changed.paragraphs) == len(piece.paragraphs) + 1


def test_every_language_has_its_furniture() -> None:
    assert all(furniture(outlet.language).cookies for outlet in ALL)
