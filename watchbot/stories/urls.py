"""One address for one article: the many spellings of a link brought to one canonical form.

    raw address -> scheme, host, path, query each by the tables below -> https://host/path?a=1

Two spellings that differ for even one site must stay two addresses: a wrong match hides news, a missed one only
repeats it. So parameters that some sites need (`ref`, `from`, `source`) are dropped per host, never everywhere.
"""

import re
from urllib.parse import unquote_to_bytes, urlsplit

_DROPPED_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh epik "
    "mc_cid mc_eid mkt_tok _ga _gl _gac __hssc __hstc __hsfp _hsenc _hsmi hsctatracking vero_id vero_conv "
    "oly_anon_id oly_enc_id rb_clickid s_cid s_kwcid wickedid cmpid ncid ocid icid xtor spm "
    "guccounter guce_referrer guce_referrer_sig smid smtyp soc_src soc_trk tsrc ref_src ref_url "
    "__twitter_impression _branch_match_id _branch_referrer amp_js_v amp_gsa usqp srsltid cvid sr_share "
    "fb_action_ids fb_action_types fb_ref fb_source sharetype share_id share_token ftag ftcamp "
    "ns_mchannel ns_source ns_campaign ns_linkname ns_fee at_medium at_campaign at_custom1 at_custom2 at_custom3 "
    "at_custom4 at_link_id at_link_origin at_link_type at_format at_ptr_name at_bbc_team"
)
DROPPED = frozenset(_DROPPED_NAMES.split())
DROPPED_PREFIXES = ("utm_", "pk_", "mtm_", "matomo_", "piwik_", "hmb_", "itm_", "stm_", "trk_", "oly_")
DROPPED_AT = {
    "bloomberg.com": frozenset({"srnd", "sref", "leadsource", "embedded-checkout"}),
    "theguardian.com": frozenset({"cmp"}),
    "nytimes.com": frozenset({"partner", "emc", "referringsource", "action", "module", "pgtype"}),
    "wsj.com": frozenset({"mod", "st", "reflink"}),
    "udn.com": frozenset({"from", "ch"}),
    "youtube.com": frozenset({"feature", "si", "pp", "ab_channel"}),
    "youtu.be": frozenset({"feature", "si", "pp"}),
    "twitter.com": frozenset({"s", "t"}),
    "x.com": frozenset({"s", "t"}),
    "medium.com": frozenset({"source", "sk"}),
    "substack.com": frozenset({"r", "publication_id", "post_id", "isfreemail", "triedredirect"}),
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


def canonical_url(url: str) -> str:
    """The canonical form of a web address; anything else (`mailto:`, a relative link) comes back only stripped."""
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
    query = _query(parts.query, name)
    fragment = f"#{_escaped(parts.fragment)}" if parts.fragment.startswith("!") else ""
    return f"https://{place}{_path(parts.path)}{'?' + query if query else ''}{fragment}"


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
    return ""


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
    for segment in _escaped(path).split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    text = "".join(f"/{segment}" for segment in kept).rstrip("/")
    before = ""
    while text != before:
        before = text
        text = INDEX_PAGE.sub("", AMP_ENDING.sub("", AMP_BEGINNING.sub("", text))).rstrip("/")
    return text


def _query(query: str, host: str) -> str:
    """The parameters that matter, by name; equal names keep their order."""
    local = _dropped_at(host)
    kept: list[tuple[str, str]] = []
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        low = name.lower()
        if not name or low in DROPPED or low.startswith(DROPPED_PREFIXES) or low in local:
            continue
        if (low, value.lower()) in AMP_QUERY:
            continue
        kept.append((_escaped(name), equals + _escaped(value)))
    return "&".join(name + value for name, value in sorted(kept, key=lambda pair: pair[0]))


def _dropped_at(host: str) -> frozenset[str]:
    """The parameters that this host, or one it is a part of, does not need."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        if found := DROPPED_AT.get(".".join(labels[start:])):
            return found
    return frozenset()


def _escaped(text: str) -> str:
    """Percent-encoding in one form: unreserved characters plain, the rest as upper-case hex."""
    raw = _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), text)
    return _HEX.sub(_one_escape, raw)


def _one_escape(found: re.Match[str]) -> str:
    """One %xx: decoded where the character needs no escape."""
    byte = unquote_to_bytes(found[0])
    return byte.decode("ascii") if byte[0] in _UNRESERVED else found[0].upper()
