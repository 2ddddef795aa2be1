# ruff: noqa: E501  alternatives of one language stay together
"""The few phrases the reader knows by heart: credits, calls to subscribe, walls before a page.

Written by hand from the trade's usage in the languages of the gold. A phrase decides alone only
about a short paragraph, or a page with next to no text.
"""

import re

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
