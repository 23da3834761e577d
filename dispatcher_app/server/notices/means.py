"""What a node tells people with: a provider, the public address of the customers' pages, a language."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dispatcher_app import text
from dispatcher_app.integrations.notice import Journal, Provider
from dispatcher_app.integrations.webhook import LOOPBACK, BadAddress, Webhook
from dispatcher_app.text import Language

SECRET = "DISPATCHER_NOTICES_SECRET"
"""The environment's name for the secret that notices are signed with; it is never an argument, where others see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Without a public address notices carry no link and there are no customers' pages."""

    provider: Provider = field(default_factory=Journal)
    public: str = ""
    language: Language = text.DEFAULT


def means(notices: str, public: str, language: Language) -> Means:
    """What the administrator has set; raises BadAddress for what would show customers' data to others."""
    provider = Webhook(notices, os.environ.get(SECRET, "")) if notices else Journal()
    return Means(provider=provider, public=public_address(public), language=language)


def public_address(public: str) -> str:
    """The address that customers' links begin with; raises BadAddress where it is none or not encrypted."""
    if not public:
        return ""
    parts = urlsplit(public)
    if not parts.hostname or parts.query or parts.fragment:
        raise BadAddress("the public address is like https://repair.example.com")
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise BadAddress("the public address must begin with https://")
    return public.rstrip("/")
