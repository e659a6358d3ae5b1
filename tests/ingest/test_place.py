"""Places: 100 km off, swapped axes, another country, single strays: each is found, and told with what was meant."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from ingest.place import Places, distance, home
from ingest.reading import BATCH
from twin.errors import InputError, MissingError, UnitsError
from twin.geometry.crs import convert_xy
from twin.model.finding import Counted
from twin.model.observation import Datastream, Observations, Thing

SEOUL = (200_000.0, 545_000.0)


@pytest.fixture
def settled(tell, squares):
    """A city that holds three buildings in Seoul."""
    tell(squares(3), Counted(3, "features"), name="first.told")


def points(x, y, crs, squares, kind="facility", **more):
    shapes = shapely.points(np.atleast_1d(x), np.atleast_1d(y))
    return squares(len(shapes), geometry=shapes, crs=crs, kind=kind, ids=[f"p{i}" for i in range(len(shapes))], **more)


def test_5181_taken_for_5186_is_100_km_off_and_named(tell, squares, settled, city):
    with pytest.raises(
        InputError, match=r"b\.told: lies 100 km from everything the city holds, read as EPSG:5186; was EPSG:5181"
    ):
        tell(squares(3, *SEOUL[:1], SEOUL[1] - 100_000.0), Counted(3, "features"), name="b.told")
    assert city.features.count() == 3


def test_5186_taken_for_5181_is_named_too(tell, squares, settled):
    with pytest.raises(InputError, match=r"was EPSG:5186 .*meant"):
        tell(squares(3, crs="EPSG:5181"), Counted(3, "features"), name="b.told")


def test_5179_and_another_belt_are_named(tell, squares, settled):
    x, y = (float(v[0]) for v in convert_xy([SEOUL[0]], [SEOUL[1]], "EPSG:5186", "EPSG:5179"))
    with pytest.raises(InputError, match=r"was EPSG:5179 meant"):
        tell(squares(3, x, y), Counted(3, "features"), name="b.told")
    with pytest.raises(InputError, match=r"was EPSG:5186 meant"):
        tell(squares(3, crs="EPSG:5187"), Counted(3, "features"), name="c.told")


def test_what_lies_in_the_right_frame_goes_in_wherever_it_comes_from(tell, squares, settled):
    for number, code in enumerate(("EPSG:5181", "EPSG:5179", "EPSG:5174", "EPSG:4326")):
        x, y = convert_xy([SEOUL[0] + 500.0], [SEOUL[1]], "EPSG:5186", code)
        report = tell(points(x, y, code, squares, layer=code), Counted(1, "features"), name=f"{number}.told")
        assert report.stored == 1


def test_swapped_axes_are_named(tell, squares, settled):
    with pytest.raises(InputError, match=r"outside the range of EPSG:4326.*its axes look swapped"):
        tell(points([37.5, 37.51], [127.0, 127.0], "EPSG:4326", squares), Counted(2, "features"), name="b.told")
    with pytest.raises(InputError, match="its axes look swapped"):
        tell(points(SEOUL[1], SEOUL[0], "EPSG:5186", squares), Counted(1, "features"), name="c.told")


def test_a_first_file_must_lie_where_the_city_s_system_is_meant_for(tell, squares, city):
    with pytest.raises(
        InputError, match=r"lies at longitude 127\.\d+, latitude 4\d\.\d+, where EPSG:5186 is not meant for"
    ):
        tell(squares(3, 200_000.0, 1_500_000.0), Counted(3, "features"))
    x, y = convert_xy([127.0], [37.5], "EPSG:4326", "EPSG:5179")
    with pytest.raises(InputError, match=r"it would lie right in EPSG:5179: state the system"):
        tell(points(x, y, "EPSG:5186", squares), Counted(1, "features"), name="b.told")
    assert home(city) is None


def test_projected_numbers_called_degrees(tell, squares):
    with pytest.raises(InputError, match=r"2 of 2 records lie outside the range of EPSG:4326"):
        tell(points([200_000.0, 2e5], [450_000.0, 4e5], "EPSG:4326", squares), Counted(2, "features"))


def test_single_strays_are_quarantined_with_their_place(tell, squares, city):
    x = np.array([127.0, 127.01, 127.02, 127.03, 37.5, 0.0, 128.5, np.nan])
    y = np.array([37.5, 37.5, 37.5, 37.5, 127.0, 0.0, 37.5, 37.5])
    shapes = [*shapely.points(x[:-1], y[:-1]).tolist(), None]
    batch = squares(8, geometry=np.array(shapes, dtype=object), crs="EPSG:4326", kind="facility")
    report = tell(batch, Counted(8, "features"))
    assert (report.stored, report.quarantined) == (5, 3)
    reasons = {q.line: q.reason for q in city.quarantine.read()}
    assert reasons[5] == "37.5, 127 is outside the range of longitude and latitude"
    assert reasons[6] == "0, 0 says that the place is not known"
    assert reasons[7].startswith("stands 131 km from the rest of its layer, at 128.5, 37.5")
    assert '"geometry": "POINT (128.5 37.5)"' in city.quarantine.read()[2].raw


def test_a_country_is_no_stray_of_itself(tell, squares):
    rng = np.random.default_rng(1)
    x, y = rng.uniform(126.5, 129.0, 300), rng.uniform(34.8, 38.0, 300)
    assert tell(points(x, y, "EPSG:4326", squares), Counted(300, "features")).stored == 300


def test_a_long_file_may_begin_in_one_corner(tell, squares):
    n = BATCH // 2
    near = points(np.full(n, 127.0), np.linspace(37.5, 37.6, n), "EPSG:4326", squares)
    far = squares(
        5,
        geometry=shapely.points(np.full(5, 128.9), np.full(5, 35.1)),
        crs="EPSG:4326",
        kind="facility",
        ids=list("abcde"),
    )
    assert tell(near, far, Counted(n + 5, "features")).stored == n + 5


def test_what_reaches_the_city_is_of_the_city(tell, squares, settled):
    x, y = np.array([127.0, 128.9]), np.array([37.5, 35.1])
    assert tell(points(x, y, "EPSG:4326", squares), Counted(2, "features"), name="b.told").stored == 2


def test_no_system_is_asked_for_and_unknown_shifts_are_refused(tell, squares):
    with pytest.raises(
        MissingError, match=r"a\.told: states no coordinate system; .* --crs EPSG:5186 if it is the city's"
    ):
        tell(squares(1, crs=None), Counted(1, "features"))
    with pytest.raises(InputError, match=r"b\.told: coordinate system 'EPSG:99999' is not known"):
        tell(squares(1, crs="EPSG:99999"), Counted(1, "features"), name="b.told")
    with pytest.raises(UnitsError, match=r"c\.told: no datum shift is known from EPSG:28992"):
        tell(squares(1, crs="EPSG:28992"), Counted(1, "features"), name="c.told")


def test_features_without_any_place_need_no_system(tell, squares, city):
    batch = squares(2, geometry=np.array([None, None], dtype=object), crs=None)
    assert tell(batch, Counted(2, "features")).stored == 2
    assert home(city) is None


def test_sensors_tell_where_the_city_is_and_lose_only_an_impossible_place(tell, squares, city):
    things = [Thing("a", "", (127.0, 37.5), "EPSG:4326"), Thing("b", "", (37.5, 127.0), "EPSG:4326"), Thing("c", "")]
    streams = [Datastream(f"{t.id}/pm10", t.id, "pm10", "ug m-3") for t in things]
    time = np.full(3, np.datetime64("2026-07-01", "us"))
    batch = Observations(things, streams, np.arange(3, dtype=np.int32), time, np.ones(3), np.arange(1, 4))
    report = tell(batch, batch, Counted(3, "rows"))
    assert report.stored == 3
    assert [f.where for f in report.findings if f.code == "no-place"] == ["b"]
    assert [t.location is None for t in city.sensors.things()] == [False, True, True]
    assert home(city) == pytest.approx((200000.0, 544504.12, 200000.0, 544504.12), abs=0.01)
    with pytest.raises(InputError, match="was EPSG:5181"):
        tell(squares(1, 200_000.0, 445_000.0), Counted(1, "features"), name="b.told")


@pytest.mark.parametrize(("km", "ok"), [(45, True), (75, False)])
def test_the_weather_may_be_measured_in_the_next_town(tell, settled, km, ok):
    place = (SEOUL[0] + km * 1000.0, SEOUL[1])
    batch = Observations(
        [Thing("w", "", place, "EPSG:5186")], [Datastream("w/pm10", "w", "pm10", "ug m-3")], np.zeros(1, np.int32),
        np.array(["2026-07-01"], "datetime64[us]"), np.ones(1), np.ones(1, np.int64),
    )  # fmt: skip
    if ok:
        assert tell(batch, Counted(1, "rows"), name="b.told").stored == 1
        return
    with pytest.raises(InputError, match="lies 75 km from everything"):
        tell(batch, Counted(1, "rows"), name="b.told")


def test_quantities_in_other_units_are_refused(tell):
    batch = Observations(
        [Thing("a", "")], [Datastream("a/pm10", "a", "pm10", "mg m-3")], np.zeros(1, np.int32),
        np.array(["2026-07-01"], "datetime64[us]"), np.ones(1), np.ones(1, np.int64),
    )  # fmt: skip
    with pytest.raises(UnitsError, match="gives pm10 in 'mg m-3'; it must be in 'ug m-3'"):
        tell(batch, Counted(1, "rows"))


def test_distance_is_zero_inside():
    box = (0.0, 0.0, 10.0, 10.0)
    assert distance(np.array([5.0, 13.0, -3.0]), np.array([5.0, 14.0, 5.0]), box).tolist() == [0.0, 5.0, 3.0]


def test_nothing_placed_is_nothing_to_judge():
    Places("a", "EPSG:5186", None).judge()
