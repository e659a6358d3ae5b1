"""What the kernels need of the compiler: typed constants, exact sums, a cheap inverse root, options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import llvmlite.ir
import numba.core.cgutils
import numba.core.cpu
import numba.core.options
import numba.extending
import numpy as np
from numba import njit, types

from twin.physics.compiling import announce, digest

ir: Any = llvmlite.ir
cgutils: Any = numba.core.cgutils
config: Any = numba.config

F = TypeVar("F", bound=Callable[..., Any])

FLAGS = {"nsz", "arcp", "contract", "afn", "nnan", "ninf", "reassoc"}
"""Liberties that kernels may take with floating point. `nnan`, `ninf`: they must never see NaN or infinity."""

#: first guess of x^(-1/6): the bits of the answer are about MAGIC minus a sixth of the bits of x
MAGIC = {32: 0x4A0E2A53, 64: 0x4A971A9FBE76C800}

announce("twin.physics.shallow_water", "홍수", "flood")

if config.THREADING_LAYER == "default":
    # The OpenMP layer spins while it waits, which on a busy machine makes two threads ten times slower than one, and
    # it kills the process when somebody forks. The price, one parallel region at a time, is paid by the engine's lock.
    config.THREADING_LAYER = "workqueue"

# Numba can promise the compiler that what a function writes overlaps nothing else it is given, but offers no option for
# it. Without the promise loops over twenty arrays begin with hundreds of comparisons, or are not vectorised at all.
targets: Any = numba.core.cpu.CPUTargetOptions
options: Any = numba.core.options.TargetOptions
targets.noalias = options.Mapping("noalias")


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
    """Return the function compiled for rows of cells, with the liberties of `FLAGS`; its caller keeps it on disk.

    No array that it writes may overlap another that it is given.
    """
    apart: dict[str, Any] = {"noalias": True}
    return cast("F", njit(fastmath=FLAGS, error_model="numpy", nogil=True, **apart)(function))


def watchful(function: F) -> F:
    """Return the function compiled for rows of cells with liberties that leave NaN and infinity what they are."""
    return cast("F", njit(fastmath=FLAGS - {"nnan", "ninf"}, error_model="numpy", nogil=True)(function))


def parallel(function: F) -> F:
    """Return the function compiled to run on all threads without the GIL, kept on disk."""
    return cast("F", njit(fastmath=FLAGS, error_model="numpy", nogil=True, parallel=True, cache=True)(function))


def strict(function: F) -> F:
    """Return the function compiled without liberties, so that it can see NaN; parallel, without the GIL, on disk."""
    return cast("F", njit(fastmath=False, error_model="numpy", nogil=True, parallel=True, cache=True)(function))


def plain(function: F) -> F:
    """Return the function compiled as it is written, for one thread, without the GIL, kept on disk."""
    return cast("F", njit(fastmath=False, error_model="numpy", nogil=True, cache=True)(function))


def use_threads(count: int) -> None:
    """Let the kernels that this thread calls run on `count` threads, or on as many as there are cores."""
    numba.set_num_threads(max(1, min(count, config.NUMBA_NUM_THREADS)))


PARTS = ("fastmath.py", "flux.py", "update.py")
"""Files whose functions are compiled into kernels that stand in other files."""


def sources() -> str:
    """Return the hash of `PARTS`: every kernel is a closure over it, so that a change in one of them compiles anew."""
    return digest(__file__, PARTS)


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
def inverse_sixth_root(_typing: Any, x: Any) -> Any:
    """Return x^(-1/6) for x > 0, to the last digits of float32 and float64, without exp, log or pow.

    A guess within 3 % by arithmetic on the bits, then iterations of third order (Householder 1970) on
    r = 1 - x y^6: y <- y (1 + r / 6 + 7 r^2 / 72), two times in float32 and three in float64.
    """
    bits, steps = (32, 2) if x == types.float32 else (64, 3)
    integer = ir.IntType(bits)
    real = ir.FloatType() if bits == 32 else ir.DoubleType()
    one, sixth, bend = (ir.Constant(real, float(np.float32(v)) if bits == 32 else v) for v in (1.0, 1 / 6, 7 / 72))
    liberties = ("contract", "reassoc")

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        def times(a: Any, b: Any) -> Any:
            return builder.fmul(a, b, flags=liberties)

        part = builder.fptosi(times(builder.sitofp(builder.bitcast(args[0], integer), real), sixth), integer)
        y = builder.bitcast(builder.sub(ir.Constant(integer, MAGIC[bits]), part), real)
        for _ in range(steps):
            cube = times(y, times(y, y))
            r = builder.fsub(one, times(times(args[0], cube), cube), flags=liberties)
            y = builder.fadd(
                y, times(y, times(r, builder.fadd(sixth, times(bend, r), flags=liberties))), flags=liberties
            )
        return y

    return x(x), generate
