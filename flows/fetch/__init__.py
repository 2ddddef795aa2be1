"""One request at a time, politely and safely. `client.Web` is the door.

Each file answers one question: where a connection may go (`addresses`), what robots.txt allows
(`robots`), the connection (`transport` over `sockets`), the head of an answer (`heads`) and its
bounded decoding (`decoding`), what an answer means (`response`, `walls`, `refresh`), when a host
may be asked (`hosts`, `backoff`, `host_state`), one request with its tries (`attempts`) and what it
carries (`request`, `cookies`). Where pages are archived is passed in.
"""
