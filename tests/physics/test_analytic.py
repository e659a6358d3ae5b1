"""The exact solutions against the published tables of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.physics import analytic
from tests.physics.cases.files import read_table

TIMES = ("0.00", "0.25", "0.50", "0.75", "1.00")


@pytest.fixture
def tables(shared: Path) -> Path:
    return shared / "validation" / "flood" / "analytic"


@pytest.mark.parametrize("time", TIMES)
def test_planar_thacker(tables: Path, time: str) -> None:
    table = read_table(tables / f"thacker_planar_1d_t{time}T.csv")
    h, u = analytic.planar_thacker(table["x_m"], float(time) * 7.09613448, 4.0, 10.0, 2.0, 9.8)
    np.testing.assert_allclose(h, table["depth_m"], atol=1e-6)
    np.testing.assert_allclose(u, table["u_m_s"], atol=1e-6)


@pytest.mark.parametrize("time", TIMES)
def test_radial_thacker(tables: Path, time: str) -> None:
    table = read_table(tables / f"thacker_paraboloid_y0_t{time}T.csv")
    x = table["x_m"]
    h, outwards, bed = analytic.radial_thacker(np.abs(x), float(time) * 56.0998688, 1000.0, 2500.0, 2000.0, 9.8)
    np.testing.assert_allclose(h, table["depth_m"], atol=1e-3)
    np.testing.assert_allclose(outwards * np.sign(x), table["u_m_s"], atol=1e-5)
    np.testing.assert_allclose(bed[h > 0] + h[h > 0], table["stage_m"][h > 0], atol=1e-3)


def test_macdonald(tables: Path) -> None:
    table = read_table(tables / "macdonald_short_channel_with_shock.csv")
    h, bed = analytic.macdonald(table["x_m"])
    np.testing.assert_allclose(h, table["depth_m"], atol=1e-7)
    np.testing.assert_allclose(bed, table["bed_m"], atol=1e-5)


@pytest.mark.parametrize(
    ("name", "q", "outlet"),
    [
        ("subcritical_over_bump", 4.42, 2.0),
        ("transcritical_with_shock", 0.18, 0.33),
        ("transcritical_without_shock", 1.53, None),
    ],
)
def test_steady_flow_over_the_bump(tables: Path, name: str, q: float, outlet: float | None) -> None:
    table = read_table(tables / f"{name}.csv")
    x = table["x_m"]
    found = analytic.steady_bump(x, q, outlet, choked=q < 2)
    # where two roots of the depth meet at the crest the tables are loose, by up to 4 mm; a jump is off by a cell
    loose = np.where((np.abs(x - 10) < 0.6) & (q < 2), 4e-3, 1e-4)
    assert np.sum(np.abs(found - table["depth_m"]) > loose) <= (outlet == 0.33)
    np.testing.assert_allclose(analytic.bump(x), table["bed_m"], atol=1e-6)


def test_supercritical_flow_over_the_bump(tables: Path) -> None:
    table = read_table(tables / "supercritical_over_bump.csv")
    energy = 0.5 + 10.0**2 / (2 * 9.8 * 0.5**2)
    found = analytic.depth_of(energy, analytic.bump(table["x_m"]), 10.0, 9.8, fast=True)
    np.testing.assert_allclose(found, table["depth_m"], atol=1e-6)


def test_subcritical_flow_down_a_step(tables: Path) -> None:
    table = read_table(tables / "subcritical_depth_expansion.csv")
    bed = analytic.expansion(table["x_m"])
    found = analytic.depth_of(1 + 1 / (2 * 9.8), bed, 1.0, 9.8, fast=False)
    np.testing.assert_allclose(bed, table["bed_m"], atol=1e-6)
    np.testing.assert_allclose(found, table["depth_m"], atol=1e-6)


@pytest.mark.parametrize("time", [1, 2, 4])
@pytest.mark.parametrize(("case", "low"), [("dry", 0.0), ("wet", 10.0)])
def test_avalanches(tables: Path, case: str, low: float, time: int) -> None:
    table = read_table(tables / f"avalanche_{case}_t{time}.csv")
    found = analytic.avalanche(table["x_m"], float(time), 20.0, low, 0.1, 0.05)
    off = np.abs(found - table["depth_m"]) > 1e-4
    assert off.sum() <= (low > 0), (table["x_m"][off], found[off], table["depth_m"][off])  # a cell at the shock
