"""How a result says that nobody has checked one of its figures at the source."""

from __future__ import annotations


def doubt(code: str, value: str, text: str) -> dict[str, str]:
    """Return a remark: `code` for a catalogue of messages, the figure as `value`, and an English `text` of all."""
    return {"code": code, "value": value, "text": f"{code} {value}: {text}"}
