from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.store.kit import CRS, boxes, writing
from twin import store
from twin.errors import MissingError, UsageError
from twin.model.feature import Features
from twin.store import City, current


def put(city: City, batch: Features, file: str = "a.gpkg", **more: object) -> list[int]:
    with writing(city, file, **more) as tx:
        return list(tx.features(batch))


def heights(features: Features) -> dict[str, object]:
    return dict(zip(features.ids, features.column("height"), strict=True))


def test_everything_about_a_feature_comes_back(city: City) -> None:
    roof = shapely.MultiPolygon(
        [shapely.Polygon([(0, 0, 5.5), (1, 0, 6), (1, 1, 6)]), shapely.Polygon([(0, 0, 0), (1, 0, 0), (0, 0, 5)])]
    )
    shapes = [
        shapely.box(0, 0, 9, 9), shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(30, 0, 31, 1)]),
        shapely.Polygon([(0, 0), (9, 0), (9, 9)], [[(5, 1), (6, 1), (6, 2)]]), None, shapely.Polygon(),
    ]  # fmt: skip
    whole = Features(
        "building", ["a", "b", "c", "d", "e"], np.array(shapes, object), CRS,
        {
            "name": ["시청", None, "", "a\0b", "x"], "height": [12, 3.5, None, "12 m", True],
            "ground": [1.0, None, None, None, float("nan")], "storeys": [3, None, None, 1, 2], "half_basement": [True, False, None, None, None],
            "코드": ["0011", None, None, None, None], "nested": [{"a": [1, None]}, None, None, None, None],
        },
        np.array([2, 3, 5, 8, 13]), "도시/건물", [None, "a", "a", None, None], np.array([roof, None, None, None, None], object),
        ["RW", "", "", "", ""], "EPSG:5193",
    )  # fmt: skip
    assert put(city, whole) == [0] * 5
    back = city.features.read("building")
    assert back.ids == whole.ids
    assert (back.kind, back.crs, back.layer, back.vertical) == ("building", CRS, "도시/건물", "EPSG:5193")
    assert list(back.lines) == list(whole.lines)
    assert list(back.parents or []) == whole.parents
    for mine, theirs in zip(whole.geometry, back.geometry, strict=True):
        assert (mine is None and theirs is None) or mine.wkb == theirs.wkb
    assert back.surfaces is not None
    assert back.surfaces[0].wkb == roof.wkb
    assert list(back.surfaces[1:]) == [None] * 4
    assert list(back.surface_kinds or []) == ["RW", "", "", "", ""]
    expected = {name: list(values) for name, values in whole.attributes.items()}
    expected["ground"][4] = None
    assert dict(back.attributes) == expected
    assert type(back.attributes["height"][0]) is int
    view = city.features.viewport("building", (0, 0, 10, 10)).to_pylist()
    assert [(row["id"], row["height"], row["ground"]) for row in view] == [("a", 12.0, 1.0), ("c", None, None)]
    assert shapely.from_wkb(view[0]["wkb"]).equals(shapes[0])


def hostile(shared: Path) -> list[str]:
    names = [n for file in sorted((shared / "hostile" / "names").glob("*.json")) for n in json.loads(file.read_text())]
    return [*names, "a\ud800b", "\udcff", '\x1b\\"x"', "\0", "'; DELETE FROM feature; --"]


def test_hostile_names_come_back_verbatim(city: City, shared: Path) -> None:
    names = hostile(shared)
    assert len(names) > 500
    ids = [f"{i}:{name}" for i, name in enumerate(names)]
    for layer in names[:40:7]:
        put(city, boxes(["x"], kind="road", layer=layer or "empty"))
    batch = boxes(ids, name=names, **{"a\0\ud800'\"": names})
    batch = Features(**{f: getattr(batch, f) for f in batch.__slots__} | {"parents": [*names[1:], names[0]]})
    assert put(city, batch, file="\udcff';--.shp") == [0] * len(names)
    path = city.path
    city.close()  # through the file and its compression, not only through memory
    with store.open_city(path) as again:
        back = again.features.read("building")
        found = {id_: row for row, id_ in enumerate(back.ids)}
        rows = [found[id_] for id_ in ids]
        assert [back.attributes["name"][row] for row in rows] == names
        assert [back.attributes["a\0\ud800'\""][row] for row in rows] == names
        assert [(back.parents or [])[row] for row in rows] == batch.parents
        assert put(again, batch) == [1] * len(names)
        assert heights(again.features.read("building", ids=[ids[3], "a\ud800"])).keys() == {ids[3]}
        assert {i.name for i in again.features.layers()} == {"building", *(n or "empty" for n in names[:40:7])}
        assert again.sources.list()[-2].file == "\udcff';--.shp"
        assert again.features.count("building") == len(names)


def test_the_same_again_is_a_duplicate_and_a_change_a_version(city: City) -> None:
    assert put(city, boxes(["a", "b"], height=[3.0, 6.0])) == [0, 0]
    assert put(city, boxes(["a", "b"], height=[3.0, 6.0])) == [1, 1]
    assert city.snapshot == 2
    assert put(city, boxes(["b", "a", "c"], height=[6.0, 4.0, 1.0])) == [0, 0, 0]  # b stands elsewhere now
    assert city.snapshot == 5
    assert heights(city.features.read("building")) == {"a": 4.0, "b": 6.0, "c": 1.0}
    assert put(city, boxes(["a", "b"], layer="other", height=[3.0, 6.0])) == [0, 0]
    assert [(i.name, i.kind, i.count) for i in city.features.layers()] == [
        ("building", "building", 3),
        ("other", "building", 2),
    ]


@pytest.mark.parametrize(
    "change",
    [{"kind": "bridge"}, {"parents": ["p"]}, {"vertical": "EPSG:5193"}, {"attributes": {"height": [3.5]}},
     {"geometry": np.array([None], object)}, {"surface_kinds": ["R"]},
     {"surfaces": np.array([shapely.MultiPolygon([shapely.Polygon([(0, 0, 1), (1, 0, 1), (1, 1, 1)])])], object)}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_any_part_of_the_content_makes_a_version(city: City, change: dict[str, object]) -> None:
    first = boxes(["a"], layer="l", height=[3.0])
    assert put(city, first) == [0]
    assert put(city, Features(**{f: getattr(first, f) for f in first.__slots__} | change)) == [0]
    assert city.features.count() == 1


def test_a_file_that_contradicts_itself_keeps_its_last_word_and_loads_twice_as_nothing(city: City) -> None:
    batch = boxes(["a", "b", "a", "a"], height=[1.0, 5.0, 2.0, 2.0])
    for row in (2, 3):
        batch.geometry[row] = batch.geometry[0]
    assert put(city, batch) == [0, 0, 0, 1]
    assert heights(city.features.read("building")) == {"a": 2.0, "b": 5.0}
    assert put(city, batch) == [1, 1, 1, 1]
    assert city.snapshot == 3


def test_batches_of_one_transaction_know_each_other(city: City) -> None:
    with writing(city) as tx:
        assert list(tx.features(boxes(["a"], height=[1.0]))) == [0]
        assert list(tx.features(boxes(["a"], height=[1.0]))) == [1]
        assert list(tx.features(boxes(["a"], height=[2.0]))) == [0]
    assert heights(city.features.read("building")) == {"a": 2.0}


def test_what_did_we_know_then_about_that_time(city: City) -> None:
    hour = datetime(2026, 3, 1, 14, tzinfo=UTC)
    put(city, boxes(["a"], height=[1.0]), valid_from=hour)
    knew_first = datetime.now(UTC)
    time.sleep(0.002)
    put(city, boxes(["a"], height=[2.0]), valid_from=hour + timedelta(minutes=30))
    time.sleep(0.002)
    knew_second = datetime.now(UTC)
    time.sleep(0.002)
    put(city, boxes(["a"], height=[1.5]), valid_from=hour + timedelta(minutes=15))  # late news of what was before

    def height(at: float | None, known: datetime | None) -> object:
        moment = None if at is None else hour + timedelta(minutes=at)
        found = city.features.read("building", at=moment, known_at=known)
        return found.column("height")[0] if len(found) else "nothing"

    assert heights(city.features.read("building")) == {"a": 2.0}
    assert [height(m, None) for m in (-1, 0, 14, 15, 29, 30, 60, None)] == [
        "nothing",
        1.0,
        1.0,
        1.5,
        1.5,
        2.0,
        2.0,
        2.0,
    ]
    assert [height(m, knew_first) for m in (-1, 0, 20, 40, None)] == ["nothing", 1.0, 1.0, 1.0, 1.0]
    assert [height(m, knew_second) for m in (0, 20, 40, None)] == [1.0, 1.0, 2.0, 2.0]
    assert height(None, hour) == "nothing"
    assert put(city, boxes(["a"], height=[1.5]), valid_from=hour + timedelta(minutes=20)) == [1]
    assert put(city, boxes(["a"], height=[2.0]), valid_from=hour + timedelta(minutes=20)) == [0]
    assert height(25, None) == 2.0


def test_equal_times_are_broken_by_the_order_of_the_log(city: City) -> None:
    when = datetime(2026, 3, 1, tzinfo=UTC)
    for height in (1.0, 2.0, 3.0, 1.5):
        put(city, boxes(["a"], height=[height]), valid_from=when)
    assert heights(city.features.read("building")) == heights(city.features.read("building", at=when)) == {"a": 1.5}


def test_a_moved_feature_is_not_seen_where_it_was(city: City) -> None:
    when = datetime(2026, 3, 1, tzinfo=UTC)
    put(city, boxes(["a"]), valid_from=when)
    put(city, boxes(["a"], at=5000.0), valid_from=when + timedelta(days=1))
    here = (0.0, 0.0, 20.0, 20.0)
    assert len(city.features.read("building", bounds=here)) == 0
    assert len(city.features.viewport("building", here)) == 0
    assert len(city.features.read("building", bounds=here, at=when + timedelta(days=2))) == 0
    assert len(city.features.read("building", bounds=here, at=when)) == 1


def test_reading_chooses_by_kind_layer_bounds_and_ids(city: City) -> None:
    put(city, boxes(["a", "b", "c"]))
    put(city, boxes(["a", "r"], kind="road", layer="길", at=1000.0))
    put(city, boxes(["m"], kind="bridge", layer="길"))
    assert city.features.read("building", bounds=(20, 0, 30, 10)).ids == ["b"]
    assert city.features.read("building", bounds=(30.01, 0, 39.99, 10)).ids == []
    assert city.features.read("building", ids=["c", "a", "none"]).ids == ["a", "c"]
    assert city.features.read("building", ids=[]).ids == []
    assert city.features.read("road", layer="길").ids == ["a", "r"]
    assert city.features.read(layer="building").kind == "building"
    assert city.features.read("road", layer="building").ids == []
    assert city.features.extent() == (0.0, 0.0, 1030.0, 10.0)
    assert city.features.extent("building") == (0.0, 0.0, 50.0, 10.0)
    assert city.features.extent("pump") is None
    assert (city.features.count(), city.features.count("road"), city.features.count("pump")) == (6, 2, 0)
    none = city.features.read("pump")
    assert (len(none), none.kind, none.geometry.shape) == (0, "pump", (0,))
    with pytest.raises(UsageError, match="give a kind or a layer"):
        city.features.read()
    with pytest.raises(UsageError, match="layer '길' holds bridge, road: say which kind"):
        city.features.read(layer="길")
    with pytest.raises(MissingError, match=r"layer 'bulding' is not in this twin; .*Did you mean 'building'"):
        city.features.read(layer="bulding")
    with pytest.raises(UsageError, match=r"kind 'bilding' is not known; .*Did you mean 'building'"):
        city.features.viewport("bilding", (0, 0, 1, 1))
    with pytest.raises(UsageError, match="the kind is not known"):
        put(city, boxes(["a"], kind="castle"))


def scattered(n: int, seed: int, prefix: str = "") -> Features:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(180_000, 210_000, n), rng.uniform(360_000, 390_000, n)
    return Features("building", [f"{prefix}{i:06d}" for i in range(n)], np.asarray(shapely.box(x, y, x + 10, y + 10), object), CRS,
                    {"height": (x % 30).tolist()}, np.arange(n))  # fmt: skip


def rows_of(city: City, table: str) -> list[tuple[object, ...]]:
    with city.database.cursor() as cursor:
        return cursor.execute(f"SELECT id, seq, hilbert FROM {table} ORDER BY rowid").fetchall()


def test_a_large_layer_is_kept_in_order_and_small_changes_are_not_dear(city: City) -> None:
    put(city, scattered(12_000, 1))
    keys = [row[2] for row in rows_of(city, "feature")]
    assert keys == sorted(keys)
    put(city, scattered(300, 2))  # new versions of 300, loose at the end
    rows = rows_of(city, "feature")
    assert len(rows) == 12_000
    assert [r[2] for r in rows] != sorted(r[2] for r in rows)
    assert {r[1] for r in rows[-300:]} == set(range(12_001, 12_301))
    put(city, scattered(6_000, 3, "n"))
    in_order_and_newest(city)
    assert current.LOOSE_ROWS < 6_000


def in_order_and_newest(city: City) -> None:
    rows = rows_of(city, "feature")
    assert [r[2] for r in rows] == sorted(r[2] for r in rows)
    with city.database.cursor() as cursor:
        newest = cursor.execute("SELECT id, max(seq) FROM feature_log GROUP BY id ORDER BY id").fetchall()
    assert sorted((r[0], r[1]) for r in rows) == newest


def test_a_twin_is_put_in_order_when_it_is_closed(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "LOOSE_ROWS", 100)
    put(city, scattered(2_000, 1))
    put(city, scattered(150, 2))
    put(city, boxes(["r"], kind="road"))
    keys = [row[2] for row in rows_of(city, "feature")]
    assert keys != sorted(keys)
    path = city.path
    with store.open_city(path):
        pass  # not the last one to close it
    assert [row[2] for row in rows_of(city, "feature")] == keys
    city.close()
    with store.open_city(path) as again:
        assert again.snapshot == 2151
        assert again.features.count("road") == 1
        with again.database.transaction() as cursor:
            cursor.execute("DELETE FROM feature WHERE layer = 'road'")
            cursor.execute("DELETE FROM feature_log WHERE layer = 'road'")
        in_order_and_newest(again)


def test_viewport_and_read_agree_with_shapely(city: City) -> None:
    batch = scattered(5_000, 4)
    put(city, batch)
    rng = np.random.default_rng(5)
    for _ in range(20):
        x, y = rng.uniform(180_000, 208_000), rng.uniform(360_000, 388_000)
        window = (x, y, x + 2000.0, y + 2000.0)
        inside = {batch.ids[i] for i in np.flatnonzero(shapely.intersects(batch.geometry, shapely.box(*window)))}
        table = city.features.viewport("building", window)
        assert set(table["id"].to_pylist()) == inside
        assert set(city.features.read("building", bounds=window).ids) == inside
        assert shapely.intersects(
            shapely.from_wkb(table["wkb"].to_numpy(zero_copy_only=False)), shapely.box(*window)
        ).all()


def test_an_empty_batch_is_nothing(city: City) -> None:
    assert put(city, boxes([])) == []
    assert city.snapshot == 0
    assert city.features.layers() == []
