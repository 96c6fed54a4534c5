"""The words of handoff/alarm.py in the other languages that `explicit_ask.toml` knows: few, and each of them sure.

A bulb that "se quemó" or "si è bruciata" has only burnt out, and a German lamp that "brennt" is switched on: such are left out.
"""

HARM = (
    # Spanish
    r"(?:me|nos|le) (?:quem|electrocut)[éeóo]|se (?:prendi[óo]|incendi[óo])|prendi[óo] fuego|en llamas",
    r"(?:descarga|choque) el[ée]ctric[oa]|ambulancia|(?:sale|sal[íi]a|sali[óo]|echa) humo",
    r"(?:est(?:oy|[áa]|amos)|fu(?:i|e|imos) (?:a parar )?) ?(?:herid[oa]s?|sangrando|en el hospital|en urgencias|al hospital)",
    r"quiero morir|suicid(?:io|arme)|matarme",
    # German
    r"(?:mich|uns|sich|ihn) (?:\w+ ){0,3}(?:verbrannt|verbrüht|verletzt|geschnitten|vergiftet)",
    r"feuer gefangen|in flammen|in brand geraten|stromschlag|krankenwagen|notaufnahme|im krankenhaus",
    r"(?:kabel|lampe|stecker|steckdose|wasserkocher|gerät) (?:raucht|qualmt|schmort|ist explodiert)",
    r"mich umbringen|selbstmord|suizid",
    # French
    r"(?:m'a|s'est|nous a|me suis) (?:br[ûu]l|bless|coup|électrocut|electrocut)ée?s?|pris feu|en flammes",
    r"(?:choc|décharge) électrique|à l'hôpital|aux urgences|me suicider|me tuer",
    # Portuguese
    r"(?:me|nos) (?:queimou|queimei|feriu)|queimei-me|queimou-me|pegou fogo|em chamas|choque el[ée]trico|levei um choque",
    r"ambulância|(?:est(?:ou|á)|foi|fui) (?:parar )?(?:ao|no) hospital|pronto-socorro|suicídio|me matar",
    # Italian
    r"mi (?:sono|ha) (?:bruciat|ustionat|ferit)[oa]|preso fuoco|in fiamme|va a fuoco|scossa elettrica|preso la scossa",
    r"ambulanza|(?:sono|è|siamo) (?:finit[oa] )?(?:in ospedale|al pronto soccorso)|suicidarmi|uccidermi",
    # Dutch
    r"in brand (?:gevlogen|gestaan)|vloog in brand|staat in brand|vlam gevat|elektrische schok|schok gekregen",
    r"(?:me|mij|zich) (?:\w+ ){0,3}(?:verbrand|gesneden)|ziekenwagen|in het ziekenhuis|zelfmoord",
    # Polish
    r"zapali[łl][ao]? się|w płomieniach|w ogniu|poparzy[łl]\w*|poraził\w* (?:mnie )?prąd",
    r"karetk[aęi]|w szpitalu|samobójstw\w+|zabić się",
    # Swedish
    r"fatta(?:de|t) eld|tog eld|börja(?:de|t) brinna|står i brand|(?:brände|bränt|skar) (?:mig|sig|oss)|elstöt|fick en stöt",
    r"ambulans|på sjukhuset|självmord",
)
LAW = (
    r"(?:mi|nuestr[oa]) abogad[oa]|(?:voy|vamos) a (?:demandar|denunciar)\w*|acciones legales",
    r"l[oe]s (?:demandar|denunciar)(?:é|emos)",
    r"(?:mein|meinen|meinem|unser|unseren) (?:rechts)?anwalt|meine[rn]? (?:rechts)?anwältin",
    r"rechtliche schritte|(?:sie|euch) verklagen",
    r"(?:mon|notre) avocat|port(?:er|e|erai) plainte|vous poursuivre|poursuites judiciaires|saisir (?:le tribunal|la justice)",
    r"(?:meu|minha|nosso) advogad[oa]|processar (?:voc[êe]s|a loja|a empresa)|ação judicial|no procon",
    r"(?:mio|nostro) avvocato|(?:vie|azioni) legali|vi (?:denuncio|querelo|denuncerò)|farvi causa",
    r"(?:mijn|onze) advocaat|juridische stappen|voor de rechter|(?:u|jullie) aanklagen|aangifte doen",
    r"(?:mój|mojego|moim|moja|nasz) (?:adwokat|prawnik)\w*|pozw(?:ę|iemy|ać) (?:was|sklep|firmę)|kroki prawne|pójdę do sądu",
    r"min (?:advokat|jurist)|stämma er|rättsliga åtgärder|polisanmäl\w+",
)
