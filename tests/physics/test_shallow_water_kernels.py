"""The compiled kernels against the same scheme in plain NumPy, and what the compiler made of them."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.model.scenario import Series
from twin.physics.compiling import Announcer
from twin.physics.shallow_water import kernels_first, kernels_second, reference, update
from twin.physics.shallow_water.engine import ShallowWater

TOLERANCE = {"float32": 2e-5, "float64": 1e-11}


def puddles(seed: int, ny: int, nx: int) -> dict[str, np.ndarray]:
    """Return a rough bed with steps, walls, dry ground, films and moving water."""
    rng = np.random.default_rng(seed)
    depth = np.where(rng.random((ny, nx)) < 0.4, 0.0, rng.random((ny, nx)) * rng.choice([5e-6, 0.003, 2.0], (ny, nx)))
    bed = rng.random((ny, nx)) * rng.choice([0.0, 0.5, 4.0])
    return {
        "bed": bed,
        "depth": depth,
        "u": np.where(depth > 1e-3, rng.normal(0, 1, (ny, nx)), 0.0),
        "v": np.where(depth > 1e-3, rng.normal(0, 1, (ny, nx)), 0.0),
        "solid": rng.random((ny, nx)) < rng.choice([0.0, 0.2]),
        "roughness": rng.uniform(0.01, 0.1, (ny, nx)),
        "share": rng.choice([0.0, 1.0, 3.0], (ny, nx)),
        "porosity": rng.uniform(0.05, 1.0, (ny, nx)),
    }


def engine(case: dict[str, np.ndarray], order: int, precision: str, porous: bool) -> ShallowWater:
    water = ShallowWater(
        case["bed"],
        2.0,
        roughness=case["roughness"],
        depth=case["depth"],
        velocity=(case["u"], case["v"]),
        solid=case["solid"],
        rain_share=case["share"],
        porosity=case["porosity"] if porous else None,
        order=order,
        precision=precision,
    )
    water.rain = Series((0.0,), (1e-4,))
    return water


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("porous", [False, True])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), ny=st.integers(1, 40), nx=st.integers(1, 150))
def test_a_step_is_that_of_the_reference(order: int, precision: str, porous: bool, seed: int, ny: int, nx: int) -> None:
    case = puddles(seed, ny, nx)
    if case["solid"].all():
        case["solid"][0, 0] = False
    water = engine(case, order, precision, porous)
    state = reference.State(*(a.astype(np.float64) for a in water.water.now))
    bed, gn2, rain = (
        np.broadcast_to(a, state.h.shape).astype(np.float64)
        for a in (water.water.bed, water.water.gn2, water.water.rain_share)
    )
    room = np.ones(state.h.shape) if water.water.porosity is None else water.water.porosity.astype(np.float64)
    dt = 0.05
    water.advance(dt)
    assert water.steps == 1
    expected = reference.step(state, bed, rain * 1e-4 * dt, gn2, room, dt, 2.0, 9.81, order)
    inner = np.s_[2:-2, 2:-2]
    np.testing.assert_allclose(water.water.now[0][inner], expected.h[inner], atol=TOLERANCE[precision], rtol=0)
    for found, wanted in ((water.water.now[1], expected.u), (water.water.now[2], expected.v)):
        held = np.maximum(expected.h[inner], 1e-2)
        np.testing.assert_allclose(found[inner] * held, wanted[inner] * held, atol=20 * TOLERANCE[precision], rtol=0)


def test_compiling_is_said_once_and_only_for_the_kernels(caplog: pytest.LogCaptureFixture) -> None:
    announcer = Announcer("twin.physics.shallow_water", "once")
    for function in (np.broadcast_to, update.advance_row.py_func, kernels_first.faces_between.py_func):
        announcer.on_start(SimpleNamespace(data={"dispatcher": SimpleNamespace(py_func=function)}))
    assert [record.getMessage() for record in caplog.records] == ["once"]


def row_kernels() -> list[tuple[object, str]]:
    return [
        (kernels_first.faces_around, "first faces"),
        (kernels_second.faces_between, "second faces"),
        (kernels_second.planes_of, "planes"),
        (update.advance_row, "update"),
    ]


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_row_loops_are_vector_code_of_one_precision(precision: str) -> None:
    kind = np.dtype(precision).type
    n = 64
    read = np.ones(n + 8, kind)
    cells, wide = (read[:n],) * 4, (read[: n + 2],) * 4
    row = iter(np.ones((40, n + 8), kind))
    stage = tuple(kind(x) for x in (0.1, 0.1, 0, 9.81))
    flux = tuple(next(row) for _ in range(4))
    more = tuple(next(row) for _ in range(4))
    kernels_first.faces_around(cells, cells, cells, flux, more, kind(9.81), True)
    east, north = (tuple(next(row) for _ in range(4)) for _ in range(2))
    ahead = next(row), next(row), next(row)
    kernels_second.planes_of(cells, wide, cells, read[:n], read[:n], None, ahead, east, north, stage)
    kernels_second.faces_between(cells, cells, east, north, flux, kind(9.81), True)
    kept, waves = next(row)[:n], next(row)
    update.advance_row((*cells[:3], kept), ahead, read[:n], read[:n], flux, east, north, None, waves, stage)
    letter = "s" if precision == "float32" else "d"
    word = "float" if precision == "float32" else "double"
    for kernel, name in row_kernels():
        for signature, code in kernel.inspect_llvm().items():
            if word not in f"{signature}".replace("float32", "float").replace("float64", "double"):
                continue
            assert re.search(rf"<\d+ x {word}>", code), f"{name} is not vectorised"
            other = "double" if precision == "float32" else "float"
            assert not re.search(rf"<\d+ x {other}>", code), f"{name} mixes precisions"
            assert not re.search(r"call[^\n]*@(exp|log|pow)", code), f"{name} calls a slow function"
        assembly = "".join(kernel.inspect_asm().values())
        assert re.search(rf"v?sqrtp{letter}|minp{letter}|fmin|fsqrt", assembly), f"{name}: no vector arithmetic"
