"""The frozen values that travel through the pipeline, one type per moment.

Each type is named for whose claim it is: a `Candidate` is a source's claim, a `Page` a server's
answer, an `Article` our reading, a `Judgement` and a `Link` our decisions. This package decides
the vocabulary (stages, reasons, verdicts); it refuses to know how any value is made or stored.
"""

from flows.records.decisions import (
    Contribution,
    CopyKind,
    Evidence,
    Judgement,
    Link,
    LinkKind,
    Match,
    Verdict,
)
from flows.records.endings import (
    TRANSIENT,
    Ending,
    Reason,
    Skipped,
    Stage,
)
from flows.records.pages import (
    Article,
    EndCount,
    MetPage,
    Origin,
    Page,
    Redirect,
)
from flows.records.runs import (
    RunReport,
    RunState,
)
from flows.records.sources import (
    Candidate,
    DayState,
    Gap,
    GapCause,
    Look,
    LookStatus,
    Source,
    SourceMemory,
    Validators,
)
from flows.records.times import (
    ClaimedTime,
    Precision,
    UnreadTime,
    Zone,
)

__all__ = [
    "TRANSIENT",
    "Article",
    "Candidate",
    "ClaimedTime",
    "Contribution",
    "CopyKind",
    "DayState",
    "EndCount",
    "Ending",
    "Evidence",
    "Gap",
    "GapCause",
    "Judgement",
    "Link",
    "LinkKind",
    "Look",
    "LookStatus",
    "Match",
    "MetPage",
    "Origin",
    "Page",
    "Precision",
    "Reason",
    "Redirect",
    "RunReport",
    "RunState",
    "Skipped",
    "Source",
    "SourceMemory",
    "Stage",
    "UnreadTime",
    "Validators",
    "Verdict",
    "Zone",
]
