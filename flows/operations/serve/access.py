"""Who may use the server of `dateline serve`: a secret made at each start, and one file with it.

Decides how the secret is made, where it is kept for the operator and when it is gone; refuses to
know who asks for it. Server and runner get it in their environment, which only their own user can
read; never on a command line, which everybody can.
"""

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows.core.terminal import print_line

# 32 random bytes: nobody guesses 256 bits
_SECRET_BYTES = 32
_URL = "PREFECT_API_URL"
_AUTH_STRING = "PREFECT_API_AUTH_STRING"
_HERE = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A server on loopback `port` and what it asks for, as Prefect has it: `name:password`."""

    port: int
    auth_string: str = field(repr=False)

    @property
    def page(self) -> str:
        """Where the page of the server is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """Where its API is."""
        return f"{self.page}/api"


def new_access(port: int) -> Access:
    """Access to a server that starts now."""
    return Access(port=port, auth_string=f"dateline:{secrets.token_urlsafe(_SECRET_BYTES)}")


@contextmanager
def kept(home: Path, access: Access) -> Iterator[None]:
    """Keep `access` in a file of `home` for this user alone, for as long as the server is there.

    Where the disk cannot keep a file from others (FAT, some mounts) there is none, and a line says
    so: the schedule runs, the page cannot be opened.
    """
    path = access_file(home)
    _write(path, access)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def access_file(home: Path) -> Path:
    """The file of the secret, in the form a shell and Prefect's own `.env` files read."""
    return home / "access.env"


def access_now(home: Path) -> Access | None:
    """Access to the server that runs from `home`; None when none does, or the file is not ours."""
    try:
        if not is_served(home):
            return None
        lines = access_file(home).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    said = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    try:
        port = int(said[_URL].removesuffix("/api").rpartition(":")[2])
        return Access(port=port, auth_string=said[_AUTH_STRING])
    except (KeyError, ValueError):
        return None


def joined(home: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` for a command of the operator that asks Prefect for a run.

    Where it names no server, or this one without its secret, it gets both.
    """
    access = access_now(home)
    said = environment.get(_AUTH_STRING)
    if access is None or (said and _URL not in environment):
        return dict(environment)
    if environment.get(_URL, access.api_url).rstrip("/") not in _names(access):
        return dict(environment)
    ours = {_URL: access.api_url, _AUTH_STRING: said or access.auth_string}
    return {**environment, **ours, **beside_proxies(environment)}


def beside_proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """`no_proxy`, in both spellings, with what it held and this machine.

    Without it a proxy for the web is handed every request to the server, with its secret.
    """
    held = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    hosts = ",".join(filter(None, (held, *_HERE)))
    return {"no_proxy": hosts, "NO_PROXY": hosts}


def _names(access: Access) -> tuple[str, str]:
    return access.api_url, f"http://localhost:{access.port}/api"


def _write(path: Path, access: Access) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    path.unlink(missing_ok=True)  # one that a killed server left
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
            fresh.unlink()
            print_line(
                f"{path.parent} cannot keep a file from other users: the password of Prefect's "
                "page is not written down, and the page cannot be opened"
            )
            return
        file.write(
            "# What Prefect's page and API ask for, until `dateline serve` stops. For this user "
            "alone.\n"
            f"{_URL}={access.api_url}\n{_AUTH_STRING}={access.auth_string}\n"
            f"no_proxy=${{no_proxy:+$no_proxy,}}{','.join(_HERE)}\n"  # no proxy is told it
        )
    fresh.replace(path)


@contextmanager
def alone(home: Path) -> Iterator[bool]:
    """Hold the one right to serve from `home`, as long as this process is; whether it was free."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        with suppress(OSError):
            home.chmod(0o700)
        yield True


def is_served(home: Path) -> bool:
    """Whether another process holds the right to serve from `home`."""
    try:
        lock = (home / "serve.lock").open()
    except FileNotFoundError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        return False
