from __future__ import annotations

from pathlib import Path

from tests.store.kit import CRS, boxes, plane, writing
from twin import store
from twin.store import files


def test_only_leavings_are_swept(tmp_path: Path) -> None:
    path = tmp_path / "c.twin"
    with store.create(path, CRS) as city, writing(city) as tx:
        tx.features(boxes(["a"]))
        tx.raster(plane(0, 0, 10, 4, 4), "dtm")
    (path / "incoming").mkdir()
    (path / "incoming" / "000000000009-x.tif").write_text("half")
    (path / "rasters" / "000000000003-orphan.tif").write_text("moved, never committed")
    (path / "meshes" / "000000000004-orphan.glb").write_text("moved, never committed")
    mine = [path / "rasters" / "notes.txt", path / "rasters" / "my.tif", path / "runs" / "000000000099-x.tif"]
    for file in mine:
        file.write_text("a person put it here")
    with store.open_city(path) as city:
        left = sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file() and "duckdb" not in p.name)
        assert left == [
            "rasters/000000000002-dtm.tif",
            "rasters/my.tif",
            "rasters/notes.txt",
            "runs/000000000099-x.tif",
        ]
        assert city.rasters.list()[0].path.is_file()


def test_names_of_files_are_plain() -> None:
    assert files.numbered("rasters", 7, "../../etc/pass wd\0\udcff", ".tif") == "rasters/000000000007-etc_pass_wd.tif"
    assert files.numbered("meshes", 7, "건물 1", ".glb") == "meshes/000000000007-건물_1.glb"
    assert files.numbered("meshes", 7, "", ".glb") == "meshes/000000000007-unnamed.glb"
    assert len(Path(files.numbered("meshes", 7, "가" * 300, ".glb")).name.encode()) < 255
