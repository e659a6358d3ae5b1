"""What the kernels need of the compiler: typed constants, exact sums, a cheap inverse cube root, options.

Importing this module sets two LLVM options for the process: without them the loops over twenty arrays are not
vectorised, because the compiler gives up on proving that the arrays do not overlap.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite.binding
import llvmlite.ir
import numba.core.cgutils
import numba.extending
import numpy as np
from numba import njit, types

ir: Any = llvmlite.ir
cgutils: Any = numba.core.cgutils
llvm: Any = llvmlite.binding
config: Any = numba.config

F = TypeVar("F", bound=Callable[..., Any])

FLAGS = {"nsz", "arcp", "contract", "afn", "nnan", "ninf", "reassoc"}
"""Liberties that kernels may take with floating point. `nnan`, `ninf`: they must never see NaN or infinity."""

#: first guess of x^(-1/3): the bits of the answer are about MAGIC minus a third of the bits of x
MAGIC = {32: 0x54A2FA8C, 64: 0x553EF0FF289DD796}

ROOT_CONSTANTS = {32: (float(np.float32(1 / 3)), float(np.float32(4 / 3))), 64: (1 / 3, 4 / 3)}

if config.THREADING_LAYER == "default":
    # The OpenMP layer spins while it waits, which on a busy machine makes two threads ten times slower than one, and
    # it kills the process when somebody forks. The price, one parallel region at a time, is paid by the engine's lock.
    config.THREADING_LAYER = "workqueue"

llvm.set_option("", "--runtime-memory-check-threshold=1000")
llvm.set_option("", "--memory-check-merge-threshold=1000")


def intrinsic(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what a kernel calls, from a function of types that returns a signature and a generator of code."""
    return cast("Callable[..., Any]", numba.extending.intrinsic(function))


def inlined(function: F) -> F:
    """Return the function as a kernel's part: compiled into each caller, with the liberties of `FLAGS`."""
    return cast("F", njit(fastmath=FLAGS, error_model="numpy", forceinline=True)(function))


def exact(function: F) -> F:
    """Return the function as a kernel's part whose operations stay as they are written, each rounded once."""
    return cast("F", njit(fastmath=False, error_model="numpy", forceinline=True)(function))


def compiled(function: F) -> F:
    """Return the function compiled for rows of cells, with the liberties of `FLAGS`; its caller keeps it on disk."""
    return cast("F", njit(fastmath=FLAGS, error_model="numpy", nogil=True)(function))


def watchful(function: F) -> F:
    """Return the function compiled for rows of cells with liberties that leave NaN and infinity what they are."""
    return cast("F", njit(fastmath=FLAGS - {"nnan", "ninf"}, error_model="numpy", nogil=True)(function))


def parallel(function: F) -> F:
    """Return the function compiled to run on all threads without the GIL, kept on disk."""
    return cast("F", njit(fastmath=FLAGS, error_model="numpy", nogil=True, parallel=True, cache=True)(function))


def strict(function: F) -> F:
    """Return the function compiled without liberties, so that it can see NaN; parallel, without the GIL, on disk."""
    return cast("F", njit(fastmath=False, error_model="numpy", nogil=True, parallel=True, cache=True)(function))


def use_threads(count: int) -> None:
    """Let the kernels that this thread calls run on `count` threads, or on as many as there are cores."""
    numba.set_num_threads(max(1, min(count, config.NUMBA_NUM_THREADS)))


PARTS = ("fastmath.py", "flux.py", "update.py")
"""Files whose functions are compiled into kernels that stand in other files."""


def sources() -> str:
    """Return a hash of the files that kernels are made of.

    Numba looks only at the file that holds a kernel when it decides whether the copy on disk is still good. Each
    kernel is a closure over this hash, which makes it part of the key: a change in one of the parts compiles anew.
    """
    total = hashlib.sha256()
    for name in PARTS:
        total.update((Path(__file__).parent / name).read_bytes())
    return total.hexdigest()


@intrinsic
def like(_typing: Any, x: Any, value: Any) -> Any:
    """Return the literal `value` in the type of x: one float64 constant would widen a whole float32 loop."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        target = context.get_value_type(signature.return_type)
        return args[1] if signature.return_type == types.float64 else builder.fptrunc(args[1], target)

    return x(x, value), generate


@intrinsic
def span(_typing: Any, array: Any, _row: Any, _column: Any, _count: Any) -> Any:
    """Return `_count` elements of a C-ordered 2-D array from [_row, _column] on, as a view that owns nothing.

    A plain slice counts references, with locked instructions that cost as much as a hundred cells; the caller holds
    the array anyway. Indices are not checked.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        source = context.make_array(signature.args[0])(context, builder, args[0])
        target = context.make_array(signature.return_type)(context, builder)
        place = cgutils.get_item_pointer(context, builder, signature.args[0], source, [args[1], args[2]])
        context.populate_array(
            target, data=place, shape=[args[3]], strides=[source.itemsize], itemsize=source.itemsize, meminfo=None
        )
        return target._getvalue()  # noqa: SLF001  # numba's own way to turn a proxy into a value

    return types.Array(array.dtype, 1, "C")(array, types.intp, types.intp, types.intp), generate


@intrinsic
def inverse_cube_root(_typing: Any, x: Any) -> Any:
    """Return x^(-1/3) for x > 0, to 1e-5 in float32 and 1e-15 in float64, without exp, log or pow.

    A guess within 4 % by arithmetic on the bits, then Newton's iteration y <- y (4 - x y^3) / 3 on 1/y^3 - x,
    two times in float32 and four in float64.
    """
    bits, steps = (32, 2) if x == types.float32 else (64, 4)
    integer = ir.IntType(bits)
    real = ir.FloatType() if bits == 32 else ir.DoubleType()
    third, four_thirds = (ir.Constant(real, v) for v in ROOT_CONSTANTS[bits])

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        def times(a: Any, b: Any) -> Any:
            return builder.fmul(a, b, flags=("contract", "reassoc"))

        bit_third = builder.fptosi(times(builder.sitofp(builder.bitcast(args[0], integer), real), third), integer)
        y = builder.bitcast(builder.sub(ir.Constant(integer, MAGIC[bits]), bit_third), real)
        for _ in range(steps):
            cube = times(times(times(args[0], third), y), times(y, y))
            y = times(y, builder.fsub(four_thirds, cube, flags=("contract", "reassoc")))
        return y

    return x(x), generate
