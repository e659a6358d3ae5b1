"""How the kernels of the crowd are compiled; said, once, when they are. Each file of them is made of its own parts."""

from __future__ import annotations

from twin.physics.compiling import announce, called, kernel, part

__all__ = ["called", "kernel", "part"]

announce("twin.physics.crowd", "보행자", "crowd")
