"""Which other language a line is written in, told by its small words: enough to answer that Fern speaks English."""

import re

_SMALL_WORDS = {
    "es": (
        "el los las una uno unos mi mis su sus tu del al por para con sin que qué es está están estoy son soy tengo tiene hay "
        "quiero puedo puede necesito hola gracias favor donde dónde cuando cuándo cómo pero muy más pedido compré hablo hablas "
        "habla español ingles inglés ayuda entiendo llegado sé"
    ),
    "de": (
        "der das ein eine einen ist sind ich du sie wir mein meine meinen nicht kein keine und oder aber mit für von auf zu "
        "wo wann wie warum habe hast haben kann können möchte will bitte danke bestellung bestellnummer paket deutsch englisch "
        "verstehe spreche sprechen finde noch auch mir mich es"
    ),
    "fr": (
        "le les une mon ma mes votre vos je tu il elle nous vous ne pas plus que qui est sont suis avez avec pour dans sur où "
        "quand comment pourquoi mais et ou bonjour merci plaît colis commande voudrais veux peux français anglais comprends "
        "parle parlez c'est j'ai n'est"
    ),
    "pt": (
        "o os as um uma meu minha meus seu sua não nao que é está estou são tenho tem quero posso preciso onde quando como por "
        "para com sem mas muito olá obrigado obrigada encomenda pedido português ingles inglês falo fala entendo ajuda você"
    ),
    "it": (
        "il lo gli una mio mia miei suo sua non che è sono ho hai ha vorrei voglio posso dove quando come perché ma con per di "
        "del della ciao buongiorno grazie favore ordine pacco italiano inglese parlo parla capisco aiuto"
    ),
    "nl": (
        "het een mijn uw jullie ik wij niet geen en maar met voor van naar waar wanneer hoe waarom heb heeft hebben kan kunt wil "
        "graag dank bestelling pakket nederlands engels begrijp spreek spreekt nog ook deze dat"
    ),
    "pl": (
        "nie jest są mam masz mój moja moje moją się do na gdzie kiedy jak dlaczego chcę mogę proszę dziękuję dzień dobry cześć "
        "zamówienie zamówienia paczka przesyłka polsku angielsku rozumiem mówię mówi czy ale dla od"
    ),
    "sv": (
        "jag du vi min mitt mina inte ingen är har hade kan vill och eller men med för på var när hur varför hej tack snälla "
        "beställning paket svenska engelska förstår pratar talar den det en ett"
    ),
}
_WORDS_OF = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_ENGLISH_WORDS = (
    "the a an is are was my your his her our their i i'm i've you he she we they it its it's this that these to of for from "
    "with on at by and or but not no yes do does did don't can can't could would will have has had be been what where when who "
    "why how please thanks order me so just if there here about get got want need"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_EITHER_WORDS = "um as ha come per con son sin las los del das die van was man hat hay du de pour plus dove sale"
_EITHER = frozenset(_EITHER_WORDS.split())
"""Words that English has too, or that stand in its names: they tell nothing."""
_FEWEST = 2
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff\uf900-\uffdc]{2}")
OTHER = "other"
_LANGUAGE = (
    r"(?:spanish|german|french|portuguese|italian|dutch|polish|swedish|chinese|japanese|korean|arabic|hindi|russian|ukrainian"
    r"|vietnamese|another language|other languages?)"
)
# A language, not a colour's name, a consulate or a finish: spoken, or the last that is said.
_ASKS = re.compile(
    rf"\b(?:(?:speak|talk|understand)\b(?: (?:to me|with me|in|any|some|a little|or|english)){{0,3}} {_LANGUAGE}\b"
    rf"|(?:(?:talk|write|answer|support|chat|help|someone|anyone)\b[^.?!]{{0,20}}\bin|^\W*in) {_LANGUAGE}"
    r"(?: (?:please|here|instead|too|then|at all|as well))*\W*$)",
    re.IGNORECASE,
)


def foreign_language(text: str) -> str | None:
    """A language's code, `OTHER` for one in another script or asked for in English, or None for English and in doubt."""
    if text.startswith("/"):
        return None
    if _OTHER_SCRIPT.search(text) or _ASKS.search(text):
        return OTHER
    words = set(_LETTERS.findall(text.lower().replace("’", "'")))
    found = {language: len(words & small) for language, small in _WORDS_OF.items()}
    likeliest = max(found, key=lambda language: found[language])
    foreign = len(words & (_WORDS_OF[likeliest] - _ENGLISH - _EITHER))
    return likeliest if foreign >= _FEWEST and foreign > len(words & _ENGLISH) else None


def english_only(language: str) -> str:
    """The response that says, in that language, that Fern speaks English and that a person can come."""
    return "utter_english_only" if language == OTHER else f"utter_english_only_{language}"
