"""Worker processes that can be killed: where bytes from outside are parsed.

    stage ── Workers.ask(Call, values) ── length, pickle ──► worker: the function by its name
          ◄─ its answer, or why there is none (`Lost`) ────

One pool for all stages, one protocol (`pool`, `worker`). What is called, and what an answer may be
made of, is the stage's to say: nothing here knows pages or listings.
"""

from flows.core.workers.pool import Call, Lost, Workers

__all__ = ["Call", "Lost", "Workers"]
