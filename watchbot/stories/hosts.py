"""Parameters that one site needs and another does not: what may be dropped from addresses of which host.

A name stands for the host and everything below it. What is not here is kept.
"""

_AT = {
    "163.com": "f spss spsnuid spsdevid spsvid spsshare spsts spstoken",
    "36kr.com": "f",
    "aljazeera.com": "traffic_source xif",
    "amazon.com": "ref ref_ tag linkcode ascsubtag pf_rd_p pf_rd_r pd_rd_i pd_rd_r pd_rd_w pd_rd_wg qid sr crid",
    "asahi.com": "iref ref",
    "bbc.co.uk": "ref xtor",
    "bbc.com": "ref xtor",
    "bilibili.com": "from vd_source spm_id_from share_source buvid is_story_h5 mid plat_id timestamp up_id",
    "bloomberg.com": "srnd sref leadsource embedded-checkout cmpid in_source",
    "businessinsider.com": "r ir nr_email_referer",
    "cbsnews.com": "intcid ftag",
    "chinatimes.com": "chdtv ctrack",
    "cnbc.com": "__source par doc",
    "cnn.com": "iref iid sr cid eref",
    "dailymail.co.uk": "ito ns_mchannel offset",
    "economist.com": "fsrc",
    "ettoday.net": "from ref redirect",
    "facebook.com": "__xts__ ref refid refsrc _rdr eid paipv hc_ref fref locale _rdc",
    "forbes.com": "sh ss",
    "foxnews.com": "intcmp",
    "ft.com": "sharetype segmentid ftcamp",
    "handelsblatt.com": "ticket share",
    "hbr.org": "ab",
    "huffpost.com": "ncid ec_carp",
    "instagram.com": "igshid hl utm_source",
    "linkedin.com": "trk trackingid lipi originalsubdomain rcm refid",
    "ltn.com.tw": "from ref",
    "medium.com": "source sk",
    "mp.weixin.qq.com": "scene srcid sharer from subscene clicktime enterid exportkey pass_ticket wx_header key "
    "ascene uin devicetype version nettype abtest_cookie sessionid",
    "msn.com": "ocid cvid ei pc rc",
    "news.google.com": "hl gl ceid oc",
    "newyorker.com": "mbid",
    "nikkei.com": "n_cid",
    "nytimes.com": "partner emc referringsource action module pgtype rref clickSource region wt.nav "
    "searchresultposition unlocked_article_code ref hp te nl",
    "qq.com": "pgv_ref adtag",
    "reddit.com": "rdt ref ref_source correlation_id",
    "reuters.com": "taid rpc il",
    "scmp.com": "module pgtype campaign",
    "sina.com.cn": "from wm vt cref pos r cre mod loc rfunc tj",
    "sohu.com": "scm pvid edtsign",
    "spotify.com": "si",
    "straitstimes.com": "xtor ref",
    "substack.com": "r publication_id post_id isfreemail triedredirect",
    "telegraph.co.uk": "icid",
    "theguardian.com": "cmp",
    "tiktok.com": "_r _t is_from_webapp sender_device web_id sec_uid",
    "time.com": "xid",
    "toutiao.com": "log_from app timestamp use_new_style req_id wxshare_count source",
    "twitter.com": "s t cxt",
    "udn.com": "from ch",
    "washingtonpost.com": "wprss itid wpisrc tid wpmk pwapi_token",
    "weibo.com": "from wm sourcetype",
    "wsj.com": "mod st reflink",
    "x.com": "s t cxt",
    "yahoo.com": ".tsrc bcmt ncid soc_src",
    "youtu.be": "feature si pp",
    "youtube.com": "feature si pp ab_channel",
    "zhihu.com": "hybrid_search_source hybrid_search_extra share_code",
}
AT = {host: frozenset(names.lower().split()) for host, names in _AT.items()}


def dropped_at(host: str) -> frozenset[str]:
    """The parameters that this host, or one it is a part of, does not need."""
    labels = host.split(".")
    found = (AT.get(".".join(labels[start:])) for start in range(len(labels) - 1))
    return frozenset[str]().union(*(names for names in found if names))
