"""Coordinate systems: the numbers of Korea, and the traps that no range check finds."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from twin.errors import InputError, MissingError, UnitsError
from twin.geometry import crs

#: east, north of lon 127.0, lat 37.5 (measured with PROJ, standards of the project)
KOREA = {
    "EPSG:5186": (200000.00, 544504.12),
    "EPSG:5181": (200000.00, 444504.12),
    "EPSG:5174": (199930.28, 444198.85),
    "EPSG:2097": (200185.83, 444198.85),
    "EPSG:5179": (955804.82, 1944643.72),
    "EPSG:5178": (955994.21, 1944337.56),
}

#: a Bessel system as some Korean .prj files write it: nobody can tell its datum
NAMELESS = (
    'PROJCS["TM_Mid",GEOGCS["GCS_Bessel",DATUM["D_Bessel_1841",SPHEROID["Bessel_1841",6377397.155,299.1528128]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",200000.0],PARAMETER["False_Northing",500000.0],PARAMETER["Central_Meridian",127.00289],'
    'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",38.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize("code", KOREA)
def test_the_korean_systems_give_their_known_numbers(code):
    x, y = crs.convert_xy([127.0], [37.5], "EPSG:4326", code)
    assert (x[0], y[0]) == pytest.approx(KOREA[code], abs=0.01)


@pytest.mark.parametrize("code", ["EPSG:5174", "EPSG:2097", "EPSG:5178", "EPSG:5179", "EPSG:5181"])
def test_every_korean_frame_lands_on_the_same_spot_of_5186(code):
    x, y = crs.convert_xy(*[[v] for v in KOREA[code]], code, "EPSG:5186")
    assert (x[0], y[0]) == pytest.approx(KOREA["EPSG:5186"], abs=0.02)


@pytest.mark.parametrize(
    ("bessel", "grs80", "metres"),
    [("EPSG:5174", "EPSG:5181", 313), ("EPSG:2097", "EPSG:5181", 357), ("EPSG:5178", "EPSG:5179", 360)],
)
def test_a_bessel_frame_taken_for_grs80_is_off_inside_the_city(bessel, grs80, metres):
    taken = np.hypot(*(np.array(KOREA[bessel]) - np.array(KOREA[grs80])))
    assert taken == pytest.approx(metres, abs=1.0)


def test_an_esri_prj_of_a_bessel_frame_is_shifted_too():
    prj = pyproj.CRS.from_epsg(5174).to_wkt("WKT1_ESRI")
    x, y = crs.convert_xy(*[[v] for v in KOREA["EPSG:5174"]], prj, "EPSG:5186")
    assert (x[0], y[0]) == pytest.approx(KOREA["EPSG:5186"], abs=0.02)


def test_a_datum_nobody_knows_is_refused_instead_of_being_300_m_off():
    with pytest.raises(UnitsError, match="no datum shift is known from TM_Mid to EPSG:5186"):
        crs.convert_xy([200000.0], [445000.0], NAMELESS, "EPSG:5186")


def test_proj_hands_ellipsoidal_heights_back_as_orthometric_so_heights_are_never_converted():
    silent = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:5186+5193", always_xy=True)
    assert silent.transform(127.0, 37.5, 50.0)[2] == 50.0  # the no-op this module keeps away from
    moved = crs.convert(np.array([shapely.Point(127.0, 37.5, 50.0)], dtype=object), "EPSG:4979", "EPSG:5186+5193")
    assert crs.vertical_of("EPSG:4979") == "ellipsoidal"
    assert crs.vertical_of("EPSG:5186+5193") == "EPSG:5193"
    assert (moved[0].x, moved[0].y, moved[0].z) == pytest.approx((200000.0, 544504.12, 50.0), abs=0.01)


def test_what_a_text_can_be():
    for text in (
        "5186",
        "epsg:5186",
        " EPSG:5186 ",
        "urn:ogc:def:crs:EPSG::5186",
        "https://www.opengis.net/def/crs/EPSG/0/5186",
    ):
        assert crs.label(text) == "EPSG:5186"
    assert crs.label(pyproj.CRS.from_epsg(5186).to_wkt("WKT1_ESRI")) == "EPSG:5186"
    assert crs.label("OGC:CRS84") == "OGC:CRS84"
    assert crs.label(NAMELESS) == "TM_Mid"


def test_unknown_and_empty_systems_say_what_to_write():
    with pytest.raises(InputError, match=r"coordinate system 'EPSG:99999' is not known.*EPSG:5186"):
        crs.parse("EPSG:99999")
    with pytest.raises(MissingError, match="for example EPSG:5186"):
        crs.parse("  ")
    with pytest.raises(InputError, match=r"'x{80}\.\.\.' is not known"):
        crs.parse("x" * 500)


def test_compound_systems_come_apart():
    assert crs.label(crs.horizontal("EPSG:7415")) == "EPSG:28992"
    assert crs.vertical_of("EPSG:7415") == "EPSG:5709"
    assert crs.label(crs.horizontal("EPSG:4979")) == "EPSG:4326"
    assert crs.vertical_of("EPSG:5186") is None
    assert crs.vertical_of(None) is None
    with pytest.raises(InputError, match="EPSG:4978"):
        crs.horizontal("EPSG:4978")


def test_height_datums_have_one_spelling():
    assert crs.vertical_datum("EPSG:7415") == "EPSG:5709"
    assert crs.vertical_datum("5193") == "EPSG:5193"
    assert crs.vertical_datum("Ellipsoidal") == "ellipsoidal"
    assert crs.vertical_datum(None) is None
    assert crs.vertical_datum("") is None
    with pytest.raises(InputError, match="EPSG:5186"):
        crs.vertical_datum("EPSG:5186")


def test_feet_have_a_factor():
    assert crs.metres_per_unit("EPSG:6360") == pytest.approx(0.3048006096)
    assert crs.metres_per_unit("EPSG:5193") == 1.0
    assert crs.metres_per_unit("EPSG:7415") == 1.0
    assert crs.metres_per_unit("ellipsoidal") == 1.0
    assert crs.metres_per_unit(None) == 1.0


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("EPSG:4326", "needs a projected one"),
        ("EPSG:2263", "US survey foot"),
        ("EPSG:7415", "give EPSG:28992 and the height datum EPSG:5709"),
    ],
)
def test_a_city_is_measured_in_projected_metres(code, says):
    with pytest.raises(UnitsError, match=says):
        crs.require_projected_metres(code)
    assert crs.label(crs.require_projected_metres("EPSG:5186")) == "EPSG:5186"


def test_geometries_move_with_holes_heights_and_gaps():
    ring = [(127.0, 37.5), (127.001, 37.5), (127.001, 37.501)]
    before = np.array([shapely.Polygon(ring), None, shapely.Point(127.0, 37.5, 7.0)], dtype=object)
    after = crs.convert(before, "EPSG:4326", "EPSG:5186")
    assert after[1] is None
    assert after[2].z == 7.0
    assert after[0].exterior.coords[0] == pytest.approx((200000.0, 544504.12), abs=0.01)
    assert after[0].area == pytest.approx(0.5 * 88.4 * 111.0, rel=0.01)
    assert before[0].exterior.coords[0] == (127.0, 37.5)  # the caller's array is left alone
    assert len(crs.convert(np.array([], dtype=object), "EPSG:4326", "EPSG:5186")) == 0


def test_the_same_system_moves_nothing():
    x = np.array([200000.123456789])
    assert crs.convert_xy(x, x, "EPSG:5186", pyproj.CRS.from_epsg(5186).to_wkt("WKT1_ESRI"))[0][0] == x[0]
    assert crs.same("EPSG:7415", "EPSG:28992")
    assert not crs.same("EPSG:5186", "EPSG:5181")


def test_points_off_the_globe_become_infinite():
    x, y = crs.convert_xy([200000.0, 37.5], [450000.0, 127.0], "EPSG:4326", "EPSG:5186")
    assert not np.isfinite(x).any()
    assert not np.isfinite(y).any()


def test_area_of_use_and_degrees():
    assert crs.area_of_use("EPSG:5186", 1.0) == pytest.approx((125.0, 32.14, 129.0, 39.33))
    assert crs.area_of_use(NAMELESS) is None
    lon, lat = crs.to_lon_lat([200000.0], [544504.123], "EPSG:5186")
    assert (lon[0], lat[0]) == pytest.approx((127.0, 37.5), abs=1e-7)
    assert crs.to_lon_lat([127.0], [37.5], "EPSG:4326")[0][0] == 127.0
