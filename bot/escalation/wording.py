"""What can be read off the words alone: need of care, exceptions asked for, disputes, sums, kinds of problems.

Patterns rather than training examples, as in handoff/alarm.py: the same on every model, and a miss is mended in a minute.
"""

import re

NEED_OF_CARE = (
    (
        r"i(?:'m| am) (?:(?!size|waist|chest|bust|number|an?\b)\w+ )?(?:7\d|8\d|9\d)(?: years? old)?\b(?! (?:cm|kg|lbs|inches"
        r"|days|dollars|in line|percent))|i(?:'m| am) an? (?:7\d|8\d|9\d)[- ]?years?[- ]old"
    ),
    (
        r"(?:i(?:'m| am)|my \w+ is) (?:\w+ )?(?:blind|deaf|disabled|housebound|bedridden"
        r"|partially sighted|visually impaired|terminally ill)"
    ),
    r"screen ?reader|wheelchair|sign language|learning (?:disability|difficult\w+)|dyslexi\w+|autis\w+",
    r"dementia|alzheimer'?s?|power of attorney|carer for|my carer|end of life|hospice|chemo\w*|cancer treatment",
    (
        r"funeral|bereave\w+|passed away|(?:died|death) (?:last|this|of|in|on|two|a)|(?:just |recently |have )lost my"
        r" (?:wife|husband|mother|mum|mom|father|dad|son|daughter|baby|partner|brother|sister)"
    ),
    r"(?:i(?:'m| am)|we(?:'re| are)) (?:really |badly |seriously )?(?:struggling|desperate|suicidal)",
    r"can'?t (?:pay|afford) (?:my |the |our )?(?:rent|bills?|food|groceries|medic\w+|heating|insulin)",
    (
        r"(?:pay|buy|afford) (?:my |the |our )?(?:rent|food|medic\w+|insulin|groceries) (?:this (?:week|month|winter)|until"
        r"|for (?:me|us|the (?:week|month)|(?:my|our|the) (?:kids?|child(?:ren)?|family|son|daughter|baby)))"
        r"|pay (?:my |the |our )?rent with"
    ),
    (
        r"abusive (?:ex|partner|husband|boyfriend)|restraining order|(?:hiding|safe) from my ex"
        r"|women'?s shelter|domestic violence"
    ),
    r"(?:in|at) (?:the )?hospital (?:right now|at the moment|bed)|i(?:'m| am) (?:very )?(?:ill|unwell)\b",
    (
        r"panic attack|mental health|breakdown|i(?:'m| am) (?:\w+ )?too old (?:for|to)"
        r"|don'?t understand (?:these|this|any of this) (?:website|computer|internet|technolog\w+|online)s?"
    ),
)
EXCEPTION = (
    (
        r"(?:make|making|grant|allow|consider) (?:me |us )?(?:an|one|any|just one) (?:\w+ )?exceptions?"
        r"|exception (?:for|to|in) (?:me|us|my|this)"
    ),
    r"bend(?:ing)? the rules?|special circumstances|discretion|good ?will|leniency|lenient|extenuating",
    r"(?:just|only) (?:this|for) once|just this (?:one )?time|one[- ]off",
    (
        r"waive|(?:could|can|would|will) you (?:still |please |possibly |maybe )*(?:honou?r|overlook"
        r"|look past|turn a blind eye)|still honou?r"
    ),
    (
        r"(?:i )?(?:know|realis\w+|realiz\w+|understand|appreciate|get|aware)\b[^.?!]{0,60}\b"
        r"(?:(?:past|over|outside|beyond|after|been) (?:the |your |my )?(?:(?:more|over|about|almost) (?:than )?)?(?:\d+|thirty)"
        r" ?-?days?|returns?|refunds?|deadline|rules?|policy|window|final sale|not allowed|too late)\b[^?!]{0,80}\b"
        r"(?:but|could|can|still|any (?:way|chance)|possib\w+|would you|please)"
    ),
    (
        r"(?:past|over|outside|beyond|after) (?:the |your |my )?(?:\d+|thirty|return)[- ]?(?:days?"
        r"|day window|window|period|deadline)\b"
        r"[^?!]{0,60}\b(?:still|anyway|any (?:way|chance)|possib\w+|could you|would you|allow)"
    ),
    (
        r"(?:allow|accept|take back|permit)\b[^.?!]{0,30}\b(?:after|past|outside|beyond) (?:the "
        r"|your )?(?:\d+|thirty|deadline|window|return)"
    ),
    (
        r"(?:codes?|coupons?|vouchers?|gift cards?|promo\w*|offer|discount|sale|deal|window)\b[^.?!]{0,20}\b(?:expired?|ended"
        r"|ran out)\b[^?!]{0,60}\b(?:any chance|still|could you|would you|can you|anyway)"
    ),
    (
        r"(?:throw|chuck) in (?:the |a |some )?(?:free |shipping|delivery|discount)|(?:shipping|delivery"
        r"|it) (?:in )?for free since"
    ),
    (
        r"as (?:a|some) (?:compensation|apology|courtesy|gesture)|(?:for|as) a loyal customer|compensat(?:e|ing) (?:me|us)"
        r"|(?:want|need|get|give (?:me|us)|offer|deserve|expect|ask\w* for|request\w*|demand\w*|owe (?:me|us)|entitled to)"
        r" (?:\w+ ){0,2}compensat\w+|be(?:en)? compensated"
    ),
)
BANK = r"(?:(?:bank|card company|credit card company|paypal|visa|amex|klarna)\b)"
DISPUTE = (
    r"charge ?backs?|dispute (?:the|this|it|my|that) ?(?:charge|payment|transaction|with|purchase)?",
    # What a bank does with a refund is ordinary talk; what the customer makes it do is not.
    (
        rf"(?:have|get|ask|tell|let|make)(?:ting|ing)? (?:my |the )?{BANK} (?:to (?:get|cancel|refund)"
        r"|(?:to )?(?:take|pull|reverse|claim|dispute))"
    ),
    rf"my {BANK} (?:will|can|is going to) (?:just )?(?:get|take|pull|reverse|claim|dispute)",
    rf"(?:claim\w*|complain\w*|case|(?:money|it|that|this) back) (?:\w+ )?(?:through|via|with) (?:my |the )?{BANK}",
    r"(?:call|calling|contact|contacting|ask|tell|telling|go to|going to) my (?:bank|credit card|card company)",
    (
        r"better business bureau|\bbbb\b|ombudsman|consumer (?:reports|affairs)|trustpilot|(?:go|going"
        r"|post\w*|tell) (?:to )?(?:the )?"
        r"(?:press|papers|media|news|twitter|everyone|social media)"
    ),
)
PROBLEMS = {
    "late": r"late|delay\w*|overdue|still (?:hasn'?t|not|haven'?t|says processing|waiting)"
    r"|hasn'?t (?:shown|turned|arrived|come)|not arrived"
    r"|never (?:came|arrived|got here|showed)",
    "missing": r"missing|lost|stolen|(?:isn'?t|not|wasn'?t) in (?:the )?(?:box|parcel|package)"
    r"|half (?:of it|the order)|empty box",
    "broken": r"broken?|cracked?|crack|damaged?|smashed|faulty|defective|torn|ripped|chipped|stained"
    r"|came open|doesn'?t (?:work|turn on|light)",
    "wrong": r"wrong (?:item|thing|size|colou?r|one|order|product)|isn'?t (?:even )?mine"
    r"|not what i ordered|somebody else'?s",
    "charged": r"(?:over|double[- ]?)charged|(?:was|been|got|were) (?:\w+ )?(?:charged|billed)|(?:charged|billed) (?:me|us|my)"
    r"|(?:charged?|billed|paid|took|taken|payment) (?:\w+ ){0,4}(?:twice|double|too much)|paid for express",
    "code": r"(?:promo|discount|voucher|gift)? ?(?:code|card|voucher"
    r"|coupon)s? (?:\w+ ){0,5}(?:doesn'?t|didn'?t|won'?t|not|isn'?t) (?:work|accepted|go)\w*",
    "account": r"(?:can'?t|cannot|unable to) (?:log|sign) ?in|locked out|password",
}
# What people come for every day. It adds to a problem; by itself it is none, unless it is a whole list.
WISHES = {
    "where": r"(?:where|wheres|where's) (?:is|are)? ?(?:my|fd|the)",
    "payment": r"payment",
    "refund": r"refund(?:ed)?|money back|reimburse\w*",
    "return": r"return(?:ing)? (?:the|my|a|this|it|some)|send (?:it|them|this) back|exchange|swap",
    "address": r"(?:change|wrong|old|new|update) (?:\w+ )?address",
    "cancel": r"cancel(?:l?ed|l?ing)? (?:the|my|an?|it|one)",
}
A_LIST = 3
SOMEONE = r"(?:person|human|agent|people|someone|somebody|anyone|anybody|colleague|representative)"
ANY_ONE = (
    rf"(?:to (?:talk|speak|chat|write|be (?:put through|passed on|connected|transferred)) (?:to|with) )?"
    rf"(?:(?:an?|any|real|live|actual|human) )*{SOMEONE}\b(?! (?:who|that|from|in|with)\b|'s)"
)
# Only what is said about wanting: "I did not get to talk to anyone" asks for a person. In doubt a person is fetched.
NO_PERSON = re.compile(
    rf"\bi (?:really |just )?(?:don't|dont|do not|didn't|didnt|did not) (?:\w+ly |even )?(?:want|need|ask for) {ANY_ONE}"
    rf"|\b(?:no need|rather not|prefer not) (?:for )?(?:to )?(?:(?:talk|speak|chat) (?:to|with) )?{ANY_ONE}"
    rf"|(?:^|[,.!] ?|\bno |\bplease )(?:don't|dont|do not) (?:get|ask for|fetch|call|bring) (?:me )?{ANY_ONE}"
    rf"|^no {SOMEONE}(?:,? (?:please|thanks|thank you|needed|required|necessary))*[.!]*$",
    re.IGNORECASE,
)
WANTS_ONE = re.compile(
    rf"\b(?:i|just) (?:do )?(?:want|need) (?:to (?:talk|speak) (?:to|with) )?(?:\w+ ){{0,2}}(?:{SOMEONE}|manager|supervisor)\b",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"(?:\$|usd|us\$) ?(?P<before>\d{1,3}(?:,\d{3})+|\d+)(?:\.\d\d)?\b"
    r"|\b(?P<after>\d{1,3}(?:,\d{3})+|\d+)(?:\.\d\d)? ?(?:dollars|bucks|usd)\b",
    re.IGNORECASE,
)
_NEED_OF_CARE, _EXCEPTION, _DISPUTE = (
    re.compile("|".join(rf"\b(?:{pattern})" for pattern in patterns), re.IGNORECASE)
    for patterns in (NEED_OF_CARE, EXCEPTION, DISPUTE)
)
_PROBLEMS, _WISHES = (
    {kind: re.compile(rf"\b(?:{pattern})", re.IGNORECASE) for kind, pattern in kinds.items()}
    for kinds in (PROBLEMS, WISHES)
)


def plain(text: str) -> str:
    """The words on one line, with straight apostrophes."""
    return " ".join(text.replace("’", "'").split())


def needs_care(text: str) -> bool:
    """Whether somebody old, ill, bereaved, disabled or in need writes, or about such a person."""
    return _NEED_OF_CARE.search(plain(text)) is not None


def asks_exception(text: str) -> bool:
    """Whether the customer knows a rule, or guesses it, and asks to be let off it."""
    return _EXCEPTION.search(plain(text)) is not None


def wants_no_person(text: str) -> bool:
    """Whether they say that nobody should be fetched, in words that a model may take for the opposite. A question never does."""
    words = plain(text)
    return "?" not in words and NO_PERSON.search(words) is not None and WANTS_ONE.search(words) is None


def threatens_dispute(text: str) -> bool:
    """Whether they mean to take it to their bank, a bureau, or the public."""
    return _DISPUTE.search(plain(text)) is not None


def problem_kinds(text: str) -> list[str]:
    """The kinds of problems that one message speaks of, and of wishes when they come with a problem or as a list."""
    words = plain(text)
    problems, wishes = (
        [kind for kind, pattern in kinds.items() if pattern.search(words)] for kinds in (_PROBLEMS, _WISHES)
    )
    return [*problems, *wishes] if problems or len(wishes) >= A_LIST else []


def largest_sum(text: str) -> float:
    """The largest sum of dollars in the message, 0 when it names none."""
    found = (match["before"] or match["after"] for match in AMOUNT.finditer(text))
    return max((float(amount.replace(",", "")) for amount in found), default=0.0)
