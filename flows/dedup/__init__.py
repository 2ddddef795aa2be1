"""Copies, families and revisions, decided from texts alone; nothing here fetches or stores.

text ─ is_shell? ─ fingerprints ──▶ (the store joins rows) ──▶ compare ─▶ Relation ─▶ Link
members + links ─▶ families ─▶ story, original, kind of copy
old text, new text ─▶ edit: revision or furniture ─▶ word_diff
first seen, last looked at ─▶ next_recheck
"""

from flows.dedup.evidence import ReadText, read_text
from flows.dedup.families import Family, Member, Place, families
from flows.dedup.fingerprints import (
    FINGERPRINT_VERSION,
    LEAST_SHARED,
    TOO_COMMON,
    fingerprints,
    text_print,
)
from flows.dedup.furniture import is_shell
from flows.dedup.relations import (
    RULE_VERSION,
    ComparedText,
    Relation,
    as_link,
    compare,
    compare_read,
)
from flows.dedup.revisions import Edit, Passage, changed_words, edit, next_recheck, word_diff

__all__ = [
    "FINGERPRINT_VERSION",
    "LEAST_SHARED",
    "RULE_VERSION",
    "TOO_COMMON",
    "ComparedText",
    "Edit",
    "Family",
    "Member",
    "Passage",
    "Place",
    "ReadText",
    "Relation",
    "as_link",
    "changed_words",
    "compare",
    "compare_read",
    "edit",
    "families",
    "fingerprints",
    "is_shell",
    "next_recheck",
    "read_text",
    "text_print",
    "word_diff",
]
