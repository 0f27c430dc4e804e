"""One address for one article: the many spellings of a link brought to one canonical form.

    raw address -> scheme, host, path, query each by the tables below -> https://host/path?a=1

Two spellings that differ for even one site must stay two addresses: a wrong match hides news, a missed one only
repeats it. So parameters that some sites need (`ref`, `from`, `source`) are dropped per host, never everywhere.
"""

import re
from functools import lru_cache
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

from watchbot.stories import hosts

_DROPPED_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh epik mc_cid "
    "mc_eid mkt_tok _ga _gl _gac __hssc __hstc __hsfp _hsenc _hsmi hsctatracking vero_id vero_conv oly_anon_id "
    "oly_enc_id rb_clickid s_cid s_kwcid wickedid cmpid ncid ocid icid xtor spm guccounter guce_referrer "
    "guce_referrer_sig smid smtyp soc_src soc_trk tsrc ref_src ref_url __twitter_impression _branch_match_id "
    "_branch_referrer amp_js_v amp_gsa usqp srsltid cvid sr_share fb_action_ids fb_action_types fb_ref fb_source "
    "sharetype share_id share_token ftag ftcamp ns_mchannel ns_source ns_campaign ns_linkname ns_fee at_medium "
    "at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_link_id at_link_origin at_link_type at_format "
    "at_ptr_name at_bbc_team gad_source gad_campaignid rdt_cid sc_cid scid sccid __s hsa_acc hsa_cam hsa_grp hsa_ad "
    "hsa_src hsa_tgt hsa_kw hsa_mt hsa_net hsa_ver _openstat yadclid cm_ven cm_cat cm_pla cm_ite cm_mmc intcmp "
    "int_cmp int_source int_medium int_campaign icmp wt.mc_id wt_mc wtmc wt.z_author mbid taid xid_source feedtype "
    "feedname ito __source __vfz __cf_chl_tk bxid bhid cndid esrc recip_id recipient_id email_hash mailchimp_id "
    "mc_unique_id _bta_tid _bta_c trkcampaign trkemail _kx _ke sfmc_id sfmc_activityid sfmc_sub dm_i dm_t "
    "elqtrackid elqtrack elqaid elqat elqcampaignid ss_source ss_campaign_id ss_email_id spjobid spmailingid "
    "spreportid spuserid ml_subscriber ml_subscriber_hash mkwid mkevt mkcid mkrid campid toolid ttaid tt_medium "
    "tt_content tt_from social_share traffic_source isappinstalled mpshare chksm pgv_ref adtag from_source_id "
    "share_medium share_source share_plat share_tag share_times share_from share_app_id sharer_shareid "
    "sharer_sharetime unique_k bbid vd_source spm_id_from seid mibextid ceneo_cid awc irclickid irgwc clickid "
    "click_id cjevent cjdata ranmid raneaid ransiteid"
)
DROPPED = frozenset(_DROPPED_NAMES.split())
DROPPED_PREFIXES = (
    "utm_",
    "utm-",
    "__cft__",
    "__tn__",
    "pk_",
    "mtm_",
    "matomo_",
    "piwik_",
    "hmb_",
    "itm_",
    "stm_",
    "trk_",
    "oly_",
)
# Session ids never say what a page shows; but a bare `sessionid` that is short is a talk of a conference.
SESSION = re.compile(
    r"phpsessid|jsessionid|asp\.net_sessionid|aspsessionid[a-z]{8}|sap-sessionid|cfid|cftoken|zenid|oscsid",
    re.IGNORECASE,
)
BARE_SESSION = re.compile(r"(?:session_?id|sessid|sid)=[0-9a-f]{16,}", re.IGNORECASE)
PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
# Parameters that are filters on some sites and mere marks on others: only these values are marks everywhere.
MARKING = frozenset({"ref", "from", "source", "src", "via"})
_MARK_VALUES = (
    "rss rssfeed rss_feed feed newsletter share sharing copylink copy_link copy-link homepage push pushnotification "
    "singlemessage groupmessage timeline appshare"
)
MARKS = frozenset(_MARK_VALUES.split())
# Links that only lead on to the article: host -> the parameter that holds its address.
LEADING = {
    "l.facebook.com/l.php": "u",
    "lm.facebook.com/l.php": "u",
    "google.com/url": "q url",
    "news.url.google.com/url": "url q",
    "bing.com/news/apiclick.aspx": "url",
    "duckduckgo.com/l": "uddg",
    "l.instagram.com": "u",
    "out.reddit.com": "url",
    "linkedin.com/redir/redirect": "url",
    "t.umblr.com/redirect": "z",
    "link.zhihu.com": "target",
    "getpocket.com/redirect": "url",
}
AMP_QUERY = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("output", "amp")})
HOST_PREFIXES = ("www.", "m.", "mobile.", "amp.", "wap.")
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|xhtml|shtml|php[345]?|aspx?|jsp|cfm)\Z", re.IGNORECASE)
AMP_ENDING = re.compile(r"(?:/amp(?:\.html)?|(?<=[^/.])\.amp)\Z|(?<=[^/.])\.amp(?=\.html?\Z)", re.IGNORECASE)
AMP_BEGINNING = re.compile(r"\A/amp(?=/.)", re.IGNORECASE)
AMP_CACHE = re.compile(r"/[a-z]/(s/)?(?=[^/]+\.)")
_NUMBERED_WWW = re.compile(r"www\d\.")
_SLASHES_AFTER_SCHEME = re.compile(r"(?i)^(https?):/*")
_HEX = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_UNSAFE = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|}]")
_LONGEST = 8192
# Most addresses are plain: no escapes, no dots before a name, nothing that a rule below about paths is for.
_PLAIN = re.compile(
    r"https?://((?:[a-z0-9-]{1,63}\.){1,6}[a-z0-9]{1,24})(:[1-9][0-9]{0,3})?"
    r"((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*+){1,30}+/?)"
    r"(?:\?([A-Za-z0-9_.~=&-]*))?"
)
_LEADING_HOSTS = frozenset(
    place for host in (key.partition("/")[0] for key in LEADING) for place in (host, f"www.{host}")
)
_TELLING = re.compile(r"[/.]amp|/index\.|/default\.", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """The canonical form of a web address; anything else (`mailto:`, a relative link) comes back only stripped."""
    plain = _PLAIN.fullmatch(url)
    if plain and not (_TELLING.search(plain[3]) or plain[1] in _LEADING_HOSTS or plain[1].endswith("ampproject.org")):
        name, port, path = _host(plain[1]), plain[2], plain[3].rstrip("/")
        place = name if port in (None, ":80", ":443") else name + port
        query = _query(plain[4], name, bool(path)) if plain[4] else ""
        return f"https://{place}{path}?{query}" if query else f"https://{place}{path}"
    text = "".join(url.split()) if "\n" in url or "\t" in url else url.strip()
    if not _SLASHES_AFTER_SCHEME.match(text) or len(text) > _LONGEST:
        return text
    try:
        parts = urlsplit(_SLASHES_AFTER_SCHEME.sub(r"\1://", text))
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        return text
    if not host:
        return text
    inner = _unwrapped(host, parts.path, parts.query)
    if inner:
        return canonical_url(inner)
    name = _host(host)
    shown = f"[{name}]" if ":" in name else name
    place = shown if port in (None, 80, 443) else f"{shown}:{port}"
    path = _path(parts.path)
    query = _query(parts.query, name, bool(path))
    fragment = f"#{_escaped(parts.fragment)}" if parts.fragment.startswith(("!", "/")) else ""
    return f"https://{place}{path}{'?' + query if query else ''}{fragment}"


def is_root(canonical: str) -> bool:
    """Whether a canonical address names only a site, not a page of it."""
    rest = canonical.partition("://")[2]
    return not any(mark in rest for mark in "/?#")


def _unwrapped(host: str, path: str, query: str) -> str:
    """The article inside an AMP viewer's or cache's address, "" where there is none."""
    name = host.lower()
    tail = f"?{query}" if query else ""
    if name.endswith(".cdn.ampproject.org") and (found := AMP_CACHE.match(path)):
        return "https://" + path[found.end() :] + tail
    if re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", name) and path.startswith("/amp/"):
        return "https://" + path.removeprefix("/amp/").removeprefix("s/") + tail
    wanted = LEADING.get(name.removeprefix("www.") + path.rstrip("/"), "")
    given = parse_qs(query)
    inner = next((given[key][0] for key in wanted.split() if key in given), "")
    return inner if _SLASHES_AFTER_SCHEME.match(inner) and "://" in inner else ""


@lru_cache(maxsize=4096)
def _host(host: str) -> str:
    """The host in lower case and ASCII, without the labels that only choose a layout."""
    name = host.lower().rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return name
    name = _NUMBERED_WWW.sub("www.", name, count=1) if name.startswith("www") else name
    while any(name.startswith(prefix) for prefix in HOST_PREFIXES) and "." in name.partition(".")[2]:
        name = name.partition(".")[2]
    return name.replace(".m.wikipedia.org", ".wikipedia.org")


def _path(path: str) -> str:
    """The path without dots, AMP parts, index pages and a closing slash; its case stays."""
    kept: list[str] = []
    for segment in PATH_SESSION.sub("", _escaped(path)).split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != "." and (segment or (kept and kept[-1].endswith(":"))):
            kept.append(segment)
    text = "".join(f"/{segment}" for segment in kept).rstrip("/")
    before = ""
    while text != before:
        before = text
        text = INDEX_PAGE.sub("", AMP_ENDING.sub("", AMP_BEGINNING.sub("", text))).rstrip("/")
    return text


def _query(query: str, host: str, deep: bool) -> str:
    """The parameters that matter, by name; equal names keep their order. `deep` is false for a site's front page."""
    local = hosts.dropped_at(host)
    kept: list[tuple[str, str]] = []
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        low = name.lower()
        if not name or low in DROPPED or low.startswith(DROPPED_PREFIXES) or low in local or _is_session(low, value):
            continue
        if deep and low in MARKING and value.lower() in MARKS:
            continue
        if (low, value.lower()) in AMP_QUERY:
            continue
        kept.append((_escaped(name), equals + _escaped(value.replace("+", "%20"))))
    return "&".join(name + value for name, value in sorted(kept, key=lambda pair: pair[0]))


def _is_session(name: str, value: str) -> bool:
    return SESSION.fullmatch(name) is not None or BARE_SESSION.fullmatch(f"{name}={value}") is not None


def _escaped(text: str) -> str:
    """Percent-encoding in one form: unreserved characters plain, the rest as upper-case hex."""
    raw = _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), text)
    return _HEX.sub(_one_escape, raw)


def _one_escape(found: re.Match[str]) -> str:
    """One %xx: decoded where the character needs no escape."""
    byte = unquote_to_bytes(found[0])
    return byte.decode("ascii") if byte[0] in _UNRESERVED else found[0].upper()
