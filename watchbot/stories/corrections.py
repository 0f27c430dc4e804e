"""Corrections and denials: news about a told story that is worth a second sound."""

import re

_ENGLISH = re.compile(
    r"\b(?:correct(?:s|ed|ion|ions|ing)|clarif(?:y|ies|ied|ication)|den(?:y|ies|ied|ying|ial|ials)|retract(?:s|ed|ing|ion)?|"
    r"rebut(?:s|ted|tal)?|refut(?:e|es|ed|ing)|disput(?:es|ed|ing)|withdraws? (?:its |the )?(?:story|report|statement)|"
    r"walks? back|backtracks?|debunk(?:s|ed)?|dismiss(?:es|ed)? (?:reports?|rumou?rs?|claims?)|"
    r"not true|no truth|hoax|apologi[sz]es? for (?:its |the )?report)\b",
    re.IGNORECASE,
)
# "correction" is also what markets do, and "corrected" what numbers are.
_NOT_ENGLISH = re.compile(
    r"\b(?:market|price|stock|technical|course|house|bond|colou?r)s? corrections?\b|"
    r"\bcorrections? (?:in|officer|facilit|department)|\bdepartment of corrections?\b|"
    r"\bden(?:y|ies|ied) (?:bail|entry|parole|visas?|boarding|appeal|motion|access)\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    "更正|澄清|否認|否认|駁斥|驳斥|闢謠|辟谣|勘誤|勘误|撤回報導|撤回报道|並非事實|并非事实|不實消息|不实消息|訂正|訂正記事"
)


def is_correction(title: str, body: str) -> bool:
    """Whether an item corrects or denies something: its headline says so, or the beginning where it has none."""
    text = title or body[:120]
    if _CHINESE.search(text):
        return True
    return _ENGLISH.search(_NOT_ENGLISH.sub(" ", text)) is not None
