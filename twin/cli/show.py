"""Verbs that show something at once: demo, serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.words import AsJson, Twin, app
from twin.console import say, say_json
from twin.errors import TwinError, UsageError


@app.command(epilog="Example: twin demo build/demo --no-serve")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where the demo city's files and its twin go")],
    size: Annotated[str, typer.Option(help="district (6,000 buildings) or city600k (600,000)")] = "district",
    no_serve: Annotated[bool, typer.Option("--no-serve", help="stop before serving")] = False,
    port: Annotated[int, typer.Option(help="port of the pages")] = 8501,
    as_json: AsJson = False,
) -> None:
    """Write the made-up city of Gaon (가온시, 가상), load it, flood it, draw it, then serve it."""
    from twin.walkthrough import walk

    result = walk(folder, size, quiet=as_json)
    if as_json:
        say_json(result)
    if not result["closed"]:
        raise TwinError(f"{result['twin']}: the flood run did not close its budget: {result['run']}")
    if not no_serve:
        serve(Path(str(result["twin"])), port)


@app.command(epilog="Example: twin serve sinbang.twin --port 8501")
def serve(
    path: Twin,
    port: Annotated[int, typer.Option(help="port on 127.0.0.1")] = 8501,
    as_json: AsJson = False,
) -> None:
    """Show the twin in the browser. This process holds the twin until it is stopped with Ctrl-C."""
    from viewer.serve import serve as serve_twin

    if not 0 < port < 65536:
        raise UsageError(f"port {port} is not between 1 and 65535")
    facts = {"twin": str(path), "url": f"http://127.0.0.1:{port}"}
    say_json(facts) if as_json else say(f"{path}: {facts['url']} (Ctrl-C stops)")
    serve_twin(path, port=port)
