"""What the kernels are made of beside their own files; said, once, when they are compiled."""

from __future__ import annotations

from twin.physics.compiling import announce, digest

CONSTANTS = "tables.py", "burning.py", "exposure.py", "dose.py", "suppression.py", "brands.py"
"""Files whose numbers are compiled into kernels that stand in other files."""

announce("twin.physics.urban_fire", "건물 화재", "building fire")


def constants() -> str:
    """Return the hash of `CONSTANTS`."""
    return digest(__file__, CONSTANTS)
