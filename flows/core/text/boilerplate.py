"""What a site counts beside an article, in a line of its own: readers, shares, minutes to read.

Decides by the wording of one line, in the languages below, and by no site's name; refuses to know
where the line stands.

The few phrases the reader knows by heart: credits, calls to subscribe, walls before a page.

Written by hand from the trade's usage in the languages of the gold. A phrase decides alone only
about a short paragraph, or a page with next to no text.
"""

import re

# What ends a sentence; a line without it is a headline, a label, or a number with its unit
SENTENCE_MARK = re.compile(r"[.!?…。！？;；:：][\"”»’'」』)\]]*$|[”»」』]$")

_UNITS = r"""
    sec(?:ond)?s? min(?:ute)?s? hours? hrs? days? weeks? months? years?
    sekunden? minuten? stunden? tage?n? wochen? secondes? heures? jours? semaines?
    segundos? minutos? horas? días? dias? semanas? minut[aioy]? or[ae] giorn[oi] uur dagen
    godzin[ay]? dni dzień секунд\w* минут\w* час\w* дн\w+ день хвилин\w* годин\w*
    """
_UNIT = "|".join(_UNITS.split())
_AMOUNT = r"(?:\d+|an?|ein\w*|une?|un[ao]?)"
RELATIVE_TIME = re.compile(
    rf"\b{_AMOUNT}\s*(?:{_UNIT})\s+(?:ago|atrás|fa|geleden|temu|назад|тому)\b"
    rf"|\b(?:vor|il y a|hace|há)\s+{_AMOUNT}\s*(?:{_UNIT})\b"
    r"|\d+\s*(?:秒|分钟|分|小时|时间|時間|天|日)前|\bjust now\b",
    re.IGNORECASE,
)
_COUNTED = (
    "comments? shares? views? likes? reactions? reads retweets? replies followers kommentare? "
    "commentaires? partages? vues comentarios? comentários? commenti reacties komentarz\\w* "
    "просмотр\\w* комментари\\w* коментар\\w* перегляд\\w* 条评论 次阅读 次浏览 人参与 件のコメント"
)
_COUNTER = re.compile(
    r"^\W*(?:\d[\d.,\s]*[KMkm万]?|no|one)\s*(?:{0})\W*$|^\W*(?:{0}|阅读|评论|分享|閲覧数|コメント)"
    r"[\W\d]*[KMkm万]?\W*$".format("|".join(_COUNTED.split())),
    re.IGNORECASE,
)
# "758 people have read this story": a number, whom it counts, and what they did, alone in its line
_AUDIENCE = re.compile(
    r"^\W*+\d[\d.,\s]*+[KMkm万]?\s*+(?:thousand\s+|tausend\s+|mil(?:le)?\s+|tys\w*\.?\s+|тыс\w*\.?\s+)?"
    r"(?:people|readers|users|others|visitors|leser\w*|personen|menschen"
    r"|lecteurs|personnes|lectores|personas|leitores|pessoas|lettori|persone|czytelnik\w*|osób"
    r"|читател\w*|человек|читач\w*|людей|人)\b[^.!?。]{0,40}?(?:\bread(?:ing)?|shared|view(?:ed|ing)"
    r"|liked|watch(?:ed|ing)|comment(?:ed|ing)|gelesen|geteilt|aufgerufen|angesehen|\blus?\b"
    r"|partagé|leído|compartido|\blido|\bletto|condiviso|przeczytał\w*|udostępni\w*|прочитал\w*"
    r"|поделил\w*|поширил\w*|阅读|浏览|分享|読)",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"^\W*\d+[\s-]*(?:min\w*|мин\w*)\W*(?:read|to read|lesezeit|de lecture|de lectura|чтения)\W*$"
    r"|^\W*(?:reading time|lesezeit|temps de lecture)\W*\d+\W*\w*\W*$",
    re.IGNORECASE,
)


def is_counter(line: str) -> bool:
    """Whether `line` is a number of comments, shares or readers, or the time it takes to read."""
    if _COUNTER.match(line) or _READING_TIME.match(line):
        return True
    return _AUDIENCE.match(line) is not None and SENTENCE_MARK.search(line) is None


def is_relative_time(line: str) -> bool:
    """Whether `line` is nothing but how long ago something was: "90 minutes ago"."""
    return RELATIVE_TIME.fullmatch(line.strip()) is not None


# ruff: noqa: E501  alternatives of one language stay together


CREDIT = re.compile(
    r"^\W*(?:(?:photo|picture|image|video|file|cover|fotos?|bild(?:er)?|imagen|immagine|foto(?:grafía|graf)?|"
    r"illustration|grafik|graphic|source|quelle|fuente|fonte|kilde|credits?|crédits?|copyright|©|图|图片|写真|фото)"
    r"(?:\s(?:credits?|by|via|source|:|copyright))?\s*[:：/|©]\s*|©|\((?:photo|foto|bild|image|ap photo|reuters)\b)"
    r".{0,120}$",
    re.I,
)
CALL = re.compile(
    r"^\W*(?:click here|sign up|subscribe|follow (?:us|me|@|\w+ on )|join (?:us|our)|download (?:the|our)|get the \w+ app|"
    r"read (?:more|also|next|the full)|see (?:also|more)|more (?:from|on|stories)|related(?::|$| (?:articles?|stories|posts|"
    r"content|topics))|don.t miss|watch(?: now| more)?:|listen(?: now)?:|recommended|share (?:this|on)|tags?:|topics?:|advertisement|"
    r"continue reading|(?:subscribe|log ?in|register|sign ?in) to (?:continue|read)|already an? (?:subscriber|member)|do you (?:have|know) |got a tip|this article (?:was|is) (?:originally|first)|"
    r"mehr (?:zum thema|lesen|dazu|artikel)|lesen sie (?:auch|hier|mehr)|lesen sie dazu|auch interessant|das könnte sie|"
    r"ähnliche|anzeige$|zur startseite|newsletter|hier (?:geht|klicken)|"
    r"[^.!?\n]{0,60}\b(?:kostenlos|gratis|jetzt) (?:abonnieren|anmelden|bestellen)\b|"
    r"zapisz się (?:do|na)|zasubskrybuj|"
    r"à lire|lire aussi|lisez aussi|à voir|abonnez|publicité$|lee también|lea también|leer más|te puede interesar|más información|"
    r"ver más|suscr[íi]b|publicidad$|leia (?:também|mais)|veja também|saiba mais|assine|leggi anche|leggi di più|iscriviti|"
    r"les (?:også|mer)|läs (?:också|mer|även)|læs også|lees (?:ook|meer)|czytaj (?:też|także|więcej)|zobacz (?:też|także)|"
    r"čtěte|přečtěte si|читайте (?:также|також|нас)|читать (?:также|далее)|подп(?:исывайтесь|ишитесь)|підписуйтесь|"
    r"baca juga|simak (?:juga|berita)|etiketler|ilgili haber|abone ol|اقرأ (?:أيضا|ايضا|المزيد)|قد يهمك|延伸閱讀|相關新聞|相关新闻|"
    r"関連記事|あわせて読みたい|続きを読む|この記事は会員限定|責任編輯|责任编辑|관련기사)",
    re.I,
)

# Titles and texts of pages that stand before a page (Cloudflare, Akamai, DataDome, PerimeterX, …)
CHALLENGE = re.compile(
    r"just a moment|attention required|access denied|verify (?:that )?you(?: a|')re (?:a )?human|are you (?:a )?(?:human|robot)|"
    r"checking your browser|enable javascript and cookies|please enable (?:js|javascript)|unusual traffic|captcha|"
    r"request (?:blocked|unsuccessful)|pardon our interruption|security check|ddos.guard|проверка браузера|403 forbidden",
    re.I,
)
CONSENT = re.compile(
    r"before you continue|we (?:value|care about) your privacy|your privacy (?:choices|matters|settings)|cookie (?:consent|settings|preferences)|"
    r"consent to (?:the )?(?:use of )?cookies|accept (?:all|cookies)|"
    r"privatsphäre|datenschutz-?einstellungen|zustimmen und weiter|mit werbung (?:weiter)?lesen|cookies? (?:akzeptieren|zulassen)|"
    r"avec votre accord, (?:nous|nos)|nous et nos partenaires|accepter (?:et|les cookies)|continuer sans accepter|"
    r"antes de continuar (?:a|en|navegando)\b|aceptar (?:y continuar|las cookies)|valoramos (?:tu|su) privacidad|"
    r"prima di continuare (?:su|a navigare)\b|accetta (?:e continua|i cookie)|"
    r"privacyinstellingen|godta (?:alle|cookies)|zgod[ęy] na (?:przetwarzanie|pliki|korzystanie|wykorzyst\w+)|"
    r"plik\w* cookie|(?:cookie|クッキー)[^。]{0,60}同意",
    re.I,
)
LOGIN = re.compile(
    r"(?:log|sign) ?in to (?:continue|read|your account)|please (?:log|sign) ?in|anmelden|einloggen|connectez-vous|identifiez-vous|"
    r"inicia(?:r)? sesión|accedi|войдите|登录|ログイン",
    re.I,
)
# Titles of pages that answer 200 and are not there
MISSING = re.compile(
    r"^\W*(?:error\W*)?404\b|\b404 (?:error|not found|-)|(?:page|article|content|story)(?: (?:is|was|could))? (?:not (?:be )?"
    r"(?:found|available)|no longer (?:exists|available))|nothing (?:was )?found|(?:seite|artikel|inhalt)\b.{0,20} nicht (?:gefunden|verfügbar)|"
    r"page (?:introuvable|non trouvée)|página no encontrada|no se encontró la página|página não encontrada|pagina non trovata|"
    r"pagina niet gevonden|siden (?:blev|ble)? ?ikke (?:fundet|funnet)|sidan (?:kunde inte hittas|hittades inte)|sivua ei löyt|"
    r"nie znaleziono strony|strona nie (?:istnieje|została znaleziona)|stránka nenalezena|страница не найдена|сторінк[уа] не знайдено|"
    r"sayfa bulunamadı|الصفحة غير موجودة|页面不存在|找不到(?:该|该|此)?(?:页面|頁面|網頁)|頁面不存在|ページが見つかりません|페이지를 찾을 수 없|"
    r"halaman tidak ditemukan|không tìm thấy trang",
    re.I,
)
