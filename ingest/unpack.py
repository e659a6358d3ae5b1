"""Open an archive for one load: one file or one shapefile comes out, into a folder that goes away afterwards.

Nothing is renamed, skipped or followed in silence: a name that points elsewhere, a link, a name that comes twice, an
archive in an archive and sizes beyond the limits are refused before anything is written.
"""

from __future__ import annotations

import gzip
import shutil
import stat
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from twin.errors import InputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: bytes an archive may unpack to
MOST_BYTES = 16 * 1024**3

#: entries of an archive: a shapefile has about ten
MOST_ENTRIES = 1000

#: unpacked over packed size; a real grid of one value stays below, deflate itself ends at 1032
MOST_RATIO = 300

#: bytes below which the ratio does not matter
SMALL = 32 * 1024**2

#: bytes of the disk that stay free
RESERVE = 512 * 1024**2

ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst")
COMPANIONS = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".qpj", ".xml", ".fix")
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")
NOTES = (".txt", ".pdf", ".md", ".html", ".hwp", ".doc", ".docx")


@contextmanager
def unpacked(path: Path, within: Path) -> Iterator[Path]:
    """Give the file to read: the path itself, or what a .gz or .zip holds, unpacked into a folder inside `within`.

    Raises RefusedError (limits, links, names that lead outside, nesting) and InputError (broken, empty or ambiguous).
    """
    suffix = path.suffix.lower()
    if suffix not in (".zip", ".gz"):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="unpack-", dir=within) as name:
        folder = Path(name)
        try:
            inner = _ungzip(path, folder) if suffix == ".gz" else _unzip(path, folder)
        except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise InputError(f"{path}: the archive is broken ({error}); fetch it again") from error
        yield inner


def companions(path: Path) -> list[Path]:
    """Return the files that belong to a shapefile (.dbf, .prj, ...) or to a table (its .toml), sorted by name."""
    beside = path.with_name(f"{path.name}.toml")
    found = [beside] if beside.is_file() else []
    if path.suffix.lower() == ".shp":
        found += [
            other
            for other in path.parent.iterdir()
            if other.stem == path.stem and other.suffix.lower() in COMPANIONS and other.is_file()
        ]
    return sorted(found)


def _copy(source: IO[bytes], target: Path, path: Path, packed: int, spent: int) -> int:
    """Write a stream to a file, holding the limits by the bytes that really come; return the bytes of all so far."""
    with target.open("wb") as out:
        while piece := source.read(1 << 20):
            spent += len(piece)
            _hold(path, packed, spent, out.tell() + len(piece))
            out.write(piece)
    return spent


def _hold(path: Path, packed: int, total: int, wanted: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if total > MOST_BYTES:
        raise RefusedError(f"{path}: unpacks to more than {MOST_BYTES // 1024**3} GB; unpack it by hand and load parts")
    if total > SMALL and total > MOST_RATIO * max(packed, 1):
        raise RefusedError(
            f"{path}: {packed} bytes unpack to {total} or more (over {MOST_RATIO} times), as an archive bomb does;"
            " if it is meant, unpack it by hand and load the file"
        )
    if wanted > free - RESERVE:
        raise RefusedError(f"{path}: does not fit on the disk unpacked ({free // 1024**2} MB are free)")


def _ungzip(path: Path, folder: Path) -> Path:
    inner = path.stem or "unpacked"
    if Path(inner).suffix.lower() in ARCHIVES:
        raise RefusedError(f"{path}: is an archive in an archive; unpack it by hand and load the files")
    with gzip.open(path) as stream:
        _copy(cast("IO[bytes]", stream), folder / inner, path, path.stat().st_size, 0)
    return folder / inner


def _unzip(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise RefusedError(
                f"{path}: holds {len(entries)} entries, at most {MOST_ENTRIES} are read; unpack it by hand"
            )
        names = {_name(info): info for info in entries}
        _refuse(path, entries)
        files = {name: info for name, info in names.items() if not info.is_dir() and not _is_litter(name)}
        main = _main(path, list(files))
        base = main.rsplit(".", 1)[0]
        wanted = [
            name
            for name in files
            if name in (main, f"{main}.toml")
            or (main.lower().endswith(".shp") and name.rsplit(".", 1)[0] == base and name.lower().endswith(COMPANIONS))
        ]
        packed, total = path.stat().st_size, sum(files[name].file_size for name in wanted)
        _hold(path, packed, total, total)
        spent = 0
        for name in wanted:
            with archive.open(files[name]) as stream:
                spent = _copy(stream, folder / PurePosixPath(name).name, path, packed, spent)
    return folder / PurePosixPath(main).name


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name: as flagged UTF-8, else as its bytes read in UTF-8 or in CP949, as Korean tools write."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", errors="replace")
    for coding in ("utf-8", "cp949"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _refuse(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Raise for an entry that is not a plain file at its own, single place inside the archive."""
    seen: set[str] = set()
    for info in entries:
        name = _name(info)
        parts = PurePosixPath(name).parts
        if "\\" in name or "\0" in name or name.startswith("/") or ".." in parts or (parts and parts[0].endswith(":")):
            raise RefusedError(f"{path}: entry {name!r} points outside the archive")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise RefusedError(f"{path}: entry {name!r} is a link or device, not a file")
        if info.flag_bits & 0x1:
            raise RefusedError(f"{path}: entry {name!r} is encrypted; unpack it by hand")
        if name in seen:
            raise RefusedError(f"{path}: entry {name!r} comes twice; unpack it by hand and choose")
        seen.add(name)
        if PurePosixPath(name).suffix.lower() in ARCHIVES:
            raise RefusedError(
                f"{path}: entry {name!r} is an archive in an archive; unpack it by hand and load the files"
            )


def _is_litter(name: str) -> bool:
    return any(name.startswith(mark) or PurePosixPath(name).name == mark for mark in LITTER)


def _main(path: Path, names: list[str]) -> str:
    """Return the one data set among the entries."""
    shapes = [name for name in names if name.lower().endswith(".shp")]
    tables = {f"{name}.toml" for name in names}
    notes = tuple(NOTES) + (COMPANIONS if shapes else ())
    data = [name for name in names if name not in tables and not name.lower().endswith(notes)]
    if not data and len(names) == 1:
        data = names
    if not data:
        raise InputError(f"{path}: the archive holds no data file ({', '.join(names[:5]) or 'it is empty'})")
    if len(data) > 1:
        shown = ", ".join(sorted(data)[:5]) + (", ..." if len(data) > 5 else "")
        raise InputError(
            f"{path}: the archive holds {len(data)} data files ({shown}); unpack it and load them one by one"
        )
    return data[0]
