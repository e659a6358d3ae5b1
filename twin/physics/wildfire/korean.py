"""Korean kinds of cover as standard fuel models, and what crowns Korean stands have where nobody has measured.

UNCALIBRATED: no measured mapping is known; whoever uses it says so. What was weighed:

- surface fuel and shrubs in Uiseong (Won et al. 2006): Pinus densiflora 7.6 to 11.0 t/ha, mixed 9.2, broadleaf 1.0.
  TU2 (9.4 t/ha) is near for mixed stands. TU5 (31 t/ha) is heavier than measured, and is taken for pine as the timber
  model whose flames reach crowns, as they do every spring; TL8 or SH5 are the next ones to try.
- oak litter in spring is dry, loose and leafless above: TL6, the faster of the broadleaf litters without branches.
- fields in the fire season carry stubble and dry banks: GR1; irrigated ones too, because they lie dry until May.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from twin.physics.wildfire.fuels import number_of

#: code of a fuel model -> words for it on the forest type map (임상도), the land cover map (토지피복지도), in other
#: registers and in OpenStreetMap. Korean words also count inside longer ones (리기다소나무림); the longest counts.
WORDS = {
    "TU5": ("침엽수", "침엽수림", "소나무", "소나무림", "곰솔", "해송", "잣나무", "리기다", "낙엽송", "conifer",
            "coniferous", "needleleaved", "pine", "evergreen", "forest", "wood", "trees", "산림", "임야"),
    "TL6": ("활엽수", "활엽수림", "참나무", "신갈나무", "굴참나무", "밤나무", "broadleaf", "broadleaved", "deciduous",
            "oak"),
    "TU2": ("혼효림", "침활혼효림", "혼효", "mixed", "mixed_forest", "tree_row"),
    "SH5": ("관목", "관목림", "관목덤불", "shrub", "shrubs", "scrub", "brush", "heath", "shrubbery"),
    "SH4": ("죽림", "대나무", "bamboo"),
    "SB1": ("벌채지", "벌채적지", "clearcut", "logging"),
    "GS2": ("미립목지", "무립목지", "제지", "유휴지", "regrowth"),
    "GR1": ("논", "밭", "농경지", "경작지", "farmland", "field", "paddy", "cropland", "agricultural", "allotments",
            "과수원", "orchard", "vineyard", "plant_nursery", "묘지", "골프장", "잔디", "잔디밭", "공원", "인공초지",
            "lawn", "garden", "park", "cemetery", "golf_course", "recreation_ground", "pitch", "village_green"),
    "GR2": ("초지", "자연초지", "목초지", "풀밭", "하천부지", "grass", "grassland", "meadow", "pasture", "fell"),
    "GR4": ("억새", "갈대", "갈대밭", "reed", "reeds"),
    "GR3": ("습지", "내륙습지", "wetland", "marsh"),
    "NB1": ("시가지", "시가화", "시가화건조지역", "주거지", "주거지역", "주택지", "공동주택지", "상업지", "상업지역",
            "공업지", "공업지역", "공공시설지역", "교통지역", "도로", "주차장", "운동장", "체육시설", "시설재배지",
            "대지", "built", "urban", "residential", "apartment", "commercial", "retail", "office", "industrial",
            "school", "hospital", "public", "institutional", "construction", "railway", "religious", "education",
            "parking", "paved", "asphalt", "concrete", "plaza", "pedestrian", "apron", "railway_yard", "greenhouse",
            "greenhouse_horticulture", "farmyard", "playground", "sports_centre", "stadium", "track", "garages",
            "military", "road"),
    "NB2": ("눈", "만년설", "snow", "ice", "glacier"),
    "NB8": ("수역", "수계", "하천", "호소", "호수", "저수지", "해양수", "내륙수", "water", "river", "stream", "canal",
            "ditch", "pond", "lake", "basin", "sea", "reservoir"),
    "NB9": ("나지", "자연나지", "인공나지", "채석장", "채광지역", "해변", "암벽", "암석", "bare", "gravel", "sand",
            "soil", "brownfield", "greenfield", "quarry", "landfill", "beach", "bare_rock", "rock", "scree", "shingle",
            "mud"),
}  # fmt: skip


#: words that hold one of the words above and do not mean it
NOTHING = ("비산림",)


@dataclass(frozen=True, slots=True)
class Stand:
    """Crowns of a kind of stand: cover 0..1, height and height of the base m, bulk density kg m-3."""

    cover: float
    height: float
    base_height: float
    bulk_density: float


#: Crown fuel that burns: 0.21 kg m-3 within the crowns of Pinus densiflora in Gyeongbuk (30 trees felled; abstract),
#: times the cover. Cover, height and base height are unverified: a stand of medium trees with dead branches below. Much
#: hangs on the base: over TU5 at 25 % humidity crowns catch from 8 to 12 m/s of wind on at 2.5 m, from 15 to 20 at 4 m.
#: Mixed: half the crown fuel. Broadleaf: leafless in the season of fires, no crown fuel and little shelter.
STANDS = {
    "pine": Stand(0.7, 12.0, 2.5, 0.15),
    "mixed": Stand(0.6, 12.0, 2.5, 0.08),
    "broadleaf": Stand(0.3, 12.0, 2.5, 0.0),
}
#: kind of stand -> codes of the fuel models that lie under it
UNDER = {
    "pine": ("FM8", "FM10", "TU4", "TU5", "TL1", "TL3", "TL5", "TL8"),
    "mixed": ("TU1", "TU2", "TU3", "TL4", "TL7"),
    "broadleaf": ("FM9", "TL2", "TL6", "TL9"),
}


def model_of(word: str) -> int | None:
    """Return the number of the fuel model for a word of a register, None for one that is not known."""
    found = _words().get(key := word.strip().lower().replace(" ", "_"))
    if found is not None:
        return found
    if key in NOTHING:
        return None
    inside = [known for known in _words() if len(known) > 1 and not known.isascii() and known in key]
    return _words()[max(inside, key=len)] if inside else None


def stand_of(number: int) -> Stand | None:
    """Return the crowns over a fuel model, None where no trees stand."""
    return next((STANDS[kind] for kind, codes in UNDER.items() if number in map(number_of, codes)), None)


@cache
def _words() -> dict[str, int]:
    return {word: number_of(code) for code, words in WORDS.items() for word in words}
