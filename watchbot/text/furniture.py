"""Lines that belong to the page and not to the news: menus, share buttons, subscriptions, copyright, bylines."""

import re
import unicodedata

_WHOLE = frozenset(
    line.strip()
    for line in """
for immediate release|forwarded message|original message|begin forwarded message|轉寄郵件|轉寄的郵件
原始郵件|转发邮件|原始邮件
connect with us|follow us|follow|following|share|share this|share this article|share this story|share this page|tweet
copy link|link copied|save|save article|print|print this|email|email this|e-mail|comment|comments|leave a comment
subscribe|subscribe now|subscribe today|sign up|sign up now|sign in|log in|login|register|join now|my account|logout
read more|read full story|read the full story|read the full article|read on|full story|continue reading|learn more
see more|see all|show more|load more|view more|view all|more|more news|more stories|click here|back to top|top|back
home|homepage|menu|main menu|search|skip to content|skip to main content|skip to navigation|close|open menu
toggle navigation|navigation|previous|next|previous article|next article|prev|related|related articles|related news
related stories|related topics|related posts|recommended|recommended for you|recommended stories|you may also like
you might also like|most popular|most read|popular|trending|trending now|latest|latest news|top stories|top news
editors' picks|editor's picks|advertisement|advertisements|ad|sponsored|sponsored content|promoted|newsletter
newsletters|we value your privacy|your privacy choices|manage consent|privacy|privacy policy|cookie policy
cookie settings|cookie preferences|cookies|accept|accept all
accept cookies|accept all cookies|reject all|manage cookies|terms|terms of use|terms of service|terms and conditions
legal|disclaimer|sitemap|site map|about|about us|contact|contact us|careers|help|faq|feedback|advertise
advertise with us|unsubscribe|view in browser|view this email in your browser|forward to a friend|manage preferences
view online|view as web page|view as webpage|view web version|web version|email preferences|update profile|read in app
open in app|best regards|kind regards|regards|best|cheers|thanks|thank you|many thanks|sent from my iphone
sent from my ipad
get outlook for ios|get outlook for android|update preferences|facebook|twitter|x|linkedin|instagram|youtube|whatsapp
telegram|line|wechat|weibo|rss|threads
reddit|pinterest|tiktok|listen|watch|gallery|tags|topics|loading|loading...|download app|get the app|opens in new window
取消訂閱|退訂|線上瀏覽|在瀏覽器中檢視|管理偏好設定|此致|敬上|敬啟者|各位讀者好|原文連結|原文標題|原文內容|發布時間
記者署名|備註|心得/評論|完整新聞標題|完整新聞內文
完整新聞連結|訂閱|立即訂閱|訂閱電子報|訂閱我們|電子報|訂閱rss|分享|分享到|分享至|分享本文|分享文章|分享此文|轉寄|轉發
列印|友善列印|收藏|複製連結
追蹤|追蹤我們|關注我們|按讚|加入好友|加入會員|會員登入|登入|登出|註冊|會員中心|首頁|回首頁|回到首頁|主選單|選單|搜尋
目錄
更多|看更多|查看更多|更多新聞|更多內容|閱讀更多|繼續閱讀|閱讀全文|看全文|全文|詳全文|延伸閱讀|相關新聞|相關報導
相關文章|推薦閱讀|推薦新聞
熱門新聞|熱門文章|熱門|最新|最新消息|最新新聞|即時新聞|編輯精選|猜你喜歡|你可能也喜歡|廣告|贊助|贊助內容|留言|發表留言
回應
上一篇|下一篇|上一頁|下一頁|回上頁|回上一頁|返回|回頂端|回到頂端|置頂|top|關於我們|聯絡我們|聯繫我們|隱私權|隱私權政策
隱私權聲明|隱私政策
使用條款|服務條款|著作權聲明|版權聲明|免責聲明|網站地圖|廣告刊登|人才招募|常見問題|字級|放大|縮小|跳到主要內容區塊
跳到主要內容|關閉|同意|接受
取消订阅|退订|在线浏览|订阅|立即订阅|分享到|转发|打印|收藏|关注我们|关注|登录|注册|首页|返回首页|菜单|搜索|查看更多
阅读更多|继续阅读|阅读全文|展开全文|相关新闻|相关报道
相关文章|推荐阅读|热门新聞|热门文章|最新消息|广告|评论|发表评论|上一页|下一页|返回顶部|关于我们|联系我们|隐私政策
使用条款|免责声明|网站地图
配信停止|配信停止はこちら|登録解除|メールマガジンの解除|ブラウザで見る|登録|無料登録|会員登録|新規登録|ログイン
ログアウト|続きを読む|もっと見る|もっと読む|全文を読む|記事を読む|シェア|シェアする|ツイート|購読|購読する
メルマガ登録
フォロー|フォローする|お問い合わせ|プライバシーポリシー|個人情報保護方針|利用規約|サイトマップ|会社概要|関連記事
関連ニュース|おすすめ|おすすめ記事|人気記事
ランキング|アクセスランキング|新着|新着記事|トップ|トップへ戻る|ページトップへ|ページの先頭へ|前へ|次へ|前の記事
次の記事|戻る|広告|印刷|保存|メニュー|検索|ホーム|コメント|閉じる
""".replace("\n", "|").split("|")
    if line.strip()
)
_READ_MORE = re.compile(
    r"more$|read (?:more|on|the full|full|(?:the|our|its|their) \w+$)|continue reading|"
    r"full (?:story|article)|source|link|details|original|"
    r"閱讀|看全文|全文|原文|詳|"
    r"来源|來源|阅读|続きを読む|記事|詳細|出典"
)
_SPEAKS = re.compile(
    r"(?:©|\(c\) ?(?:19|20)\d\d|copyright ?(?:©|\(c\)|:|(?:19|20)\d\d|by\b|notice|$)).{0,180}"
    r"|.{0,160}\ball rights reserved.{0,60}"
    r"|(?:版權所有|版权所有|著作権|無断転載|本網站|本网站|本站|未經授權|未经授权|本文版權).{0,80}(?:著作|版權|版权|转载|轉載|cookie|禁止|所有|隱私).{0,60}"
    r"|版權所有.{0,60}|版权所有.{0,60}|無断転載.{0,40}"
    r"|(?:we|this (?:web)?site|our (?:web)?site|our partners) (?:and our partners )?uses? cookies.{0,300}"
    r"|by (?:continuing|using) (?:to )?.{0,60}(?:cookies|privacy policy|terms).{0,100}"
    r"|(?:you are|you're) receiving this (?:e-?mail|message|newsletter).{0,200}"
    r"|(?:to )?(?:unsubscribe|update your preferences|manage your (?:subscription|preferences)).{0,120}"
    r"|(?:follow|like|find|join) us (?:on|at)\b.{0,80}"
    r"|(?:share|tweet|post)(?: this)? (?:on|to|via) (?:facebook|twitter|x|linkedin|e-?mail|"
    r"whatsapp|line|reddit|telegram|social media|wechat|weibo|pinterest).{0,20}"
    r"|(?:subscribe|sign up|register) (?:to|for|now|here|today)\b.{0,100}"
    r"|(?:get|download) (?:our|the) .{0,30}\b(?:app|newsletter)\b.{0,60}"
    r"|read (?:more|also|next)\b[:: ].{0,20}|powered by .{0,40}|\d{1,3}[ -]min(?:ute)?s? read"
    r"|\d{1,4} (?:comments?|shares?|views?|likes?)|page \d{1,4}(?: of \d{1,4})?|第 ?\d{1,4} ?頁.{0,20}"
    r"|(?:訂閱|追蹤|關注|加入|下載|按讚).{0,16}(?:電子報|粉絲團|粉絲專頁|頻道|line|line好友|telegram|app|臉書|facebook|youtube|ig|instagram)"
    r"|this (?:e-?mail|message|newsletter) (?:was|is being|has been) sent (?:to|by) .{0,160}"
    r"|(?:if you )?(?:no longer )?(?:wish|want|prefer) (?:not )?to receive (?:these|this|our|such|future) .{0,160}"
    r"|if you (?:no longer|do not|don't|would like to|wish to|want to) (?:wish|want|unsubscribe|stop|change).{0,200}"
    r"|(?:was this (?:e-?mail |newsletter )?forwarded|did someone forward|having trouble (?:viewing|reading)).{0,160}"
    r"|this (?:e-?mail|message)(?: and any| is intended| may contain).{0,300}"
    r"|by clicking .{0,30}(?:accept|agree|allow|consent).{0,250}"
    r"|we (?:and our .{0,40})?(?:use|store) .{0,60}cookies.{0,300}"
    r"|(?:若|如果?)您?(?:不想|不願|不希望|要)再?(?:收到|接收|取消|訂閱|退訂).{0,60}|.{0,20}(?:本|此)(?:郵件|信件|电邮|邮件)(?:由|為|为|是).{0,30}(?:自動|自动|系統|系统).{0,40}"
    r"|(?:本|此)(?:網站|网站|站)?(?:使用|利用).{0,10}cookie.{0,120}|.{0,30}同意.{0,20}使用 ?cookie.{0,60}"
    r"|(?:このメール|本メール|当サイト|このサイト)は.{0,40}(?:お送り|配信|自動|cookie|クッキー).{0,80}|.{0,40}配信停止.{0,30}"
    r"|作者 .{1,60}看板 .{1,30}"
    r"|\d{1,2}\. ?(?:原文|完整新聞)?(?:連結|標題|內容|內文|署名|記者署名|發布時間|備註|心得/評論|心得|"
    r"媒體來源|新聞來源)"
    r"|(?:点击|點擊|點此|按此).{0,12}(?:订阅|訂閱|閱讀|查看|分享|更多).{0,16}|(?:扫码|掃碼|扫描|掃描|长按|長按).{0,24}"
    r"|(?=(?:\D*\d){7})\+?[\d ()-]{7,22}|\S{1,64}@\S{1,64}\.[a-z]{2,12}"
)
_BYLINE = re.compile(
    r"(?:story|reported|written|edited|reporting|editing) by .{1,60}"
    r"|(?:photo|image|picture|photo credit|image credit|file photo|source|credit)s?(?: courtesy of)?"
    r"(?: ?[:/]| by ) ?.{1,50}"
    r"|(?:文|圖|图|撰文|編譯|编译|記者|记者|作者|編輯|编辑|責任編輯|责任编辑|"
    r"攝影|來源|来源|資料來源|出處|文章來源|新聞來源|圖片來源|取材|執筆|筆者|写真|出典|提供) ?[:/].{1,30}"
    r"|(?:記者|记者)\S{2,8} ?/ ?\S{1,12}(?:報導|报道|電|电)?"
)
_LAST_WORDS = (
    "best regards|kind regards|warm regards|regards|best|sincerely|yours sincerely|cheers|many thanks|敬上|此致"
)
_CLOSINGS = frozenset(word for word in _LAST_WORDS.split("|"))
_SALUTATION = re.compile(
    r"(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|greetings)\b[^.?:]{0,40}[,!，！]"
    r"|.{0,8}(?:您好|你好|大家好|早安|各位好)[,，!！。:：~～]?|.{0,12}(?:お世話になっております|こんにちは|おはようございます)[。、！]?",
    re.IGNORECASE,
)
_NAME = r"[A-Z][^\W\d]*[\w.'’-]*"
_BY = re.compile(rf"(?:By|BY) {_NAME}(?:,? (?:and |de |van |von )?{_NAME}){{0,5}}(?:\s*[,|/].{{1,40}})?")
_NAV = re.compile(r"\s*(?:\||·|»|›|•|｜|＞|(?<=\s)[/>](?=\s))\s*")
_EDGES = " \t-–—=*_~|·•»›«‹→←↑↓▼▲▶►◀+>[]【】()（）「」:：…!！.。,，"


def plain(line: str) -> str:
    """The line as the lists above hold theirs: folded, without decoration."""
    return " ".join(unicodedata.normalize("NFKC", line).casefold().strip(_EDGES).split())


def is_furniture(line: str) -> bool:
    """Whether the line belongs to the page's frame."""
    if len(line) > 400:
        return False
    text = plain(line)
    if not any(mark.isalnum() for mark in text) or _SALUTATION.fullmatch(line.strip()):
        return True
    return text in _WHOLE or bool(_SPEAKS.fullmatch(text)) or _is_menu(line)


def is_closing(line: str) -> bool:
    """Whether the line is the last before a letter is signed."""
    return len(line) <= 40 and plain(line) in _CLOSINGS


def is_byline(line: str) -> bool:
    """Whether the line only names who wrote, took or first published what stands beside it."""
    if len(line) > 80:
        return False
    return bool(_BYLINE.fullmatch(plain(line)) or _BY.fullmatch(line.strip(_EDGES)))


def is_read_more(text: str) -> bool:
    """Whether a link's words promise the whole article."""
    low = plain(text)
    return len(low) <= 40 and bool(_READ_MORE.match(low))


def _is_menu(line: str) -> bool:
    """`Home | News | Markets`: short parts of which one is known furniture, all of them where there are only two."""
    parts = [part for part in _NAV.split(line) if part.strip()]
    if len(parts) == 2:
        return all(plain(part) in _WHOLE for part in parts)
    if len(parts) < 3 or any(len(part) > 30 for part in parts):
        return False
    return any(plain(part) in _WHOLE for part in parts)
