"""What tests/validation/fire_*.py found, in a sentence that goes with every run."""

from __future__ import annotations

VALIDATED = (
    "Rates of spread agree with firelab/behave to 0.00001, burnt areas in uniform fuel with the analytic ellipse to "
    "0.4 % (length to width up to 7), in a mosaic of fuels with a converged solution to 1.3 %. Houses ignite each "
    "other over gaps up to 14.2 m, in Kobe 1995 about 14 m; rows of timber burn within a factor 2 of Hamada's formula. "
    "The number of firebrands of buildings is calibrated on one event, Itoigawa 2016, that of vegetation on none. Not "
    "validated: Korean fuels are mapped and not calibrated; heat and brands between vegetation and buildings, what "
    "crews do, and a whole fire in a city were not compared with an observed one. Expect rates of spread to be off by "
    "35 % and more."
)
