"""The frozen values that travel through the pipeline, one type per moment.

Each type is named for whose claim it is: a `Candidate` is a source's claim, a `Page` a server's
answer, an `Article` our reading, a `Judgement` and a `Link` our decisions. This package decides
the vocabulary (stages, reasons, verdicts); it refuses to know how any value is made or stored.
"""

from flows.core.decisions import (
    Contribution,
    CopyKind,
    Evidence,
    Judgement,
    Link,
    LinkKind,
    Match,
    Verdict,
)
from flows.core.endings import (
    TRANSIENT,
    Ending,
    Reason,
    Skipped,
    Stage,
)
from flows.core.pages import (
    Article,
    EndCount,
    MetPage,
    Origin,
    Page,
    Redirect,
)
from flows.core.runs import (
    RunReport,
    RunState,
    Scheduled,
)
from flows.core.sources import (
    Candidate,
    DayState,
    Gap,
    GapCause,
    Look,
    LookStatus,
    RecentItem,
    Source,
    SourceMemory,
    Validators,
)
from flows.core.times import (
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
    "RecentItem",
    "Redirect",
    "RunReport",
    "RunState",
    "Scheduled",
    "Skipped",
    "Source",
    "SourceMemory",
    "Stage",
    "UnreadTime",
    "Validators",
    "Verdict",
    "Zone",
]
