"""The folder a rehearsal is kept in: ours by a mark, and made anew by the next one.

Decides what may be deleted: what a rehearsal wrote into a folder that one began. A folder of
anything else is left alone, whatever it was named for.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.core.errors import DatelineError

MARK = ".dateline-rehearsal"
_WRITTEN = ("config", "data", "seeds")
_SAID = "Made by `dateline rehearse`, which makes config, data and seeds beside this file anew.\n"


@contextmanager
def renewed(folder: Path) -> Iterator[Path]:
    """`folder`, empty for a rehearsal and this process's alone until it is left.

    Raises `DatelineError` for a folder that holds what no rehearsal began, and while another
    rehearsal works in it.
    """
    mark = folder / MARK
    if not mark.exists() and folder.exists() and any(folder.iterdir()):
        raise DatelineError(
            f"{folder} holds something else than a rehearsal; nothing of it was touched. "
            "Name an empty folder, or one that is not there yet"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with mark.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DatelineError(f"Another rehearsal is at work in {folder}") from error
        mark.write_text(_SAID, encoding="utf-8")
        for name in _WRITTEN:
            _remove(folder / name)
        yield folder


def _remove(path: Path) -> None:
    if path.is_symlink():  # where it leads is not ours
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
