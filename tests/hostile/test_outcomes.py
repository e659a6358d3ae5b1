"""The hostile files that must be read right: names, counts and values, as the manifest states them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ingest.load import load
from twin import store

SERIES = """content = "series"
[time]
column = "ts"
ZONE[thing]
column = "id"
[[value]]
column = "value"
property = "water_level"
unit = "m"
"""


@pytest.fixture
def declared(tmp_path):
    """Return a function that writes a declaration of a series beside nothing and gives its path."""

    def written(zone=""):
        (tmp_path / "declarations.twin").mkdir(exist_ok=True)
        path = tmp_path / "declarations.twin" / "series.toml"
        path.write_text(SERIES.replace("ZONE", f'zone = "{zone}"\n' if zone else ""))
        return path

    return written


@pytest.mark.parametrize("name", ["gen_ok.gml", "gen_nonutf8.gml", "gen_utf16.gml"])
def test_citygml_gives_one_building_called_city_hall(hostile, name):
    outcome = hostile(f"citygml/{name}")
    stored = outcome.city.features.read("building")
    assert stored.column("name") == ["시청"]
    assert stored.geometry[0].area == pytest.approx(100.0)
    assert outcome.report.stored == 1


def test_citygml_without_a_system_asks_for_it(hostile):
    assert "--crs" in str(hostile("citygml/gen_no_crs.gml").error)
    assert hostile("citygml/gen_no_crs.gml", crs="EPSG:5186").report.stored == 1


@pytest.mark.parametrize("name", ["gen_xlink_file.gml", "gen_xinclude.gml"])
def test_links_out_of_a_citygml_are_not_followed(hostile, name):
    outcome = hostile(f"citygml/{name}")
    shown = f"{outcome.report} {outcome.error} {outcome.city.quarantine.read()}"
    assert "root:" not in shown


@pytest.mark.parametrize("name", ["gen_xxe_file.gml", "gen_xxe_net.gml", "gen_xxe_param.gml"])
def test_entities_of_a_citygml_give_nothing_away(hostile, name):
    error = str(hostile(f"citygml/{name}").error)
    assert "root:" not in error
    assert len(error) < 400


def test_one_bad_building_of_citygml_does_not_take_the_others_along(hostile):
    for name in ("nan", "inf", "huge", "comma", "text"):
        outcome = hostile(f"citygml/gen_coord_{name}.gml")
        assert outcome.report.quarantined == 1
        assert outcome.reasons[0]


def test_cityjson_gives_one_object(hostile):
    outcome = hostile("cityjson/gen_ok.city.json")
    assert (outcome.report.lines_in, outcome.report.stored) == (1, 1)


def test_cityjson_height_as_text_is_unknown_and_said(hostile):
    outcome = hostile("cityjson/gen_height_string.city.json")
    assert outcome.report.stored == 1
    assert outcome.reasons
    assert all(q.part for q in outcome.city.quarantine.read())


def test_cityjson_height_out_of_range_is_quarantined_as_a_part(hostile):
    outcome = hostile("cityjson/gen_height_huge.city.json")
    heights = outcome.city.features.read("building").numbers("height")
    assert not (heights > 1000).any()
    rows = outcome.city.quarantine.read()
    assert [(q.part, "1e+30" in q.raw + q.reason) for q in rows] == [(True, True)]


@pytest.mark.parametrize("name", ["gen_id_sql.city.json", "gen_id_path.city.json"])
def test_ids_are_text_and_nothing_else(hostile, shared, name):
    wanted = list(json.loads((shared / "hostile" / "cityjson" / name).read_text())["CityObjects"])
    outcome = hostile(f"cityjson/{name}")
    layer = outcome.city.features.layers()[0]
    assert outcome.city.features.read(layer.kind, layer=layer.name).ids == wanted
    outcome.city.close()
    with store.open_city(outcome.city.path) as again:
        assert again.features.count() == 1
        assert again.sensors.things() == []
        assert len(again.sources.list()) == 1


def test_the_broken_line_of_a_sequence_is_the_only_one_lost(hostile):
    outcome = hostile("cityjson/gen_seq_mixed.city.jsonl")
    assert outcome.report.stored == 2
    assert [q.line for q in outcome.city.quarantine.read()] == [3]


@pytest.mark.parametrize("name", ["gen_utf8bom.csv", "gen_tab.csv"])
def test_csv_rows_are_all_there(hostile, name):
    outcome = hostile(f"csv/{name}")
    assert (outcome.report.lines_in, outcome.report.stored) == (2, 2)
    layer = outcome.city.features.layers()[0]
    stored = outcome.city.features.read(layer.kind, layer=layer.name)
    assert "시청 수위계" in [value for column in stored.attributes.values() for value in column]


def test_csv_with_only_a_header_says_so(hostile):
    outcome = hostile("csv/gen_header_only.csv")
    assert outcome.report.lines_in == 0
    assert "no-rows" in outcome.codes


def test_one_instant_in_seven_spellings(hostile, declared):
    outcome = hostile("csv/gen_times.csv", declaration=declared(zone="Asia/Seoul"))
    time, value = outcome.city.sensors.series("a/water_level")
    assert outcome.report.lines_in == 14
    moment = time == np.datetime64("2026-07-01T00:00:00")
    assert moment.sum() == 1
    assert value[moment] == 1.0
    assert outcome.report.duplicate == 6
    bad = {q.line for q in outcome.city.quarantine.read()}
    assert bad >= {11, 12, 13, 14, 15}
    assert not np.isin([4.0, 5.0, 6.0, 7.0, 8.0], value).any()


def test_readings_out_of_order_with_duplicates(hostile, declared):
    outcome = hostile("csv/gen_out_of_order.csv", declaration=declared())
    time, _ = outcome.city.sensors.series("a/water_level")
    assert len(time) == 24
    assert (np.diff(time) > np.timedelta64(0, "us")).all()
    report = outcome.report
    assert report.duplicate == 1
    assert report.stored + report.quarantined == report.lines_in - 1


def test_odd_numerals_never_become_values(hostile, declared):
    outcome = hostile("csv/gen_values.csv", declaration=declared())
    assert outcome.report.lines_in == 16
    if outcome.city.sensors.datastreams():
        _, value = outcome.city.sensors.series("a/water_level")
        assert np.isfinite(value).all()
        assert -9999.0 not in value
    assert outcome.report.quarantined >= 10


def test_personal_data_is_flagged(hostile):
    outcome = hostile("csv/gen_pii.csv")
    assert "personal-data" in outcome.codes
    assert not any("900101-1234567" in q.raw for q in outcome.city.quarantine.read())


def test_decimal_commas_never_become_thousands(hostile):
    outcome = hostile("csv/gen_decimal_comma.csv")
    assert outcome.error is not None


@pytest.mark.parametrize("name", ["gen_ok_x2.ifc", "gen_raw_cp949.ifc"])
def test_ifc_names_are_korean_or_complained_about(hostile, name):
    outcome = hostile(f"ifc/{name}")
    shown = f"{outcome.report} {outcome.error}"
    assert "½Ã" not in shown


GEOMETRY = {
    "gen_spike.wkt": 100.0,
    "gen_hole_outside.wkt": 100.0,
    "gen_nested_shell.wkt": 100.0,
    "gen_collection.wkt": 0.5,
    "gen_zero_area.wkt": None,
    "gen_empty.wkt": None,
    "gen_sliver.wkt": None,
}


@pytest.mark.parametrize("name", GEOMETRY)
def test_shapes_are_repaired_or_quarantined_and_fit_for_use(hostile, name):
    outcome = hostile(f"geometry/{name}")
    area = GEOMETRY[name]
    assert len(outcome.reasons) == 1
    if area is None:
        assert outcome.report.quarantined == 1
        return
    assert "repaired" in outcome.codes
    shape = outcome.city.features.read("feature").geometry[0]
    assert shape.is_valid
    assert shape.area == pytest.approx(area)
    assert shape.union(shape.buffer(1.0)).is_valid


def test_swapped_and_projected_geojson_say_what_they_are(hostile):
    assert "latitude" in str(hostile("geometry/gen_lonlat_swapped.geojson").error)
    assert "outside the range of longitude and latitude" in str(hostile("geometry/gen_projected.geojson").error)


def test_rasters_ask_for_what_they_lack(hostile):
    assert "CRS and bounds" in str(hostile("raster/gen_no_crs.tif").error)
    assert "nodata" in str(hostile("raster/gen_nan.tif").error)
    assert "decimal comma" in str(hostile("raster/gen_asc_esri_comma.asc").error)
    for name in ("local", "net", "python"):
        assert ".vrt: format is not known (known: " in str(hostile(f"raster/gen_vrt_{name}.vrt").error)
    for name in ("giant", "deflate_bomb"):
        assert "cells" in str(hostile(f"raster/gen_{name}.tif").error) or "memory" in str(
            hostile(f"raster/gen_{name}.tif").error
        )


def names(shared):
    made = json.loads((shared / "hostile" / "names" / "gen_names.json").read_text())
    public = json.loads((shared / "hostile" / "names" / "pub_blns.json").read_text())
    return [*made, *(name for name in public if name not in made and name)]


def test_every_name_comes_back_as_it_was_given(shared, tmp_path):
    given = names(shared)
    objects = {
        f"{i}": {"type": "Building", "attributes": {"name": name, "별명": name, name or "-": i}, "geometry": [
            {"type": "MultiSurface", "lod": "1", "boundaries": [[[4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3]]]}]}
        for i, name in enumerate(given)
    }  # fmt: skip
    corners = [[20 * i + x, y, 0] for i in range(len(given)) for x, y in ((0, 0), (10, 0), (10, 10), (0, 10))]
    path = tmp_path / "names.city.json"
    path.write_text(json.dumps({
        "type": "CityJSON", "version": "2.0", "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/5186"},
        "transform": {"scale": [1, 1, 1], "translate": [200_000, 545_000, 0]}, "CityObjects": objects, "vertices": corners,
    }))  # fmt: skip
    with store.create(tmp_path / "a.twin", crs="EPSG:5186") as city:
        report = load(city, path)[0]
        assert (report.lines_in, report.stored) == (len(given), len(given))
    with store.open_city(tmp_path / "a.twin") as city:
        stored = city.features.read("building")
        back = dict(zip(stored.ids, zip(stored.column("name"), stored.column("별명"), strict=True), strict=True))
        assert back == {f"{i}": (name, name) for i, name in enumerate(given)}
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a.twin", "names.city.json"]


def test_every_name_can_be_an_id_or_is_quarantined(shared, tmp_path):
    given = [name for name in names(shared) if name]
    features = [
        {"type": "Feature", "properties": {"gml_id": name, "n": i}, "geometry": {"type": "Point", "coordinates": [127, 37.5]}}
        for i, name in enumerate(given)
    ]  # fmt: skip
    path = tmp_path / "names.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=True))
    with store.create(tmp_path / "a.twin", crs="EPSG:5186") as city:
        report = load(city, path)[0]
        assert report.lines_in == len(given)
        stored = city.features.read("feature")
        numbers = stored.column("n")
        told_apart = any(f.code == "id" and "'gml_id'" in f.message for f in report.findings)
        if told_apart:
            for id_, n in zip(stored.ids, numbers, strict=True):
                assert given[n] in (id_, id_.strip())
        kept = stored.column("gml_id") if "gml_id" in stored.attributes else stored.ids
        for value, n in zip(kept, numbers, strict=True):
            assert value == given[n] or "\0" in given[n] or not _whole(given[n])
        assert report.stored + report.quarantined == len(given)


def _whole(text):
    return not any("\ud800" <= character <= "\udfff" for character in text)
