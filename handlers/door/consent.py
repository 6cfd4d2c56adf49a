"""The consent of whoever comes in: the privacy notice with its question, and the typed answer."""

from __future__ import annotations

from typing import Literal

from domain import buttons
from domain.message import Choice, Message
from domain.reading.lexicon import lexicon
from domain.texts import Marked, join
from handlers.context import Context, message
from handlers.door.accounts import proved_number
from handlers.door.privacy import notice
from handlers.door.welcome import post
from storage.invitations import Invitation


def ask_consent(ctx: Context, invitation: Invitation) -> list[Message]:
    """Show the notice to somebody whose code opens a post."""
    return ask_to_agree(
        ctx, ctx.say("start.invited", post=post(ctx, invitation.role, office_id=invitation.office_id))
    )


def ask_to_agree(ctx: Context, greeting: Marked, *, ask: str = "") -> list[Message]:
    """Show the notice below a greeting, and ask for consent; with `ask` the greeting stands apart."""
    yes, no = (
        Choice(ctx.say("start.agree"), buttons.Consent("yes")),
        Choice(ctx.say("start.decline"), buttons.Consent("no")),
    )
    number = proved_number(ctx)
    text = join((notice(ctx), ctx.say("start.consent_number", number=number) if number else ""))
    asked = ctx.say("start.consent", notice=text)
    apart = message(greeting, ask=ask) if ask else []
    return [*apart, *message(asked if ask else join((greeting, asked)), (yes, no))]


def read_consent(ctx: Context) -> Literal["yes", "no", ""]:
    """Read a typed answer to the privacy notice, the courtesies in it left aside; "" for anything else."""
    agreeing = set(ctx.say("start.typed_consent").split("|"))
    courtesies = set(lexicon()["remark"]["words"]["filler"]) - agreeing
    words = [word.strip(".,!") for word in ctx.inbound.text.casefold().split()]
    meant = [word for word in words if word and word not in courtesies]
    if " ".join(meant) in ctx.say("start.typed_refusal").split("|"):
        return "no"
    return "yes" if meant and agreeing.issuperset(meant) else ""
