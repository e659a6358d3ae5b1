"""Terms of a budget, with what people call them in Korean and English."""

from __future__ import annotations

PARTS = {
    "rain": ("강우", "rain"),
    "inflow": ("유입", "inflow"),
    "edge_in": ("경계 유입", "in over the edges"),
    "surcharge": ("관거 역류", "surcharge of drains"),
    "outfall": ("토구 방류", "from outfalls"),
    "edge_out": ("경계 유출", "out over the edges"),
    "pumped": ("배수펌프", "pumped out"),
    "drained": ("우수관거", "drained"),
    "infiltrated": ("침투", "infiltrated"),
    "clipped": ("수심 보정", "clipped"),
    "stored_at_start": ("처음 저류", "stored at the start"),
    "buildings_burnt": ("건물 연소", "burnt in buildings"),
    "vegetation_burnt": ("식생 연소", "burnt in vegetation"),
    "fuel_at_start": ("처음 연료", "fuel at the start"),
    "released": ("불이 낸 열", "released by the fire"),
    "with_fuel": ("연료 가스와 함께", "with gas of the fuel"),
    "to_linings": ("벽·천장으로", "into linings"),
    "radiated_out": ("밖으로 복사", "radiated out"),
    "through_vents": ("문·창·틈으로", "through doors, windows and cracks"),
}

HEAT = (("MJ", 1.0), ("GJ", 1e3), ("TJ", 1e6))
"""Units in which people read an amount of heat, and how many MJ each is; of more than `MANY` the next one."""

MANY = 1e4


def readable(unit: str, amount: float) -> tuple[str, float]:
    """Return the unit in which people read amounts up to `amount`, and by what they are divided for that.

    unit  of the amount, "m3" or "MJ"
    """
    if unit != "MJ":
        return unit, 1.0
    return next((one for one in HEAT if abs(amount) < MANY * one[1]), HEAT[-1])
