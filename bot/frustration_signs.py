"""Signs of temper that a sentence vector misses: how a message is written, and words that weigh more than their topic."""

import re
from typing import Final

import numpy as np

_MOST: Final = 3
_SIGNS: Final = {
    "insult": r"idiots?|morons?|stupid|dumb|useless|pathetic|clowns?|incompeten\w+|liars?|lie[sd]?|lying|thie(?:f|"
    r"ves)|scam\w*|crooks?|rip.?off|joke|garbage|rubbish|disgrace\w*|asham\w+|shame(?:ful)?|ridiculous|"
    r"absurd|nonsense|bs|bullshit|crap|worst|terribl[ey]|horribl[ey]|awful",
    "temper": r"angry|anger|furious|livid|fuming|raging|seething|mad|annoy\w+|frustrat\w+|infuriat\w+|outrag\w+|"
    r"upset|appal\w+|disgust\w*|insult\w*|unaccept\w+|unbeliev\w+|patience|fed up|sick of|tired of|"
    r"exhaust\w+|wits|hate|ignored?|ignoring",
    "swearing": r"f+u+c+k\w*|wtf|ffs|shit\w*|hell|damn\w*|goddamn|bloody|crap",
    "praise": r"love\w*|lovely|great|gorgeous|beautiful\w*|perfect\w*|awesome|amazing|brilliant|fantastic|wonderful|"
    r"nice|best|happy|glad|pretty|soft|cute|comf\w+|impress\w+|excellent|superb|cool|bravo|congrat\w+|"
    r"thrilled|delighted",
    "thanks": r"thanks?|thank you|cheers|thx|ty|please|pls|could you|would you|can you",
    "no_blame": r"no worries|no problem|no rush|no hurry|my (?:bad|fault|mistake|own)|sorry|it'?s (?:fine|ok(?:ay)?)|"
    r"that'?s (?:fine|ok)|don'?t worry|don'?t mind|i understand|lol|haha\w*|by mistake|by accident|"
    r"unfortunately",
    "again": r"again|still|keep(?:s)?|every (?:single )?time|once more|once again|already (?:told|said|gave|sent|"
    r"answered|explained)|(?:second|third|fourth|fifth|sixth|\d+(?:rd|th|nd)) (?:time|email|message|chat|"
    r"call)|(?:twice|three|four|five|six|\d+) times|same",
    "waited": r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+|for|of) (?:whole )?(?:hours|days|weeks|months)|"
    r"(?:a|one) (?:whole )?month|all (?:day|morning|week)",
    "threat": r"lawyers?|solicitor|court|sue|legal action|chargeback|dispute|ombudsman|consumer (?:protection|"
    r"rights)|trading standards|police|fraud|report(?:ing)? you|never (?:again|order\w*|shop\w*|buy\w*|"
    r"com(?:e|ing) back)|elsewhere|competitors?|one star|trustpilot|lost (?:me|a customer)|won'?t be back|"
    r"last (?:time|chance|order)|close my account|or (?:i'll|i'm|i will|else)",
    "nobody": r"nobody|no ?one|nothing|none|never|not once|anyone|anybody",
    "accusing": r"you(?:'re| are| people| guys| lot| still| never| keep| said| told| promised| lost| can'?t| don'?t|"
    r" clearly| obviously)|your (?:fault|mistake|mess|job)",
    "sarcasm": r"surprise|of course|obviously|clearly|apparently|so helpful|how nice|let me guess|yeah right|sure|"
    r"wow|oh (?:great|good|look|wonderful|perfect|joy|nice|lovely)|just (?:great|perfect|lovely|"
    r"wonderful)|well done|good job|impressive|thanks (?:a lot )?for (?:nothing|losing|ruining|wasting|"
    r"breaking)",
    "enough": r"enough|done (?:with|here)|give up|giving up|can'?t (?:do this|deal|take|believe|anymore)|anymore|"
    r"any ?more|no more|over it|stop",
    "wrong": r"wrong|broken|broke|late|lost|missing|damaged|delay\w*|wait\w*|fail\w*|cancel\w*|refund\w*|money|"
    r"excuse\w*|apolog\w+|promise[ds]?",
    "asks_why": r"^(?:so |and |but )?(?:why|how (?:hard|many times|is it|can|dare|come)|what(?:'s| is) (?:the point|"
    r"wrong)|are you|do you|is (?:it|this|anyone|anybody))",
    "plain_question": r"^(?:where|when|which|who|how (?:do|can|long|much)|can i|could i|do i|is there|what(?:'s|"
    r" is) (?:your|the|my))",
}
_PATTERNS: Final = [
    re.compile(rf"\b(?:{words})\b" if not words.startswith("^") else words) for words in _SIGNS.values()
]


_MASKED: Final = ((re.compile(r"\bfu?[*@#$%]+c?k?", re.I), "fuck"), (re.compile(r"\bsh?[*@#$%]+t", re.I), "shit"))


def unmasked(text: str) -> str:
    """The text with swear words in full where asterisks stand for letters."""
    for masked, word in _MASKED:
        text = masked.sub(word, text)
    return text


def signs_of(text: str) -> np.ndarray:
    """One row of numbers between 0 and 1 for a message: words of each kind, capitals, marks, length."""
    lower = text.lower().replace("’", "'").strip()
    counts = [min(len(pattern.findall(lower)), _MOST) / _MOST for pattern in _PATTERNS]
    letters = [char for char in text if char.isalpha()]
    shouting = sum(char.isupper() for char in letters) / len(letters) if len(letters) > _MOST else 0.0
    words = lower.split()
    praise, trouble = counts[_AT["praise"]], counts[_AT["wrong"]] + counts[_AT["waited"]]
    written = [
        float(shouting > 0.7),
        float(any(word.isupper() and len(word) > _MOST for word in text.split())),
        min(text.count("!"), _MOST) / _MOST,
        min(text.count("?"), _MOST) / _MOST,
        float("!!" in text or "??" in text),
        float(". " in text.strip(" .")),
        min(len(words), 30) / 30,
        float(praise > 0 and trouble > 0),
        float(praise > 0 and counts[_AT["swearing"]] > 0),
    ]
    return np.array([*counts, *written], dtype=np.float32)


_AT: Final = {name: at for at, name in enumerate(_SIGNS)}
