"""The demo city's files, written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import demo


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gaon_files")


@pytest.fixture(scope="session")
def files(folder: Path) -> list[Path]:
    return demo.write(folder)
