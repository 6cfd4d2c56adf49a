"""The templates of a WhatsApp Business account: what it holds, and handing one in.

Pages: developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.channels import Refused
from bot.channels.contract import AccountTemplate
from bot.channels.whatsapp.items import CloudApiObject, dict_in, list_in, text_in
from domain.templates import PARAMETER, MessageTemplate

PAGE = 100  # templates in one answer
PAGES_MOST = 50
Request = Callable[..., Awaitable[Mapping[str, Any]]]  # method, path, and `params` or `json`


class Account:
    """One account; its id is found by itself where no setting names it."""

    def __init__(self, request: Request, *, token: str, account_id: str) -> None:
        """`request` calls the Graph API and raises SendError; `account_id` may be ""."""
        self._request = request
        self._token = token
        self._id = account_id
        self.known = asyncio.Event()
        self.note(account_id)

    def note(self, account_id: str) -> None:
        """Take the id that a webhook told; one that is known already stays."""
        self._id = self._id or account_id
        if self._id:
            self.known.set()

    @property
    def noted(self) -> str:
        """The id as far as it is known."""
        return self._id

    async def id(self) -> str:
        """Find the account's id: the setting, a webhook's, else the one the token was made for.

        Raises SendError; Refused where the token names none, or several: then the first webhook tells.
        """
        if not self._id:
            answer = await self._request("GET", "/debug_token", params={"input_token": self._token})
            named = _accounts_of(dict_in(answer, "data"))
            if len(named) != 1:
                raise Refused(
                    f"the token names {len(named) or 'no'} WhatsApp accounts; the first message that comes "
                    "in tells which is ours, or set DESK_WHATSAPP_ACCOUNT_ID"
                )
            self.note(named.pop())
        return self._id

    async def templates(self) -> Sequence[AccountTemplate]:
        """List every template of the account; raises SendError."""
        path = f"/{await self.id()}/message_templates"
        templates = []
        after = ""
        for _ in range(PAGES_MOST):
            query = {"limit": str(PAGE), **({"after": after} if after else {})}
            answer = await self._request("GET", path, params=query)
            templates += [_read_template(template) for template in list_in(answer, "data")]
            paging = dict_in(answer, "paging")
            after = text_in(dict_in(paging, "cursors"), "after") if text_in(paging, "next") else ""
            if not after:
                break
        return templates

    async def submit(self, template: MessageTemplate, language: str) -> AccountTemplate:
        """Hand a template in for review; returns how it stands. Raises SendError."""
        answer = await self._request(
            "POST", f"/{await self.id()}/message_templates", json=submission(template, language)
        )
        category = text_in(answer, "category") or template.category
        return AccountTemplate(
            template.name, language, text_in(answer, "status"), category, template.in_(language).text
        )


def _accounts_of(token: Mapping[str, Any]) -> set[str]:
    """Find the accounts a token was made for; other scopes name businesses and pages."""
    return {
        target
        for scope in list_in(token, "granular_scopes")
        if text_in(scope, "scope").startswith("whatsapp_business_")
        for target in list_in(scope, "target_ids")
        if isinstance(target, str)
    }


def submission(template: MessageTemplate, language: str) -> CloudApiObject:
    """Write a template as the Graph API takes it: named parameters with examples, one quick reply."""
    words = template.in_(language)
    body: CloudApiObject = {"type": "BODY", "text": words.text}
    if names := list(dict.fromkeys(PARAMETER.findall(words.text))):
        examples = [{"param_name": name, "example": template.parameters[name]} for name in names]
        body["example"] = {"body_text_named_params": examples}
    reply = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": words.button}]}
    return {
        "name": template.name,
        "language": language,
        "category": template.category,
        "parameter_format": "NAMED",
        "components": [body, reply],
    }


def _read_template(template: Any) -> AccountTemplate:
    bodies = [part for part in list_in(template, "components") if text_in(part, "type").upper() == "BODY"]
    text = bodies[0].get("text") if bodies else ""  # longer than `text_in` reads
    return AccountTemplate(
        text_in(template, "name"),
        text_in(template, "language"),
        text_in(template, "status").upper(),
        text_in(template, "category").upper(),
        text if isinstance(text, str) else "",
    )
