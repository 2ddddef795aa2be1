"""A small news web on loopback: invented outlets, a virtual clock, and what must come of them.

`content/*.toml` are the outlets and their texts, all written for this; `outlets` reads them,
`timeline` says when what is published and polled, `web` answers requests as of a virtual instant,
`loopback` serves any such answering on 127.0.0.1, `driving` goes through the timeline, and
`scoring` compares what the public views say afterwards (`observed`) with what `expected` derives;
`manners` judges the log of requests.
"""
