"""The words of handoff/alarm.py in the other languages that `explicit_ask.toml` knows: few, and each of them sure.

A bulb that "se quemó" or "si è bruciata" has only burnt out, a German lamp that "brennt" is switched on, as is a Spanish one
that "se prendió", and a coat that is "zu eng geschnitten" hurts nobody: such are left out.
"""

# Somebody, never a parcel, and never the nurse who wants it brought to a hospital.
_PERSON = (
    r"(?:yo|hij[oa]|niñ[oa]|marido|espos[oa]|mujer|madre|padre|bebé|ich|wir|er|sie|sohn|tochter|kind|baby|mann|frau|mutter|vater"
    r"|oma|opa|freund(?:in)?|je|nous|fils|fille|enfant|mari|femme|mère|père|eu|filh[oa]|mãe|pai|figli[oa]|bambin[oa]|marito"
    r"|moglie|ik|we|wij|zoon|dochter|vrouw|man|moeder|vader|syn|córka|dziecko|mąż|żona|mama|tata|jag|vi|son|dotter|barn|fru"
    r"|mamma|pappa)"
)
_IS = (
    r"(?:est[áa]|fue a parar|acabó|bin|sind|ist|war(?:en)?|lieg(?:e|t|en)|kam|suis|sommes|est|a fini|foi parar|è|è finit[oa]|ben"
    r"|zijn|is|lig|ligt|jest|leży|trafił[ao]?|är|ligger|hamnade)"
)
_I_AM = (
    r"(?:est(?:oy|amos)|fu(?:i|imos)(?: a parar)?|acab(?:é|amos)|estou|(?:fui|fomos) parar|sono|siamo|sono finit[oa]|jestem"
    r"|trafił[ao]m)"
)
_IN_HOSPITAL = (
    r"(?:en el hospital|al hospital|en urgencias|im krankenhaus|ins krankenhaus|in der notaufnahme|in die notaufnahme"
    r"|à l'hôpital|aux urgences|[an]o hospital|[an]o pronto[- ]socorro|in ospedale|all'ospedale|al pronto soccorso"
    r"|in het ziekenhuis|w szpitalu|do szpitala|på sjukhus(?:et)?)"
)
_NOW = r"(?:(?:ahora|jetzt|noch|gerade|deswegen|deshalb|maintenant|encore|agora|adesso|ora|nu|nog|teraz|nadal) )?"
_AT_WORK = (
    r"(?:angestellt|tätig|beschäftigt|trabajando|por trabajo|pour (?:le|mon) travail|a trabalho|trabalhando|per lavoro"
    r"|aan het werk|werkzaam|w pracy|och jobbar|geliefert|zugestellt)"
)
# How a shirt or a curtain is cut.
_FIT = (
    r"(?:zu|nicht|als|so|sehr|ganz|recht|etwas|gut|schlecht|schön|eng|weit|kurz|lang|klein|groß|größer|kleiner|schmal|gerade|anders"
    r"|te|niet|heel|erg|wat|iets|goed|slecht|mooi|smal|wijd|ruim|krap|kort|lang|groot)\b"
)

HARM = (
    rf"(?:{_PERSON} {_IS}|{_I_AM}) {_NOW}{_IN_HOSPITAL}(?! {_AT_WORK})",
    # Spanish
    r"(?<!\bse )(?:me|nos|le) (?:quem|electrocut)[éeóo]",
    r"(?<!\bse )(?:me|nos) (?:he|ha|hemos) (?:quemado|herido|lesionado|electrocutado)|hij[oa] se (?:quemó|cortó|ha quemado)",
    r"me (?:he cortado|cort[ée]) (?:con|(?:la|el|un|en el|en la) (?:mano|dedo|brazo|pie|pierna|cara))",
    r"se incendi[óo]|prendi(?:ó|o|do) fuego|en llamas",
    r"(?<!contra )(?:descarga|choque) el[ée]ctric[oa]|(?:sale|sal[íi]a|sali[óo]|echa) humo",
    r"(?:llam\w+ (?:a )?(?:la |una )|vino (?:la |una )|se l[oae] llev\w+ en )ambulancia",
    r"(?:est(?:oy|[áa]|amos)|fu(?:i|e|imos)) (?:herid[oa]s?|sangrando)",
    r"quiero morir|suicid(?:io|arme)|matarme",
    # German
    r"(?<!für )(?<!bei )(?<!fühle )(?:mich|uns|sich) (?:\w+ ){0,3}(?:verbrannt|verbrüht|verletzt|vergiftet)",
    rf"(?<!für )(?:mich|sich) (?:(?!{_FIT})\w+ ){{0,5}}geschnitten|(?:mir|sich) (?:\w+ ){{0,3}}weh ?getan",
    r"(?:mir|sich) (?:\w+ )?(?:in )?(?:den|die) (?:finger|daumen|hand|arm|fuß|zeh) (?:geschnitten|verbrannt|verbrüht)",
    r"feuer gefangen|in flammen|in brand geraten|(?<!vor )(?<!gegen )stromschlag|im krankenwagen",
    r"krankenwagen (?:gerufen|rufen|geholt|abgeholt|kam)|der krankenwagen|mich umbringen|selbstmord|suizid",
    r"(?:kabel|lampe|stecker|steckdose|wasserkocher|gerät) (?:raucht|qualmt|schmort|ist explodiert)",
    # French
    r"(?:m'a|(?<!ampoule )(?<!lampe )(?<!bougie )s'est|nous a|me suis) (?:br[ûu]l|bless|électrocut|electrocut)[ée]e?s?",
    r"(?:m'a|me suis|(?:fils|fille|mari|femme|enfant|bébé|mère|père) s'est) coup[ée]e?(?! (?:la parole|l'envie|les cheveux))",
    r"me suis fait (?:très |un peu )?mal|s'est fait mal(?! (?:emball|livr|coup|cous)\w+)|m'a fait mal(?! au c(?:œ|oe)ur)",
    r"pris feu|en flammes|choc électrique|décharge électrique|me suicider|(?:veux|envie de|pense à) me tuer",
    # Portuguese
    r"(?:me|nos) (?:queimou|queimei|feriu|machuquei|machucou)|(?:queimei|queimou|magoei)-me|me cortei (?!o cabelo)",
    r"pegou fogo|em chamas|choque el[ée]trico|levei um choque(?! (?:com o (?:preço|valor)|quando vi|ao ver))",
    r"cham\w+ (?:a |uma )?ambulância|(?:quero|vou|vontade de|penso em) me matar|suicídio",
    # Italian
    r"mi (?:sono|ha) (?:bruciat|ustionat|ferit|tagliat)[oa](?! (?:i capelli|fuori))|(?:mi sono|si è) fatt[oa] male|esce sangue",
    r"preso fuoco|in fiamme|(?<!non )va a fuoco|scossa elettrica|preso la scossa|chiam\w+ (?:l'|un')?ambulanza",
    r"suicidarmi|uccidermi",
    # Dutch
    r"in brand (?:gevlogen|gestaan)|vloog in brand|staat in brand|vlam gevat|elektrische schok",
    r"schok gekregen(?! (?:van|door) (?:de|die|het|jullie) (?:prijs|rekening|bedrag|kosten))",
    rf"(?<!voor )(?<!lijkt )(?:me|mij|mezelf|zich) (?:(?!{_FIT}|stof|gordijn)\w+ ){{0,4}}(?:gesneden|verbrand|bezeerd|verwond)",
    r"in (?:mijn|zijn|haar) (?:vinger|hand|voet|arm|been) gesneden|(?:mijn|zijn|haar) (?:vingers?|handen|hand|arm|been) verbrand",
    r"ziekenwagen (?:gebeld|bellen|nodig)|met de ziekenwagen|zelfmoord",
    # Polish
    (
        r"(?<!nie )(?<!świeca )(?<!świeczka )(?<!dioda )(?<!kontrolka )zapali[łl][ao]? się"
        r"(?! (?:na|tylko|dopiero|i zgas\w+|ponownie|normalnie))"
    ),
    r"w płomieniach|(?:stan\w+|jest|cał[aey]) w ogniu|(?:po|o)parzy[łl]\w*|skaleczy[łl]\w*|poraził\w* (?:mnie )?prąd",
    r"(?:wezwa\w+|dzwoni\w+ po|przyjechała) karetk\w+|karetką|samobójstw\w+|zabić się",
    # Swedish
    r"fatta(?:de|t) eld|tog eld|börja(?:de|t) brinna|står i brand|(?:brände|bränt) (?:mig|sig|oss)(?! fast)",
    r"skar (?:mig|oss)|skurit mig|(?:sonen?|dottern?|barnet) skar sig",
    r"(?:gjorde|gjort) (?:mig|sig|oss) illa|skada(?:de|t) (?:mig|oss)",
    r"(?<!mot )elstöt|fick en stöt|(?:ring\w*|kalla\w*|åk\w+) (?:på |efter |i |med )?(?:en )?ambulans(?:en)?|självmord",
)
LAW = (
    r"(?<!para )(?:mi|nuestr[oa]) abogad[oa]|(?:voy|vamos) a (?:demandar|denunciar)\w*|acciones legales",
    r"l[oe]s (?:demandar|denunciar)(?:é|emos)",
    r"(?<!für )(?:mein|meinen|meinem|unser|unseren) (?:rechts)?anwalt|(?<!für )meine[rn]? (?:rechts)?anwältin",
    r"rechtliche schritte|(?:sie|euch) verklagen|verklage (?:sie|euch)",
    r"(?<!pour )(?:mon|notre) avocat(?! en )|port(?:er|e|erai) plainte|poursuites judiciaires|saisir (?:le tribunal|la justice)",
    r"(?<!-)vous poursuivre",  # not "pouvez-vous poursuivre ma commande"
    r"(?<!para o )(?<!para a )(?:meu|minha|nosso) advogad[oa]|processar (?:voc[êe]s|a loja|a empresa)|ação judicial|no procon",
    r"(?<!per il )(?:mio|nostro) avvocato|(?:vie|azioni) legali|vi (?:denuncio|querelo|denuncerò)|farvi causa",
    r"(?<!voor )(?:mijn|onze) advocaat|juridische stappen|(?:u|jullie) aanklagen|aangifte doen(?! bij de (?:douane|belasting))",
    r"voor de rechter(?=\W*$| (?:dag|daag|sleep|slep|breng))",  # not "voor de rechter mouw", the right sleeve
    r"(?<!dla )(?:mój|mojego|moim|moja|nasz) (?:adwokat|prawnik)\w*|pozw(?:ę|iemy|ać) (?:was|sklep|firmę)",
    r"kroki prawne|pójdę do sądu",
    r"(?<!till )min (?:advokat|jurist)|stämma er|rättsliga åtgärder|polisanmäl\w+",
)
