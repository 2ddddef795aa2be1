"""Is everything that is kept sound: the store by its own rules, the archive record by record.

Decides which facts of the archive make it whole: every record can be read to its end, and every
stored article's page is there. Refuses to mend.
"""

from collections.abc import Iterator
from pathlib import Path

from flows.archive.archive import Contents, contents, read_archived
from flows.archive.relocation import archive_files
from flows.core.errors import ArchiveError, StoreError
from flows.core.settings import Settings
from flows.core.terminal import progress
from flows.store.check import Finding, check_store
from flows.store.connections import explained, open_published
from flows.store.judgements import archive_refs
from flows.store.query import interruptible


def check_everything(settings: Settings) -> Iterator[Finding]:
    """What holds and what does not, as it is found out; reads every byte of store and archive."""
    with interruptible():
        store = check_store(settings.store.path)
    yield from store
    # a file that does not open, or has other tables, cannot be asked for them
    refs = _stored_refs(settings.store.path) if store[0].holds else None
    yield from check_archive(settings.archive.path, refs)


def check_archive(folder: Path, refs: frozenset[str] | None) -> Iterator[Finding]:
    """The archive in `folder`; `refs` are the pages that stored articles were read from, None if
    the store could not be asked.

    A file that a run has open may end anywhere; what that run recorded before is whole.
    """
    files = archive_files(folder)
    found: list[Contents] = []
    with progress("checking the archive, in files", total=len(files)) as bar:
        for file in files:
            found.append(contents(file))
            bar.advance()
    broken = {file.name: one.problem for file, one in zip(files, found, strict=True) if one.problem}
    pages = sum(len(one.refs) for one in found)
    yield Finding(
        part="archive",
        rule=f"every record of {len(files)} files ({pages} pages) can be read",
        broken=len(broken),
        detail=_few([_named(name, problem) for name, problem in broken.items()]),
    )
    yield _pages_are_there(folder, refs, found)


def _pages_are_there(folder: Path, refs: frozenset[str] | None, found: list[Contents]) -> Finding:
    rule = "the page of every stored article is there"
    if refs is None:
        detail = "the store does not say which pages those are"
        return Finding(part="archive", rule=rule, broken=None, detail=detail)
    unmet = sorted(refs.difference(*(one.refs for one in found)))
    # reading a file stops at its first broken record; those behind it are found by their places
    lost = [ref for ref in unmet if not _can_be_read(folder, ref)]
    return Finding(part="archive", rule=rule, broken=len(lost), detail=_few(lost))


def _can_be_read(folder: Path, ref: str) -> bool:
    try:
        read_archived(folder, ref)
    except ArchiveError:
        return False
    return True


def _stored_refs(store: Path) -> frozenset[str] | None:
    try:
        with open_published(store) as con, explained(store):
            return archive_refs(con)
    except StoreError:  # there is a finding of its own about that
        return None


def _named(name: str, problem: str) -> str:
    return problem if name in problem else f"{name}: {problem}"


def _few(texts: list[str]) -> str:
    return "; ".join(texts[:3]) + (f"; and {len(texts) - 3} more" if len(texts) > 3 else "")
