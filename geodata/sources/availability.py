"""Whether the land of an estate can be had now: read from the words that its page uses, and never from a figure alone."""

import pandas as pd

NOW, PLANNED, TAKEN, UNCLEAR = "now", "planned", "taken", "unclear"

# Searched in this order, so that 「残り1区画; 2期造成中」 is land that can be had now. Words of calls and of reservations name
# land that is not yet laid out or that somebody may already have; they count as planned.
_WORDS = (
    (
        TAKEN,
        "完売|分譲完了|分譲終了|売却完了|処分率100|満床|空き区画なし|契約済$|全区画(?:内定|契約済|埋まる)|埋ま(?:る|った)",
    ),
    (PLANNED, "売却検討|予約|準備|内定|目標|予定|先行分譲"),
    (
        NOW,
        "分譲中|分譲可能|残り|未分譲|未利用地あり|分譲受付|分譲申込受付|立地ガイド掲載|賃貸|分譲手続き開始|交渉可能|オーダーメイド販売中|第2次分譲|敷地分割|^分譲開始",
    ),
    (PLANNED, "計画|構想|検討|調査|サウンディング|造成|整備|開発|事業中|着手|着工|公募|募集|交渉中|受付|方針"),
)


def availability(status: pd.Series) -> pd.Series:
    """
    What can be had, per row: now, planned, taken or unclear.

    Parameters
    ----------
    status
        State of the land in the words of its source; NaN = the source does not say.

    Returns
    -------
    availability
        Words, indexed like `status`. A status that none of our words fits is unclear, never now.
    """
    known = status.fillna("")
    found = pd.Series(UNCLEAR, index=status.index, dtype="str")
    for word, pattern in reversed(_WORDS):
        found = found.mask(known.str.contains(pattern), word)
    return found
