"""One request at a time, politely and safely: what `flows.web` is made of.

Each file answers one question: where a connection may go is `flows.guard`; what robots.txt says is
`flows.robots`; here stand the connection itself (`transport`), its bounded decoding (`decoding`),
what an answer means (`answers`), when a host may be asked (`manners`, `memory`, `lanes`), and the
small things a request carries (`cookies`, `trust`, `proxies`).
"""
