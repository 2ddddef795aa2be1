from pathlib import Path

from flows.core.settings import load_settings
from flows.rehearsal.configuration import resolved, source_entries, write_configuration
from flows.rehearsal.outlets import outlets
from tests.rehearsal.places import SEEDS


def _written(tmp_path: Path) -> Path:
    topic = tmp_path / "some-topic.toml"
    topic.write_text("# a topic\n", encoding="utf-8")
    return write_configuration(
        tmp_path / "rehearsal",
        sources=source_entries(outlets()),
        resolve=resolved(outlets(), served="127.0.0.1:4100", refusing="127.0.0.1:4101"),
        topic_path=topic,
        seeds_dir=SEEDS,
    )


def test_the_written_configuration_is_read_without_a_problem(tmp_path: Path) -> None:
    settings = load_settings(_written(tmp_path))
    configured = [f.source_id for o in outlets() for f in o.feeds if f.configured]
    assert [source.source_id for source in settings.sources] == configured


def test_names_lead_to_the_loopback_web_without_pace(tmp_path: Path) -> None:
    fetch = load_settings(_written(tmp_path)).fetch
    assert fetch.pace_seconds == 0
    assert fetch.allow_networks == ("127.0.0.0/8",)
    assert fetch.resolve["harbour-courier.test"] == "127.0.0.1:4100"


def test_a_host_where_nobody_listens_leads_elsewhere(tmp_path: Path) -> None:
    fetch = load_settings(_written(tmp_path)).fetch
    assert fetch.resolve["closed-observer.test"] == "127.0.0.1:4101"


def test_topic_and_seeds_are_copied_beside_it(tmp_path: Path) -> None:
    config = _written(tmp_path)
    assert (config / "topic.toml").read_text(encoding="utf-8") == "# a topic\n"
    assert {p.name for p in (config.parent / "seeds").glob("*.txt")} == {
        p.name for p in SEEDS.glob("*.txt")
    }


def test_the_means_of_repair_are_named(tmp_path: Path) -> None:
    sources = {s.source_id: s for s in load_settings(_written(tmp_path)).sources}
    assert sources["rolling_bulletin"].repairs == ("http://rolling-bulletin.test/sitemap-news.xml",)
