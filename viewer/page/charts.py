"""Lines over the time of a run, told apart by colour, dash and the order of their legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.moments import axis, start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import altair as alt

    from twin.store import City

#: a dash for each line, so that no two are told apart by colour alone; one more than there are colours, so that the two
#: cycles do not meet
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 6], [1, 4], [10, 2, 2, 2, 2, 2])


def lines(
    city: City,
    run: str,
    times: Sequence[float],
    values: Mapping[str, Sequence[float]],
    title: str,
    hours: str,
    colours: Sequence[palette.Colour] = (),
    height: int = 240,
) -> alt.Chart:
    """Return a chart of lines by name.

    times    (t,) s from the start of the run
    values   name -> (t,)
    title    of the values; hours: of the time, where the run states no start
    colours  of the lines, where each means something on the map; none: those of charts
    height   px
    """
    import altair as alt
    import pandas as pd

    clock = axis(city, run, times)
    kind = "Q" if start(city, run) is None else "T"
    frame = pd.concat(
        [pd.DataFrame({"time": clock, "value": list(series), "name": name}) for name, series in values.items()]
    )
    names = list(values)
    of_charts = [palette.rgb(colour) for colour in palette.specification()["lines"]["colours"]]
    shades = [palette.css(colour) for colour in colours or of_charts]
    style = alt.Legend(title=None, orient="top", columns=3, symbolStrokeWidth=2.5, symbolSize=400, labelLimit=260)
    several = range(len(names))
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X(
                f"time:{kind}",
                title=hours if kind == "Q" else None,
                axis=alt.Axis(labelAngle=0, tickCount=6, format="%H:%M" if kind == "T" else "g"),
            ),
            y=alt.Y("value:Q", title=title),
            color=alt.Color(
                "name:N",
                sort=names,
                legend=style,
                scale=alt.Scale(domain=names, range=[shades[i % len(shades)] for i in several]),
            ),
            strokeDash=alt.StrokeDash(
                "name:N",
                sort=names,
                legend=style,
                scale=alt.Scale(domain=names, range=[DASHES[i % len(DASHES)] for i in several]),
            ),
        )
        .properties(height=height)
    )
    return chart
