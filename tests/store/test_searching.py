import pytest

from flows.core import Verdict
from flows.store import Store
from flows.store.append import append
from flows.store.connections import Connection
from flows.store.judgements import append_judgements
from flows.store.search import search, sort_recent
from tests.store.samples import NOON, batch, judgement, later, new_article, new_revision

TEXTS = {
    "call": "President Xi held a phone call with Zelensky.\n\nThey talked about the peace plan.",
    "plans": "Two plans for peace lie on the table; a plan of peace is a third.",
    "chinese": "习近平同泽连斯基通电话。\n\n关于政治解决乌克兰危机的中国立场。",
    "ukrainian": "Президент Зеленський провів переговори. Мирний план обговорено.",
    "french": "Les négociations à Genève : l'accord de cessez-le-feu.",
    "arabic": "الصين تدعو إلى السلام في أوكرانيا",
    "weather": "It rained all day.",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with the texts, for tests that change nothing a search can show."""
    folder = tmp_path_factory.mktemp("filled")
    store = Store(folder / "dateline.duckdb", folder / ".dateline", lambda: NOON)
    store.prepare()
    with store.turn() as con:
        append(con, batch(*(new_article(name, text) for name, text in TEXTS.items())))
    return store


def found(store: Store, words: str) -> list[str]:
    with store.turn() as con:
        return [hit.article_id for hit in search(con, words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("xi zelensky call", ["call"]),
        ("XI ZELENSKY", ["call"]),
        ("negociations geneve", ["french"]),
        ("cessez-le-feu", ["french"]),
        ("accord", ["french"]),
        ("раин переговоров", ["ukrainian"]),
        ("Зеленський", ["ukrainian"]),
        ("السلام", ["arabic"]),
        ("سلام", ["arabic"]),
        ("rains", ["weather"]),
        ("中国立场", ["chinese"]),
        ("习", ["chinese"]),
        ("场", ["chinese"]),
        ('"政治解决"', ["chinese"]),
        ('"解决政治"', []),
        ("zelen*", ["call"]),
        ("зелен*", ["ukrainian"]),
        ("中国*", ["chinese"]),
        ('"peace plan"', ["call"]),
        ('"Plan of PEACE"', ["plans"]),
        ("plan -phone", ["plans"]),
        ('plan -"phone call"', ["plans"]),
        ('plan -"call phone"', ["plans", "call"]),
        ("absent", []),
        ("", []),
        ("-", []),
        ('"', []),
        ("* % _ ' \\ (", []),
    ],
)
def test_words_find_articles(filled: Store, words: str, expected: list[str]) -> None:
    assert found(filled, words) == expected


def test_articles_with_most_of_the_words_come_back(filled: Store) -> None:
    assert found(filled, "phone call absent") == ["call"]


def test_a_word_of_the_title_weighs_more_than_one_of_the_text(store: Store) -> None:
    rest = "Long text about many other things that are not asked for today."
    with store.turn() as con:
        append(
            con,
            batch(
                new_article("text", f"Envoy. {rest}", read={"title": "Other words"}),
                new_article("title", f"Other. {rest}", read={"title": "Envoy words"}),
            ),
        )
    assert found(store, "envoy") == ["title", "text"]


def test_only_the_newest_text_is_searched(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", "Ceasefire near.")))
        append(con, batch(revisions=(new_revision("a", "Truce near."),)))
    assert found(store, "ceasefire") == []
    assert found(store, "truce") == ["a"]


def test_an_article_off_the_topic_is_not_found(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", "Ceasefire.")))
        append_judgements(con, "r", {"a": judgement(Verdict.OFF_TOPIC, 0.1)}, later(hours=1))
    assert found(store, "ceasefire") == []


def test_sorting_the_index_changes_no_answer(filled: Store) -> None:
    def postings(con: Connection) -> list[tuple[int, int]]:
        return con.execute(
            "select (select count(*) from kept.postings), "
            "(select count(*) from kept.recent_postings)"
        ).fetchall()

    before = found(filled, "plan peace")
    with filled.turn() as con:
        ((_, waiting),) = postings(con)
        sort_recent(con)
        assert postings(con) == [(0, waiting)]
        sort_recent(con, at_least=1)
        assert postings(con) == [(waiting, 0)]
    assert found(filled, "plan peace") == before == ["plans", "call"]


def test_a_snippet_shows_the_words_in_their_sentence(filled: Store) -> None:
    with filled.turn() as con:
        (hit,) = search(con, "phone zelensky")
    assert hit.snippet.startswith("President Xi held a phone call with Zelensky. They talked")
    assert hit.title == "A title"


def test_a_snippet_begins_and_ends_with_whole_words(store: Store) -> None:
    before = " ".join(f"word{n}" for n in range(40))
    with store.turn() as con:
        append(con, batch(new_article("long", f"{before} ceasefire {before}")))
        (hit,) = search(con, "ceasefire")
    first, *words, last = hit.snippet.split()
    assert (first, last) == ("…", "…")
    assert set(words) <= {*before.split(), "ceasefire"}


def test_results_can_be_joined_with_articles(filled: Store) -> None:
    with filled.turn() as con:
        rows = con.execute(
            "select article_id from search('plan') s join articles a using (article_id) "
            "where a.published_at < timestamptz '2023-02-25' order by s.score desc"
        ).fetchall()
    assert rows == [("plans",), ("call",)]


@pytest.mark.parametrize(
    "forms",
    [
        "talk talks talked talking",
        "proposal proposals",
        "country countries",
        "party parties",
        "negotiate negotiated negotiates negotiating",
        "meeting meetings",
        "rozmowa rozmowy rozmowami rozmowach",
        "pokojowy pokojowego pokojowych pokojowymi",
        "переговоры переговоров переговорами переговорах",
        "мирный мирного мирных",
        "украина украины украине украину",
        "мирнии мирного мирних",
        "السلام سلام والسلام بالسلام",
        "verhandlungen",
    ],
)
def test_inflected_forms_share_a_stem(filled: Store, forms: str) -> None:
    with filled.turn() as con:
        rows = con.execute(
            "select distinct kept.stem(kept.fold(unnest(?::varchar[])))", [forms.split()]
        ).fetchall()
    assert len(rows) == 1, rows


@pytest.mark.parametrize("pair", ["plan plane", "press pres", "crisis cris", "war ward"])
def test_different_words_keep_apart(filled: Store, pair: str) -> None:
    with filled.turn() as con:
        rows = con.execute(
            "select distinct kept.stem(unnest(?::varchar[]))", [pair.split()]
        ).fetchall()
    assert len(rows) == 2


def test_text_is_cut_into_folded_words_and_pairs_of_characters(filled: Store) -> None:
    with filled.turn() as con:
        ((words,),) = con.execute(
            "select kept.words_of('China’s cease-fire: 关于政治 Łódź l’accord 젤렌스키 12%')"
        ).fetchall()
    assert words == [
        "china", "cease", "fire", "关于", "于政", "政治", "lodz", "l", "accord",
        "젤렌", "렌스", "스키", "12",
    ]  # fmt: skip
