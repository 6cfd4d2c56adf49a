"""The menus of commands: what each role may do in each language, and after which turn a menu comes anew."""

from __future__ import annotations

from domain import buttons
from domain.people import RIGHTS, Right, Role
from domain.texts import LANGUAGES, Catalogue
from handlers.context import Context
from handlers.registry import Registry
from storage import contacts

# buttons after which somebody may have another role or language
_CHANGING = frozenset((buttons.Consent.prefix(), buttons.Language.prefix(), buttons.Link.prefix()))
_ERASING = "privacy"  # the dialogue after which a person may be nobody here any more
Entries = tuple[tuple[str, str], ...]  # name and description of each command
Menu = tuple[Role | None, str, Entries]  # None is everybody


def every_menu(registry: Registry, words: Catalogue) -> list[Menu]:
    """List the commands of each role and language."""
    return [
        (role, language, menu_of(registry, words, roles=frozenset({role} if role else ()), language=language))
        for role in (None, *Role)
        for language in LANGUAGES
    ]


def menu_of(registry: Registry, words: Catalogue, *, roles: frozenset[Role], language: str) -> Entries:
    """List name and description of what these roles may do."""
    say = words.in_(language)
    allowed = [
        command
        for command in registry.commands
        if command.right is Right.TALK or roles & RIGHTS[command.right]
    ]
    return tuple((command.in_(language), str(say(f"{command.module}.menu"))) for command in allowed)


def menu_after(ctx: Context, registry: Registry) -> Entries:
    """List the menu of who is speaking now, after the turn; a stranger has none of their own, unless just
    erased.
    """
    words = ctx.desk_data.words
    contact = contacts.by_address(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address)
    if contact is not None:
        return menu_of(registry, words, roles=contact.roles, language=contact.language)
    if ctx.contact is None:
        return ()
    return menu_of(registry, words, roles=frozenset(), language=ctx.say.language)


def may_have_changed(ctx: Context, registry: Registry) -> bool:
    """Tell whether this turn may have given the person another role or language."""
    said = ctx.inbound.text.strip()[1:].partition(" ")[0].partition("@")[0].casefold()
    command = registry.by_name.get(said) if ctx.inbound.text.startswith("/") else None
    of_command = command is not None and command.module in ("start", "language")
    erasing = ctx.dialogue is not None and ctx.dialogue.name == _ERASING
    tapped = ctx.inbound.button.partition(":")[0] in _CHANGING
    return ctx.contact is None or of_command or erasing or tapped
