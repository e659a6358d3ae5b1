"""What the kernels of the front are made of; said, once, when they are compiled."""

from __future__ import annotations

from twin.physics.compiling import announce, digest

PARTS = ("heap.py", "ways.py", "progress.py", "../compiling.py")
"""Files whose functions are compiled into kernels that stand in other files."""

announce("twin.physics.wildfire", "산불", "wildfire")


def sources(parts: tuple[str, ...] = PARTS) -> str:
    """Return the hash of the files of this package that kernels in other files are made of."""
    return digest(__file__, parts)
