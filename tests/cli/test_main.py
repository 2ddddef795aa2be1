"""Every way to end has its exit status and its sentence."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from flows.cli import main as cli
from flows.core.errors import ConfigurationError, NothingReached, Problem, StoreFull

FULL = StoreFull("The disk is full.")


def _ended(argv: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["dateline", *argv])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return int(caught.value.code or 0)


def _raising(error: BaseException) -> Callable[..., None]:
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (FULL, 1, "The disk is full.\n"),
        (NothingReached("Nobody answered."), 3, "Nobody answered.\n"),
        (ConfigurationError((Problem(path=Path("a.toml"), what="is odd", line=2),)), 2,
         "The configuration has 1 problem:\n  a.toml:2: is odd\n"),
        (ExceptionGroup("two hosts", [FULL, ExceptionGroup("and one", [FULL])]), 1,
         "The disk is full.\n"),
        (PermissionError(13, "Permission denied", "/store"), 1,
         "/store may not be read or written by this user.\n"),
        (OSError(30, "Read-only file system", "/store"), 1,
         "/store cannot be used: Read-only file system.\n"),
        (OSError(28, "No space left on device"), 1,
         "What was to be written is lost: No space left on device.\n"),
        (click.Abort(), 1, "Stopped; what was committed is whole.\n"),
        (KeyboardInterrupt(), 1, "\nStopped; what was committed is whole.\n"),
    ],
)  # fmt: skip
def test_an_error_is_a_sentence_and_a_status(
    error: BaseException,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = click.Command("break", callback=_raising(error))
    monkeypatch.setattr(cli._Lazy, "get_command", lambda *_: broken)
    assert _ended(["break"], monkeypatch) == status
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    "mistake", [ExceptionGroup("tasks", [FULL, ValueError("ours")]), OSError("of no file")]
)
def test_a_mistake_of_ours_is_not_hidden_in_a_sentence(
    mistake: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = click.Command("break", callback=_raising(mistake))
    monkeypatch.setattr(cli._Lazy, "get_command", lambda *_: broken)
    monkeypatch.setattr("sys.argv", ["dateline", "break"])
    with pytest.raises(type(mistake)):
        cli.main()


@pytest.mark.parametrize("words", [["nonsense"], ["status", "--nonsense"], ["run", "surplus"]])
def test_wrong_usage_is_status_2(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ended(words, monkeypatch) == 2


def test_a_missing_folder_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ended(["status", "--config", str(tmp_path / "nowhere")], monkeypatch) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path / 'nowhere' / 'dateline.toml'}: is missing; --config names" in said


@pytest.mark.parametrize("name", list(cli._COMMANDS))
def test_every_command_says_what_it_does(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["dateline", name, "--help"])
    cli.main()
    usage = capsys.readouterr().out.splitlines()[0]
    assert usage.startswith("Usage: ")
    assert f" {name} " in usage
