"""Copies, families and revisions, decided from texts alone; nothing here fetches or stores.

text ─ is_shell? ─ fingerprints ──▶ (the store joins rows) ──▶ compare ─▶ Relation ─▶ Link
members + links ─▶ families ─▶ story, original, kind of copy
old text, new text ─▶ edit: revision or furniture ─▶ word_diff
first seen, last looked at ─▶ next_recheck
"""

from flows.duplicates.evidence import ReadText, read_text
from flows.duplicates.families import Family, Member, Place, families
from flows.duplicates.fingerprints import (
    FINGERPRINT_VERSION,
    LEAST_SHARED,
    TOO_COMMON,
    fingerprints,
    text_print,
)
from flows.duplicates.relations import (
    RULE_VERSION,
    ComparedText,
    Relation,
    as_link,
    compare,
    compare_read,
)
from flows.duplicates.revisions import Edit, Passage, changed_words, edit, word_diff
from flows.duplicates.rhythm import next_recheck
from flows.duplicates.shells import is_shell

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
