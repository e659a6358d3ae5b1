"""Heights: one datum per city, feet become metres, ellipsoidal heights are caught by their constant distance."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import InputError, UnitsError
from twin.model.field import Raster, Tin
from twin.model.finding import Counted

KOREA = "EPSG:5186"


def slope(x):
    return 20.0 + 0.01 * (x - 200_000.0)


def terrain(shift=0.0, vertical="EPSG:5193", crs=KOREA):
    x = 200_000.0 - 100.0 + (np.arange(200) + 0.5) * 10.0
    values = np.broadcast_to(slope(x) + shift, (60, 200)).astype(np.float32)
    return Raster("elevation", values, (10.0, 0.0, 199_900.0, 0.0, -10.0, 545_300.0), crs, vertical)


def grounded(squares, n=40, shift=0.0, vertical=None, noise=0.5, **more):
    x = 200_005.0 + np.arange(n) * 20.0
    ground = (slope(x) + shift + np.random.default_rng(1).normal(0, noise, n)).tolist()
    return squares(n, attributes={"ground": ground}, vertical=vertical, **more)


def codes(report):
    return [f.code for f in report.findings]


def test_the_first_stated_datum_is_the_city_s(tell, squares, city):
    report = tell(grounded(squares, vertical="5193"), Counted(40, "features"))
    assert codes(report) == ["vertical-set"]
    assert city.vertical == "EPSG:5193"
    assert city.features.read("building").vertical == "EPSG:5193"


def test_another_stated_datum_is_refused(tell, squares, city):
    city.set_vertical("EPSG:5193")
    with pytest.raises(
        UnitsError, match=r"b\.told: heights are counted from ellipsoidal, those of the city from EPSG:5193"
    ):
        tell(grounded(squares, vertical="ellipsoidal"), Counted(40, "features"), name="b.told")
    with pytest.raises(UnitsError, match="PROJ without geoid grids would hand them back unchanged"):
        tell(grounded(squares, crs="EPSG:5186+5773"), Counted(40, "features"), name="c.told")
    with pytest.raises(UnitsError, match="counted from ellipsoidal"):
        tell(terrain(vertical="ellipsoidal"), Counted(1, "raster"), name="d.told")


def test_a_datum_without_heights_is_not_taken(tell, squares, city):
    report = tell(squares(2, vertical="EPSG:5193"), Counted(2, "features"))
    assert codes(report) == []
    assert city.vertical is None


def test_an_unstated_datum_is_said(tell, squares, city):
    assert codes(tell(grounded(squares), Counted(40, "features"))) == ["vertical-unstated"]
    city.set_vertical("EPSG:5193")
    report = tell(grounded(squares, layer="other"), Counted(40, "features"), name="b.told")
    assert "those of the city are from EPSG:5193" in report.findings[0].message


def test_a_failed_file_does_not_set_the_datum(tell, squares, city):
    with pytest.raises(InputError):
        tell(grounded(squares, vertical="EPSG:5193"), Counted(41, "features"))
    assert city.vertical is None


def test_ellipsoidal_buildings_over_terrain_are_caught(tell, squares, city):
    tell(terrain(), Counted(1, "raster"))
    with pytest.raises(
        UnitsError,
        match=r"constant 25\.\d m above the terrain \(40 compared\): the buildings' heights look ellipsoidal",
    ):
        tell(grounded(squares, shift=25.0), Counted(40, "features"), name="b.told")
    assert city.features.count() == 0
    fitting = tell(grounded(squares, shift=0.3), Counted(40, "features"), name="c.told")
    assert fitting.stored == 40
    assert [(f.severity, f.message) for f in fitting.findings] == [
        ("info", "c.told: does not state what its heights are counted from; they fit those of the city, from EPSG:5193")
    ]


def test_ellipsoidal_terrain_under_buildings_is_caught(tell, squares, city):
    tell(grounded(squares, vertical="EPSG:5193"), Counted(40, "features"))
    with pytest.raises(UnitsError, match=r"below the terrain.*the terrain's heights look ellipsoidal"):
        tell(terrain(shift=25.0, vertical=None), Counted(1, "raster"), name="b.told")
    assert city.rasters.list() == []
    assert tell(terrain(), Counted(1, "raster"), name="c.told").stored == 1


@pytest.mark.parametrize(("shift", "noise", "n"), [(8.0, 0.5, 40), (25.0, 8.0, 40), (25.0, 0.5, 19), (90.0, 0.5, 40)])
def test_what_is_no_geoid_is_let_in(tell, squares, shift, noise, n):
    tell(terrain(), Counted(1, "raster"))
    report = tell(grounded(squares, n=n, shift=shift, noise=noise), Counted(n, "features"), name="b.told")
    assert report.stored == n


def test_feet_become_metres(tell, squares, city):
    batch = squares(
        2, attributes={"ground": [100.0, None], "level": [10.0, 20.0], "height": [30.0, 3.0]}, vertical="EPSG:6360"
    )
    tell(batch, Counted(2, "features"))
    stored = city.features.read("building")
    assert stored.attributes["ground"][0] == pytest.approx(30.48006)
    assert stored.attributes["level"] == pytest.approx([3.048006, 6.096012])
    assert stored.attributes["height"] == [30.0, 3.0]
    report = tell(terrain(vertical="EPSG:6360"), Counted(1, "raster"), name="b.told")
    assert report.stored == 1
    path = city.rasters.list()[0].path
    import rasterio

    with rasterio.open(path) as data:
        assert float(data.read(1)[0, 10]) == pytest.approx(float(slope(200_005.0)) * 0.3048006, abs=0.01)


def test_elevations_that_are_no_ground_are_refused(tell):
    with pytest.raises(InputError, match=r"elevations from -9\d+\.?\d* to .* m cannot be ground"):
        tell(terrain(shift=-9999.0), Counted(1, "raster"))
    gaps = Raster("elevation", np.full((3, 3), np.nan, np.float32), (1.0, 0.0, 2e5, 0.0, -1.0, 545_000.0), KOREA)
    with pytest.raises(InputError, match="holds no value, only gaps"):
        tell(gaps, Counted(1, "raster"), name="b.told")


def test_a_raster_elsewhere_or_of_nothing_known_is_refused(tell, squares):
    tell(squares(3), Counted(3, "features"))
    far = Raster("elevation", np.ones((3, 3), np.float32), (1.0, 0.0, 2e5, 0.0, -1.0, 445_000.0), KOREA)
    with pytest.raises(InputError, match=r"was EPSG:5181"):
        tell(far, Counted(1, "raster"), name="b.told")
    odd = Raster("elevatoin", np.ones((3, 3), np.float32), (1.0, 0.0, 2e5, 0.0, -1.0, 545_000.0), KOREA)
    with pytest.raises(InputError, match="Did you mean 'elevation'"):
        tell(odd, Counted(1, "raster"), name="c.told")


def test_triangles_become_a_raster(tell, city):
    corners = np.array([[2e5, 545e3, 1.0], [200_100, 545e3, 2.0], [200_100, 545_100, 3.0], [2e5, 545_100, 2.0]])
    tin = Tin("elevation", corners, np.array([[0, 1, 2], [0, 2, 3]]), KOREA, "EPSG:5193")
    report = tell(tin, Counted(1, "objects"))
    assert report.stored == 1
    assert city.rasters.list()[0].cell == 10.0
    again = tell(tin, Counted(1, "objects"), name="a-again.told")
    assert again.stored == 1  # another file, another name: a raster is known by its file
