import pytest

from handoff.alarm import alarm_in


@pytest.mark.parametrize(
    "words",
    [
        "the kettle burnt my son",
        "We were both badly burned by that candle",
        "I got an electric shock off your lamp",
        "the plug started smoking last night",
        "your toaster caught fire!!",
        "the glass just exploded",
        "my daughter's in hospital because of this",
        "the vase shattered on my foot and it's bleeding, I need stitches",
        "my wife had an allergic reaction to the blanket",
        "our toddler choked on a button",
        "the lamp I got from you sparked and now theres smoke",
        "there is thick smoke coming off it",
        "the heater you sold us last week overheated",
        "it gives me a little shock when I touch the base",
        "the last one started smoking and melted the socket",
        "The heater you sold me set the curtain on fire",
        "it smells of burning whenever I plug it in",
        "honestly I want to kill myself",
        "I don't want to live any more",
        "I do not want to be alive anymore",
        "I don't want to live.",
        "there's no reason to live",
        "I cut my finger on the rim",
        "the broken glass cut me",
        "my daughter was hurt by the falling shelf",
        "the lamp is burning",
        "it is burning a hole in the rug",
        "the candle was burning through the table",
        "the cable is melting",
    ],
)
def test_harm_and_danger_ring_the_alarm(words: str) -> None:
    assert alarm_in(words) == "harm"


@pytest.mark.parametrize(
    "words",
    [
        "la lámpara se incendió anoche",
        "me quemé la mano con su tetera",
        "recibí una descarga eléctrica",
        "Ich habe mich an dem Kessel verbrannt",
        "das Kabel qualmt",
        "meine Tochter ist im Krankenhaus",
        "la bougie a pris feu",
        "je me suis brûlée avec votre lampe",
        "o abajur pegou fogo",
        "levei um choque da luminária",
        "la lampada ha preso fuoco",
        "mi sono bruciata una mano",
        "de lamp is in brand gevlogen",
        "ik heb een schok gekregen",
        "lampa zapaliła się w nocy",
        "córka jest w szpitalu",
        "lampan fattade eld",
        "jag brände mig på den",
        "quiero morir",
    ],
)
def test_harm_and_danger_are_heard_in_other_languages(words: str) -> None:
    assert alarm_in(words) == "harm"


@pytest.mark.parametrize(
    "words",
    [
        "los voy a demandar",
        "mi abogado les escribirá",
        "Sie hören von meinem Anwalt",
        "ich werde Sie verklagen",
        "je vais porter plainte",
        "vou processar vocês",
        "vi denuncio",
        "ik neem juridische stappen",
        "pozwę was",
        "min advokat hör av sig",
    ],
)
def test_the_law_is_heard_in_other_languages(words: str) -> None:
    assert alarm_in(words) == "law"


@pytest.mark.parametrize(
    "words",
    [
        "se quemó la bombilla, ¿la cambian?",
        "si è bruciata la lampadina",
        "die Lampe brennt zu hell",
        "la couleur est rouge feu",
        "quiero una vela que no eche mucho perfume",
        "el color fuego es precioso",
        "je voudrais un avocat en céramique",
        "een brandnieuwe lamp",
        "il y a un couteau coupé dans le catalogue",
        "mi pedido llegó roto",
        "meine Bestellung ist beschädigt",
        "moja paczka jest uszkodzona",
        "a brand new lamp in flaming red",
        "the ambient lamp",
        "ik wil de rechterlamp ruilen",
        "o pacote foi ao hotel",
        "me corto el pelo",
        "tack så mycket, lampan är fin",
    ],
)
def test_ordinary_words_of_other_languages_ring_nothing(words: str) -> None:
    assert alarm_in(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "my lawyer will be in touch",
        "you’ll hear from our solicitors",
        "I'm going to sue",
        "I will sue you people",
        "see you in court",
        "this means legal action",
        "I've reported you to the police",
        "expect a small claims case",
        "we're gonna sue",
        "I might just sue",
        "I have every right to sue you",
        "my wife will sue your company",
        "I am suing for damages",
        "you will hear from a lawyer",
        "I'll get a good lawyer",
        "my wife is a lawyer and I want to sue",
    ],
)
def test_legal_wording_rings_the_alarm(words: str) -> None:
    assert alarm_in(words) == "law"


@pytest.mark.parametrize(
    "words",
    [
        "do you have it in burnt orange",
        "the price cut was nice",
        "it wouldn't hurt to know the date",
        "I'm in shock about the price",
        "can you deliver to a hospital",
        "the jumper is cut too short",
        "the lamp doesn't work",
        "it cut out after a minute",
        "the candle burnt down in a day",
        "your driver hurt my feelings",
        "this pattern hurts my eyes",
        "the zip broke",
        "I have an issue with my order",
        "sue@example.com",
        "is the fire pit in stock",
        "The duvet smells of smoke, is there anything you can do?",
        "is there a smoke grey one",
        "the candle has hardly melted",
        "do you have the lamp with smoked glass",
        "where is my order FD-10412",
        "can you cut me some slack on shipping",
        "cut me a deal",
        "can you cut them to size",
        "My son was hurt that it was late",
        "i was hurt by the service",
        "the candle is burning unevenly",
        "I burn them every evening",
        "the candle is melting too fast",
        "It's a gift from my aunt Sue for her birthday",
        "please send it to Sue for Christmas",
        "I'm Sue",
        "will Sue get a mail about it",
        "My wife is a lawyer, is the bag big enough for her files",
        "a briefcase for a lawyer",
        "I don't want to live with this colour",
        "they don't want to live in Portland any more",
        "I don't want to be here all day",
    ],
)
def test_ordinary_words_do_not(words: str) -> None:
    assert alarm_in(words) is None


def test_harm_comes_before_law() -> None:
    assert alarm_in("my lawyer knows that the kettle burnt my hand") == "harm"
