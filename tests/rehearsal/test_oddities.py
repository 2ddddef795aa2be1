import pytest

from flows.rehearsal.oddities import oddity
from flows.rehearsal.outlets import Outlet, Piece, outlets
from flows.rehearsal.timeline import END


def _piece(page: str) -> tuple[Outlet, Piece]:
    return next(
        (outlet, piece) for outlet in outlets() for piece in outlet.pieces if piece.page == page
    )


@pytest.mark.parametrize(
    ("page", "sign"),
    [
        ("consent_wall", b"842 partners"),
        ("paywall", "réservée aux abonnés".encode()),
        ("section_front", b'class="teaser"'),
        ("gallery", b"24 / 24"),
        ("video", b"<video"),
        ("pdf", b"%PDF-1.4"),
    ],
)
def test_each_oddity_carries_the_sign_of_its_kind(page: str, sign: bytes) -> None:
    answer = oddity(*_piece(page), END)
    assert answer is not None
    assert sign in answer.body


def test_a_killer_page_nests_a_hundred_thousand_deep() -> None:
    answer = oddity(*_piece("killer_nesting"), END)
    assert answer is not None
    assert answer.body.count(b"</div>") == 100_000


@pytest.mark.parametrize(("page", "status"), [("gone", 410), ("not_found", 404)])
def test_missing_pages_say_so(page: str, status: int) -> None:
    answer = oddity(*_piece(page), END)
    assert answer is not None
    assert answer.status == status


def test_an_article_is_no_oddity() -> None:
    assert oddity(*_piece("article"), END) is None
