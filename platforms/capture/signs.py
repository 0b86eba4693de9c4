"""What pages say that are no policy: error pages, sign-in forms, bot checks, redirects, cookie banners, menus (pure).

All patterns are for the plain words of one block (see `platforms.plaintext`: straight quotes and hyphens), and all
but `ERROR_SENTENCE` and `BANNER` fit the whole block, so that a sentence of a policy that mentions one of these is
never taken for it. They know no service by name.
"""

from __future__ import annotations

import re


def _whole(*patterns: str) -> re.Pattern[str]:
    """The whole block, after an apology and with a short tail such as the site's name."""
    apology = r"(?:(?:oops|uh[- ]oh|whoops|sorry|hmm+|ops|ups|désolé|lo sentimos|entschuldigung)\W+(?:but )?)*"
    return re.compile(rf"\W*{apology}(?:{'|'.join(patterns)})\W*(?:\W[-|:·(]\s*.{{0,40}})?", re.IGNORECASE)


_THING = r"(?:page|content|site|website|link|document|resource|file|url|address|service)"
_STATUS = r"(?:40[0-9]|410|418|429|451|50[0-9]|52[0-9])"
_FAULT = (
    r"(?:error|not found|page not found|forbidden|unauthori[sz]ed|access denied|bad (?:request|gateway)|gone"
    r"|(?:internal )?server error|(?:service )?(?:temporarily )?unavailable|gateway time-?out|too many requests"
    r"|method not allowed|permission denied|request blocked|invalid url)"
)

ERROR_TITLE = _whole(
    rf"(?:http |status |code )*(?:error\W{{0,3}}(?:code\W{{0,3}})?)?{_STATUS}(?:\W{{0,4}}{_FAULT})*",
    rf"(?:http )?{_FAULT}(?:\W{{0,3}}(?:error\W{{0,3}})?{_STATUS})?",
    rf"(?:error|fault)\W{{0,3}}{_FAULT}",
    rf"{_THING} (?:not|cannot be|can't be|could not be|couldn't be|was not) (?:found|displayed|loaded|available)",
    rf"(?:this|that|the)(?: requested)? {_THING}(?: (?:that )?you.{{3,50}}?| requested)?"
    r" (?:is|isn't|was|wasn't|could|couldn't|can|can't|cannot|does|doesn't|has|may|might|no longer)"
    r"(?: (?:not|no longer|currently|temporarily|be|been|have|or|at the moment|right now))*"
    r"(?: (?:found|available|unavailable|exist|exists|down|removed|deleted|moved|loaded|displayed|working|reached))"
    r"(?: (?:at the moment|right now|any ?more|at this time|in your (?:country|region)|or .{3,30}))?",
    r"we (?:can't|cannot|couldn't|could not|can't seem to) (?:find|load|open) (?:the|this|that|your) .{0,60}",
    r"(?:something went wrong|an (?:unexpected |unknown |internal )?error (?:has )?occurred|application error"
    r"|you have been blocked|nothing (?:to see|was found) here|site not found|no longer available|page missing"
    r"|(?:down for|under) maintenance|we'll be (?:right )?back(?: soon)?|unsupported browser)",
    r"(?:die |diese )?seite (?:wurde |konnte |ist |existiert )?(?:momentan |derzeit |leider |zurzeit )*nicht"
    r" (?:gefunden(?: werden)?|verfügbar|erreichbar|mehr verfügbar)|zugriff verweigert|etwas ist schiefgelaufen"
    r"|es ist ein (?:unerwarteter )?fehler aufgetreten",
    r"(?:cette )?page (?:non trouvée|introuvable|n'existe pas|n'est pas disponible)|accès refusé"
    r"|une erreur (?:est survenue|s'est produite)",
    r"(?:esta )?página no (?:encontrada|disponible|existe|está disponible)|acceso denegado|se ha producido un error",
    r"pagina non (?:trovata|disponibile)|accesso negato|si è verificato un errore",
    r"página não (?:encontrada|disponível)|acesso negado|ocorreu um erro",
    r"pagina niet gevonden|toegang geweigerd|er is (?:iets misgegaan|een fout opgetreden)",
    r"sidan (?:kunde inte hittas|hittades inte|finns inte)|åtkomst nekad|nie znaleziono strony|odmowa dostępu"
    r"|strona nie (?:została znaleziona|istnieje)|страница не найдена|доступ запрещ[её]н|произошла ошибка",
    r"(?:抱歉|对不起|對不起)?\W*(?:您?访问的|您?訪問的|该|此)?(?:页面|網頁|网页|頁面)(?:不存在|未找到|找不到了?|无法访问|無法訪問)"
    r"|找不到(?:该|此)?(?:页面|网页|網頁|頁面)|拒绝访问|访问被拒绝|服务器错误",
    r"(?:お探しの)?ページ(?:が|は)(?:見つかりません(?:でした)?|存在しません|ありません)|アクセスが拒否されました"
    r"|エラーが発生しました|페이지를 찾을 수 없습니다|접근이 거부되었습니다",
)
# What stands below such a title, at the beginning of the next block.
ERROR_SENTENCE = re.compile(
    r"\W*(?:sorry\W+)?(?:an (?:unexpected |unknown )?error|the link (?:you followed )?may be"
    r"|the (?:requested )?(?:page|url|resource|document|address|content)(?: that)?(?: you)?"
    r" (?:is|are|was|were|has|have|may|might|requested|could|cannot|can't|does|looking|tried)"
    r"|this (?:may|might|could) be because|(?:please )?(?:try|check) (?:again|reloading|the url)"
    r"|you (?:don't|do not) have (?:permission|access)|we (?:can't|couldn't|could not|cannot) (?:find|load)"
    r"|it (?:looks|seems)|go (?:back|home|to)|back to|return to|reload"
    r"|dies liegt|bitte versuche|die (?:angeforderte|gesuchte) seite"
    r"|la page que|la página que|la pagina che)",
    re.IGNORECASE,
)
REDIRECT = _whole(
    r"(?:you are (?:now )?being |you will be |we are )?(?:automatically )?redirect(?:ing|ed)\b.{0,120}",
    r"(?:301 |302 )?(?:moved permanently|moved temporarily|object moved)",
    r"(?:click here )?if you (?:are|were) not (?:automatically )?redirected.{0,80}",
    r"(?:this|the) (?:page|site|document) has (?:been )?moved(?: (?:to|permanently).{0,80})?",
    r"(?:sie werden |du wirst )?(?:automatisch )?weiter(?:geleitet|leitung).{0,80}",
    r"(?:vous allez être |vous êtes )?redirigée?s?.{0,80}|redirection.{0,60}|redirigiendo.{0,60}",
    r"(?:正在|页面)?(?:跳转|重定向)(?:中|到)?.{0,40}|リダイレクト.{0,40}",
)
LOGIN = _whole(
    r"(?:please |you (?:must|need to|have to) (?:be )?)?(?:log(?:ged)?|sign(?:ed)?)[ -]?in"
    r"(?: (?:to|with|using|or) .{1,60}| here| now)?",
    r"(?:log|sign)[ -]?in (?:to|or) .{1,60}",
    r"(?:log|sign|login|create)[ -]?(?:in|up)?(?: required| an? (?:new )?account| your account| for free)",
    r"welcome back|forgot(?:ten)? (?:your |my )?password|reset (?:your )?password|remember me|keep me signed in",
    r"(?:don't|do not) have an account.{0,30}|already have an account.{0,30}|continue with \w+|members only",
    r"(?:e-?mail(?: address)?|user ?name|password|e-mail-adresse|passwort|mot de passe|contraseña)",
    r"(?:bitte )?(?:anmelden|einloggen|melde dich an.{0,40}|passwort vergessen)",
    r"se connecter|connexion|connectez-vous.{0,40}|mot de passe oublié|iniciar sesión.{0,30}|inicia sesión.{0,30}",
    r"(?:请先?|請先?)?(?:登录|登錄|登入)(?:后.{0,20})?|忘记密码|ログイン(?:してください)?|로그인",
)
BOT_CHECK = _whole(
    r"(?:checking|verifying) (?:if |that |your |you are |the )?.{0,60}(?:browser|human|connection|secure)\b.{0,60}",
    r"(?:please )?(?:verify|confirm|prove) (?:that )?you(?: a|')re (?:a )?(?:human|not a (?:ro)?bot).{0,60}",
    r"(?:are you|i'm not|i am not) a (?:ro)?bot|just a moment|one more step|attention required|security check.{0,40}",
    r"(?:please )?(?:complete|solve) (?:the|this) (?:captcha|security check|challenge).{0,60}|captcha",
    r"(?:please )?(?:enable|turn on|activate) (?:javascript|js|cookies).{0,100}",
    r"(?:you need to enable|this (?:app|page|site|website) (?:requires|needs)) (?:javascript|cookies).{0,100}",
    r"(?:javascript|cookies) (?:is|are|must be) (?:disabled|required|not (?:enabled|available)|enabled).{0,100}",
    r"(?:we have detected|our systems have detected) (?:unusual|suspicious).{0,100}",
    r"(?:您|你)?(?:需要|请)(?:启用|完成) ?(?:javascript|安全验证|验证).{0,40}",
)
BANNER_BUTTON = _whole(
    r"(?:accept|allow|reject|decline|deny|refuse)(?: all| only necessary| non-essential| optional)?(?: cookies)?",
    r"(?:only|use) (?:strictly )?(?:necessary|essential)(?: cookies)?(?: only)?|i agree|got it",
    r"(?:manage|customi[sz]e|save|confirm)(?: my| your)?(?: cookie)? (?:preferences|choices|settings|cookies|options)",
    r"(?:cookie|privacy|consent) (?:settings|preferences|choices)",
    r"alle (?:cookies )?(?:akzeptieren|ablehnen|annehmen|zulassen)|tout (?:accepter|refuser)|(?:aceptar|rechazar) todo"
    r"|acceptera alla|(?:接受|拒绝)(?:全部|所有)?(?: ?cookies?)?|すべて(?:許可|拒否)",
)
BANNER = re.compile(
    r"\b(?:we|(?:this|our) (?:web)?site|wir|diese (?:web)?seite|nous|ce site|utilizamos|vi)\b.{0,60}\bcookies\b"
    r"|value your privacy|使用 ?cookies?|クッキーを使用",
    re.IGNORECASE,
)
MENU = _whole(
    r"home|products?|pricing|plans?|enterprise|solutions|resources|docs|documentation|blog|news|careers|jobs"
    r"|company|about(?: us)?|contact(?: us| sales)?|support|help(?: center| centre)?|community|developers?|api"
    r"|status|login|log ?in|sign ?(?:in|up)|get started|try (?:it )?(?:now|free|for free)|download|search|menu"
    r"|skip to (?:main )?content|features|customers|partners|press|legal|privacy(?: policy| notice)?"
    r"|terms(?: of (?:service|use))?|cookies?|cookie policy|security|trust(?: center)?|language|english",
    r"startseite|produkte|preise|über uns|kontakt|karriere|hilfe|impressum|datenschutz|deutsch",
    r"accueil|produits|tarifs|à propos|carrières|aide|français|inicio|productos|precios|contacto|español",
    r"首页|产品|价格|关于我们|联系我们|帮助|登录|注册|ホーム|製品|料金|会社概要|お問い合わせ",
)
CODE = re.compile(
    r"\bfunction\s*\w*\s*\(|=>\s*[{(]|\b(?:var|let|const)\s+\w+\s*=|\b(?:window|document|self)\.\w+|@(?:media|import|font-face)\b"
    r"|[.#][\w-]+\s*\{[^}]*:|\"[\w@$-]+\"\s*:\s*[\"{\[\dtfn]|\b[\w-]+\s*:\s*[^;{}\n]{1,60};\s*[\w-]+\s*:|</?[a-z]+[ >]",
)
SOURCE = re.compile(r"\s*<(?:!doctype|html|head|script|style|\?xml|svg)\b", re.IGNORECASE)
