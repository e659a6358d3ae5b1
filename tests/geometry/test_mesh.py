"""Prisms are closed above, face outwards, and stand where their footprints stand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from twin.geometry.mesh import prisms, sheet
from twin.model.field import Grid


def areas(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    a, b, c = (points[faces[:, i]] for i in range(3))
    return np.cross(b - a, c - a) / 2


def far(*shapes: object) -> np.ndarray:
    """Return shapes where Korean cities lie: 200 km east, 460 km north."""
    return shapely.transform(np.array(shapes, dtype=object), lambda xy: xy + np.array([200_000.0, 460_000.0]))


@pytest.mark.parametrize("reverse", [False, True])
def test_walls_and_roof_have_the_area_of_the_building_and_look_outwards(reverse: bool) -> None:
    yard = shapely.box(0, 0, 20, 10).difference(shapely.box(5, 3, 15, 7))
    shape = far(yard.reverse() if reverse else yard)
    body = prisms(shape, np.array([5.0]), np.array([17.0]))
    normals = areas(body.points, body.faces)
    roof = np.abs(normals[:, 2]) > 1e-6
    assert normals[roof, 2].min() > 0
    assert normals[roof, 2].sum() == pytest.approx(200 - 40, rel=1e-9)
    assert np.linalg.norm(normals[~roof], axis=1).sum() == pytest.approx((60 + 28) * 12, rel=1e-9)
    assert np.abs(normals[~roof].sum(axis=0)).max() < 1e-6
    # the divergence theorem over walls and roof, with the floor at z = base left out, gives the volume
    points = body.points - [200_000.0, 460_000.0, 5.0]
    volume = np.einsum("ij,ij->i", points[body.faces[:, 0]], normals).sum() / 3
    assert volume == pytest.approx(160 * 12, rel=1e-9)


def test_each_face_knows_its_building_and_parts_belong_together() -> None:
    two = shapely.MultiPolygon([shapely.box(0, 0, 5, 5), shapely.box(8, 0, 12, 5)])
    body = prisms(far(shapely.box(20, 0, 30, 10), two), np.array([0.0, 1.0]), np.array([3.0, 9.0]))
    assert set(body.owners.tolist()) == {0, 1}
    tops = [body.points[body.faces[body.owners == i]][..., 2].max() for i in (0, 1)]
    assert tops == [3.0, 9.0]
    assert len(body.owners) == len(body.faces) == 10 + 20


def test_nothing_gives_an_empty_mesh() -> None:
    body = prisms(np.array([None, shapely.Polygon()], dtype=object), np.zeros(2), np.ones(2))
    assert body.points.shape == (0, 3)
    assert body.faces.shape == (0, 3)


def test_sheet_passes_through_the_cell_centres_and_leaves_holes_open() -> None:
    grid = Grid("EPSG:5186", 100.0, 200.0, 2.0, 4, 3)
    heights = np.arange(12, dtype=float).reshape(3, 4)
    whole = sheet(grid, heights)
    assert len(whole.faces) == 2 * 3 * 2
    assert whole.points[0].tolist() == [101.0, 201.0, 0.0]
    assert whole.points[-1].tolist() == [107.0, 205.0, 11.0]
    assert areas(whole.points, whole.faces)[:, 2].min() > 0
    heights[0, 0] = np.nan
    assert len(sheet(grid, heights).faces) == 10
    keep = np.zeros((3, 4), bool)
    keep[2, 3] = True
    near = sheet(grid, np.ones((3, 4)), keep)
    assert set(near.owners.tolist()) == {6}
