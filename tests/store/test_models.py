from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from tests.store.kit import model, writing
from twin.errors import InputError, MissingError, UnitsError
from twin.model.mesh import Model, Part
from twin.store import City


def put(city: City, it: Model) -> int:
    with writing(city) as tx:
        return tx.model(it)


def test_a_model_comes_back(city: City) -> None:
    given = model("건물\ud800")
    given = Model(
        given.id,
        [*given.parts, Part("a\0\udcff", "x", given.parts[0].vertices, given.parts[0].faces)],
        given.origin,
        given.crs,
        given.vertical,
    )
    assert put(city, given) == 0
    (info,) = city.models.list()
    assert (info.id, info.origin, info.vertical) == (given.id, (200_000.0, 600_000.0, 35.5), "EPSG:5193")
    back = city.models.read(given.id)
    assert (back.origin, back.crs, back.vertical) == (given.origin, "EPSG:5186", "EPSG:5193")
    parts = {part.id: part for part in back.parts}
    assert set(parts) == {part.id for part in given.parts}
    for part in given.parts:
        mine = parts[part.id]
        assert mine.kind == part.kind
        np.testing.assert_allclose(mine.vertices, part.vertices, atol=1e-6)
        np.testing.assert_array_equal(mine.faces, part.faces)
        np.testing.assert_allclose(mine.colour, part.colour, atol=1 / 255)


def test_the_file_is_gltf_with_y_up_and_named_nodes(city: City) -> None:
    put(city, model(top=7.0))
    data = city.models.list()[0].path.read_bytes()
    assert data[:4] == b"glTF"
    (length,) = struct.unpack("<I", data[12:16])
    head = json.loads(data[20 : 20 + length])
    assert {"벽 1", "slab"} <= {node.get("name") for node in head["nodes"]}
    highest = max(a["max"][1] for a in head["accessors"] if a["type"] == "VEC3")
    assert highest == pytest.approx(8.0)


def test_the_same_again_is_a_duplicate_and_a_change_a_version(city: City) -> None:
    assert [put(city, model()), put(city, model()), put(city, model(top=4.0))] == [0, 1, 0]
    assert len(city.models.list()) == 1
    assert max(part.vertices[:, 2].max() for part in city.models.read("b1").parts) == pytest.approx(5.0)
    assert len(list((city.path / "meshes").iterdir())) == 2


def test_what_is_no_model_is_refused(city: City) -> None:
    part = model().parts[0]
    with pytest.raises(InputError, match="part '벽 1' stands in it twice"):
        put(city, Model("b", [part, part], (0, 0, 0), "EPSG:5186"))
    with pytest.raises(InputError, match="has no faces"):
        put(city, Model("b", [Part("p", "x", part.vertices, part.faces[:0])], (0, 0, 0), "EPSG:5186"))
    with pytest.raises(InputError, match="model 'b' has no parts"):
        put(city, Model("b", [], (0, 0, 0), "EPSG:5186"))
    with pytest.raises(UnitsError, match="model 'b': without a coordinate system"):
        put(city, Model("b", [part], (0, 0, 0), None))
    with pytest.raises(MissingError, match="building 'b' has no model in this twin; known: none"):
        city.models.read("b")
    assert not list((city.path / "meshes").iterdir())
