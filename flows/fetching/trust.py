"""Whose certificates are believed: certifi's or the system's, by choice.

`SSL_CERT_FILE` and `SSL_CERT_DIR` go before either, as everywhere OpenSSL is used. Verification is
never switched off here or anywhere.
"""

import ssl
from collections.abc import Mapping
from typing import Literal

import certifi
import truststore


def tls_context(
    trust_store: Literal["certifi", "system"], environment: Mapping[str, str]
) -> ssl.SSLContext:
    """A verifying client context. Costs some 20 ms, so one serves a whole run."""
    cafile, capath = environment.get("SSL_CERT_FILE"), environment.get("SSL_CERT_DIR")
    if cafile or capath:
        return ssl.create_default_context(cafile=cafile or None, capath=capath or None)
    if trust_store == "system":
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context(cafile=certifi.where())
