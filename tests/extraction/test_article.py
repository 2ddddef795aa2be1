# ruff: noqa: E501  a paragraph in Chinese or Arabic stays whole
"""The whole reader, page in, article out: every kind of page ends as it should."""

import dataclasses
from datetime import UTC, datetime

from flows.core import Article, ClaimedTime, Page, Precision, Reason, Skipped, Zone
from flows.extraction import READER_VERSION, Hints
from flows.extraction.article import read_page
from tests.extraction.pages import PARAGRAPHS, article_html, json_ld, page

NEWS = json_ld(
    '{"@context":"https://schema.org","@type":"NewsArticle",'
    '"headline":"China publishes twelve points","datePublished":"2023-02-24T09:00:00+08:00",'
    '"dateModified":"2023-02-24T11:30:00+08:00","author":[{"@type":"Person","name":"Li Na"},'
    '{"@type":"Person","name":"John Doe"}],"publisher":{"@type":"Organization",'
    '"name":"The Daily Test"},"articleSection":"World","keywords":"China, Ukraine, peace",'
    '"isAccessibleForFree":true}'
)


def _article(read: Article | Skipped) -> Article:
    assert isinstance(read, Article), read
    return read


def _read(html: str | bytes, hints: Hints | None = None, **changes: str) -> Article | Skipped:
    asked: Page = page(html)
    return read_page(dataclasses.replace(asked, **changes), hints or Hints())  # type: ignore[arg-type]


def test_a_page_becomes_an_article_with_everything_its_witnesses_say() -> None:
    article = _article(_read(article_html(NEWS), Hints(outlet="The Daily Test")))
    assert article.title == "China publishes twelve points"
    assert article.title_origin == "json_ld"
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.lede == PARAGRAPHS[0]
    assert article.authors == ("Li Na", "John Doe")
    assert article.published == ClaimedTime(
        at=datetime(2023, 2, 24, 1, tzinfo=UTC),
        precision=Precision.SECOND,
        origin="json_ld",
        zone=Zone.STATED,
        raw="2023-02-24T09:00:00+08:00",
    )
    assert article.modified is not None
    assert article.modified.at == datetime(2023, 2, 24, 3, 30, tzinfo=UTC)
    assert (article.section, article.tags) == ("World", ("China", "Ukraine", "peace"))
    assert (article.language, article.extractor, article.form) == ("en", "blocks", "article")
    assert article.reader_version == READER_VERSION
    assert article.free_to_read


def test_reading_twice_is_reading_once() -> None:
    asked = page(article_html(NEWS))
    assert read_page(asked, Hints()) == read_page(asked, Hints())


def test_the_fourth_identical_page_reads_like_the_first() -> None:
    asked = page(article_html(NEWS))
    assert len({_article(read_page(asked, Hints())).text for _ in range(5)}) == 1


def test_a_day_stays_a_day() -> None:
    head = '<meta name="date" content="2023-02-24">'
    published = _article(_read(article_html(head))).published
    assert published is not None
    assert (published.precision, published.zone) == (Precision.DAY, Zone.NONE)
    assert published.at == datetime(2023, 2, 24, tzinfo=UTC)


def test_a_time_without_zone_takes_the_sources_zone_and_says_so() -> None:
    head = '<meta property="article:published_time" content="2023-02-24 09:00">'
    published = _article(_read(article_html(head), Hints(timezone="Asia/Shanghai"))).published
    assert published is not None
    assert published.at == datetime(2023, 2, 24, 1, tzinfo=UTC)
    assert published.zone is Zone.SOURCE


def test_wrong_json_ld_does_not_win_against_the_page() -> None:
    wrong = json_ld(
        '{"@type":"NewsArticle","headline":"The Daily Test","datePublished":"0001-01-01",'
        '"author":{"@type":"Organization","name":"The Daily Test"}}'
    )
    head = wrong + '<meta property="article:published_time" content="2023-02-24T01:00:00Z">'
    article = _article(_read(article_html(head, before='<p class="byline">By Li Na</p>')))
    assert article.title == "China publishes twelve points"
    assert article.authors == ("Li Na",)
    assert article.published is not None
    assert article.published.origin == "meta"


def test_what_page_and_feed_disagree_on_is_kept() -> None:
    claimed = ClaimedTime(
        at=datetime(2023, 2, 27, 8, tzinfo=UTC),
        precision=Precision.SECOND,
        origin="feed",
        zone=Zone.STATED,
        raw="Mon, 27 Feb 2023 08:00:00 GMT",
    )
    article = _article(_read(article_html(NEWS), Hints(claimed_at=claimed)))
    assert article.published is not None
    assert article.published.origin == "json_ld"
    assert article.published_alternatives == (claimed,)


def test_the_feeds_day_stands_where_the_page_names_none() -> None:
    claimed = ClaimedTime(
        at=datetime(2023, 2, 24, 8, tzinfo=UTC),
        precision=Precision.SECOND,
        origin="feed",
        zone=Zone.STATED,
        raw="Fri, 24 Feb 2023 08:00:00 GMT",
    )
    assert _article(_read(article_html(), Hints(claimed_at=claimed))).published == claimed


def test_a_chinese_page_is_read_and_counted_by_characters() -> None:
    paragraphs = (
        "新华社北京2月24日电 外交部24日发布《关于政治解决乌克兰危机的中国立场》文件，呼吁尽快停火止战，启动和谈。",
        "文件提出尊重各国主权、摒弃冷战思维、停火止战、启动和谈、解决人道危机等十二点主张，引发国际社会广泛关注和讨论。",
        "外交部发言人表示，对话谈判是解决乌克兰危机的唯一可行出路，中方愿继续为此发挥建设性作用，同有关各方保持沟通。",
    )
    html = article_html(title="中国发布十二点立场文件", paragraphs=paragraphs, lang="zh-CN")
    article = _article(_read(html))
    assert article.language == "zh"
    assert article.agencies == ("Xinhua",)
    assert article.dateline == "北京"
    assert 130 < article.word_count < 180


def test_an_arabic_page_keeps_its_text_and_language() -> None:
    paragraphs = (
        "دعت الصين يوم الجمعة إلى وقف إطلاق النار ونشرت وثيقة من اثنتي عشرة نقطة لما تسميه التسوية السياسية للأزمة.",
        "وتطلب الوثيقة من الجانبين استئناف المحادثات وحماية المحطات النووية والسماح بخروج الحبوب من موانئ البحر الأسود.",
        "وقال مسؤولون في كييف إنهم سيدرسون النص بعناية وإنه لا يمكن لأي خطة أن تبدأ دون انسحاب القوات إلى الحدود.",
    )
    html = article_html(
        title="الصين تنشر وثيقة من اثنتي عشرة نقطة", paragraphs=paragraphs, lang="ar"
    )
    article = _article(_read(html))
    assert article.language == "ar"
    assert article.text == "\n\n".join(paragraphs)


def test_a_live_blog_keeps_all_its_posts() -> None:
    posts = tuple(
        f"{hour}:00 {PARAGRAPHS[hour % 3]} It was {hour} o'clock." for hour in range(8, 20)
    )
    live = NEWS.replace('"NewsArticle"', '"LiveBlogPosting"')
    article = _article(_read(article_html(live, paragraphs=posts)))
    assert article.form == "live"
    assert all(f"It was {hour} o'clock." in article.text for hour in range(8, 20))


def test_a_consent_wall_is_no_article() -> None:
    html = article_html(
        title="Before you continue",
        paragraphs=(
            "We value your privacy. We and our 812 partners store and access information on your "
            "device. Accept all cookies or choose your settings to continue to the site.",
        ),
    )
    skipped = _read(html)
    assert isinstance(skipped, Skipped)
    assert skipped.reason is Reason.CONSENT_WALL


def test_a_challenge_page_is_blocked() -> None:
    html = (
        "<html><head><title>Just a moment...</title></head><body><p>Enable JavaScript and cookies "
        "to continue</p></body></html>"
    )
    skipped = _read(html)
    assert isinstance(skipped, Skipped)
    assert skipped.reason is Reason.BLOCKED


def test_a_home_page_is_a_section_front() -> None:
    skipped = _read(article_html(), url="https://daily.test/")
    assert isinstance(skipped, Skipped)
    assert skipped.reason is Reason.SECTION_FRONT


def test_a_pay_walled_stub_is_kept_and_marked() -> None:
    head = NEWS.replace('"isAccessibleForFree":true', '"isAccessibleForFree":"False"')
    article = _article(_read(article_html(head, paragraphs=("China on Friday called.",))))
    assert not article.free_to_read
    assert article.text == "China on Friday called."


def test_an_empty_page_has_no_text() -> None:
    skipped = _read("<html><head><title>x</title></head><body></body></html>")
    assert isinstance(skipped, Skipped)
    assert skipped.reason is Reason.NO_TEXT
    assert (skipped.archive_ref, skipped.rule_version) == ("run-1:0", READER_VERSION)


def test_a_page_past_the_limit_of_tags_is_read_plainly_and_marked() -> None:
    article = _article(_read(article_html(NEWS, after="<p>more of it</p>" * 30_000)))
    assert article.extractor == "resiliparse"
    assert article.text.startswith(PARAGRAPHS[0])


def test_nesting_past_the_parsers_limit_still_gives_the_text() -> None:
    deep = "<div>" * 400 + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</div>" * 400
    article = _article(_read(f"<html><body>{deep}</body></html>"))
    assert PARAGRAPHS[1] in article.text


def test_no_control_or_bidi_character_reaches_an_article() -> None:
    hostile = NEWS.replace("twelve points", "twelve\\u001b[31m\\u202e points").replace(
        "Li Na", "Li\\u0000 Na"
    )
    paragraphs = (PARAGRAPHS[0] + "\u202e\u2066", *PARAGRAPHS[1:])
    article = _article(_read(article_html(hostile, paragraphs=paragraphs)))
    told = repr([article.title, article.text, article.authors, article.tags])
    assert not any(mark in told for mark in ("\\x1b", "\\u202e", "\\u2066", "\\x00"))


def test_legacy_encodings_are_read_as_browsers_read_them() -> None:
    html = article_html(paragraphs=("“Мы изучим текст”, — сказали в Киеве. " * 5,), lang="ru")
    article = _article(_read(html.encode("windows-1251"), charset="windows-1251"))
    assert article.lede.startswith("“Мы изучим текст”")
