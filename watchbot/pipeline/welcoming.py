"""Whom to offer to somebody who is new: the companies most in the stored news, then well-known ones of their market."""

from collections import Counter

from watchbot.catalogue import Catalogue, Company
from watchbot.message.card import headline_text
from watchbot.pipeline.directory import Directory
from watchbot.ports.store import Tx

MOST_OFFERED = 6
LOOKED_AT = 300
_KNOWN = {
    "TW": ("tsmc", "foxconn", "mediatek", "delta-electronics", "nvidia", "apple"),
    "JP": ("toyota", "sony", "nintendo", "softbank", "tsmc", "nvidia"),
    "KR": ("samsung-electronics", "sk-hynix", "hyundai-motor", "lg-electronics", "tsmc", "nvidia"),
    "CN": ("byd", "tencent", "alibaba", "huawei", "tsmc", "apple"),
    "HK": ("tencent", "alibaba", "hsbc", "byd", "tsmc", "apple"),
}
_ANYWHERE = ("apple", "nvidia", "tesla", "microsoft", "tsmc", "samsung-electronics")


def popular(tx: Tx, directory: Directory, catalogue: Catalogue, chat: str, market: str) -> list[Company]:
    """Up to six companies, none that this chat watches already."""
    counted: Counter[str] = Counter()
    visible: dict[int, bool] = {}
    for stored in tx.items.latest(LOOKED_AT):
        if stored.source_id not in visible:
            row = tx.sources.get(stored.source_id)
            visible[stored.source_id] = row is not None and row.spec.serves(chat)
        if visible[stored.source_id]:
            counted.update(directory.naming.tagger.tag(headline_text(stored.item)).companies)
    watched = {one.watch.company for one in directory.watching(chat)}
    ids = [*(one for one, _times in counted.most_common()), *_KNOWN.get(market, _ANYWHERE), *_ANYWHERE]
    known = (catalogue.by_id(one) for one in dict.fromkeys(ids) if one not in watched)
    return [company for company in known if company is not None and company.kind == "company"][:MOST_OFFERED]
