"""What tests/validation/flood_*.py found, in a sentence that goes with every run."""

from __future__ import annotations

VALIDATED = {
    1: "First order, the fast mode. Mean depth error of the dam breaks of Stoker and Ritter 3 and 4 mm of 2 m; but "
    "steady rain stands 6 % too low on a slope of 1 % and 52 % too high on one of 5 %: use order 2 where rain runs "
    "down slopes. Not compared with an observed flood of a city; drains, infiltration, pumps and breaches are checked "
    "one by one only.",
    2: "Second order. Mean depth error of the dam breaks of Stoker and Ritter 1 mm of 2 m, of steady rain on slopes of "
    "1 % and 5 % +0.2 % and +0.1 %, of Thacker's swinging bowl 2 mm of 4 m, of flow over a bump up to 2 mm of 0.4 m; a "
    "lake at rest stays within 0.00002 m/s. Against measurements: 4 mm at the gauges of the Okushiri wave tank, 4 m in "
    "the gorge of the Malpasset dam break with arrival 13 % off. Not compared with an observed flood of a city; "
    "drains, infiltration, pumps and breaches are checked one by one only.",
}
"""By order of the scheme."""
