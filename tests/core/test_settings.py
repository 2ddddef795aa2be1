"""A configuration is read whole, or every problem of it is told at once."""

from pathlib import Path

import pytest

from flows.core.errors import ConfigurationError
from flows.core.settings import load_settings


def _config(folder: Path, *, main: str = "", sources: str = "") -> Path:
    config = folder / "config"
    config.mkdir()
    (config / "dateline.toml").write_text(main, encoding="utf-8")
    (config / "sources.toml").write_text(sources, encoding="utf-8")
    return config


def _problems(config: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(config)
    return [f"{p.path.name}:{p.line}: {p.what}" for p in caught.value.problems]


def test_paths_are_taken_from_the_folder_that_holds_config(tmp_path: Path) -> None:
    settings = load_settings(_config(tmp_path, main='[store]\npath = "kept/here.duckdb"'))
    assert settings.store.path == tmp_path / "kept/here.duckdb"
    assert settings.archive.path == tmp_path / "data/archive"
    assert settings.state_dir == tmp_path / "kept/.here"


def test_every_problem_of_every_file_is_told_with_its_line(tmp_path: Path) -> None:
    main = '[fetch]\npace_seconds = "fast"\ntypo = 1\n\n[stoer]\npath = "x"\n'
    sources = (
        '[[source]]\nid = "a"\noutlet = "A"\nkind = "feed"\nurl = "ftp://a.test/feed"\n\n'
        '[[source]]\nid = "b"\noutlet = "B"\nkind = "telex"\nurl = "https://b.test/feed"\n'
        'timezone = "Mars/Olympus"\n\n'
        '[[source]]\nid = "c"\noutlet = "C"\nkind = "list"\nurl = "https://c.test/"\n\n'
        '[[source]]\nid = "c"\noutlet = "C"\nkind = "feed"\nurl = "https://c.test/feed"\n'
    )
    told = _problems(_config(tmp_path, main=main, sources=sources))
    assert [line.split(" (got")[0] for line in told] == [
        "dateline.toml:2: 'fetch.pace_seconds': input should be a valid number",
        "dateline.toml:3: unknown key 'fetch.typo'",
        "dateline.toml:5: unknown key 'stoer'",
        "sources.toml:5: 'url': is no http(s) URL that can be fetched",
        "sources.toml:10: 'kind': input should be 'feed', 'sitemap', 'list', 'wordpress', "
        "'google_news' or 'gdelt'",
        "sources.toml:12: 'timezone': is no IANA time zone, such as 'Asia/Shanghai'",
        "sources.toml:14: 'c': kind 'list' needs a selector",
        "sources.toml:20: the id 'c' is used twice",
    ]


def test_broken_toml_is_told_with_line_and_column(tmp_path: Path) -> None:
    config = _config(tmp_path, main="[store\npath = 1")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(config)
    problem = caught.value.problems[0]
    assert (problem.line, problem.path.name) == (1, "dateline.toml")
    assert "no valid TOML" in problem.what


def test_a_missing_folder_is_told_for_each_file(tmp_path: Path) -> None:
    told = _problems(tmp_path / "nowhere")
    assert [line.split(":")[0] for line in told] == ["dateline.toml", "sources.toml"]
    assert all("is missing; --config names the folder" in line for line in told)


def test_the_shipped_configuration_is_right() -> None:
    settings = load_settings(Path(__file__).parents[2] / "config")
    assert settings.fetch.pace_seconds == 5.0
