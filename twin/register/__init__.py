"""The public register of agents, hazard and impact models: one document each, in two languages."""

from __future__ import annotations

from twin.register.check import check
from twin.register.entry import KINDS, Entry, Text
from twin.register.export import Decided, export
from twin.register.load import load

__all__ = ["KINDS", "Decided", "Entry", "Text", "check", "export", "load"]
