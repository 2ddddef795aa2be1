"""What a wrong configuration is told to be shows no secret, whatever is wrong with it."""

import logging
import traceback
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from flows.core.errors import ConfigurationError
from flows.core.setting_errors import problems_of, without_credentials
from flows.core.settings import NotifySettings, load_settings

URL = "mailtos://me:s3cret@mail.test"


def _refused(folder: Path, main: str, sources: str = "") -> ConfigurationError:
    (folder / "dateline.toml").write_text(main, encoding="utf-8")
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(folder)
    return caught.value


@pytest.mark.parametrize(
    "main",
    [
        f'[notify]\nurls = "{URL}"\n',
        f'[notify]\nurls = ["{URL}", 7]\n',
        f'[notify]\nurls = [["{URL}"]]\n',
        f'[notify]\nurls = {{mail = "{URL}"}}\n',
        f'[notify.urls]\nmail = "{URL}"\n',
        f'[notify]\nurl = "{URL}"\n',
        f'[notify]\n"{URL}" = true\n',
        f'[notify.urls]\n"{URL}" = 1\n',
        f'[notify]\ndigest = "{URL}"\n',
        f'notify = "{URL}"\n',
        f'notify = ["{URL}"]\n',
        f'[[notify]]\nurls = ["{URL}"]\n',
        f'urls = ["{URL}"]\n',
        f'[Notify]\nurls = ["{URL}"]\n',
        f'[fetch]\nurls = ["{URL}"]\n',
        f'[fetch]\ncontact = ["{URL}"]\n',
        f'[fetch]\nallow_networks = ["{URL}"]\n',
        f'"{URL}" = 1\n',
        f'[notify]\nurls = ["{URL}]\n',
        f'[notify]\nurls = ["{URL}"\n',
        f"[notify]\nurls = [{URL}]\n",
        f'[notify]\nurls = ["{URL}"]\nurls = ["{URL}"]\n',
        f"[notify]\n{URL}\n",
        f'[notify]\nurls = ["{URL}\\q"]\n',
        f'[notify]\n"{URL}" = 1\n"{URL}" = 2\n',
        f'[notify]\n"{URL}" = 1\n[notify."{URL}"]\n',
        f'[notify."{URL}"]\n[notify."{URL}"]\n',
        f'[notify."{URL}"]\n[[notify."{URL}"]]\n',
        f'notify."{URL}" = {{}}\nnotify."{URL}".x = 1\n',
    ],
)
def test_a_secret_is_in_no_sentence_about_a_wrong_file(tmp_path: Path, main: str) -> None:
    error = _refused(tmp_path, main)

    told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.problems)
    assert "s3cret" not in told
    assert error.problems[0].what


def test_the_credentials_of_a_source_are_not_repeated(tmp_path: Path) -> None:
    entry = '[[source]]\nid = "a"\noutlet = "A"\nkind = "feed"\nurl = "ftp://me:s3cret@a.test/"\n'
    (problem,) = _refused(tmp_path, "", entry).problems

    assert problem.what == (
        "'url': is no http(s) URL that can be fetched (got 'ftp://***@a.test/')"
    )


def test_what_is_no_secret_is_still_shown(tmp_path: Path) -> None:
    (problem,) = _refused(tmp_path, '[fetch]\npace_seconds = "fast"\n').problems

    assert problem.what == "'fetch.pace_seconds': input should be a valid number (got 'fast')"


def test_the_key_that_is_wrong_beside_a_secret_is_named(tmp_path: Path) -> None:
    (problem,) = _refused(tmp_path, f'[notify]\nurls = "{URL}"\n').problems

    assert (problem.what, problem.line) == ("'notify.urls': input should be a valid tuple", 2)


def test_any_table_that_holds_a_secret_keeps_its_values(tmp_path: Path) -> None:
    class Health(BaseModel):
        ping_url: SecretStr | None = None
        port: int = 0

    class File(BaseModel):
        health: Health = Health()

    with pytest.raises(ValidationError) as caught:
        File.model_validate({"health": {"port": "https://ping.test/s3cret"}})
    (problem,) = problems_of(caught.value, File, tmp_path, lambda _: None)

    assert "s3cret" not in problem.what
    assert "health.port" in problem.what


def test_a_secret_is_stars_wherever_settings_are_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "dateline.toml").write_text(f'[notify]\nurls = ["{URL}"]\n')
    (tmp_path / "sources.toml").touch()
    settings = load_settings(tmp_path)

    with caplog.at_level(logging.INFO):
        logging.getLogger("flows").info("%s %r", settings, settings.notify)

    written = [str(settings), repr(settings), settings.model_dump_json(), caplog.text]
    assert not [text for text in written if "s3cret" in text]
    assert settings.notify.urls[0].get_secret_value() == URL


def test_settings_made_wrongly_in_code_say_no_value_either() -> None:
    with pytest.raises(ValidationError) as caught:
        NotifySettings.model_validate({"urls": URL})

    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://me:pw@a.test/x", "http://***@a.test/x"),
        ("http://me:p/w@a.test", "http://***@a.test"),
        ("mailto:me:pw@a.test", "mailto:***@a.test"),
        ("see https://a.test/@someone", "see https://***@someone"),
        ("https://a.test/x?y=1", "https://a.test/x?y=1"),
        ("no URL: me@a.test", "no URL: me@a.test"),
    ],
)
def test_user_and_password_of_a_url_are_stars(text: str, shown: str) -> None:
    assert without_credentials(text) == shown
