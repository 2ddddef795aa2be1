"""Is everything that is kept sound: the store by its own rules, the archive record by record.

Decides which facts of the archive make it whole: every record can be read to its end, and every
stored article's page is there. Refuses to mend.
"""

from collections.abc import Iterator
from pathlib import Path

from flows.archive import Contents, contents
from flows.errors import StoreError
from flows.settings import Settings
from flows.store import open_published
from flows.store.checking import Finding, check_store
from flows.store.revisiting import archive_refs
from flows.terminal import progress
from flows.warc.places import archive_files


def check_everything(settings: Settings) -> Iterator[Finding]:
    """What holds and what does not, as it is found out; reads every byte of store and archive."""
    yield from check_store(settings.store.path)
    yield from check_archive(settings.archive.path, _stored_refs(settings.store.path))


def check_archive(folder: Path, refs: frozenset[str]) -> Iterator[Finding]:
    """The archive in `folder`; `refs` are the pages that stored articles were read from.

    A file that a run has open may end anywhere; what that run recorded before is whole.
    """
    files = archive_files(folder)
    found: list[Contents] = []
    with progress("checking the archive, in files", total=len(files)) as bar:
        for file in files:
            found.append(contents(file))
            bar.advance()
    broken = [one for one in found if one.problem]
    pages = sum(len(one.refs) for one in found)
    yield Finding(
        part="archive",
        rule=f"every record of {len(files)} files ({pages} pages) can be read",
        broken=len(broken),
        detail=_few([str(one.problem) for one in broken]),
    )
    lost = sorted(refs.difference(*(one.refs for one in found)))
    yield Finding(
        part="archive",
        rule="the page of every stored article is there",
        broken=len(lost),
        detail=_few(lost),
    )


def _stored_refs(store: Path) -> frozenset[str]:
    try:
        with open_published(store) as con:
            return archive_refs(con)
    except StoreError:  # there is a finding of its own about that
        return frozenset()


def _few(texts: list[str]) -> str:
    return "; ".join(texts[:3]) + (f"; and {len(texts) - 3} more" if len(texts) > 3 else "")
