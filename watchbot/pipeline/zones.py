"""Time zones as people call them: Asia/Tokyo, tokyo, 台北, San Francisco, UTC+8 -> the IANA name."""

import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

from babel.dates import get_timezone_location

from watchbot.message.words import LANGUAGES, locale_of
from watchbot.model.errors import InputError
from watchbot.text.nearest import nearest

# Cities that people live in and whose zone is named after another one.
_CITIES = {
    "Asia/Taipei": "taiwan 台灣 hsinchu 新竹 taichung 台中 tainan 台南 kaohsiung 高雄 taoyuan 桃園",
    "Asia/Shanghai": "china 中國 beijing 北京 shenzhen 深圳 guangzhou 廣州 hangzhou 杭州 suzhou 蘇州 chengdu 成都",
    "Asia/Tokyo": "japan 日本 osaka 大阪 kyoto 京都 kumamoto 熊本 jst",
    "Asia/Seoul": "korea 韓國 busan 釜山 kst",
    "Asia/Ho_Chi_Minh": "vietnam 越南 hanoi 河內 saigon 西貢 胡志明市",
    "Asia/Bangkok": "thailand 泰國",
    "Asia/Kuala_Lumpur": "malaysia 馬來西亞 penang 檳城",
    "Asia/Kolkata": "india 印度 mumbai 孟買 delhi 德里 new_delhi 新德里 bangalore 邦加羅爾 bengaluru chennai",
    "America/Los_Angeles": "san_francisco 舊金山 san_jose 聖荷西 seattle 西雅圖 silicon_valley 矽谷 las_vegas pst pdt",
    "Pacific/Honolulu": "hawaii 夏威夷",
    "America/Phoenix": "arizona 亞利桑那",
    "America/Chicago": "houston 休士頓 dallas 達拉斯 austin 奧斯汀",
    "America/New_York": "boston 波士頓 washington 華盛頓 miami 邁阿密 atlanta 亞特蘭大 est edt",
    "Europe/London": "uk england 英國 cambridge 劍橋",
    "Europe/Berlin": "germany 德國 munich 慕尼黑 frankfurt 法蘭克福 hamburg 漢堡 dresden 德勒斯登 cet",
    "Europe/Paris": "france 法國 lyon 里昂",
    "Europe/Amsterdam": "netherlands 荷蘭 eindhoven 恩荷芬",
    "Europe/Rome": "italy 義大利 milan 米蘭",
    "Europe/Zurich": "switzerland 瑞士 geneva 日內瓦",
    "Australia/Sydney": "canberra 坎培拉",
    "Asia/Jerusalem": "tel_aviv 特拉維夫 israel 以色列",
}
# Only zones without summer time stand for a bare distance from UTC that is not in whole hours.
_HALF_HOURS = {
    (1, 3, 30): "Asia/Tehran",
    (1, 4, 30): "Asia/Kabul",
    (1, 5, 30): "Asia/Kolkata",
    (1, 5, 45): "Asia/Kathmandu",
    (1, 6, 30): "Asia/Yangon",
    (1, 9, 30): "Australia/Darwin",
}
_OFFSET = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?")
_FARTHEST = {"+": 14, "-": 12}
_NEAREST = 3


class UnknownZone(InputError):
    """No zone is called so; `near` are those that were perhaps meant."""

    def __init__(self, text: str, near: tuple[str, ...]) -> None:
        """`text` as typed."""
        super().__init__(text)
        self.near = near


def zone(text: str) -> str:
    """The IANA name of what a person calls their zone; UnknownZone where it is none."""
    wanted = _key(text)
    if found := _distance(wanted) or _names().get(wanted):
        return found
    near = nearest(wanted[:60], _names(), limit=_NEAREST * 2, cutoff=0.55)
    raise UnknownZone(text.strip(), tuple(dict.fromkeys(_names()[name] for name in near))[:_NEAREST])


def _distance(wanted: str) -> str:
    """The zone of `utc+8`; "" where it is no distance from UTC."""
    found = _OFFSET.fullmatch(wanted)
    if not found:
        return "Etc/UTC" if wanted in ("utc", "gmt", "z") else ""
    sign, hours, minutes = found[1], int(found[2]), int(found[3] or 0)
    if minutes:
        return _HALF_HOURS.get((1 if sign == "+" else -1, hours, minutes), "")
    if hours > _FARTHEST[sign]:
        return ""
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours else "Etc/UTC"


@cache
def _names() -> dict[str, str]:
    """Everything a zone may be called, lower case: its name, its city in both languages, further cities."""
    known = available_timezones()
    cities = sorted(name for name in known if "/" in name and not name.startswith("Etc/"))
    found = {_key(name): name for name in known if "/" in name}
    for name in cities:
        found.setdefault(_key(name.rpartition("/")[2]), name)
    for name in cities:
        ours, *others = (get_timezone_location(name, locale=locale_of(one), return_city=True) for one in LANGUAGES)
        if _key(ours) == _key(name.rpartition("/")[2]):  # else the zone is an older name of another city's
            found |= {_key(city): name for city in others if _key(city) not in found}
    found |= {_key(name): name for name in known if _key(name) not in found}
    for name, further in _CITIES.items():
        found |= {_key(city): name for city in further.split() if name in known}
    return found


def _key(text: str) -> str:
    """Lower case, full width made narrow, words joined as in the zones' names."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold().replace("臺", "台")
    return re.sub(r"[\s_]+", "_", plain)
