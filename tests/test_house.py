"""The house rules that no linter knows: size of rooms, light imports, no back door, docs that cannot lie."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(p for package in ("twin", "ingest", "viewer") for p in (ROOT / package).rglob("*.py"))
HEAVY = {
    "duckdb", "geopandas", "ifcopenshell", "lxml", "numba", "osmium", "pandas", "pyarrow", "pydantic", "pydeck", "pyogrio",
    "pyproj", "pyvista", "rasterio", "scipy", "shapely", "streamlit", "trimesh", "vtk", "xarray", "zarr",
}  # fmt: skip


def loaded_by(code: str) -> set[str]:
    """Return the heavy libraries that a fresh interpreter has loaded after `code`."""
    probe = f"{code}\nimport sys, json; print(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=ROOT)
    return HEAVY & set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_is_no_longer_than_350_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 350


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nobody_inside_imports_the_roof(path: Path) -> None:
    roof = {
        "simulate",
        "ensemble",
        "assess",
        "compare",
        "export",
        "picture",
        "create",
        "open",
        "read_scenario",
        "Scenario",
    }
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            assert not [a.name for a in node.names if a.name == "twin"]
        if isinstance(node, ast.ImportFrom) and node.module == "twin":
            assert not roof & {a.name for a in node.names}


@pytest.mark.parametrize(
    "code",
    [
        "import twin, ingest",
        "from twin.rooms import discover; assert len(discover('ingest.readers', 'reader')) > 9",
        "import twin.cli",
        "import twin.names, twin.model.feature, twin.model.scenario, twin.model.run",
    ],
)
def test_light_modules_load_nothing_heavy(code: str) -> None:
    assert loaded_by(code) == set()


def test_help_of_every_verb_has_an_example() -> None:
    import typer

    from twin.cli import app

    def leaves(group: Any, before: str = "") -> dict[str, Any]:
        found = {}
        for name, one in group.commands.items():
            inside = hasattr(one, "commands")
            found |= leaves(one, f"{before}{name} ") if inside else {before + name: one}
        return found

    verbs = leaves(typer.main.get_command(app))
    assert set(verbs) >= {"audit verify", "register export"}
    assert set(verbs) >= {"demo", "new", "load", "info", "check", "run", "runs", "assess", "compare", "export", "serve"}
    readme = (ROOT / "README.md").read_text()
    for name, command in verbs.items():
        assert command.help, f"{name} has no help"
        assert f"Example: twin {name}" in command.epilog, f"{name} has no example"
        assert any("--json" in p.opts for p in command.params), f"{name} has no --json"
        assert re.search(rf"twin {name}\b", readme), f"{name} is not in the README"


def test_every_scenario_reads() -> None:
    from twin import runs

    files = sorted((ROOT / "scenarios").glob("*.toml"))
    assert len(files) >= 3
    for file in files:
        scenario = runs.read_scenario(file)
        assert scenario.title
        assert scenario.title_en


def test_physics_says_what_its_arguments_are() -> None:
    silent = []
    for path in sorted((ROOT / "twin" / "physics").rglob("*.py")):
        tree = ast.parse(path.read_text())
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        for node in (*tree.body, *(item for c in classes for item in c.body)):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{path.name}:{node.name}")
    assert silent == []


def test_no_address_or_path_of_a_machine_is_tracked() -> None:
    files = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split("\n")
    home = re.compile(r"(^|[^A-Za-z0-9_.])/(work|root|home)/")
    for name in filter(None, files):
        path = ROOT / name
        if path.suffix in {".py", ".toml", ".md", ".yml", ".yaml", ".lock", ".cfg", ""} and path.is_file():
            text = path.read_text(errors="replace")
            if path.name != "test_house.py":
                assert not home.search(text), f"{name} holds a path of a machine"
    assert "://" not in (ROOT / "requirements.lock").read_text()
