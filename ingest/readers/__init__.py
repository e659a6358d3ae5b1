"""Readers: one file per format, found by being here. A room holds one object called `reader`.

A reader knows its format and nothing of the city: it states the file's own coordinate system and units, keeps
every record (as data or as `Quarantined`) and never guesses. Converting, checking against the city and storing
is the work of `ingest.load`. Heavy libraries are imported inside `read`. The contract is `ingest.reading.Reader`; what
readers share lies in `ingest/formats`.

    class Lines:
        name = "lines"
        suffixes = (".lines",)

        def sniff(self, head: bytes, path: Path) -> bool:
            return head.startswith(b"LINES")

        def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
            ...
            yield Features(...)
            yield Counted(lines=n, unit="features")

    reader = Lines()
"""
