from flows.fetch.transport import Proxies

BOTH = {"http": "http://proxy.test:3128", "https": "secure.test:3129"}


def test_each_scheme_has_its_proxy() -> None:
    proxies = Proxies(BOTH)
    assert proxies.proxy_for("http://a.test/") == "http://proxy.test:3128"
    assert proxies.proxy_for("https://a.test/") == "http://secure.test:3129"


def test_one_may_serve_all() -> None:
    assert Proxies({"all": "http://p:1"}).proxy_for("https://a.test/") == "http://p:1"


def test_no_proxy_names_exceptions() -> None:
    proxies = Proxies(BOTH | {"no": "a.test,.inner.test"})
    assert proxies.proxy_for("http://a.test:8080/") is None
    assert proxies.proxy_for("http://x.inner.test/") is None
    assert proxies.proxy_for("http://b.test/") is not None


def test_without_any_the_way_is_direct() -> None:
    assert Proxies({}).proxy_for("http://a.test/") is None
