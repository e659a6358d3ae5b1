"""What the server answers beside the pages: pictures, records of layers, health. All of it can be read only.

The address of an answer names the run or the snapshot it belongs to, so new data never meet an old answer. Colours
and assessments may change with a new version of the program: a browser asks again after ten minutes.
"""

from __future__ import annotations

import json
import logging
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from twin.errors import MissingError, TwinError, UsageError
from twin.rooms import discover
from viewer import desk, palette, pictures
from viewer.layers import At, Served
from viewer.moments import start
from viewer.quantities import moving
from viewer.words import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

log = logging.getLogger(__name__)

KEPT = {"Cache-Control": "private, max-age=600"}

#: error -> HTTP status; any other error of ours is the caller's fault
STATUS: dict[type[TwinError], int] = {MissingError: 404, UsageError: 404}


def frame_png(request: Request) -> Response:
    """Answer one frame as a picture."""
    where = request.path_params
    found = pictures.frame_png(desk.city(), where["run"], where["quantity"], where["i"])
    return Response(found, media_type="image/png", headers=KEPT)


def frame_json(request: Request) -> Response:
    """Answer what the pictures of a run mean: where, when, what each value stands for."""
    run, quantity = request.path_params["run"], request.path_params["quantity"]
    return JSONResponse(about(run, quantity), headers=KEPT)


def about(run: str, quantity: str) -> dict[str, object]:
    """Return the facts that belong to the pictures of a quantity of a run."""
    city = desk.city()
    pictures.field(city, run, quantity, 0)
    here, frame = pictures.frames(city, run), pictures.run_sheet(city, run)
    scale = pictures.scale_of(city, run, quantity)
    begin = start(city, run)
    whole = city.runs.get(run)
    classes = [
        {"from": limit, "label": label, "colour": palette.css(colour)}
        for limit, (colour, label) in zip(scale.limits, scale.rows, strict=True)
    ]
    return {
        "run": whole.id,
        "snapshot": whole.snapshot,
        "status": whole.status,
        "quantity": quantity,
        "unit": scale.unit,
        "step": scale.step,
        "origin": scale.origin,
        "bounds": frame.bounds,
        "size": [frame.inside.shape[1], frame.inside.shape[0]],
        "projection": "EPSG:3857",
        "times": [float(t) for t in here.times] if moving(here, quantity) else [float(here.times[-1])],
        "start": None if begin is None else begin.isoformat(),
        "classes": classes,
        "validated": whole.validated,
    }


def ground_png(request: Request) -> Response:  # noqa: ARG001 - every route gets one
    """Answer the shaded ground."""
    return Response(pictures.ground_png(desk.city()), media_type="image/png", headers=KEPT)


def layer_json(request: Request) -> Response:
    """Answer the records of a layer."""
    name, query = request.path_params["name"], request.query_params
    view = discover("viewer.layers", "layer").get(name)
    if not isinstance(view, Served):
        raise MissingError(f"layer {name!r} has no records")
    language = query.get("language", LANGUAGES[0])
    found = view.records(desk.city(), At(run=query.get("run", ""), language=language))
    return Response(found, media_type="application/json", headers=KEPT)


def health(request: Request) -> Response:  # noqa: ARG001 - every route gets one
    """Answer that the city is open and ready."""
    city = desk.city()
    return JSONResponse({"status": "ready", "twin": city.path.name, "snapshot": city.snapshot})


def index(request: Request) -> Response:
    """Answer Streamlit's page shell in the reader's language, with our title, for what reads a page before it runs."""
    asked = request.query_params.get("lang", LANGUAGES[0])
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    text = shell()
    text = text.replace('<html lang="en">', f'<html lang="{language}">', 1)
    text = text.replace("<title>Streamlit</title>", f"<title>{say('product', language)}</title>", 1)
    text = re.sub(
        r"<noscript>.*?</noscript>", f"<noscript>{say('noscript', language)}</noscript>", text, count=1, flags=re.DOTALL
    )
    return Response(text, media_type="text/html", headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=1)
def shell() -> str:
    """Return Streamlit's own index.html."""
    import streamlit

    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")


def icon(request: Request) -> Response:  # noqa: ARG001 - every route gets one
    """Answer the icon of the browser's tab."""
    return Response((Path(__file__).parent / "icon.svg").read_bytes(), media_type="image/svg+xml", headers=KEPT)


def answered(handler: Callable[[Request], Response]) -> Callable[[Request], object]:
    """Return a handler for the server: works in a thread, and turns our errors into a status with their sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(handler, request)
        except TwinError as error:
            status = STATUS.get(type(error), 400)
            body = json.dumps({"error": str(error)}, ensure_ascii=False)
            return Response(body, status_code=status, media_type="application/json")

    return answer


def routes() -> list[Route]:
    """Return all routes of our own."""
    table = {
        "/": index,
        "/favicon.png": icon,
        "/health": health,
        "/ground.png": ground_png,
        "/layers/{name:str}.json": layer_json,
        "/frames/{run:str}/{quantity:str}.json": frame_json,
        "/frames/{run:str}/{quantity:str}/{i:int}.png": frame_png,
    }
    return [Route(path, answered(handler), methods=["GET"]) for path, handler in table.items()]
