"""Events that a page's paragraphs have in common: a tech day, a trade fair, a summit, whatever words tell of it.

Only used among the blocks of one page: across pages the name of a fair joins a hundred different stories.
"""

import re

from watchbot.text.fold import fold

_NOUNS = (
    "day|days|forum|summit|conference|expo|exhibition|show|week|symposium|congress|fair|keynote|festival|awards|gala|"
    "meeting|ceremony|tournament|championship|championships|cup|games|olympics|convention|hackathon|roadshow"
)
_KINDS = (
    "tech|technology|investor|investors|analyst|developer|developers|capital markets|supplier|suppliers|partner|open|"
    "demo|innovation|science|launch|trade|auto|motor|air|boat|book|film|fashion|career|job|design|science|general|annual|"
    "shareholder|shareholders|stockholders|press|news|earnings|climate|security|energy|ai|robot|robotics|health|gpu"
)
_WEEKDAYS = (
    "mon|tues|wednes|thurs|fri|satur|sun|to|yester|every|birth|holi|week|mid|some|one|each|that|this|the|last|next|first|"
    "new year's|christmas"
)
_LOWER = re.compile(rf"\b((?:{_KINDS}) (?:{_NOUNS}))\b")
_NAMED = re.compile(rf"\b([A-Z][\w&'’-]*(?: (?:[A-Z][\w&'’-]*|of|for|the)){{0,4}} (?:{_NOUNS.title()}))\b")
_SIGN = re.compile(r"\b([A-Z]{3,8}) ?(?:'|20)?(\d{2})\b|\b(CES|MWC|GTC|WWDC|COMPUTEX|SEMICON|IFA|APEC|COP\d\d|OCP)\b")
_CHINESE = re.compile(
    r"(科技日|技術日|技术日|開發者(?:大會|日)|开发者(?:大会|日)|(?:[\u4e00-\u9fff]{2})(?:論壇|论坛|峰會|峰会|年會|年会|博覽會|博览会|展覽|展览|車展|车展|電腦展|电脑展|"
    r"電子展|电子展|發表會|发布会|法說會|法说会|股東會|股东会|電影節|电影节|音樂節|音乐节|運動會|运动会|頒獎典禮|颁奖典礼))"
)
_BACK = re.compile(
    r"\b(?:(?:at|during|throughout|after|from|on the sidelines of|told|opened|closed|attended) the "
    rf"(?:\w+ |two-day |three-day )?(?:event|gathering|venue|{_NOUNS})|on (?:the same )?stage|the event's|attendees|"
    r"(?:the )?(?:second|third|final|opening|closing) day of the|from the podium)\b"
    r"|(?:活動|活动|大會|大会|展會|展会|論壇|论坛|峰會|峰会)(?:中|上|現場|现场|場|场|期間|期间)|(?:在|於|于|，|。|^)(?:會|会)[中上]"
    r"|展[區区場场]|現場|现场|同場|同场|會後|会后|場邊|场边",
    re.IGNORECASE,
)


def event_names(text: str) -> frozenset[str]:
    """The events named in a text, each by its last two words (tech day), its sign (HHTD25) or its Chinese name."""
    found = {match[1] for match in _LOWER.finditer(text.lower())}
    found |= {" ".join(match[1].lower().split()[-2:]) for match in _NAMED.finditer(text)}
    found |= {(match[1] or match[3]).lower() for match in _SIGN.finditer(text)}
    found |= {fold(match[1]).text for match in _CHINESE.finditer(text)}
    return frozenset(name for name in found if not re.match(rf"(?:{_WEEKDAYS})[a-z]*\b", name))


def refers_back(text: str) -> bool:
    """Whether a text speaks of an event that was named before it ("at the event")."""
    return _BACK.search(text) is not None
