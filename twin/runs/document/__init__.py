"""Scenario documents: a file in, a validated `Scenario` in SI out, or one error that names every field that is wrong.

    read     the file, and the error         schema   the keys, their types and ranges
    checks   what only fields together tell  units    from minutes and mm/h to SI
    storm    shapes of design storms         fire     weather and ignitions
    strict_yaml

A document is TOML or strict YAML. Units stand in the names of the keys (`duration_min`, `cell_m`, `mm_per_h`);
the table that is named after the hazard goes to it as it stands. `scenarios/cloudburst_70mm.toml` shows all keys.
"""

from __future__ import annotations

from twin.runs.document.read import parse_scenario, read_scenario, read_text

__all__ = ["parse_scenario", "read_scenario", "read_text"]
