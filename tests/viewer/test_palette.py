"""Classes in order, told apart by everybody, the same in the assessment and on the map."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from twin.runs.consequences.assess import BANDS
from viewer import palette

#: what is left of linear red, green, blue for people without one kind of cone (Viénot, Brettel, Mollon 1999)
BLIND = {
    "protan": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
    "deutan": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
    "none": np.eye(3),
}


def linear(colour: palette.Colour) -> np.ndarray:
    part = np.asarray(colour) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lightness(colour: palette.Colour, eye: str = "none") -> float:
    y = float(np.clip(BLIND[eye] @ linear(colour), 0, 1) @ [0.2126, 0.7152, 0.0722])
    return 116 * np.cbrt(y) - 16


RISING = [
    "water", "depth", "height", "speed", "product", "rating", "hazard_class", "duration", "probability", "level"
]  # fmt: skip


@pytest.mark.parametrize("name", [*RISING, "arrival"])
@pytest.mark.parametrize("eye", BLIND)
def test_lightness_falls_from_class_to_class_for_every_eye(name: str, eye: str) -> None:
    colours = palette.fitted(name, 0.0, 1.0).colours if name == "level" else palette.scale(name).colours
    # the water that came first is the darkest
    values = [lightness(c, eye) for c in (colours[::-1] if name == "arrival" else colours)]
    steps = [a - b for a, b in itertools.pairwise(values)]
    assert min(steps) > 5, steps


def test_classes_of_buildings_are_those_of_the_assessment() -> None:
    assert palette.scale("depth").limits == BANDS
    assert palette.scale("water").limits[1:] == BANDS


DRAWN = ["water", "speed", "product", "rating", "hazard_class", "duration", "arrival", "probability"]


@pytest.mark.parametrize("name", DRAWN)
def test_every_limit_is_a_grey_value_of_the_picture(name: str) -> None:
    scale = palette.scale(name)
    assert np.allclose(np.asarray(scale.limits) / scale.step, np.round(np.asarray(scale.limits) / scale.step))


def test_a_limit_belongs_to_the_class_it_begins() -> None:
    scale = palette.scale("depth")
    values = np.array([0.0, 0.0999, 0.1, 0.2999, 0.3, 1.0, 2.0, 9.0, np.nan])
    assert scale.classify(values).tolist() == [-1, -1, 0, 0, 1, 3, 4, 4, -1]
    assert scale.labels == ["0.1 – 0.3 m", "0.3 – 0.5 m", "0.5 – 1 m", "1 – 2 m", "≥ 2 m"]


def test_expression_picks_the_colour_of_the_class() -> None:
    text = palette.expression(((1, 2, 3), (4, 5, 6)), "d", (7, 8, 9))
    assert text == "d == 1 ? [4, 5, 6, 255] : d == 0 ? [1, 2, 3, 255] : [7, 8, 9, 255]"


def test_text_on_the_mark_of_a_sensor_can_be_read() -> None:
    light, dark = (float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in ((255, 255, 255), palette.base("sensor")))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("name", DRAWN)
def test_a_grey_value_is_in_the_class_of_what_it_stands_for(name: str) -> None:
    scale = palette.scale(name)
    limits = np.asarray(scale.limits)
    values = np.concatenate([limits, limits + 0.6 * scale.step, [limits[0] - 0.6 * scale.step, np.nan, 1e6]])
    greys, expected = scale.greys(values), scale.classify(values + 0.01 * scale.step)
    assert scale.of_greys[greys].tolist() == expected.tolist()
    assert ((greys == 0) == (expected < 0)).all(), "0 is nothing, and nothing else is 0"


@pytest.mark.parametrize(("low", "high"), [(12.3, 19.8), (0.0, 0.0), (-3.0, 250.0)])
def test_a_fitted_scale_has_round_limits_over_the_range(low: float, high: float) -> None:
    scale = palette.fitted("level", low, high)
    assert scale.limits[0] <= low
    width = scale.limits[1] - scale.limits[0]
    assert high <= scale.limits[-1] + 2 * width
    assert f"{width:g}".lstrip("0.").rstrip("0") in {"1", "2", "25", "2.5", "5"}
    levels = np.array([low, high, np.nan])
    assert scale.of_greys[scale.greys(levels)].tolist() == scale.classify(levels + 0.01 * scale.step).tolist()


def test_the_limits_of_danger_are_those_of_the_assessment() -> None:
    from twin.impact import AIDR, Rules
    from twin.impact.rating import LOW, SOME

    assert palette.scale("rating").limits[1:] == (LOW, SOME, Rules().most_limit)
    assert len(palette.scale("hazard_class").limits) == len(AIDR) + 1
