"""A person at the command line: every verb is run as a program of its own, as a user would."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
TWIN = Path(sys.executable).parent / "twin"


def command(*words: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run `twin` with these words and return what it did."""
    return subprocess.run([str(TWIN), *map(str, words)], capture_output=True, text=True, cwd=cwd, timeout=850)


def answer(*words: object) -> Any:
    """Run `twin` with these words and --json; it must succeed. Returns the document it printed."""
    done = command(*words, "--json")
    assert done.returncode == 0, f"twin {' '.join(map(str, words))}: {done.returncode}\n{done.stderr}\n{done.stdout}"
    return json.loads(done.stdout)


def balanced(report: dict[str, Any]) -> bool:
    """Return whether a load report accounts for every line."""
    return bool(report["lines_in"] == report["stored"] + report["quarantined"] + report["duplicate"])


def cloudburst(twin: Path, tmp: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the 70 mm cloudburst over a twin, assess it, draw it; hold what every such run must hold."""
    run = answer("run", twin, ROOT / "scenarios" / "cloudburst_70mm.toml")
    assert run["status"] == "done"
    assert run["hazard"] == "flood"
    assert run["frames"] >= 5
    assert abs(run["budget"]["error_relative"]) <= 1e-6
    assert abs(run["budget"]["in"] - run["budget"]["out"] - run["budget"]["stored"]) <= 1e-5 * run["budget"]["in"]
    again = answer("run", twin, ROOT / "scenarios" / "cloudburst_70mm.toml")
    assert again["run"] == run["run"]
    assert [r["run"] for r in answer("runs", twin)["runs"]] == [run["run"]]
    impact = answer("assess", twin, run["run"][:6])
    assert impact["buildings_affected"] == sum(b["depth_max"] > 0 for b in impact["buildings"])
    assert 0 < impact["buildings_affected"] < impact["buildings_total"]
    assert impact["curve"] == "jrc-asia-residential"
    assert impact["damage_krw"] > 0
    same = answer("compare", twin, run["run"], run["run"])
    assert same["max_depth_difference_m"] == 0
    picture = tmp / "still.png"
    answer("export", twin, run["run"], "picture", picture)
    from PIL import Image

    with Image.open(picture) as image:
        assert image.width >= 1000
        colours = image.convert("RGB").getcolors(maxcolors=2**24)
    assert colours is not None
    assert len(colours) > 500, "the picture is nearly empty"
    grid = tmp / "depth.tif"
    answer("export", twin, run["run"], "max_depth", grid)
    import rasterio

    with rasterio.open(grid) as data:
        assert data.crs.to_epsg() == 28992
        assert float(data.read(1, masked=True).max()) > 0.05
    return run, impact
