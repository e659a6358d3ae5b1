"""Machine matters: threads, ports, paths. Physics parameters live in the scenario, because they belong in its hash."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What depends on the machine and not on the city.

    threads       threads of a simulation and of the database
    memory_limit  what the database may use, as DuckDB writes it ("1GB")
    reader_seconds, reader_bytes   limits of a child process that reads a BIM file
    """

    threads: int = 2
    memory_limit: str = "1GB"
    reader_seconds: float = 300.0
    reader_bytes: int = 2 * 1024**3

    @classmethod
    def from_environment(cls) -> Settings:
        """Return the defaults with TWIN_THREADS and TWIN_MEMORY_LIMIT laid over them."""
        threads = os.environ.get("TWIN_THREADS", "")
        return cls(
            threads=int(threads) if threads.isdigit() and int(threads) > 0 else min(os.cpu_count() or 2, 8),
            memory_limit=os.environ.get("TWIN_MEMORY_LIMIT", "1GB"),
        )


def data_folder(name: str) -> Path:
    """Return the folder `assets` or `scenarios`, beside the packages in a checkout, inside `twin` in a wheel."""
    packaged = Path(__file__).parent / f"_{name}"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / name
