"""A notice of the platform about the account: of interest is what it says of our templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels import Unreadable
from bot.channels.whatsapp.items import text_in
from domain.templates import TemplateNews

STATUS, CATEGORY = "message_template_status_update", "template_category_update"


def template_news(field: str, value: Mapping[str, Any]) -> TemplateNews:
    """Read what became of a template; raises Unreadable for a notice about anything else."""
    name, language = text_in(value, "message_template_name"), text_in(value, "message_template_language")
    if not (name and language):
        raise Unreadable("no notice about a template")
    if field == STATUS and (status := text_in(value, "event")):
        return TemplateNews(name, language, status=status.upper())
    if field == CATEGORY and (category := text_in(value, "new_category")):
        return TemplateNews(name, language, category=category.upper())
    raise Unreadable("no notice about a template")
