"""Which language words are in: Hindi told from its neighbours, English, and Hindi in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

WORD = re.compile(r"[^\W\d_][\w\u0900-\u0963\u0970-\u097f\u200c\u200d'’]*")

_HI = frozenset(
    "है हैं था थी थे में की के का को से ने और पर कि यह वह इस उस एक नहीं भी कर किया गया रहा रहे रही लिए साथ बाद कहा".split()
)
_MR = frozenset("आहे आहेत आणि होते होता होती या हा ही हे ते तो ती असे केले केली नाही म्हणून त्या त्यांनी यांनी".split())
_LATIN_HI = frozenset(
    "hai hain mein ki ke ka ko se ne aur par nahi nahin bhi kar kiya gaya raha rahe rahi liye saath baad kaha ye yeh woh iss jo tha thi the".split()
)
_EN = frozenset(
    "the of and to in a is that for it as was with be by on not he i this are or his from at which but have an had they you were".split()
)


def identify(words: Sequence[str]) -> str:
    """BCP 47 tag of the words' language; `und` where nothing tells."""
    deva = sum(1 for w in words if "\u0900" <= w[0] <= "\u097f")
    if deva * 2 >= len(words) and deva:
        return "mr" if sum(w in _MR for w in words) > sum(w in _HI for w in words) else "hi"
    lower = [w.lower() for w in words]
    english, romanised = sum(w in _EN for w in lower), sum(w in _LATIN_HI for w in lower)
    return "hi-Latn" if romanised > english else "en"
