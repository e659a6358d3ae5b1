"""Where a BIM model lies: the order of the sources, units, scales written in three ways, and what is never assumed."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from ingest.formats.bim import georeference as geo
from twin.errors import InputError, MissingError

HERE = np.zeros(3)


def conversion(**more: object) -> dict[str, object]:
    return {
        "type": "IfcMapConversion",
        "crs": "EPSG:5186",
        "Eastings": 200_000.0,
        "Northings": 600_000.0,
        "OrthogonalHeight": 30.0,
        **more,
    }


def test_map_conversion_turns_and_shifts() -> None:
    place, _ = geo.resolve("m", {"operations": [conversion(XAxisAbscissa=0.0, XAxisOrdinate=1.0)]}, 1.0, None, HERE)
    assert place.plan(np.array([[10.0, 0.0], [0.0, 5.0]])).tolist() == pytest.approx(
        np.array([[200_000, 600_010], [199_995, 600_000]])
    )
    assert place.axes(np.array([[10.0, 0.0, 2.0]]))[0] == pytest.approx([0, 10, 2])
    assert place.up == 30.0


@pytest.mark.parametrize(
    ("scale", "stretch", "remark"),
    [(0.001, 1.0, False), (1000.0, 1.0, True), (1.0, 1.0, True), (0.0009996, 0.9996, False), (None, 1.0, False)],
)
def test_scale_of_a_model_in_millimetres(scale: float | None, stretch: float, remark: bool) -> None:
    place, found = geo.resolve("m", {"operations": [conversion(Scale=scale)]}, 0.001, None, HERE)
    assert place.stretch == pytest.approx(stretch)
    assert any(f.code == "scale" for f in found) == remark


def test_scale_that_fits_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="Scale 7"):
        geo.resolve("m", {"operations": [conversion(Scale=7.0)]}, 0.001, None, HERE)


def test_map_in_feet() -> None:
    foot = 1200 / 3937
    said = conversion(crs="EPSG:2240", Eastings=1_920_390.0, Northings=1_813_871.0, map_unit=foot)
    place, _ = geo.resolve("m", {"operations": [said]}, foot, None, HERE)
    assert place.unit == pytest.approx(foot)
    assert place.plan(np.array([[foot * 10, 0.0]]))[0] == pytest.approx([1_920_400, 1_813_871])


def test_order_of_sources() -> None:
    site = {"latitude": [36, 48, 0, 0], "longitude": [127, 6, 0, 0], "elevation": 12.0}
    epset = {k: v for k, v in conversion(Eastings="200100").items() if k != "type"}
    everything = {"operations": [conversion()], "epset": epset, "site": site}
    assert geo.resolve("m", everything, 1.0, None, HERE)[0].how == "IfcMapConversion"
    del everything["operations"]
    assert geo.resolve("m", everything, 1.0, None, HERE)[0].east == 200_100
    del everything["epset"]
    place, found = geo.resolve("m", everything, 1.0, None, HERE)
    assert (place.crs, place.up) == ("EPSG:32652", 12.0)
    assert "accuracy unknown" in found[0].message
    with pytest.raises(MissingError, match="says nothing of where it lies"):
        geo.resolve("m", {}, 1.0, None, HERE)
    with pytest.raises(MissingError):
        geo.resolve("m", {}, 1.0, "EPSG:5186", HERE)
    assert (
        geo.resolve("m", {}, 1.0, "EPSG:5186", np.array([213_000.0, 467_000.0, 0.0]))[0].how
        == "coordinates as they stand"
    )


def test_true_north_is_kept() -> None:
    from pyproj import Transformer

    said = {
        "site": {"latitude": [37, 30, 0], "longitude": [127, 0, 0], "elevation": None},
        "true_north": [0.5, math.sqrt(0.75)],
        "site_origin": [5000.0, 0.0, 0.0],
    }
    place, _ = geo.resolve("m", said, 0.001, None, HERE)
    ends = place.plan(np.array([[5.0, 0.0], [5.0 + 50, 100 * math.sqrt(0.75)]]))
    lon, lat = Transformer.from_crs(place.crs, "EPSG:4326", always_xy=True).transform(ends[:, 0], ends[:, 1])
    assert lon == pytest.approx([127, 127], abs=1e-8)
    assert lat[0] == pytest.approx(37.5, abs=1e-9)
    assert (lat[1] - lat[0]) * 110_990 == pytest.approx(100, abs=0.1)


def test_georeferenced_twice_is_said() -> None:
    _, found = geo.resolve("m", {"operations": [conversion()]}, 1.0, None, np.array([200_000.0, 600_000.0, 0.0]))
    assert "double-georeference" in {f.code for f in found}


def test_site_that_contradicts_is_said() -> None:
    said = {
        "operations": [conversion()],
        "site": {"latitude": [41, 52, 27, 840000], "longitude": [-87, -38, -21, -839999]},
    }
    _, found = geo.resolve("m", said, 1.0, None, HERE)
    assert any(f.code == "site-differs" and "km" in f.message for f in found)


def test_rigid_operation_in_degrees() -> None:
    said = {
        "type": "IfcRigidOperation",
        "FirstCoordinate": 14.0902217,
        "SecondCoordinate": 46.3623297,
        "Height": 475.0,
        "angles": True,
        "crs": "EPSG:4258",
    }
    place, _ = geo.resolve("m", {"operations": [said]}, 1.0, None, HERE)
    assert (place.crs, place.up) == ("EPSG:32633", 475.0)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (conversion(crs="EPSG:4326"), "in degrees"),
        (conversion(crs="UTM drei"), "not known"),
        (conversion(Eastings="weit"), "no number"),
        (conversion(Northings=float("nan")), "no number"),
    ],
)
def test_what_cannot_be_is_refused(said: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        geo.resolve("m", {"operations": [said]}, 1.0, None, HERE)


def test_conversion_without_a_system_asks() -> None:
    with pytest.raises(MissingError, match="--crs"):
        geo.resolve("m", {"operations": [conversion(crs=None)]}, 1.0, None, HERE)
    assert geo.resolve("m", {"operations": [conversion(crs=None)]}, 1.0, "EPSG:5186", HERE)[0].crs == "EPSG:5186"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("crs = 1", "georeference"),
        ("[georeference]\ncrs = 'EPSG:5186'", "eastings, northings, height missing"),
        ("[georeference]\neasting = 1", "Did you mean 'eastings'"),
        ("[georeference", "not a declaration"),
        ("[georeference]\ncrs = 'EPSG:5186'\neastings = 'x'\nnorthings = 1\nheight = 1", "no number"),
    ],
)
def test_declarations_with_faults(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "m.ifc.toml"
    path.write_text(text)
    with pytest.raises((InputError, MissingError), match=says):
        geo.declared(path)
