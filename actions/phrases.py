"""Small phrases that steer a talk whatever else a message says: "forget it, …", "the other one", "start over"."""

import re

_ANOTHER = re.compile(r"\b(other|another|second|remaining|rest)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\b(and|also|too|same|what about|how about|mean|meant|no|not|sorry|instead|rather)\b", re.IGNORECASE
)
_STARTS_OVER = re.compile(
    r"\b(start (?:over|again|afresh|anew)|restart|from the (?:top|start|beginning)|back to the start)\b", re.IGNORECASE
)
_DROPS = re.compile(
    r"\W*(?:(?:ok|okay|oh|ah|no|well|actually|hm+|sorry)\W+)*"
    r"(?:(?:forget (?:about )?(?:it|that|this)|never\s?mind|nvm|scrap that|drop (?:it|that))\b|"
    r"(?:stop(?: it)?|leave (?:it|that)|skip (?:it|that))(?=\s*[,.;:!–—-]))"
    r"[\s,.;:!–—-]+(?=\w+\W+\w)",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    r"(?<!\d)\d{5}\s*,?\s*(?:and|&|\+|plus)\s+(?:also\s+)?(?:the\s+)?(?:order\s+|number\s+)*(?:#|fd[\s-]?)?(\d{5})(?![\d-])",
    re.IGNORECASE,
)
# The comma sets it apart: "cancel 10457" names an order, "cancel it, 94107" does not.
_POSTCODE_AT_END = re.compile(
    r"(?<!\d)\d{5}(?!\d).*(?:[,;\n–—]|\b(?:zip|post ?code|postal code)\b[^,;]{0,12}?)\s*(?<!\d)(\d{5})\W*$",
    re.IGNORECASE | re.DOTALL,
)

_BETWEEN_NUMBERS = (
    r"oh|ah|um+|uh|er+|hm+|it|it's|that|that's|is|was|should be|i|the|my|order|number|fd|please|mixed up|mistyped|typo"
)
_THINKS_AGAIN = r"wait|hold on|hang on|oops|whoops|no|nope|correction"
_PUTS_RIGHT = rf"{_THINKS_AGAIN}|sorry|my bad|mean|meant|rather|actually|make that"
_MISTAKEN = re.compile(
    rf"(?<!\d)(?P<first>\d{{5}})(?=(?P<between>\W+(?:(?:{_BETWEEN_NUMBERS})\W+)*(?:{_PUTS_RIGHT})\W+"
    rf"(?:(?:{_BETWEEN_NUMBERS}|{_PUTS_RIGHT})\W+)*(?:fd)?)(?P<second>\d{{5}})"
    r"(?!\d|\W+(?:(?:is|my|the)\W+)*(?:zip|post)))"
    r"|\bnot\s+(?:(?:the|order|number|fd)\b\W*|#\s*)*(?P<denied>\d{5})(?!\d)",
    re.IGNORECASE,
)
# "Sorry", "actually" and "rather" also lead on to another order, or to the postcode.
_SURELY_PUTS_RIGHT = re.compile(
    rf"\b(?:{_THINKS_AGAIN}|my bad|mean|meant|make that|mixed up|mistyped|typo)\b", re.IGNORECASE
)
_SECOND_THOUGHTS = re.compile(
    rf"\b(?:{_THINKS_AGAIN})\W+(?:(?:{_BETWEEN_NUMBERS}|{_PUTS_RIGHT})\W+)*(?:fd)?\d{{5}}(?!\d)", re.IGNORECASE
)
_NAMES_CONTACT = re.compile(r"\b(?:zip|zipcode|post ?code|postal|e-?mail)\b", re.IGNORECASE)
_FORGOTTEN = re.compile(
    r"\b(?:forgot(?:ten)?|(?:can'?t|can ?not|don'?t|do not) (?:remember|recall|know|have)|no (?:idea|clue)|idk|dunno)\b",
    re.IGNORECASE,
)
_WHAT_IS_FORGOTTEN = set(
    re.findall(
        r"\w+",
        "i ve have had a any it that them which what one ones was is the my of this order s number e mail email emails "
        "address addresses post code postcode zip zipcode used use ordered with for to anymore more right now at all "
        "oh ah um uh hm hmm sorry well ok okay no and but or honestly actually either",
    )
)
"""Of what is beside the forgetting: anything else, such as "password", makes it another matter."""

_TAKES_BACK = re.compile(
    r"^\W*(?:(?:no|oh|oops|hey|please|sorry)\W+)*(?:wait|hold on|stop)\b|\bno\W+(?:no|don'?t|wait|stop)\b|\boops\b|"
    r"\b(?:undo|undone|revert|reverse|reinstate|restore|un-?cancel\w*|by (?:mistake|accident)|accident(?:al)?ly)\b|"
    r"\b(?:bring|take|get|want|have) (?:it|that|them|this|(?:my|the) order) back\b|\bchanged my mind\b|"
    r"\b(?:keep|still want|do want) (?:it|that|them|this|(?:my|the) order)\b|"
    r"\bput (?:\w+ ){1,4}back\b|"
    r"\b(?:sorry|oops|no)\W+(?:(?:that|it|this)(?:'s| was| is)? )?(?:the )?wrong (?:order|one|item|number)\b|"
    r"\b(?:didn'?t|did not) (?:mean|want)\b|\bnot what i (?:meant|wanted)\b",
    re.IGNORECASE,
)
_OTHER_ORDER = re.compile(
    r"\b(?:the|my|that) (?:other|second) (?:one|order|parcel|package|box)\b|\bmy other\b", re.IGNORECASE
)
_AS_WELL = re.compile(r"\b(?:too|also|as well)\b", re.IGNORECASE)
_ABOUT_THING = re.compile(
    r"\b(?:about|with) (?:the|my|those|these) (?!(?:order|one|exchange|return|cancel\w*|refund|size|change|address|report|whole"
    r"|item|thing)s?\b)\w+",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|them|that|those|this|these)\b", re.IGNORECASE)
_HESITATES = re.compile(
    r"\W*(?:(?:no|oh|ok|okay|yes|yeah|yep|yup|sure|correct|right|but|um+|er+|hm+|please|just|well)\W+)*"
    r"(?:wait|hold on|hang on|hm+|um+|not sure(?: yet)?|(?:one|a|1) (?:sec|second|moment|minute|min)|let me (?:think|check|see))"
    r"(?:\W+(?:please|pls|for|a|one|sec|second|moment|minute|min|bit|let me (?:think|check|see)))*\W*",
    re.IGNORECASE,
)
_PLAIN_YES = re.compile(
    r"\W*(?:(?:yes|yeah|yea|yep|yup|ye|y|sure|ok|okay|k|please|do|go|ahead|it|that|that's|this|is|correct|right|fine|good|great"
    r"|perfect|thanks|thank|you|of course|absolutely|definitely|certainly|exactly|confirm|confirmed|i agree|agreed|all|alright"
    r"|sounds|looks|works for me|indeed|for sure|go for it|now|oh|ah|very|much)\b\W*)+",
    re.IGNORECASE,
)
_DOING = r"(?:cancel|return|exchange|refund|swap|send|ship|change|remove|take|report|start|book|arrange|do|go|proceed|continue)"
_NEGATION = r"(?:do not|don'?t|never|rather not|not to|(?:would|should|must|better) not|(?:would|should|must)n'?t)"
_WISHING = r"(?:(?:want|wanna|need|mean|wish|like)(?: you| to| for you to)*\s+|please\s+|just\s+|ever\s+)?"
_FORBIDS = re.compile(rf"(?<!why )(?<!you )(?<!if i )\b{_NEGATION}\s+{_WISHING}{_DOING}\b", re.IGNORECASE)
_QUALIFIES = re.compile(
    r"\b(?:but|wait|hold (?:on|off|it|that)|hang on|(?:one|a|1) (?:sec|second)|moment|minute|first|actually|instead|rather"
    r"|except|unless|until|if|before|later|tomorrow|maybe|though|however|keep"
    r"|(?<!why )not|no(?! (?:problem|worries)\b)|never|without|none|nothing|cannot|stop"
    r"|(?:do|does|did|is|are|was|were|ca|wo|would|should|must|have|has)n'?t"
    r"|(?:just|only)(?! (?:do|cancel|return|exchange|refund|send|change|report) (?:it|that|them|everything|all)\b))\b|\?",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\b(?:stop|cancel|never\s?mind|nvm|forget|leave|drop|quit|exit|abort|enough|scrap|skip|undo|restart|start over"
    r"|no more|changed? my mind|don'?t (?:need|want|bother)|keep (?:it|them|that))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\W*(?:(?:because|cause|cos|cuz|since|well|oh|um|just|so)\W+)*"
    r"(?:it|its|it's|they|they're|she|he|my|our|the|we|i (?!want|would|need|like)|i've|i'd (?!like)|too|not|never"
    r"|no longer|already|didn'?t|doesn'?t|don'?t|wasn'?t|isn'?t|bought|got|found|wrong|gift|present|ugly|bad|cheap\w*|poor)\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:both|everything|all of (?:it|them)|(?:whole|entire) order|the lot)\b", re.IGNORECASE)
_MEANT = re.compile(r"\b(?:meant?|instead|rather|wrong (?:one|thing|item)|(?<!by )mistake|mixed up)\b", re.IGNORECASE)
# Each word between counts: "I don't want it cancel it", its comma forgotten, wishes the opposite.
_FORBIDS_CANCELLING = re.compile(
    rf"(?<!why )(?<!you )\b{_NEGATION}\s+(?:{_WISHING}cancel\b"
    r"|(?:want|need)\s+(?:it|this|that|them|(?:my|the|this) order)\s+(?:to be\s+)?cancell?ed\b)",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\bhow much\b|\bwhat (?:do|does|did|will|would|have) (?:i|it|that|this|they|those) (?:cost|pay|paid|owe|come to)\b|"
    r"\b(?:price|total|cost|costs)\b",
    re.IGNORECASE,
)

_ORDER = re.compile(r"\b(?:order|purchase)\b", re.IGNORECASE)
_NO_REASON = re.compile(
    r"\W*(?:no+|nope|nah|n|n/a|none|nothing|no (?:thanks|thank you|reason)|skip(?: (?:it|this|that))?)(?:\W+please)?\W*"
    r"|\s*-+\s*",
    re.IGNORECASE,
)
_NUMBER_PICKED = re.compile(r"\W*(?:(?:option|number)\W+)?(\d{1,2})\W*", re.IGNORECASE)

_WORDS_OF_PRICE = set(
    re.findall(
        r"[a-z']+",
        "and so ok okay but then now please again well hey how much what what's whats is was will would does did do be it its "
        "it's that this those these they them all two both together altogether in total the a price sum amount cost costs "
        "costed me i us we pay paid owe have had come to for of my order orders get got back refund refunded sorry again "
        "exactly you tell can could know number money total",
    )
)


def means_another(text: str) -> bool:
    """ "and the other one?" """
    return says(_ANOTHER, text)


def goes_on(text: str) -> bool:
    """ "what about 10457": a fact that is joined to what was said before, or puts it right."""
    return says(_GOES_ON, text)


def starts_over(text: str) -> bool:
    return says(_STARTS_OVER, text)


def drops_task(text: str) -> bool:
    """ "forget it, what are your opening hours?": leaves the task under way and goes on to say something else."""
    return bool(_DROPS.match(text))


def has_forgotten(text: str) -> bool:
    """ "i forgot my email", "no idea": the fact that was asked for isn't at hand. "Forget it" is something else."""
    plain = text.replace("’", "'")
    rest = re.findall(r"\w+", _FORGOTTEN.sub(" ", plain).lower())
    return says(_FORGOTTEN, plain) and _WHAT_IS_FORGOTTEN.issuperset(rest)


def takes_back(text: str) -> bool:
    """ "wait, no", "undo that": said of what has just been done."""
    return says(_TAKES_BACK, text.replace("’", "'")) or forbids_cancelling(text)


def hesitates(text: str) -> bool:
    """ "wait", "one moment", and nothing else: neither a yes nor a no."""
    return not text.startswith("/") and bool(_HESITATES.fullmatch(text))


def agrees_plainly(text: str) -> bool:
    """ "yes please, go ahead": words that agree, and no other."""
    return not text.startswith("/") and bool(_PLAIN_YES.fullmatch(text.replace("’", "'")))


def forbids(text: str) -> bool:
    """ "ok, don't send it back": the opposite of what was asked, however it begins."""
    plain = text.replace("’", "'")
    return says(_FORBIDS, plain) or forbids_cancelling(plain)


def qualifies(text: str) -> bool:
    """ "yes, but only the mugs", "ok wait": a yes to something else than what was asked, or to nothing yet."""
    return says(_QUALIFIES, text.replace("’", "'"))


def says_stop(text: str) -> bool:
    """Whether the words themselves end what is under way."""
    return text.startswith("/") or bool(_STOP.search(text.replace("’", "'")))


def means_it(text: str) -> bool:
    """ "return it": what was just spoken of."""
    return says(_IT, text)


def means_something_else(text: str) -> bool:
    """ "I changed my mind about the frame, too": not, or not only, what was just spoken of."""
    return says(_ABOUT_THING, text) or (says(_AS_WELL, text) and not means_it(text))


def means_other_order(text: str) -> bool:
    """ "the other one", said of something that is done to a whole order."""
    return says(_OTHER_ORDER, text)


def tells_reason(text: str) -> bool:
    """Whether it begins as a statement does that could be any reason: "she already has one"."""
    plain = text.replace("’", "'")
    return "?" not in plain and not plain.startswith("/") and bool(_REASON.match(plain))


def wants_all(text: str) -> bool:
    """ "both things", "the whole order" """
    return says(_ALL, text)


def was_meant(text: str) -> bool:
    """ "sorry, I meant the trousers": something else than was said before."""
    return says(_MEANT, text)


def forbids_cancelling(text: str) -> bool:
    """ "don't cancel it" """
    return says(_FORBIDS_CANCELLING, text.replace("’", "'"))


def asks_price(text: str) -> bool:
    """ "how much is that?", of what is being talked about."""
    return says(_PRICE, text)


def names_order(text: str) -> bool:
    """ "the total of my order" """
    return says(_ORDER, text)


def asks_price_of_that(text: str) -> bool:
    """Of nothing that is named: "how much is it all", "what did I pay"."""
    return set(re.findall(r"[a-z']+", text.lower().replace("’", "'"))) <= _WORDS_OF_PRICE


def further_number(text: str) -> str | None:
    """The second order of "track 10412 and 10457"."""
    found = _FURTHER.search(text)
    return f"FD-{found[1]}" if found else None


def postcode_at_end(text: str) -> str | None:
    """The postcode that ends "track 10457 and cancel it, 94107", which names its order before."""
    found = None if means_another(text) else _POSTCODE_AT_END.search(text)
    return found[1] if found else None


def mistaken_numbers(text: str) -> set[str]:
    """The digits that the message takes back: "10421, oh wait, 10412", "it's 10412, not 10421"."""
    plain = text.replace("’", "'")
    first = re.search(r"\d{5}", plain)
    found = [] if plain.startswith("/") else _MISTAKEN.finditer(plain)
    return {
        match["denied"] or match["first"]
        for match in found
        if match["denied"] or (first and match["first"] == first[0] and _puts_right(match))
    }


def is_slip(mistyped: str, digits: str) -> bool:
    """Whether of two numbers of five digits one digit is another, or two side by side changed places."""
    off = [place for place, pair in enumerate(zip(mistyped, digits, strict=True)) if pair[0] != pair[1]]
    if len(off) == 2:
        first, second = off
        return second == first + 1 and mistyped[first : second + 1] == digits[first : second + 1][::-1]
    return len(off) == 1


def gives_no_reason(text: str) -> bool:
    """ "no", "skip", "-": who is asked why would rather not say."""
    return bool(_NO_REASON.fullmatch(text))


def number_picked(text: str) -> int | None:
    """The place, from 1, of the one that is picked: "2", "option 2"."""
    found = _NUMBER_PICKED.fullmatch(text)
    return int(found[1]) if found else None


def has_second_thoughts(text: str) -> bool:
    """ "oh wait, 10412": the number said just before was wrong. Not "no e-mail at hand, 94107"."""
    return says(_SECOND_THOUGHTS, text) and not says(_NAMES_CONTACT, text)


def _puts_right(match: re.Match[str]) -> bool:
    return bool(_SURELY_PUTS_RIGHT.search(match["between"])) or is_slip(match["first"], match["second"])


def says(phrase: re.Pattern[str], text: str) -> bool:
    """Whether the phrase occurs. A button's payload is no sentence."""
    return not text.startswith("/") and bool(phrase.search(text))
