"""Who sent a webhook's body: Meta signs it with the app's secret, and asks once for our own word."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qs

PREFIX = b"sha256="
FIELDS_MOST = 20  # of a query


def is_signed(body: bytes, header: bytes, *, app_secret: bytes) -> bool:
    """Tell whether the header `X-Hub-Signature-256` fits the raw body; compares in constant time.

    Hexadecimal digits in capitals are another header than the one Meta sends, and are not taken.
    """
    if not app_secret or not header.startswith(PREFIX):
        return False
    wanted = hmac.new(app_secret, body, hashlib.sha256).hexdigest().encode()
    return hmac.compare_digest(header.removeprefix(PREFIX), wanted)


def challenge(query: bytes, *, verify_token: bytes) -> str | None:
    """Answer the handshake of a subscription: the challenge to give back, None where the token is not
    ours.
    """
    try:
        asked = parse_qs(query.decode("latin-1"), keep_blank_values=True, max_num_fields=FIELDS_MOST)
    except ValueError:  # more fields than any handshake has
        return None
    mode, token, wanted = (
        asked.get(f"hub.{name}", [""])[0] for name in ("mode", "verify_token", "challenge")
    )
    ours = bool(verify_token) and hmac.compare_digest(token.encode("utf-8", "replace"), verify_token)
    return wanted if ours and mode == "subscribe" else None
