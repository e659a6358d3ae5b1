"""The sentence for users: light to import, and every word of it leads somewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import twin

ROOT = Path(__file__).parent.parent
HEAVY = {
    "duckdb", "geopandas", "ifcopenshell", "lxml", "numba", "osmium", "pandas", "pyarrow", "pydantic", "pydeck", "pyogrio",
    "pyproj", "pyvista", "rasterio", "scipy", "shapely", "streamlit", "trimesh", "vtk", "xarray", "yaml", "zarr",
}  # fmt: skip


def fresh(code: str) -> set[str]:
    probe = f"{code}\nimport sys, json; print(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_it_loads_nothing_heavy() -> None:
    assert not (HEAVY | {"numpy"}) & fresh("import twin")
    assert not HEAVY & fresh("import twin; twin.simulate, twin.assess, twin.compare, twin.export, twin.read_scenario")
    assert not HEAVY & fresh("import twin.runs, twin.impact, twin.geometry.burn")


@pytest.mark.parametrize("name", [n for n in twin.__all__ if n != "picture"])
def test_every_word_leads_somewhere(name: str) -> None:
    assert callable(getattr(twin, name))
    assert name in dir(twin)


def test_the_verbs_are_verbs_and_not_modules() -> None:
    import twin.runs

    assert callable(twin.simulate)
    assert twin.runs.simulate is twin.simulate
    assert twin.runs.assess is twin.assess


def test_an_unknown_word_says_what_there_is() -> None:
    with pytest.raises(AttributeError, match=r"'simulat'; it has Scenario.*simulate"):
        twin.simulat
