"""The strip under a still: what it shows, when, by which colours, from which sources, and how far to trust it."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer import palette
from viewer.words import say

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

#: fonts with Hangul, the first found is taken: regular, bold
FONTS = (
    ("NanumSquareR.ttf", "NanumSquareB.ttf"),
    ("NanumGothic.ttf", "NanumGothicBold.ttf"),
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    ("NotoSansKR-Regular.otf", "NotoSansKR-Bold.otf"),
    ("malgun.ttf", "malgunbd.ttf"),
    ("AppleSDGothicNeo.ttc", "AppleSDGothicNeo.ttc"),
)

#: size of the small print, and how many lines of it one text may have
SMALL, LINES = 15.0, 14

#: swatches for which a block of the legend has room at least: fewer are not wider
LEAST = 5

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts")


@dataclass(frozen=True, slots=True)
class Caption:
    """What the strip says. `sources` are names of files, `made_up` marks a fictional city.

    legend  titles, and below each the colours of classes with what they are called
    """

    title: str
    subtitle: str
    moment: str
    sources: str
    state: str
    validated: str
    made_up: bool
    language: str
    legend: tuple[tuple[str, list[tuple[palette.Colour, str]]], ...]


@lru_cache(maxsize=1)
def hangul_fonts() -> tuple[Path, Path] | None:
    """Return the files of a regular and a bold font with Hangul, None when the machine has none that we know."""
    folders = [Path(f) for f in FOLDERS] + [Path.home() / ".fonts", Path.home() / ".local" / "share" / "fonts"]
    found = {
        name: Path(folder) / name
        for root in folders
        if root.is_dir()
        for folder, _, names in os.walk(root)
        for name in names
        if name.endswith((".ttf", ".ttc", ".otf"))
    }
    for regular, bold in FONTS:
        if regular in found:
            return found[regular], found.get(bold, found[regular])
    return None


def spoken(language: str) -> str:
    """Return the language in which a picture can be written here: English, with a warning, where Hangul cannot be."""
    if language == "ko" and hangul_fonts() is None:
        warnings.warn(
            "no font with Hangul was found (NanumGothic or Noto Sans CJK would do); the picture is written in English",
            RuntimeWarning,
            stacklevel=2,
        )
        return "en"
    return language


def written(text: str) -> str:
    """Return a text as the font of this machine can write it: without Hangul, letters it lacks become "?"."""
    if hangul_fonts() is not None:
        return text
    return text.replace("≥", ">=").replace("–", "-").encode("latin-1", "replace").decode("latin-1")


class _Strip:
    """A strip that is written from top to bottom."""

    def __init__(self, pen: ImageDraw, left: int, top: int, unit: float) -> None:
        self.pen, self.left, self.y, self.unit = pen, left, float(top), unit

    def font(self, size: float, *, bold: bool = False) -> Any:
        from PIL import ImageFont

        files = hangul_fonts()
        if files is None:
            return ImageFont.load_default(size * self.unit)
        return ImageFont.truetype(str(files[bold]), round(size * self.unit))

    def lines(self, text: str, size: float, widest: float) -> list[str]:
        """Return a text in lines of at most `widest` px, broken between words."""
        font = self.font(size)
        found = [""]
        for word in written(text).split():
            longer = f"{found[-1]} {word}".strip()
            if self.pen.textlength(longer, font) <= widest or not found[-1]:
                found[-1] = longer
            else:
                found.append(word)
        return found

    def write(
        self, text: str, size: float, colour: palette.Colour, *, bold: bool = False, widest: float = 0.0
    ) -> float:
        """Write a line, shortened to `widest` px, and go below it; return where it ends."""
        font = self.font(size, bold=bold)
        text = written(text)
        while widest and len(text) > 8 and self.pen.textlength(text, font) > widest:
            text = text[:-2].rstrip() + "…"
        self.pen.text((self.left, self.y), text, font=font, fill=colour)
        self.y += 1.42 * size * self.unit
        return float(self.left + self.pen.textlength(text, font))


def framed(picture: Image, caption: Caption) -> Image:
    """Return the picture with its strip below."""
    from PIL import Image as Images
    from PIL import ImageDraw

    unit = picture.width / 1600
    margin, half = round(44 * unit), picture.width * 0.5
    scratch = _Strip(ImageDraw.Draw(Images.new("RGB", (1, 1))), margin, 0, unit)
    small = [line for text in (caption.validated, caption.sources, caption.state)
             for line in scratch.lines(text, SMALL, half - margin)[:LINES]]  # fmt: skip
    # two blocks of the legend and eight small lines fit beside and below the title
    more = max(94 * (len(caption.legend) - 2), 1.42 * SMALL * (len(small) - 8), 0)
    strip_height = round((330 + more) * unit)
    out = Images.new("RGB", (picture.width, picture.height + strip_height), (255, 255, 255))
    out.paste(picture, (0, 0))
    pen = ImageDraw.Draw(out)
    ink, grey, green = palette.base("ink"), palette.base("ink_soft"), palette.base("sensor")
    pen.rectangle((0, picture.height, picture.width, picture.height + round(5 * unit)), fill=green)
    strip = _Strip(pen, margin, picture.height + round(30 * unit), unit)
    top = strip.y
    end = strip.write(caption.title, 38, ink, bold=True, widest=half - 2 * margin)
    if caption.made_up:
        _badge(strip, say("fictional", caption.language), end + 16 * unit, top)
    strip.write(caption.subtitle, 23, ink, widest=half - margin)
    strip.write(caption.moment, 23, ink, widest=half - margin)
    strip.y += 8 * unit
    for line in small:
        strip.write(line, SMALL, grey)
    _legend(_Strip(pen, round(half) + margin, round(top) + round(4 * unit), unit), caption, picture.width - margin)
    return out


def _badge(strip: _Strip, text: str, left: float, top: float) -> None:
    font = strip.font(18, bold=True)
    text = written(text)
    width, u = strip.pen.textlength(text, font), strip.unit
    box = (left, top + 8 * u, left + width + 24 * u, top + 40 * u)
    strip.pen.rounded_rectangle(box, radius=16 * u, fill=palette.base("badge"), outline=palette.base("badge_line"))
    strip.pen.text((left + 12 * u, top + 13 * u), text, font=font, fill=palette.base("badge_ink"))


def _legend(strip: _Strip, caption: Caption, right: int) -> None:
    """Draw the blocks of the legend as rows of swatches with their names."""
    font = strip.font(14.5)
    for title, rows in caption.legend:
        width = (right - strip.left) / max(LEAST, len(rows))
        strip.write(title, 18, palette.base("ink"), bold=True)
        for i, (colour, text) in enumerate(rows):
            x, u = strip.left + i * width, strip.unit
            box = (x, strip.y + 4 * u, x + width - 8 * u, strip.y + 26 * u)
            strip.pen.rectangle(box, fill=colour, outline=palette.base("line"))
            strip.pen.text((x, strip.y + 32 * u), written(text), font=font, fill=palette.base("ink"))
        strip.y += 68 * strip.unit
    strip.write(say("still_view", caption.language), 15, palette.base("ink_soft"))
