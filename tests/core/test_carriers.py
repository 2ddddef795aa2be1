"""Which links carry another URL, and which only look so."""

import base64
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core.carriers import link_target, unwrapped

STORY = "https://paper.test/world/a?id=5&lang=en"
CODED = quote(STORY, safe="")
BASE64 = base64.urlsafe_b64encode(STORY.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "link",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={CODED}&ct=ga&cd=CAE&usg=AOv",
        f"https://google.com/url?q={CODED}",
        f"http://www.google.co.uk/url?sa=t&q=ukraine+war&url={CODED}",
        f"https://www.google.com.ua/url?q={CODED}",
        f"https://news.google.com/news/url?sa=t&fd=R&url={CODED}",
        f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url={CODED}&c=1&mkt=en-us",
        f"https://www.bing.com/ck/a?!&&p=abc&u=a1{BASE64}&ntb=1",
        f"https://l.facebook.com/l.php?u={CODED}&h=AT0",
        f"https://lm.facebook.com/l.php?u={CODED}",
        f"https://www.facebook.com/flx/warn/?u={CODED}",
        f"https://l.instagram.com/?u={CODED}&e=AT0",
        f"https://t.umblr.com/redirect?z={CODED}&t=1",
        f"https://out.reddit.com/t3_abc?url={CODED}&token=x",
        f"https://vk.com/away.php?to={CODED}",
        f"https://t.me/iv?url={CODED}&rhash=1",
        f"https://www.linkedin.com/redir/redirect?url={CODED}",
        f"https://www.youtube.com/redirect?event=video_description&q={CODED}",
        f"https://duckduckgo.com/l/?uddg={CODED}&rut=1",
        f"https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU={CODED}/RK=2/RS=x-",
        f"http://us.rd.yahoo.com/dailynews/rss/world/*{STORY}",
        f"https://eur01.safelinks.protection.outlook.com/?url={CODED}&data=04%7C01&reserved=0",
        f"https://urldefense.proofpoint.com/v1/url?u={CODED}&k=1",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__paper.test_world_a-3Fid-3D5-26lang-3Den"
        "&d=DwMF",
        f"https://urldefense.com/v3/__{STORY}__;!!AbC!x$",
        f"https://secure-web.cisco.com/1aBc/{CODED}",
        f"https://links.govdelivery.com/track?type=click&enid=1&&&100&&&{STORY}",
        f"https://ca-1.url.trendmicro.com/wis/clicktime/v1/query?url={CODED}&umid=1",
        f"https://link.zhihu.com/?target={CODED}",
        f"https://weibo.cn/sinaurl?u={CODED}",
        f"https://feeds.feedblitz.com/~/t/0/0/paper/~{STORY}",
        f"https://href.li/?{STORY}",
        f"https://x.page.link/?link={CODED}&apn=app",
        f"https://paper.app.link/x?%24canonical_url={CODED}",
        f"https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url={CODED}",
        "https://paper.turbopages.org/paper.test/s/world/a?id=5&lang=en",
        f"https://yandex.ru/turbo?text={CODED}",
        "https://paper-test.cdn.ampproject.org/c/s/paper.test/world/a?id=5&lang=en",
        "https://www.google.de/amp/s/paper.test/world/a?id=5&lang=en",
        # written carelessly
        f"https://www.google.com/url?q={quote(CODED)}",
        f"https://m.google.com/URL/?Q={CODED}",
        f"https://www.google.com/url?sa=t&amp;url={CODED}",
        f"https://www.google.com/url?q={CODED[len('https%3A') :]}",
    ],
)
def test_a_link_that_carries_a_url_leads_to_it(link: str) -> None:
    assert link_target(link) == STORY


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/url?q=ukraine+peace+plan",
        "https://www.google.com/search?q=https://paper.test/a",
        f"https://google.com.evil.test/url?url={CODED}",
        f"https://notgoogle.com/url?url={CODED}",
        f"https://paper.test/share?url={CODED}",
        f"https://www.facebook.com/sharer.php?u={CODED}",
        f"https://www.google.com/url?other={CODED}",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=file:///etc/passwd",
        "https://www.google.com/url?q=https://reader:secret@paper.test/",
        "https://www.google.com/url?q=https://256.1../",
        "https://www.google.com/url?q=/search",
        "https://www.google.com/amp/s/nodots/x",
        "https://paper-test.cdn.ampproject.org/c/s/a..b/x",
        "https://www.bing.com/ck/a?u=a1aHR0cHM6",
        "https://urldefense.com/v3/__https://paper.test/*__;4oCZ!!x$",
        "https://href.li/",
        "https://paper.turbopages.org/nodots/s/x",
    ],
)
def test_any_other_link_leads_to_itself(link: str) -> None:
    assert link_target(link) == link


def test_a_link_in_a_link_in_a_link_leads_to_the_innermost() -> None:
    inner = f"https://l.facebook.com/l.php?u={CODED}"
    middle = f"https://www.bing.com/news/apiclick.aspx?url={quote(inner, safe='')}"
    assert link_target(f"https://www.google.com/url?q={quote(middle, safe='')}") == STORY


def test_links_nested_without_end_stay_as_they_are() -> None:
    link = "https://google.com/amp/s/" + "google.com/amp/s/" * 50 + "paper.test/a"
    assert link_target(link) == link


def test_an_address_inside_is_left_to_the_guard_downstream() -> None:
    assert link_target("https://www.google.com/url?q=http://127.0.0.1/") == "http://127.0.0.1/"


def test_a_relative_link_is_taken_from_its_base() -> None:
    base = "https://www.google.com/alerts/feeds/1"
    assert link_target(f"/url?url={CODED}", base) == STORY
    assert link_target("javascript:void(0)", base) is None


_CARRIERS = st.sampled_from((
    "https://google.com/url?q=", "https://www.google.de/amp/s/", "https://l.facebook.com/l.php?u=",
    "https://bing.com/ck/a?u=a1", "https://href.li/?", "https://secure-web.cisco.com/x/",
    "https://urldefense.com/v3/__", "https://r.search.yahoo.com/RU=", "https://out.reddit.com/x?url=",
    "https://news.google.com/articles/CB",
))  # fmt: skip


@settings(max_examples=300)
@given(_CARRIERS, st.lists(_CARRIERS, max_size=9), st.text(max_size=40))
def test_unwrapping_twice_is_once(first: str, more: list[str], tail: str) -> None:
    target = link_target(first + "".join(more) + tail)
    assert target is None or unwrapped(target) == target
