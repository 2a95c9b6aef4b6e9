"""Everything that can happen in screening. The secretariat checks every sent proposal, one clerk per item; failures are
read twice; results are released together.

A decision stays inside the secretariat, the proposal still `sent`, until `release_results` moves all of them at once.
Locks are taken in this order: competition (release and batches only), clerk, proposal, screening, second look.
"""

from proposals.screening.batches import Passed, clean_items, pass_clean, undo_batch
from proposals.screening.claims import CLAIM_LASTS, claim, claim_next, give_back
from proposals.screening.corrections import open_corrections, send_correction
from proposals.screening.deciding import decide, reopen
from proposals.screening.heads import is_head, name_head, release_head
from proposals.screening.looks import claim_next_look, give_back_look, look
from proposals.screening.objections import answer_objection, object_to
from proposals.screening.release import release_results
from proposals.screening.settling import send_back, settle

__all__ = [
    "CLAIM_LASTS",
    "Passed",
    "answer_objection",
    "claim",
    "claim_next",
    "claim_next_look",
    "clean_items",
    "decide",
    "give_back",
    "give_back_look",
    "is_head",
    "look",
    "name_head",
    "object_to",
    "open_corrections",
    "pass_clean",
    "release_head",
    "release_results",
    "reopen",
    "send_back",
    "send_correction",
    "settle",
    "undo_batch",
]
