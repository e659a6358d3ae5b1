"""The contract of `ingest/readers`: each room passes by being there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ingest.reading import Reader, ReadOptions
from twin.errors import TwinError
from twin.model.finding import Counted, Quarantined
from twin.rooms import discover

READERS = discover("ingest.readers", "reader")
CASES = [(name, suffix) for name, reader in READERS.items() for suffix in reader.suffixes]


@pytest.mark.parametrize("name", READERS)
def test_reader_has_the_shape_of_one(name: str) -> None:
    reader = READERS[name]
    assert isinstance(reader, Reader)
    assert reader.name == name
    assert reader.suffixes
    assert all(s.startswith(".") and s == s.lower() for s in reader.suffixes)


@pytest.mark.parametrize(("name", "suffix"), CASES)
def test_empty_file_is_refused_in_words(name: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"empty{suffix}"
    path.write_bytes(b"")
    with pytest.raises(TwinError, match="empty"):
        list(READERS[name].read(path, ReadOptions()))


@pytest.mark.parametrize(("name", "suffix"), CASES)
@pytest.mark.parametrize("seed", [1, 2])
def test_noise_is_refused_or_accounted_for(name: str, suffix: str, seed: int, tmp_path: Path) -> None:
    path = tmp_path / f"noise{suffix}"
    path.write_bytes(random.Random(seed).randbytes(5000))
    try:
        items = list(READERS[name].read(path, ReadOptions(crs="EPSG:5186", zone="Asia/Seoul")))
    except TwinError as error:
        assert path.name in str(error)
        return
    counted = [i for i in items if isinstance(i, Counted)]
    assert len(counted) == 1
    bad = [i for i in items if isinstance(i, Quarantined) and not i.part]
    assert len(bad) == counted[0].lines


@pytest.mark.parametrize("name", READERS)
def test_missing_file_is_said_by_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"absent{READERS[name].suffixes[0]}"
    with pytest.raises((TwinError, FileNotFoundError), match="absent"):
        list(READERS[name].read(path, ReadOptions()))
