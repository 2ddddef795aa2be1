"""What the supervisor sees by itself, and that it is told: once, and whatever befalls the runs."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows.core.settings import NotifySettings, Settings, load_settings
from flows.operations.last_runs import note_ended
from flows.operations.serve.log import Log
from flows.operations.serve.watch import LOOK_EVERY, Watch
from flows.operations.vitals import read_watched
from tests.operations.alerts.test_sending import receiver

# Apprise imports what the standard library has given up, for plugins nobody asked for
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOW = datetime(2026, 3, 2, 12, 1, tzinfo=UTC)
LOG = Log(lambda: NOW)
TOPIC = Path(__file__).parents[3] / "config" / "topic.toml"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "dateline.toml").touch()
    (folder / "sources.toml").touch()
    shutil.copyfile(TOPIC, folder / "topic.toml")
    (tmp_path / "data" / ".dateline").mkdir(parents=True)
    return folder


def told_at(config: Path, url: str) -> Settings:
    path = config / "dateline.toml"
    path.write_text(f'[notify]\nurls = ["{url}"]\n', encoding="utf-8")
    return load_settings(config)


def looks(watch: Watch, *minutes: float) -> None:
    """Look at these minutes after NOW; each message is sent before the next look."""
    for minute in minutes:
        watch.look(NOW + timedelta(minutes=minute), {})
        watch.wait(60)


def test_a_schedule_that_stands_still_is_told_once(config: Path) -> None:
    with receiver() as (url, heard):
        watch = Watch(told_at(config, url), LOG)
        note_ended(watch.settings.state_dir, "monitor", "completed", "", NOW)

        looks(watch, *range(0, 60, 4))

    assert [(said["title"], said["type"]) for said in heard] == [
        ("Dateline: the pass due at 2026-03-02 12:15Z has not ended", "failure")
    ]


def test_what_was_told_is_not_told_again_by_the_next_start(config: Path) -> None:
    with receiver() as (url, heard):
        settings = told_at(config, url)
        looks(Watch(settings, LOG), *range(0, 60, 4))
        looks(Watch(settings, LOG), *range(60, 120, 4))

    assert len(heard) == 1


def test_a_configuration_broken_while_serving_is_told_by_the_one_that_loaded(
    config: Path,
) -> None:
    with receiver() as (url, heard):
        watch = Watch(told_at(config, url), LOG)
        looks(watch, 0)
        (config / "sources.toml").write_text('[[source]]\nid = "A B"\n', encoding="utf-8")
        looks(watch, 2, 4)
        (config / "sources.toml").write_text("", encoding="utf-8")
        (config / "topic.toml").write_text("name = 1\n", encoding="utf-8")
        looks(watch, 6)

    assert len(heard) == 1
    assert heard[0]["title"].startswith("Dateline: the configuration is wrong, every run fails: ")
    assert "sources.toml:2" in heard[0]["title"]


def test_no_value_of_a_secret_is_told_with_a_wrong_configuration(config: Path) -> None:
    with receiver() as (url, heard):
        watch = Watch(told_at(config, url), LOG)
        looks(watch, 0)
        (config / "dateline.toml").write_text('[notify]\nurls = [7, "slack://s3cret"]\n')
        looks(watch, 2)

    assert len(heard) == 1
    assert "s3cret" not in heard[0]["message"]


def test_what_could_not_be_sent_is_sent_later(config: Path) -> None:
    with receiver(status=500) as (deaf, _):
        watch = Watch(told_at(config, deaf), LOG)
        looks(watch, *range(0, 36, 4))
    with receiver() as (url, heard):
        watch.settings = watch.settings.model_copy(
            update={"notify": NotifySettings(urls=(SecretStr(url),))}
        )
        looks(watch, *range(36, 60, 4))

    assert len(heard) == 1


def test_restarts_are_kept_for_whoever_asks_from_outside(config: Path) -> None:
    watch = Watch(load_settings(config), LOG)

    watch.look(NOW, {"server": 5})

    kept = read_watched(watch.settings.state_dir)
    assert (kept.restarts, kept.looked_at, kept.watched_since) == ({"server": 5}, NOW, NOW)


def test_a_look_is_taken_once_a_minute_and_after_the_clock_went_back(config: Path) -> None:
    watch = Watch(load_settings(config), LOG)

    assert watch.look(NOW, {}) == ()
    assert watch.look(NOW + LOOK_EVERY / 2, {}) is None
    assert watch.look(NOW - timedelta(hours=1), {}) == ()


def test_after_a_machine_slept_its_passes_are_not_called_overdue(config: Path) -> None:
    watch = Watch(load_settings(config), LOG)
    note_ended(watch.settings.state_dir, "monitor", "completed", "", NOW)
    looks(watch, 0)

    assert watch.look(NOW + timedelta(hours=8), {}) == ()


def test_free_space_is_sampled_once_an_hour(config: Path) -> None:
    watch = Watch(load_settings(config), LOG)
    note_ended(watch.settings.state_dir, "monitor", "completed", "", NOW)

    looks(watch, 0, 30, 61, 90, 125)

    (samples,) = read_watched(watch.settings.state_dir).free.values()
    assert [at - NOW for at, _ in samples] == [timedelta(minutes=n) for n in (0, 61, 125)]


def test_where_nothing_can_be_kept_the_supervisor_looks_on(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(load_settings(config), LOG)
    shutil.rmtree(watch.settings.state_dir)

    looks(watch, 0, 2, 4)

    assert capsys.readouterr().out.count("not kept in") == 1
