"""Where a run can go on from: the state of its hazard at a frame, in one file that is there whole or not at all.

`checkpoint.npz` lies in the run's folder while the run is not at its end. It says which scenario, which state of the
city and which code it belongs to, and carries the SHA-256 of all it holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, MissingError, RefusedError

if TYPE_CHECKING:
    from twin.model.scenario import Scenario
    from twin.store import City

NAME = "checkpoint.npz"
ABOUT, DIGEST, ITEM = "about", "digest", "item"
DAMAGE = (zipfile.BadZipFile, zlib.error, ValueError, KeyError, EOFError, OSError, NotImplementedError)
"""What reading a file raises that is cut short, altered, or something else."""


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A run up to one of its frames.

    about   what it belongs to (run, scenario_hash, snapshot, code, title) and its books, as JSON can hold them
    arrays  the state of the hazard and what else is kept as arrays, by name
    """

    about: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint into a run's folder in place of the one before; what fails leaves that one as it is."""
    names = list(checkpoint.arrays)
    about = json.dumps({**checkpoint.about, "names": names}, ensure_ascii=False, default=str).encode()
    held = {f"{ITEM}{i}": np.asarray(checkpoint.arrays[name]) for i, name in enumerate(names)}
    held[ABOUT] = np.frombuffer(about, np.uint8)
    part = folder / (NAME + ".part")
    with part.open("wb") as out:
        np.savez_compressed(out, allow_pickle=False, **held, **{DIGEST: _digest(held)})
        out.flush()
        os.fsync(out.fileno())
    part.replace(folder / NAME)


def read_checkpoint(folder: Path) -> Checkpoint:
    """Return the checkpoint of a run's folder. Raises MissingError (there is none) and InputError (damaged)."""
    path = folder / NAME
    if not path.is_file():
        raise MissingError(f"{path}: there is no checkpoint to go on from; simulate the run anew")
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            held = {name: file[name] for name in file.files}
        digest = held.pop(DIGEST)
        about = json.loads(held[ABOUT].tobytes())
        arrays = {name: held[f"{ITEM}{i}"] for i, name in enumerate(about["names"])}
    except DAMAGE as error:
        raise _damaged(path, str(error) or type(error).__name__) from None
    if not np.array_equal(digest, _digest(held)):
        raise _damaged(path, "its content is not what was written")
    return Checkpoint(about, arrays)


def belongs(scenario: Scenario, snapshot: int, code: str) -> dict[str, Any]:
    """Return what a checkpoint must be equal in to be gone on from."""
    return {"scenario_hash": scenario.hash, "snapshot": snapshot, "code": code}


def find_checkpoint(city: City, identity: str, scenario: Scenario, code: str) -> Checkpoint:
    """Return the checkpoint from which a run can go on.

    identity  id of the run

    Raises MissingError (no run of this kind has one), RefusedError (there is one, of another scenario, state of the
    city or code: it says which differs) and InputError (damaged).
    """
    here = city.runs.folder(identity)
    wanted = belongs(scenario, city.snapshot, code)
    if (here / NAME).is_file():
        found = read_checkpoint(here)
        differs = _differs(found.about, wanted)
        if differs:
            raise _other(identity, found.about, wanted, differs)
        return found
    # the id of a run follows from all three: a checkpoint under another id is told apart by which of them differ
    near: tuple[list[str], str, Mapping[str, Any]] | None = None
    for path in sorted(here.parent.glob(f"*/{NAME}")):
        about = _about(path)
        differs = _differs(about, wanted)
        same = "scenario_hash" not in differs or about.get("title") == scenario.title
        if same and (near is None or len(differs) < len(near[0])):
            near = differs, path.parent.name, about
    if near is None:
        raise MissingError(f"run {identity} has no checkpoint to go on from; simulate it anew, without resume")
    raise _other(near[1], near[2], wanted, near[0])


def remove_checkpoint(folder: Path) -> None:
    """Take the checkpoint out of a run's folder, if there is one."""
    for name in (NAME, NAME + ".part"):
        (folder / name).unlink(missing_ok=True)


def _about(path: Path) -> Mapping[str, Any]:
    """Return what a checkpoint belongs to; nothing where it cannot be read."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            about = json.loads(file[ABOUT].tobytes())
    except DAMAGE:
        return {}
    return about if isinstance(about, dict) else {}


def _differs(about: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    return [name for name, value in wanted.items() if about.get(name) != value]


def _other(run: str, about: Mapping[str, Any], wanted: Mapping[str, Any], differs: list[str]) -> RefusedError:
    """Return the refusal of a checkpoint that belongs to something else."""
    words = {"scenario_hash": "scenario", "snapshot": "state of the city", "code": "code"}
    said = (f"the {words[name]} is {wanted[name]!s:.16}, there it was {about.get(name)!s:.16}" for name in differs)
    return RefusedError(
        f"the checkpoint of run {run} is not of this run: {' and '.join(said)}; simulate anew, without resume"
    )


def _damaged(path: Path, why: str) -> InputError:
    return InputError(f"{path}: the checkpoint is damaged ({why}); simulate the run anew, without resume")


def _digest(held: Mapping[str, NDArray[Any]]) -> NDArray[np.uint8]:
    """Return the SHA-256 over names, types, shapes and values."""
    digest = hashlib.sha256()
    for name in sorted(held):
        array = np.ascontiguousarray(held[name])
        digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        digest.update(array.tobytes())
    return np.frombuffer(digest.digest(), np.uint8)
