"""Handles one turn of anybody: the right is checked, then what was said finds its function.

Checked here is what a role may do; what belongs to one office is checked by whoever loads it (`Context.may`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain import buttons
from domain.desk_data import DeskData
from domain.message import Fetched, Inbound, Kind, Message
from domain.message_length import fitted
from domain.people import Right, Role
from domain.reading.link_codes import link_code_in
from domain.reading.receipts import receipt_in, receipt_within
from domain.templates import TemplateNews
from domain.texts import join
from domain.typed_choice import Reads
from handlers import (
    crossing,
    not_taken,
    notices,
    open_dialogue,
    remarks,
    run_command,
    typed_choice,
    typed_command,
    typed_name,
    typed_row,
    unwanted_file,
)
from handlers.broadcast import written_back
from handlers.context import Context, Says
from handlers.door import code_found, help, linking, own_number, privacy, second_role, silence, start
from handlers.door.welcome import welcome
from handlers.estimate import innovations
from handlers.innovation import edited, typed_check
from handlers.menus import Entries, Menu, every_menu, may_have_changed, menu_after, menu_of
from handlers.questions import ask, desk_answers
from handlers.registry import Registry
from handlers.reminders import typed_snooze
from handlers.review import decisions, indicators, queue
from handlers.speaking import context_of
from storage import addresses, contacts, dialogues, keyboards, templates
from storage.dialogues import Dialogue
from storage.engine.transaction import Transaction


class Desk:
    """Answers turns; everything it needs was given at construction."""

    def __init__(self, desk_data: DeskData, register: Registry) -> None:
        self.desk_data, self.registry = desk_data, register

    def take(
        self, tx: Transaction, inbound: Inbound, *, fetched: Fetched | None, now: datetime
    ) -> Sequence[Message]:
        """Answer one thing a person did; raises WantsFile or WantsLink when the turn needs what lies
        outside.
        """
        if inbound.kind is Kind.BLOCKED:
            contacts.block(tx, inbound.channel, address=inbound.address, now=now)
            return ()
        if inbound.kind in (Kind.IGNORED, Kind.UNBLOCKED, Kind.NOTED):
            return ()
        ctx = context_of(tx, self.desk_data, inbound=inbound, fetched=fetched, now=now)
        if ctx.has_others:
            addresses.spoke(tx, inbound.channel, address=inbound.address, at=min(inbound.sent_at or now, now))
        if inbound.kind is Kind.EDITED:
            return edited.corrected(ctx)
        choices = None if crossing.is_crossed(ctx) else typed_choice.standing(ctx)
        if choices is None:  # or they are not those of our newest message that were meant
            return self._take_turn(ctx)
        if typed_row.may_be_named(choices[0]):
            ctx = replace(ctx, offered=choices[0])
        return self._take_by_keyboard(ctx, choices) or self._take_turn(ctx)

    def _take_turn(self, ctx: Context) -> Sequence[Message]:
        messages = self._take_tap(ctx) if ctx.inbound.kind is Kind.BUTTON else self._take_words(ctx)
        return self._finish(ctx, messages or self._answer_lost(ctx))

    def _take_by_keyboard(self, ctx: Context, choices: typed_choice.Standing) -> Sequence[Message]:
        """Take what was typed for the choices of our newest message that had some; nothing where it is
        none of them.
        """
        open_now = open_dialogue.find(ctx, self.registry)
        taps, question = typed_choice.meant(ctx, open_now, choices)
        said: Sequence[Message] = ()
        turn = ctx
        for button in taps:
            inbound = replace(ctx.inbound, kind=Kind.BUTTON, button=button, message_ref="")
            # what one tap has changed is read anew for the next
            turn = replace(ctx, inbound=inbound) if turn is ctx else _reread(ctx, inbound)
            said = self._take_turn(turn)
        return [*question, *map(typed_choice.in_words, said)]

    def _take_as_answer(self, ctx: Context, text: str) -> list[Message]:
        """Take what was typed as the answer after all; a second tap finds another question and is not
        taken.
        """
        inbound = ctx.inbound
        if ctx.dialogue is None or not keyboards.is_last(
            ctx.tx, inbound.channel, address=inbound.address, data=inbound.button
        ):
            return self._refuse(ctx)
        said = replace(inbound, kind=Kind.TEXT, text=text, button="", confirmed=True)
        return self._take_in_dialogue(replace(ctx, inbound=said), ctx.dialogue, is_answer=True)

    def _take_tap(self, ctx: Context) -> list[Message]:
        data = ctx.inbound.button
        if opened := buttons.Open.parse(data):
            return run_command.run(ctx, self.registry, opened.command, args="")
        if written := buttons.Written.parse(data):
            return self._take_as_answer(ctx, written.said)
        for taps in self.registry.taps(data):
            if (button := taps.family.parse(data)) is not None and ctx.may(taps.right):
                switched = isinstance(button, buttons.Privacy) and button.act in silence.SWITCHES
                return [*taps.handle(ctx, button), *(open_dialogue.ask_form_again(ctx) if switched else ())]
        return self._refuse(ctx)

    def _refuse(self, ctx: Context) -> list[Message]:
        """Say that a button is no longer good, and lead on."""
        prefix = ctx.inbound.button.partition(":")[0]
        ctx.refuse("refused_button", button=prefix if prefix in self.registry.by_prefix else "")
        first, *others = self._answer_lost(ctx)
        return [replace(first, toast=ctx.say("ui.toast_old")), *others]

    def _take_words(self, ctx: Context) -> list[Message]:
        """Take what was written: the switch of silence, a command, what anybody may write, then what only
        somebody we know may.
        """
        open_now = open_dialogue.find(ctx, self.registry)
        if turned := silence.heard(ctx, open_now, version=privacy.NOTICE_VERSION):
            return [*turned, *open_dialogue.ask_form_again(ctx)]
        if asked := silence.asked(ctx, open_now):
            return asked
        text = ctx.inbound.text.strip()
        if ctx.inbound.kind is Kind.TEXT and text.startswith("/") and len(text) > 1:
            name, _, args = text[1:].partition(" ")
            return run_command.run(ctx, self.registry, name.partition("@")[0].casefold(), args=args)
        if ctx.inbound.kind is Kind.TEXT and (code := link_code_in(text)):
            return linking.code_sent(ctx, code)
        if answered := linking.typed(ctx):
            return answered
        if code := code_found.pasted_code(ctx):
            return [*start.code_given(ctx, code), *open_dialogue.ask_form_again(ctx)]
        if ctx.inbound.kind is Kind.TEXT and (opened := self._take_command_in_words(ctx, open_now)):
            return opened
        if ctx.contact is None:
            return self._take_words_of_page(ctx) or start.stranger(ctx)
        return self._take_words_of_known(ctx, open_now)

    def _take_words_of_known(self, ctx: Context, open_now: Says | None) -> list[Message]:
        """Take what somebody we know wrote: a receipt, a reply, a name, the answer to an open question; else
        search for an answer.
        """
        if ctx.dialogue is None and ctx.offered and (chosen := self._take_row(ctx)):
            return chosen
        if messages := self._open_receipt(ctx):
            return [*messages, *open_dialogue.ask_form_again(ctx)]
        if ctx.dialogue is None and (answered := second_role.typed(ctx) or typed_snooze.typed(ctx)):
            return answered
        if ctx.inbound.reply_to and (answered := desk_answers.replied(ctx) or written_back.replied(ctx)):
            return answered
        if ctx.dialogue is None and ctx.inbound.kind is Kind.PHONE:
            return own_number.phone_said(ctx)
        if opened := self._open_by_name(ctx, open_now):
            return opened
        if ctx.dialogue:
            return self._take_in_dialogue(ctx, ctx.dialogue)
        if opened := indicators.typed(ctx) or typed_check.typed(ctx):
            return opened
        if remarks.is_idle(ctx):
            return self._answer_lost(ctx)
        if led := self._take_words_of_page(ctx):
            return led
        asked = decisions.typed(ctx) or ask.heard(ctx, None)
        return asked or typed_name.offered(ctx) or ask.guessed(ctx) or self._answer_lost(ctx)

    def _take_row(self, ctx: Context, *, may_be_answer: bool = False) -> list[Message]:
        """Tap the row of the list before the person that is named, or ask which is meant, or whether it is
        the answer to the open question.
        """
        choice, question = typed_row.meant(ctx)
        if choice and may_be_answer:
            return typed_choice.choice_or_answer(ctx, choice)
        if question and may_be_answer:
            return typed_choice.or_answer(ctx, question)
        return self._tap_for(ctx, choice.data) if choice else question

    def _open_by_name(self, ctx: Context, open_now: Says | None) -> list[Message]:
        """Open what is named whole, where no question takes it; where its answer may be a number, ask."""
        if open_now is None:
            return typed_name.opened(ctx)
        if ctx.inbound.reply_to:
            return []  # a reply is to a question of ours, the open one or one before it
        if ctx.inbound.kind is not Kind.TEXT:
            return []
        reads = open_now.reads(ctx)
        may_be_answer = reads in (Reads.TEXT, Reads.TITLE)
        if ctx.offered and (chosen := self._take_row(ctx, may_be_answer=may_be_answer)):
            return chosen
        if reads is Reads.TITLE:
            return []
        known = reads is not Reads.NAMES or open_now.knows(ctx)
        if not (known and open_now.is_name(ctx)) and (led := self._take_words_of_page(ctx)):
            return led
        if not known:
            opened = typed_name.opened(ctx)
            if not opened and (answered := ask.heard(ctx, open_now)):
                return answered
            shown = opened or typed_name.offered(ctx)
            return [*shown, *open_dialogue.ask_form_again(ctx)] if shown else []
        titled = typed_name.of_number(ctx, ctx.inbound.text)
        return typed_choice.choice_or_answer(ctx, typed_name.choice_of(ctx, titled)) if titled else []

    def _take_words_of_page(self, ctx: Context) -> list[Message]:
        """Tap the button that words of the page stand for, or ask whether it is meant."""
        data, question = typed_choice.words_of_page(ctx)
        return self._tap_for(ctx, data) if data else question

    def _tap_for(self, ctx: Context, data: str) -> list[Message]:
        """Tap a button that was named; what a toast would say is said in words."""
        tap = replace(ctx.inbound, kind=Kind.BUTTON, button=data, message_ref="")
        return [typed_choice.in_words(words) for words in self._take_tap(replace(ctx, inbound=tap))]

    def _open_receipt(self, ctx: Context) -> list[Message]:
        """Open what a receipt number names, wherever it is typed; nothing for any other text.

        Within a sentence it is looked for where no question is open: there a sentence may be the answer.
        """
        text = ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else ""
        receipt = receipt_in(text) or (receipt_within(text) if ctx.dialogue is None else "")
        if not receipt or not ctx.may(Right.SEE_INNOVATIONS) or self._asks_for_it(ctx):
            return []
        of_receipt = queue.of_receipt if ctx.may(Right.VERIFY) else innovations.of_receipt
        return [*ask.about_receipt(ctx), *of_receipt(ctx, receipt)]

    def _asks_for_it(self, ctx: Context) -> bool:
        """Tell whether the open question asks for an innovation, and this is one it knows."""
        open_now = open_dialogue.find(ctx, self.registry)
        return open_now is not None and open_now.asks_for_innovation and open_now.is_name(ctx)

    def _take_command_in_words(self, ctx: Context, open_now: Says | None) -> list[Message]:
        """Take a command that is named without its slash; where it may be an answer, ask which is meant."""
        named = typed_command.named(ctx, self.registry)
        if named is None:
            return []
        reads = open_now.reads(ctx) if open_now else Reads.NOTHING
        door = named.door
        if not typed_command.is_meant(ctx, named, open_now=open_now, reads=reads):
            choice = typed_command.choice_of(ctx, door)
            return typed_choice.choice_or_answer(ctx, choice) if choice else []
        if door.command is not None:
            return run_command.run(ctx, self.registry, door.command.name, args=named.args)
        return self._tap_for(ctx, door.button.data() if door.button else "")

    def _take_in_dialogue(
        self, ctx: Context, dialogue: Dialogue, *, is_answer: bool = False
    ) -> list[Message]:
        """Let the open dialogue take it; a remark is answered first, unless it was said to be the answer."""
        taken = self.registry.dialogues.get(dialogue.name)
        if taken is not None and not ctx.may(taken.right):
            ctx.refuse("refused_dialogue", name=dialogue.name)
            dialogues.close(ctx.tx, ctx.person.id)
            taken = None
        if taken is None:
            return self._answer_lost(ctx)
        if is_answer:
            return taken.handle(ctx)
        if crossing.is_crossed(ctx) and (crossed := self._tell_crossed(ctx, taken)):
            return crossed
        if refused := unwanted_file.answered(ctx, taken):
            return refused
        if answered := ask.heard(ctx, taken) or remarks.answered(ctx, taken):
            return answered
        said = taken.handle(ctx)
        return ask.unread(ctx, taken, said)

    def _tell_crossed(self, ctx: Context, open_now: Says) -> list[Message]:
        asked_again = open_dialogue.ask_again(ctx, self.registry)
        return crossing.answered(ctx, open_now, asked_again=asked_again)

    def _answer_lost(self, ctx: Context) -> list[Message]:
        """Answer what fits nowhere: never silence, always a way on."""
        if ctx.contact is None:
            return start.stranger(ctx)
        if shown := open_dialogue.ask_form_again(ctx):
            return shown
        greeting = welcome(ctx)
        return [replace(greeting[0], text=join((help.courtesy(ctx), greeting[0].text))), *greeting[1:]]

    def _finish(self, ctx: Context, messages: Sequence[Message]) -> Sequence[Message]:
        """Tie the first message to the tap it answers, and bring the menu where role or language may have
        changed.
        """
        first = messages[0]
        if ctx.inbound.kind is Kind.BUTTON:
            first = first.answering(ctx.inbound)
        if may_have_changed(ctx, self.registry):
            first = replace(first, menu=menu_after(ctx, self.registry))
        return [fitted(message) for message in (first, *messages[1:])]

    def too_fast(self, tx: Transaction, channel: str, *, address: str) -> tuple[bool, Message]:
        """Say whether this is somebody we know, and what a person hears who writes faster than we answer."""
        return not_taken.too_fast(tx, self.desk_data, channel=channel, address=address)

    def template_told(self, tx: Transaction, channel: str, *, news: TemplateNews, now: datetime) -> None:
        """Keep what a platform says of a template, and tell the desk where it can be used no more."""
        if templates.note(tx, channel, news=news, now=now):
            notices.tell_of_template(tx, self.desk_data.words, channel=channel, news=news, now=now)

    def not_arrived(self, tx: Transaction, outbox_id: int, *, now: datetime) -> None:
        """Try another way to the person where a message failed for good."""
        notices.try_other_address(tx, self.desk_data, outbox_id=outbox_id, now=now)

    def given_up(self, tx: Transaction, inbound: Inbound, *, now: datetime) -> list[tuple[str, str, Message]]:
        """Apologise to the person and tell the desk, after a turn that failed five times."""
        return not_taken.given_up(context_of(tx, self.desk_data, inbound=inbound, fetched=None, now=now))

    def menus(self) -> list[Menu]:
        """List the commands of each role and language, for the channels' menus; None is everybody."""
        return every_menu(self.registry, self.desk_data.words)

    def menu(self, roles: frozenset[Role], language: str) -> Entries:
        """List name and description of what these roles may do."""
        return menu_of(self.registry, self.desk_data.words, roles=roles, language=language)


def _reread(ctx: Context, inbound: Inbound) -> Context:
    return context_of(ctx.tx, ctx.desk_data, inbound=inbound, fetched=ctx.fetched, now=ctx.now)
