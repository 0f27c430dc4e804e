"""Chinese accidents: two characters that are a company's name, and only happen to stand side by side here.

Where the word cut goes through the name, the clause is cut again with the name in one piece: the reading with fewer
words is the likelier one. A tie goes to a name that begins a clause, unless its first character is itself a word there
(台積極, 力成功, 美律師). A longer word that begins with the name is the same company only if enough follows (中兴通讯);
京东方 is another one.
"""

from functools import lru_cache

from watchbot.text.tokens import is_cjk
from watchbot.text.wordcut import cut

# So many characters on either side are read; words are shorter.
WINDOW = 8
# Countries, and other characters that begin a clause as words of their own.
_WORDS = frozenset("台中美日韩英德法俄印力新大恩")
# Words of the dictionary that are weak enough to be broken up by a name: 美光|是.
_WEAK = frozenset({"光是"})
# One character after a name that makes no other company of it: 宝马车.
_TAILS = frozenset("车厂系股")
# 百度 is a temperature as well.
_UNIT = "百度"
_COUNTED = frozenset("上近数超逾达破两几一二三四五六七八九多")
_HEAT = ("高温", "以上", "以下", "热浪", "灼热")
# What may follow a Japanese name in hiragana: particles and forms of "to be".
_PARTICLES = frozenset("がのはをにへともでやかよねだなっらまさすしばそ")


def is_accident(text: str, start: int, end: int) -> bool:
    """Whether the name at start..end of a folded text is an accident of its neighbours."""
    left = start
    while left and start - left < WINDOW and is_cjk(text[left - 1]):
        left -= 1
    right, size = end, len(text)
    while right < size and right - end < WINDOW and is_cjk(text[right]):
        right += 1
    if left == start and right == end:
        return False
    return _judge(text[left:start], text[start:end], text[end:right])


@lru_cache(maxsize=1 << 13)
def _judge(left: str, name: str, right: str) -> bool:
    """The same for the neighbours, each cut at what is no character of these scripts."""
    if name == _UNIT and (left[-1:] in _COUNTED or right.startswith(_HEAT)):
        return True
    if left and right and "\u3041" <= right[0] <= "\u309f" and right[0] not in _PARTICLES:
        # 初日立ち寄り: the last character goes with the ending of a verb.
        return not "\u3041" <= left[-1] <= "\u309f"
    words = cut(left + name + right)
    start, end = len(left), len(left) + len(name)
    begins = any(at == start for at, _ in words)
    if begins and any(at == end for _, at in words):
        return False
    if begins:
        over = next((after for at, after in words if at == start and after > end), 0)
        if over:
            rest = right[: over - end]
            return len(rest) < 2 and rest not in _TAILS
    with_name = len(cut(left)) + 1 + len(cut(right))
    if with_name != len(words):
        return with_name > len(words)
    if left:
        return True
    whole = left + name + right
    crossing = next((whole[at:after] for at, after in words if at < end < after), "")
    return name[0] in _WORDS and crossing not in _WEAK
