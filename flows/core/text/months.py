# ruff: noqa: E501  one language a row
"""Which month a word names, in the languages newspapers write: the one table of months.

Each row: its languages, then the beginnings of the twelve names, enough letters to tell them apart;
several spellings of one month are joined by `/`. Written by hand from the CLDR's wide names.

Decides whose language is believed: the writer's own, then any reading that all languages who know
the word agree on. `listopad` is October in Croatian and November in Polish and Czech, so without a
language it names no month.
"""

import re

_ROWS = """
en: jan feb mar apr may jun jul aug sep oct nov dec
de: januar/jänner/jän februar/feber märz/mrz april mai jun jul august sept oktober/okt nov dezember/dez
fr: janv févr/fevr mars avr mai juin juil août/aout sept octobre nov déc/dec
es: enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre noviembre diciembre/dic
it: gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto/ago settembre/set ottobre/ott novembre dicembre/dic
pt: janeiro fevereiro/fev março/marco abril maio/mai junho julho agosto/ago setembro/set outubro/out novembro dezembro/dez
nl: januari februari maart/mrt april mei juni juli augustus september oktober november december
sv,nb,da,no: januari februari mars april maj/mai juni juli augusti september oktober november desember
pl: styczeń/stycz/sty lut mar kwie/kwi maj czerw/cze lipc/lipie sierp/sie wrze/wrz paźdz/paź listop/lis grud/gru
cs: led únor/úno březen/březn/bře dub květ/kvě červn/červen červenec/července srpen/srpna zář říj/říjn listop prosin
ru: янв фев мар апр мая/май июн июл авг сен окт ноя дек
uk: січ лют бер/берез квіт трав черв лип серп верес/вер жовт листоп груд
bg: януари февруари март април май юни юли август септември октомври ноември декември
tr: ocak/oca şubat/şub mart nisan/nis mayıs/may haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara
ro: ianuarie/ian februarie martie aprilie mai iunie/iun iulie/iul august septembrie octombrie/oct noiembrie/noi decembrie
hu: január február március/márc április/ápr május/máj június/jún július/júl augusztus/aug szeptember/szept október/okt november december
fi: tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu
el: ιαν φεβ μάρ/μαρ απρ μάι/μαΐ/μαι ιούν/ιουν ιούλ/ιουλ αύγ/αυγ σεπ οκτ νοέ/νοε δεκ
ar: يناير/كانون فبراير/شباط مارس/آذار أبريل/ابريل/إبريل/نيسان مايو/أيار يونيو/حزيران يوليو/تموز أغسطس/اغسطس/آب سبتمبر/أيلول أكتوبر/اكتوبر نوفمبر ديسمبر
he: ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
hi: जनवरी/जन फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर
id: januari februari maret/mar april mei juni juli agustus/agu september oktober/okt november desember/des
vi: tháng-1 tháng-2 tháng-3 tháng-4 tháng-5 tháng-6 tháng-7 tháng-8 tháng-9 tháng-10 tháng-11 tháng-12
ca: gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
hr,bs: siječ velj ožuj trav svib lipanj/lipnj srpanj/srpnj kolov ruj listop studen prosin
lt: sausio/saus vasario/vas kovo balandžio/bal gegužės/geg birželio/birž liepos/liep rugpjūčio/rugp rugsėjo/rugs spalio/spal lapkričio/lapkr gruodžio/gruodž
lv: janvāris/janvār februāris/februār marts/martā aprīlis/aprīl maijs/maij jūnijs/jūnij jūlijs/jūlij augusts septembris oktobris novembris decembris
et: jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
eu: urtarril otsail martxo apiril maiatz ekain uztail abuztu irail urri azaro abendu
gl: xaneiro/xan febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro
sq: janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor
be: студз лют сак крас мая/май чэрв ліп жні вер кастр ліст снеж
mk: јануари февруари март април мај јуни јули август септември октомври ноември декември
ka: იან თებ მარ აპრ მაი ივნ ივლ აგვ სექ ოქტ ნოე დეკ
hy: հունվ փետր մարտ ապր մայ հուն հուլ օգոս սեպ հոկ նոյ դեկ
az: yanvar fevral mart aprel may iyun iyul avqust/avgust sentyabr oktyabr noyabr dekabr
kk: қаң ақп нау сәу мам мау шіл там қыр қаз қар жел
bn: জানু ফেব্রু মার্চ এপ্রি মে জুন জুলাই আগস্ট/আগষ্ট সেপ্টে অক্টো নভে ডিসে
ta: ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்
te: జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై/జూలై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్
gu: જાન્યુઆરી ફેબ્રુઆરી માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ/ઓગસ્ટ સપ્ટેમ્બર ઑક્ટોબર/ઓક્ટોબર નવેમ્બર ડિસેમ્બર
pa: ਜਨਵਰੀ ਫਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ
mr: जनवरी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर
ur: جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
fa: ژانویه فوریه مارس آوریل مه ژوئن ژوئیه/جولای اوت سپتامبر اکتبر نوامبر دسامبر
ar: جانفي فيفري مارس أفريل/افريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر
ar: يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر
ar: كانون-الثاني شباط آذار/اذار نيسان أيار/ايار حزيران تموز آب أيلول/ايلول تشرين-الأول/تشرين-الاول تشرين-الثاني كانون-الأول/كانون-الاول
fa: فروردین/حمل اردیبهشت/ثور خرداد/جوزا تیر/سرطان مرداد/اسد شهریور/سنبله مهر/میزان آبان/عقرب آذر/قوس دی/جدی بهمن/دلو اسفند/حوت
th: ม.ค/มกราคม ก.พ/กุมภาพันธ์ มี.ค/มีนาคม เม.ย/เมษายน พ.ค/พฤษภาคม มิ.ย/มิถุนายน ก.ค/กรกฎาคม ส.ค/สิงหาคม ก.ย/กันยายน ต.ค/ตุลาคม พ.ย/พฤศจิกายน ธ.ค/ธันวาคม
lo: ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ
sw: januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba
tl: enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre
is: janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
ms: januari februari mac april mei jun julai ogos september oktober november disember
cy: ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr
af: januarie februarie maart april mei junie julie augustus september oktober november desember
sk: januára/január februára/február marca/marec apríla/apríl mája/máj júna/jún júla/júl august septembra/september októbra/október novembra/november decembra/december
sl: januarja/januar februarja/februar marca/marec aprila/april maja/maj junija/junij julija/julij avgusta/avgust septembra/september oktobra/oktober novembra/november decembra/december
sr: јануар фебруар март април мај јун јул август септембар октобар новембар децембар
"""


# Letters that Persian and Urdu keyboards and Arabic ones write differently
_ONE_LETTER_AS = {"ي": "ی", "ك": "ک", "\u200c": ""}
_ONE_LETTER = re.compile("[يك\u200c]")


_Beginnings = dict[str, int | None]


def _tables() -> tuple[_Beginnings, dict[str, _Beginnings]]:
    """Beginning → month, of all languages and by language; None where rows disagree."""
    shared: _Beginnings = {}
    own: dict[str, _Beginnings] = {}
    for row in _ROWS.strip().split("\n"):
        languages, _, months = row.partition(": ")
        tables = [shared, *(own.setdefault(language, {}) for language in languages.split(","))]
        for month, names in enumerate(months.split(), 1):
            for name in names.split("/"):
                key = _ONE_LETTER.sub(lambda letter: _ONE_LETTER_AS[letter[0]], name)
                for table in tables:
                    table[key] = month if table.get(key, month) == month else None
    return shared, own


_BEGINNINGS, _OWN = _tables()
# Names of two words, written with a hyphen in the rows
_LONG = re.compile(
    "|".join(name.replace("-", r"\s") for name in _BEGINNINGS if re.fullmatch(r"\D+-\D+", name))
)


def one_spelling(text: str) -> str:
    """`text` with the names of months as `month_of` knows them: one letter each, one word each."""
    if text.isascii():
        return text
    text = _ONE_LETTER.sub(lambda found: _ONE_LETTER_AS[found[0]], text)
    return _LONG.sub(lambda found: "-".join(found[0].split()), text)


def month_named(word: str, language: str | None = None) -> int | None:
    """1–12 for the name of a month, or an abbreviation; None for anything else, or if unclear.

    `language` (BCP 47) is the writer's, whose reading is believed before that of all others. Of two
    calendars' names for one month ("شباط/فبراير") the first counts.
    """
    word = one_spelling(word.casefold()).strip(".,'’").partition("/")[0].removeprefix("ב")
    own = _OWN.get((language or "").partition("-")[0].lower(), {})
    for table in (own, _BEGINNINGS):
        for size in range(len(word), 1, -1):
            if word[:size] in table:
                if (month := table[word[:size]]) is not None:
                    return month
                break
    return None
