"""Words that must reach a person at once, whatever else the message is about: harm, danger, and the law.

Patterns rather than training examples: they decide the same way on every model, and a miss can be fixed in a minute.
"""

import re
from typing import Literal

from handoff import alarm_abroad

SOMEONE = (
    r"(?:son|daughter|child|children|kids?|baby|toddler|boy|girl|wife|husband|partner|mother|mum|mom|father|dad"
    r"|gran\w*|friend|sister|brother|cat|dog|arms?|hands?|fingers?|thumb|legs?|foot|feet|face|eyes?"
    r"|skin|head|neck|back)"
)
WHOM = rf"(?:me|us|him|them|myself|himself|herself|someone|somebody|(?:my|our|his|her|their) (?:\w+ )?{SOMEONE})"
WHO = rf"(?:i|we|he|she|they|someone|somebody|(?:my|our|his|her|their) (?:\w+ )?{SOMEONE})"
APPLIANCE = r"(?:plug|cable|lamp|bulb|kettle|heater|toaster|socket|wire|wiring|cord|battery|charger)"
THING = rf"(?:{APPLIANCE}|candle)"
FURNISHING = r"(?:table|floor|carpet|rug|wall|curtains?|sofa|couch|shelf|desk|bed|house)"
HARMED = r"(?:burn(?:t|ed)|scald(?:ed)?|injured|hurt|electrocuted|poisoned|bleeding|choking)"
# Hurt by words or manners, not by a thing.
OFFENDED = (
    r"(?:that|about|by (?:how|(?:the|your|this|that) (?:\w+ )?(?:service|way|tone|words?|reply|replies|answers?|response"
    r"|e-?mails?|messages?|attitude|comments?|prices?|policy|treatment|company|shop|store|staff|team)))\b"
)
CLINIC = r"(?:hospital|a&e|emergency room|er|urgent care)"

HARM = (
    rf"{WHO} (?:got|was|were|is|are|been|am|have been|has been) (?:\w+ ){{0,2}}{HARMED}(?! {OFFENDED})",
    rf"(?:burn(?:t|ed|s)? (?!them\b)|scald(?:ed|s)? |injure[ds]? |electrocuted |poisoned |choked ){WHOM}",
    # Not "cut me a deal", "cut me some slack", "cut them to size".
    (
        rf"cut (?!them\b){WHOM}(?! (?:some|any|slack|off|out|short|loose"
        r"|an? (?:\w+ )?(?:deal|break|bargain|cheque|check|discount|price)))"
    ),
    rf"hurts? (?!my eyes){WHOM}(?! that\b)",
    rf"(?:fell on|exploded (?:in|on|near)|shattered (?:in|on)) {WHOM}",
    r"electric(?:al)? shocks?",
    (
        r"(?:got|gets?|getting|gave me|gives me|giving me) (?:a|an|little"
        r"|small) (?:\w+ ){0,2}shocks? (?:from|off|when|if|every|each|whenever)"
    ),
    rf"{THING} (?:\w+ ){{0,4}}shocks? me",
    r"(?:caught|catch|catches|catching|set (?:\w+ ){1,3}on|(?:is|was|went) on) fire",
    r"burst into flames|(?:went|goes?|gone) up in flames",
    rf"(?:it|{THING}|glass|jar) (?:just |nearly |almost |has |suddenly )*(?:exploded|blew up)",
    r"(?:smoke|sparks?|flames?) (?:is |are |was |were |just )*(?:came|coming|comes|pouring|flew|flying|shooting)",
    rf"{THING} (?:\w+ ){{1,6}}(?:sparked|sparking|exploded|overheated)",
    (
        r"(?:there(?:'?s| is| was)|i (?:saw|see|smelled|smelt|smell)) (?:\w+ ){0,2}(?:smoke|sparks"
        r"|flames)(?! colou?r| grey| gray)"
    ),
    r"(?:burning smell|smells? (?:of|like) (?:burning|burnt plastic|gas))",
    rf"(?:sparking|smoking|smouldering) {THING}|melting {APPLIANCE}",
    (
        rf"(?:{THING}|one|it|thing) (?:is |was |has |just |started |keeps |began )+(?:smoking|smouldering"
        rf"|sparking)(?! area)"
    ),
    rf"{APPLIANCE} (?:is |was |has |just |started |keeps |began )+burning",
    # A candle is there to burn.
    (
        r"(?:candle|one|it|thing) (?:is |was |has |just |started |keeps |began )+burning (?:right now|up|through|into|a hole"
        rf"|my|our|the {FURNISHING})"
    ),
    rf"melted (?:the|my|our|a|its) {APPLIANCE}",
    rf"{THING} (?:is |was |were |has |just |started |keeps |began )*(?:sparking|smoking|smouldering|sparked)",
    rf"{APPLIANCE} (?:is |was |were |has |just |started |keeps |began )*melting",
    rf"(?:went|gone|rushed|taken|ended up|is|are|was|am|still|back|'s) (?:to|in|from|at) (?:the |an? )?{CLINIC}",
    r"ambulance|need(?:ed|s)? stitches|allergic reaction|anaphyla\w+|carbon monoxide|gas leak",
    r"(?:chok(?:ed|ing)|choked) on|swallowed (?:a|the|one of|part)",
    r"(?:kill|hurt|harm)(?:ing)? myself|suicid\w*|want to die|end my life|(?:no|any) reason to (?:live|go on living)",
    r"i (?:don'?t|do not|never|no longer) want to (?:live|be alive)(?= any ?(?:more|longer)\b|\W*$)",
)
LAWYERS = r"(?:lawyers?|solicitors?|attorneys?|legal (?:team|counsel|advis[oe]r))"
YOU_ALL = r"(?:you|ya|u|your (?:company|shop|store|business)|the (?:company|shop|store)|juniper|them)"
# Sue is a name, too: "send it to Sue", "I'm Sue", "will Sue hear of it".
SUES = (
    r"(?:i|we|they|he|she|husband|wife|family)(?:'?ll| will| would|'d| can| could| should| might| may| must| shall"
    r"| (?:have|want|intend) to|(?:'?m|'?re|'s| am| are| is)? (?:going to|gonna|about to|ready to|prepared to)|'?ma)"
    r" (?:\w+ly |just )?sue(?!'s)"
)

LAW = (
    rf"(?:my|our) (?:\w+ )?{LAWYERS}|{LAWYERS}'?s? letter",
    (
        r"(?:contact\w*|consult\w*|instruct\w*|involv\w+|hir\w+|call\w*|see\w*|get(?:ting)?|got|have|through|via|with|from"
        rf"|(?:speak|talk|go)\w* (?:to|with)) (?:an?|the|some) (?:\w+ )?{LAWYERS}"
    ),
    r"(?:lawyers?|solicitors?|attorneys?) (?:will|is|are|has|have)|lawyer up",
    SUES,
    rf"(?:to|will|can|could|should|gonna|and|or) sue {YOU_ALL}|gonna sue",
    rf"suing (?:{YOU_ALL}|over|for)",
    r"law ?suits?|legal (?:action|proceedings|steps|claim)|class action|press(?:ing)? charges",
    r"(?:see|take|taking|drag) (?:you|u|this|it|them) (?:guys |all )?(?:in|to) court|small claims",
    r"attorney general|trading standards|consumer protection (?:agency|office|bureau|authority)",
    r"letter before (?:action|claim)",
    r"report(?:ing|ed)? (?:you|this|it) to the (?:police|authorities|ftc|cpsc)|called the police",
)


Alarm = Literal["harm", "law"]
"""What kind of words rang it."""

_KINDS: tuple[tuple[Alarm, tuple[str, ...]], ...] = (
    ("harm", HARM + alarm_abroad.HARM),
    ("law", LAW + alarm_abroad.LAW),
)
_PATTERNS: dict[Alarm, re.Pattern[str]] = {
    alarm: re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns), re.IGNORECASE)
    for alarm, patterns in _KINDS
}


def alarm_in(text: str) -> Alarm | None:
    """The alarm that a customer's words ring, harm before law; None for ordinary words."""
    plain = " ".join(text.replace("’", "'").split())
    return next((alarm for alarm, pattern in _PATTERNS.items() if pattern.search(plain)), None)
