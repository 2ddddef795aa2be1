"""What is title, claim, lede and body."""

from flows.topic.passages import passages_of
from tests.topic.writing import article


def test_an_article_falls_into_title_lede_and_body() -> None:
    lede, body = "One sentence. " + "word " * 69 + "ends.", "The body goes on."
    passages = passages_of(article("A title", f"{lede}\n\n{body}"))
    assert list(zip(passages.places, passages.sentences, strict=True)) == [
        ("title", "A title"),
        ("lede", "One sentence."),
        ("lede", "word " * 69 + "ends."),
        ("body", "The body goes on."),
    ]


def test_a_claim_counts_where_it_says_something_else() -> None:
    same = passages_of(article("Title", "Text."), claimed_title="Title", claimed_summary="Text.")
    other = passages_of(
        article("Title", "Text."), claimed_title="Feed title", claimed_summary="<p>More</p>"
    )
    assert same.places == ("title", "lede")
    assert other.sentences == ("Title", "Feed title", "More", "Text.")


def test_a_feed_that_gives_the_whole_text_claims_its_beginning() -> None:
    text = " ".join(f"Sentence number {n} stands here." for n in range(40))
    passages = passages_of(article("Title", "Other."), claimed_summary=text)
    claimed = [place for place in passages.places if place == "claim"]
    assert 10 < len(claimed) < 20


def test_initials_and_titles_end_no_sentence() -> None:
    text = "U.S. officials met Gen. Li in Kyiv. They spoke."
    assert passages_of(article(None, text)).sentences == (
        "U.S. officials met Gen. Li in Kyiv.",
        "They spoke.",
    )


def test_chinese_sentences_end_without_a_space() -> None:
    assert passages_of(article(None, "中国呼吁停火。乌方谨慎。")).sentences == (
        "中国呼吁停火。",
        "乌方谨慎。",
    )


def test_every_offset_belongs_to_its_sentence() -> None:
    passages = passages_of(article("¿Qué?", "Erste. 第二句。 Третья…"))
    lines = passages.folded.split("\n")
    assert [passages.sentence_at(start) for start in passages.starts] == list(range(len(lines)))
    assert len(lines) == len(passages.sentences)


def test_an_empty_article_is_no_error() -> None:
    assert passages_of(article(None, "")).sentences == ()
