"""What a table without a declaration holds: places by names of columns, readings only where nothing is left open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.formats.tables import units
from ingest.formats.tables.declaration import Carrier, Declaration, Time, Value
from ingest.formats.tables.header import plain
from ingest.formats.tables.rows import looks_like_number
from twin.errors import InputError, MissingError
from twin.model.finding import Finding
from twin.names import QUANTITIES

if TYPE_CHECKING:
    from ingest.formats.tables.header import Header
    from ingest.reading import ReadOptions

#: names of the column that holds the time of a reading
TIMES = {
    "일시", "측정일시", "관측일시", "측정시간", "관측시간", "시각", "시간", "날짜", "일자", "time", "timestamp", "ts",
    "datetime", "date", "ymdhm", "ymdh", "ymd", "phenomenontime", "resulttime",
}  # fmt: skip

#: names of the column that says which station measured
STATIONS = {
    "측정소명", "측정소", "지점명", "지점", "관측소명", "관측소", "센서", "station", "stationid", "station_id",
    "sensor", "sensorid", "sensor_id", "thing", "id", "device", "deviceid", "device_id",
}  # fmt: skip

_HOUR = re.compile(r"\d\d?(시?)")


def infer(name: str, header: Header, options: ReadOptions) -> tuple[Declaration, list[Finding]]:
    """Return what the table `name` holds, and what is to be said about how that is known.

    Raises MissingError, with a declaration to fill in, for readings whose quantity or unit the header does not tell;
    InputError for coordinates with decimal commas.
    """
    x, y = header.axis("x"), header.axis("y")
    time = next((n for n in header.names if plain(n) in TIMES), None)
    if x is not None and y is not None and x[1] == y[1]:
        return _points(name, header, options, x, y[0], time)
    numeric = [n for i, n in enumerate(header.names) if _is_numeric(header, i) and n != time]
    station = next((n for n in header.names if plain(n) in STATIONS), None)
    measured = [n for n in numeric if n != station and not n.startswith("column_")]
    if time is not None and (measured or not header.sample):
        text = f"{name}: read as a series; time '{time}', station '{station or name}', {', '.join(measured)}"
        return _series(name, options, time, station, measured), [Finding("info", "inferred", text)]
    text = f"{name}: no coordinates and no time; its rows have no place"
    return Declaration("table"), [Finding("info", "inferred", text)]


def _points(
    name: str, header: Header, options: ReadOptions, x: tuple[int, bool], y: int, time: str | None
) -> tuple[Declaration, list[Finding]]:
    comma = [row[i] for row in header.sample for i in (x[0], y) if "," in row[i] and looks_like_number(row[i])]
    if comma:
        raise InputError(f"{name}: coordinates with decimal commas ({comma[0]}); declare decimal = ','")
    crs = options.crs or ("EPSG:4326" if x[1] else None)
    names = f"'{header.names[x[0]]}', '{header.names[y]}'"
    found = [
        Finding("info", "inferred", f"{name}: places by the columns {names}" + (f", read as {crs}" if crs else ""))
    ]
    if time is not None:
        text = f"{name}: column '{time}' is kept as text; declare content = 'series' if these are readings over time"
        found.append(Finding("info", "time-column", text))
    return Declaration("points", x=header.names[x[0]], y=header.names[y], crs=crs), found


def _series(name: str, options: ReadOptions, time: str, station: str | None, measured: list[str]) -> Declaration:
    values = []
    for column in measured:
        word, unit = units.split(column)
        quantity = units.quantity(word)
        if quantity is None or unit is None:
            raise MissingError(_ask(name, options, time, station, measured))
        values.append(Value(column, quantity, unit))
    stem = name.partition(".")[0]
    thing = Carrier(columns=(station,)) if station else Carrier(id=stem, name=stem)
    return Declaration("series", time=Time((time,), zone=options.zone), thing=thing, values=tuple(values))


def _is_numeric(header: Header, column: int) -> bool:
    """Return whether a column may hold readings: a quarter of its first cells are numbers, whatever the rest is."""
    cells = [cell for row in header.sample if (cell := row[column].strip())]
    return bool(cells) and sum(map(looks_like_number, cells)) * 4 >= len(cells)


def _ask(name: str, options: ReadOptions, time: str, station: str | None, measured: list[str]) -> str:
    """Return what is missing, with a declaration that needs only its blanks filled."""
    lines = ['content = "series"  # or "table", if these are no readings']
    lines += ["[time]", f'column = "{time}"', f'zone = "{options.zone or "Asia/Seoul"}"']
    lines += ["[thing]", f'column = "{station}"' if station else f'id = "{name.partition(".")[0]}"']
    hours = [column for column in measured if _HOUR.fullmatch(column)]
    if len(hours) >= 12:
        lines += ["[wide]", f'columns = "%H{hours[0].lstrip("0123456789")}"']
        lines += ['property = ""', 'unit = ""']
        measured = []
    for column in measured:
        word, unit = units.split(column)
        quantity = units.quantity(word)
        lines += ["[[value]]", f'column = "{column}"', f'property = "{quantity or ""}"', f'unit = "{unit or ""}"']
        if unit is None and quantity is not None:
            lines[-1] += f"  # as the file has it; the twin keeps {quantity} in {QUANTITIES[quantity].unit}"
    return (
        f"{name}: readings over time ('{time}') whose quantities or units the header does not tell; "
        f"write them into {name}.toml beside the file, columns that are no readings left out:\n\n" + "\n".join(lines)
    )
