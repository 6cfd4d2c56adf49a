"""BERHENTI and MULAI: nothing unasked any more, or again; what the person starts works as ever."""

from __future__ import annotations

from functools import lru_cache

from domain import buttons
from domain.message import Choice, Kind, Message
from domain.people import Right
from domain.reading.silence_wish import Part, Vocabulary, Wish, parts_in, vocabulary, wish_in
from domain.texts import LANGUAGES, Catalogue
from domain.typed_choice import Reads
from handlers import typed_choice
from handlers.context import Context, Says, message
from storage import audit, opt_ins
from storage.opt_ins import How

SWITCHES = frozenset({"silent", "speak"})  # what a button of one's own data does to it


def heard(ctx: Context, open_now: Says | None, *, version: str) -> list[Message]:
    """Take a wish for silence, or for its end, that is sure; nothing where there is none.

    `version` is that of the privacy notice as it stands.
    """
    wish = _read_wish(ctx, open_now)
    if ctx.contact is None or wish is None:
        return []
    if wish is Wish.SPEECH:
        silent = opt_ins.silent_since(ctx.tx, ctx.contact.id) is not None
        is_meant = silent and not _may_mean_everybody(ctx)
        return turned(ctx, wants=True, how="word", version=version) if is_meant else []
    is_sure = wish is Wish.SILENCE or (wish is Wish.PAUSE and ctx.dialogue is None)
    if not is_sure or _may_mean_everybody(ctx):
        return []
    return turned(ctx, wants=False, how="word", version=version)


def asked(ctx: Context, open_now: Says | None) -> list[Message]:
    """Ask about a wish for silence that is not sure: it may be an answer, leaving what is open, or the
    desk's own switch; nothing where there is none, or an answer plainly is one.
    """
    wish = _read_wish(ctx, open_now)
    if wish is None or wish is Wish.SPEECH:
        return []
    takes_text = open_now is not None and open_now.reads(ctx) in (Reads.TEXT, Reads.TITLE)
    if wish is Wish.PERHAPS_WITHIN and takes_text:
        return []
    silence = Choice(ctx.say("privacy.silence"), buttons.Privacy("silent"))
    if wish is Wish.PAUSE:
        leave = Choice(ctx.say("silence.leave"), buttons.Open("batal"))
        return message(ctx.say("silence.ask_which"), (silence,), (leave,))
    if wish is not Wish.SILENCE and takes_text:
        return typed_choice.choice_or_answer(ctx, silence)
    other = Choice(ctx.say("silence.stay"), buttons.Privacy("speak"))
    if _may_mean_everybody(ctx):
        other = Choice(ctx.say("opens.reminders"), buttons.Open("pengingat"))
    return message(ctx.say("silence.ask"), (silence,), (other,))


def _read_wish(ctx: Context, open_now: Says | None) -> Wish | None:
    """Read what was typed; None for a stranger, and for a word by which the open dialogue is left."""
    if ctx.contact is None or ctx.inbound.kind is not Kind.TEXT:
        return None
    own = str(ctx.say(open_now.words)).split("|") if open_now and open_now.words else ()
    is_own = ctx.inbound.text.strip().casefold().rstrip(".!") in own
    return None if is_own else _find_wish(ctx.inbound.text, ctx.desk_data.words)


@lru_cache(maxsize=64)  # asked twice of the same text
def _find_wish(text: str, words: Catalogue) -> Wish | None:
    return wish_in(text, _load_vocabulary(words))


def _may_mean_everybody(ctx: Context) -> bool:
    """Whether somebody who can hold everybody's reminders names them, and not that only they are meant."""
    parts = parts_in(ctx.inbound.text, _load_vocabulary(ctx.desk_data.words))
    return ctx.may(Right.MANAGE_REMINDERS) and Part.THING in parts and Part.SELF not in parts


@lru_cache(maxsize=8)
def _load_vocabulary(words: Catalogue) -> Vocabulary:
    """The words people use for it, of every language: people mix them."""
    says = list(map(words.in_, LANGUAGES))
    parts = [part for part in Part if part is not Part.OTHER]

    def listed(name: str) -> list[str]:
        return [word for say in says for word in say(f"silence.typed_{name}").split("|")]

    return vocabulary({part: listed(part) for part in parts}, alike=listed("alike"))


def turned(ctx: Context, *, wants: bool, how: How, version: str) -> list[Message]:
    """Keep the decision with the text it was made on, and say what holds from now on."""
    is_silent = opt_ins.silent_since(ctx.tx, ctx.person.id) is not None
    if is_silent == wants:
        opt_ins.record(
            ctx.tx,
            ctx.person.id,
            opt_ins.OptIn(wants=wants, channel=ctx.inbound.channel, how=how, version=version),
            now=ctx.now,
        )
        action = "opted_in" if wants else "opted_out"
        audit.record(ctx.tx, action, now=ctx.now, actor=ctx.person.id, before=not wants, after=wants)
    kept = "silence.speaks" if is_silent else "silence.unchanged"
    return message(
        ctx.say(kept if wants else "silence.silent"),
        (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),),
    )
