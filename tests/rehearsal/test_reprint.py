from pathlib import Path

from flows.rehearsal.reprint import outlets_with_reprints
from tests.rehearsal.places import SEEDS


def test_a_reprint_carries_most_sentences_of_the_seed_with_changes() -> None:
    (piece,) = [
        piece
        for outlet in outlets_with_reprints(SEEDS)
        for piece in outlet.pieces
        if piece.page == "reprint"
    ]
    assert piece.copied is not None
    seed = (SEEDS / piece.copied.piece_url.removeprefix("seed:")).read_text(encoding="utf-8")
    same = [paragraph for paragraph in piece.paragraphs if paragraph in seed]
    changed = [paragraph for paragraph in piece.paragraphs if paragraph not in seed]
    assert len(same) > 15
    assert len(changed) > 3
    assert not any(paragraph.lstrip().startswith("date 2023") for paragraph in piece.paragraphs)


def test_nothing_is_reprinted_of_a_seed_that_is_not_there(tmp_path: Path) -> None:
    pieces = [piece for outlet in outlets_with_reprints(tmp_path) for piece in outlet.pieces]
    assert "reprint" not in {piece.page for piece in pieces}
