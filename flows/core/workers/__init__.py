"""Worker processes that can be killed: where bytes from outside are parsed.

    stage ── pool.Workers.ask(Call, values) ── length, pickle ──► worker: the function by its name
          ◄─ its answer, or why there is none (pool.Lost) ───────

One pool for all stages, one protocol. What is called, and what an answer may be made of, is the
stage's to say: nothing here knows pages or listings. Nothing is imported here: a worker starts with
what it needs only.
"""
