"""How the kernels of this package are compiled, and of what files; said, once, when it is done."""

from __future__ import annotations

from twin.physics.compiling import announce, digest

SOURCES = (
    "arrays.py",
    "burning.py",
    "compiling.py",
    "constants.py",
    "devices.py",
    "doses.py",
    "layers.py",
    "linings.py",
    "network.py",
    "openings.py",
    "people.py",
    "plume.py",
    "radiation.py",
    "stepping.py",
    "surfaces.py",
    "../compiling.py",
)
"""Files whose functions and numbers are compiled into kernels."""

announce("twin.physics.zone_fire", "실내 화재", "indoor fire")


def sources() -> str:
    """Return the hash of `SOURCES`."""
    return digest(__file__, SOURCES)
