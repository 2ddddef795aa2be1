"""A seed document is read as it stands: nothing invented, nothing lost but furniture."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.core import Precision
from flows.core.errors import SeedError
from flows.pipeline.seeds import Seed, read_seed, read_seeds

SHIPPED = Path(__file__).parents[2] / "seeds"


def _seed(folder: Path, content: str | bytes, name: str = "a.txt") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_site_furniture_is_no_title_and_a_headline_is(tmp_path: Path) -> None:
    path = _seed(
        tmp_path,
        " date 2023-05-12 Connect with us\n\nEnvoys meet over a plan\n\nThe first ends.\n",
    )
    article = read_seed(path).article
    assert (article.title, article.text) == ("Envoys meet over a plan", "The first ends.")


def test_a_dateline_gives_place_agency_and_outlet_and_leaves_the_body(tmp_path: Path) -> None:
    path = _seed(tmp_path, "date 2023-02-24 GENEVA (Reuters) Talks began on Friday.\n\nMore.")
    article = read_seed(path).article
    assert (article.dateline, article.agencies, article.outlet, article.title) == (
        "GENEVA",
        ("Reuters",),
        "Reuters",
        None,
    )
    assert article.text == "Talks began on Friday.\n\nMore."


def test_a_caption_with_a_bracketed_credit_is_not_body(tmp_path: Path) -> None:
    path = _seed(
        tmp_path,
        "date 2023-02-24 Talks began.\n\nTwo people shake hands. [EPA Photo/A Person, Pool]\n\n"
        "The minister [of trade] spoke.",
    )
    assert read_seed(path).article.text == "Talks began.\n\nThe minister [of trade] spoke."


def test_the_opening_date_is_published_at_to_the_day(tmp_path: Path) -> None:
    published = read_seed(_seed(tmp_path, "date 2024-02-29 Text stands here.")).article.published
    assert published is not None
    assert (published.at, published.precision, published.origin) == (
        datetime(2024, 2, 29, tzinfo=UTC),
        Precision.DAY,
        "seed",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("No date here.\n", "a.txt:1: does not open with 'date YYYY-MM-DD'"),
        ("\n\ndate 2023-02-30 Text.", "a.txt:3: opens with an impossible date"),
        ("date 2023-02-24 Connect with us\n", "a.txt:1: holds no text after its date"),
        (b"date 2023-02-24 Text\n\ncaf\xe9", "a.txt:3: is not UTF-8"),
    ],
)
def test_a_malformed_seed_names_file_and_line(
    tmp_path: Path, content: str | bytes, problem: str
) -> None:
    with pytest.raises(SeedError) as caught:
        read_seed(_seed(tmp_path, content))
    assert problem in str(caught.value)


def test_a_malformed_seed_stops_no_other(tmp_path: Path) -> None:
    _seed(tmp_path, "nothing", "a.txt")
    _seed(tmp_path, "date 2023-02-24 Text stands.", "b.txt")
    read = list(read_seeds(tmp_path))
    assert isinstance(read[0], SeedError)
    assert isinstance(read[1], Seed)


def test_the_shipped_seeds_are_read_whole() -> None:
    read = {seed.name[:3]: seed.article for seed in read_seeds(SHIPPED) if isinstance(seed, Seed)}
    wsws, ap = read["000"], read["004"]
    assert wsws.title == "Washington maneuvers as Beijing pushes for peace talks with Ukraine"
    assert (wsws.outlet, len(wsws.text.split("\n\n"))) == (None, 5)
    assert (ap.title, ap.outlet, ap.dateline) == (None, "AP", "BEIJING")
    assert ap.lede.startswith("China has called for a ceasefire")
    assert ap.text.endswith("tell Ukraine to end this war.")
