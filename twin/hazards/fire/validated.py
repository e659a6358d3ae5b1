"""What tests/validation/fire_*.py found, in a sentence that goes with every run."""

from __future__ import annotations

VALIDATED = (
    "Rates of spread agree with firelab/behave, and fires in uniform fuel with the analytic ellipse (see "
    "tests/validation/fire_*.py for the figures). Not validated: Korean fuels are mapped and not calibrated; the "
    "number of firebrands is calibrated on one event only; the way from vegetation to buildings and back, what crews "
    "do, and a whole fire in a city were not compared with an observed one. Expect rates of spread to be off by 35 % "
    "and more."
)
