"""What goes out to people and other systems: CAP drafts, the feed of closures. Nothing is sent from here.

words/     sentences by code, in Korean and English     cap        drafts of alerts in CAP 1.2
closures   closed roads as JSON and as NGSI-LD          xml        the elements of a draft, with text made safe
"""

from __future__ import annotations

from twin.notices.cap import Area, Head, Reference, draft
from twin.notices.closures import Closure, as_json, as_ngsi
from twin.notices.words import event_name, known, say

__all__ = ["Area", "Closure", "Head", "Reference", "as_json", "as_ngsi", "draft", "event_name", "known", "say"]
