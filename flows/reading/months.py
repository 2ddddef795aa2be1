# ruff: noqa: E501  one language a row
"""Names of months as newspapers write them, in the languages of the reader's witnesses.

Each row: the beginnings of the twelve names in a language, enough letters to tell them apart;
several spellings of one month are joined by `/`. Written by hand from the CLDR's wide names.
"""

_ROWS = """
jan feb mar apr may jun jul aug sep oct nov dec
januar/jänner/jän februar/feber märz/mrz april mai jun jul august sept oktober/okt nov dezember/dez
janv févr/fevr mars avr mai juin juil août/aout sept octobre nov déc/dec
enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre noviembre diciembre/dic
gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto/ago settembre/set ottobre/ott novembre dicembre/dic
janeiro fevereiro/fev março/marco abril maio/mai junho julho agosto/ago setembro/set outubro/out novembro dezembro/dez
januari februari maart/mrt april mei juni juli augustus september oktober november december
januari februari mars april maj/mai juni juli augusti september oktober november desember
styczeń/stycz/sty lut mar kwie/kwi maj czerw/cze lip sierp/sie wrze/wrz paźdz/paź listop/lis grud/gru
led únor/úno březen/březn/bře dub květ/kvě červn/červen červenec/července srp zář říj/říjn listop prosin
янв фев мар апр мая/май июн июл авг сен окт ноя дек
січ лют бер/берез квіт трав черв лип серп верес/вер жовт листоп груд
януари февруари март април май юни юли август септември октомври ноември декември
ocak/oca şubat/şub mart nisan/nis mayıs/may haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara
ianuarie/ian februarie martie aprilie mai iunie/iun iulie/iul august septembrie octombrie/oct noiembrie/noi decembrie
január február március/márc április/ápr május/máj június/jún július/júl augusztus/aug szeptember/szept október/okt november december
tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu
ιαν φεβ μάρ/μαρ απρ μάι/μαΐ/μαι ιούν/ιουν ιούλ/ιουλ αύγ/αυγ σεπ οκτ νοέ/νοε δεκ
يناير/كانون فبراير/شباط مارس/آذار أبريل/ابريل/إبريل/نيسان مايو/أيار يونيو/حزيران يوليو/تموز أغسطس/اغسطس/آب سبتمبر/أيلول أكتوبر/اكتوبر نوفمبر ديسمبر
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
जनवरी/जन फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर
januari februari maret/mar april mei juni juli agustus/agu september oktober/okt november desember/des
tháng-1 tháng-2 tháng-3 tháng-4 tháng-5 tháng-6 tháng-7 tháng-8 tháng-9 tháng-10 tháng-11 tháng-12
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
siječ velj ožuj trav svib lip srp kolov ruj listop studen prosin
јануар фебруар март април мај јун јул август септембар октобар новембар децембар
"""


def _by_beginning() -> dict[str, int | None]:
    """Beginning → month; None where languages disagree (`lip` is June and July)."""
    found: dict[str, int | None] = {}
    for row in _ROWS.split("\n"):
        for month, names in enumerate(row.split(), 1):
            for name in names.split("/"):
                found[name] = month if found.get(name, month) == month else None
    return found


_BEGINNINGS = _by_beginning()


def month_of(name: str) -> int | None:
    """1–12 for the name of a month, or an abbreviation; None for anything else, or if unclear."""
    name = name.casefold().strip(".")
    for size in range(len(name), 1, -1):
        if name[:size] in _BEGINNINGS:
            return _BEGINNINGS[name[:size]]
    return None
