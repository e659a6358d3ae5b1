"""An optional language model: it may word things, never decide them. Off unless an address is given.

tasks    what it may be asked: summarise, translate, classify, word the open places of a template
guard    what an answer may not hold: numbers, ids, places, decisions, links, markup that were not in the text
wire     one request to an OpenAI-compatible server, with limits of time and size, without redirects and proxies
address  which servers may be asked: this machine and private networks, others only by name
"""

from __future__ import annotations

from twin.language.tasks import MARK, Answer, Language, Record, from_environment

__all__ = ["MARK", "Answer", "Language", "Record", "from_environment"]
