"""What tests/validation/fire_zone.py found, in a sentence that goes with every run."""

from __future__ import annotations

VALIDATED = (
    "Two layers per room. The zone model is held against analytic cases and the Steckler rooms (the figures: "
    "fire.zone.* in build/validation.json, from tests/validation/fire_zone.py). The fire itself is a stated curve, not "
    "a prediction; how people walk and when rooms become untenable is arithmetic with stated limits and is not "
    "compared with an observed evacuation."
)
