"""Models of buildings: binary glTF beside the database, one node per part, named by the part's id.

glTF has y up: a part is turned when it is written and turned back when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.errors import InputError, MissingError, suggest
from twin.model.mesh import Model, Part
from twin.store.coding import pack, unpack
from twin.store.files import numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.store.database import Database
    from twin.store.writing import Transaction

# of each building the newest model
_CURRENT = """
SELECT id, file, x, y, z, vertical FROM model
QUALIFY row_number() OVER (PARTITION BY id ORDER BY seq DESC) = 1 ORDER BY id"""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model: `id` of the building it shows, `path` of its GLB (y up), `origin` x, y, z m in the city's system."""

    id: str
    path: Path
    origin: tuple[float, float, float]
    vertical: str | None


class ModelRoom:
    """The models of a city."""

    def __init__(self, database: Database, crs: str) -> None:
        self._database = database
        self._crs = crs

    def list(self) -> list[ModelInfo]:
        """Return the newest model of each building, by id."""
        with self._database.cursor() as cursor:
            rows = cursor.execute(_CURRENT).fetchall()
        return [
            ModelInfo(unpack(id_), self._database.folder / file, (x, y, z), vertical)
            for id_, file, x, y, z, vertical in rows
        ]

    def read(self, id: str) -> Model:  # noqa: A002 - the word of the other rooms
        """Return the model of a building, z up, in single precision. Raises MissingError when it has none."""
        import trimesh

        known = {info.id: info for info in self.list()}
        if id not in known:
            raise MissingError(f"building '{id}' has no model in this twin; {suggest(id, known)}")
        info = known[id]
        scene = trimesh.load_scene(info.path, process=False)
        parts = [_part(scene, node) for node in sorted(scene.graph.nodes_geometry)]
        return Model(id, parts, info.origin, self._crs, info.vertical)


def store(tx: Transaction, model: Model) -> int:
    """Write a model as a GLB of this transaction; returns its status: 0 stored, 1 duplicate."""
    content = _hash(model)
    query = "SELECT hash FROM model WHERE id = ? ORDER BY seq DESC LIMIT 1"
    known = tx.cursor.execute(query, [pack(model.id)]).fetchall()
    if known and known[0][0] == content:
        return 1
    scene = _scene(model)
    seq = tx.take(1)[0]
    target = numbered("meshes", seq, model.id, ".glb")
    tx.staged.path(target).write_bytes(scene.export(file_type="glb", include_normals=False))
    tx.cursor.execute(
        "INSERT INTO model VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [seq, tx.source, pack(model.id), *map(float, model.origin), model.vertical, content, target],
    )
    return 0


def _scene(model: Model) -> Any:
    import trimesh

    visual: Any = trimesh.visual  # its classes carry no types
    scene = trimesh.Scene(base_frame=f"model {pack(model.id)}")
    materials: dict[tuple[float, ...], Any] = {}
    if not model.parts:
        raise InputError(f"model '{model.id}' has no parts; leave it out")
    for part in model.parts:
        name = pack(part.id)
        if name in scene.geometry:
            raise InputError(f"model '{model.id}': part '{part.id}' stands in it twice; ids of parts must differ")
        if not len(part.faces):
            raise InputError(f"model '{model.id}': part '{part.id}' has no faces; leave it out")
        material = materials.setdefault(
            part.colour,
            visual.material.PBRMaterial(
                baseColorFactor=[round(255 * share) for share in part.colour],
                metallicFactor=0.0,
                roughnessFactor=1.0,
                alphaMode="BLEND" if part.colour[3] < 1 else "OPAQUE",
                doubleSided=True,
            ),
        )
        mesh = trimesh.Trimesh(
            _y_up(part.vertices), part.faces, process=False, visual=visual.TextureVisuals(material=material)
        )
        mesh.metadata = {"kind": part.kind}
        scene.add_geometry(mesh, node_name=name, geom_name=name)
    return scene


def _part(scene: Any, node: str) -> Part:
    transform, name = scene.graph[node]
    mesh = scene.geometry[name]
    vertices = np.asarray(mesh.vertices, np.float64) @ transform[:3, :3].T + transform[:3, 3]
    colour = mesh.visual.material.baseColorFactor
    red, green, blue, alpha = (float(share) / 255 for share in colour)
    metadata: Mapping[str, object] = mesh.metadata
    return Part(
        unpack(node),
        str(metadata.get("kind", "")),
        _z_up(vertices),
        np.asarray(mesh.faces, np.int64),
        (red, green, blue, alpha),
    )


def _y_up(vertices: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([vertices[:, 0], vertices[:, 2], -vertices[:, 1]]) + 0.0


def _z_up(vertices: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([vertices[:, 0], -vertices[:, 2], vertices[:, 1]]) + 0.0


def _hash(model: Model) -> int:
    digest = blake2b(f"{tuple(map(float, model.origin))}{model.vertical}".encode(), digest_size=8)
    for part in model.parts:
        digest.update(f"{part.id}\0{part.kind}\0{part.colour}".encode(errors="surrogatepass"))
        digest.update(np.ascontiguousarray(part.vertices, np.float64).data)
        digest.update(np.ascontiguousarray(part.faces, np.int64).data)
    return int.from_bytes(digest.digest(), "little", signed=True)
