"""One request at a time, politely and safely: what `flows.fetch.client` is made of.

Each file answers one question: where a connection may go is `flows.fetch.addresses`; what robots.txt says is
`flows.fetch.robots`; here stand the connection (`transport` over `wires`) and its bounded decoding
(`decoding`), what an answer means (`answers`, `walls`), when a host may be asked (`manners`,
`memory`, `lanes`, `permission`), one request with its tries (`asking`), and what it carries
(`errands`, `cookies`, `trust`, `proxies`).
"""
