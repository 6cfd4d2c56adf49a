"""The methods of the emulated Bot API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.telegram_chats import ChatMessage, EmulatedPerson, SeenFile, inline, shares
from sandbox.telegram_checks import (
    CAPTION_UNITS,
    TOAST_CHARS,
    Refusal,
    bad,
    check_markup,
    check_text,
    parsed,
)
from sandbox.wire import BotApiObject

if TYPE_CHECKING:
    from sandbox.telegram import TelegramEmulator

DOWNLOAD_BYTES = 20_000_000
UPLOAD_BYTES = 50_000_000
TAP_SECONDS = 150.0  # callback queries older than this cannot be answered
TYPING_SECONDS = 5.0  # of an action, core.telegram.org/bots/api#sendchataction
POLL_SECONDS = 50
UPDATES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Call:
    """One call with its parameters and files."""

    server: TelegramEmulator
    method: str
    params: Mapping[str, Any]
    files: Mapping[str, tuple[str, bytes]]


Method = Callable[[Call], Awaitable[Any]]


def _find_person(call: Call) -> EmulatedPerson:
    """Find who is written to; refuses as the server does."""
    try:
        person = call.server.people[int(call.params["chat_id"])]
    except (KeyError, TypeError, ValueError):
        raise bad("chat not found") from None
    if person.blocked:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    if not person.started:
        raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
    return person


def _show(call: Call, person: EmulatedPerson, *, message: ChatMessage) -> BotApiObject:
    """Put a new message on the phone and describe it."""
    server, markup = call.server, call.params.get("reply_markup") or None
    check_markup(markup)
    message.message_id, message.at = server.next_message_id(), server.clock()
    message.keyboard = inline(markup)
    message.reply_keyboard, message.reply_labels = shares(markup)
    message.reply_to = _read_answered(call)
    person.typing_until = 0.0
    if server.keep_chats:
        person.messages[message.message_id] = message
        person.touch()
    if server.on_sent is not None:
        server.on_sent(person.id, message.message_id, [data for row in message.keyboard for _, data in row])
    return _describe(call, person, message=message)


def _read_answered(call: Call) -> int | None:
    """Tell which message this one answers."""
    asked = call.params.get("reply_parameters")
    answered = (
        asked.get("message_id") if isinstance(asked, Mapping) else call.params.get("reply_to_message_id")
    )
    return int(answered) if answered else None


def _describe(call: Call, person: EmulatedPerson, *, message: ChatMessage) -> BotApiObject:
    described: BotApiObject = {
        "message_id": message.message_id,
        "from": call.server.bot(),
        "chat": person.chat(),
        "date": int(message.at),
    }
    if message.file is None:
        described["text"] = message.text
    else:
        described["caption"] = message.text
        described[message.file.kind] = _describe_file(message.file)
    markup = call.params.get("reply_markup")
    if isinstance(markup, dict) and "inline_keyboard" in markup:
        described["reply_markup"] = markup
    return described


def _describe_file(file: SeenFile) -> Any:
    same = {"file_id": file.file_id, "file_unique_id": file.file_id[:16], "file_size": file.size}
    if file.kind == "photo":
        return [{**same, "width": 800, "height": 600}]
    if file.kind == "video":
        return {**same, "width": 800, "height": 600, "duration": 1, "file_name": file.name}
    return {**same, "file_name": file.name}


async def get_me(call: Call) -> Any:
    """Describe the bot."""
    return {
        **call.server.bot(),
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


async def get_updates(call: Call) -> Any:
    """Hand over what waits."""
    offset, limit = call.params.get("offset"), int(call.params.get("limit") or UPDATES_AT_ONCE)
    timeout = min(float(call.params.get("timeout") or 0), POLL_SECONDS)
    number = int(offset) if offset is not None else None
    return await call.server.updates.poll(number, min(limit, UPDATES_AT_ONCE), timeout)


async def set_webhook(call: Call) -> Any:
    """Push from now on."""
    drop = str(call.params.get("drop_pending_updates", "")).lower() == "true"
    url, secret = str(call.params.get("url") or ""), str(call.params.get("secret_token") or "")
    call.server.updates.set_webhook(url, secret, drop=drop)
    return True


async def delete_webhook(call: Call) -> Any:
    """Go back to polling."""
    call.server.updates.set_webhook(
        "", "", drop=str(call.params.get("drop_pending_updates", "")).lower() == "true"
    )
    return True


async def webhook_info(call: Call) -> Any:
    updates = call.server.updates
    info: BotApiObject = {
        "url": updates.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if updates.last_error:
        info |= {"last_error_message": updates.last_error, "last_error_date": updates.last_error_at}
    return info


async def send_message(call: Call) -> Any:
    person = _find_person(call)
    html = str(call.params.get("text") or "")
    text = parsed(html, str(call.params.get("parse_mode") or ""))
    check_text(text)
    return _show(call, person, message=ChatMessage(0, 0.0, True, text=text, html=html))


async def send_file(call: Call) -> Any:
    person = _find_person(call)
    field = call.method.removeprefix("send").lower()
    caption = str(call.params.get("caption") or "")
    text = parsed(caption, str(call.params.get("parse_mode") or ""))
    check_text(text, limit=CAPTION_UNITS, caption=True)
    file = _take_upload(call, field)
    return _show(call, person, message=ChatMessage(0, 0.0, True, text=text, html=caption, file=file))


def _take_upload(call: Call, field: str) -> SeenFile:
    server = call.server
    attached = str(call.params.get(field) or "").removeprefix("attach://")
    if uploaded := call.files.get(field) or call.files.get(attached):
        name, content = uploaded
        if len(content) > UPLOAD_BYTES:
            raise Refusal(413, "Request Entity Too Large")
        if not content:
            raise bad("file must be non-empty")
        return SeenFile(server.store(name, content), field, name, len(content))
    if (known := server.files.get(attached)) is None or isinstance(known[1], int):
        raise bad("wrong file identifier/HTTP URL specified")
    return SeenFile(attached, field, known[0], len(known[1]))


def _find_edited(call: Call) -> tuple[EmulatedPerson, ChatMessage]:
    person = _find_person(call)
    message = person.messages.get(int(call.params.get("message_id") or 0))
    if message is None and not call.server.keep_chats:
        message = ChatMessage(int(call.params["message_id"]), 0.0, True)
    if message is None:
        raise bad("message to edit not found")
    if not message.from_bot:
        raise bad("message can't be edited")
    return person, message


async def edit_text(call: Call) -> Any:
    """Change a text in place."""
    person, message = _find_edited(call)
    if message.file is not None:
        raise bad("there is no text in the message to edit")
    html = str(call.params.get("text") or "")
    text = parsed(html, str(call.params.get("parse_mode") or ""))
    check_text(text)
    markup = call.params.get("reply_markup") or None
    check_markup(markup)
    keyboard = inline(markup)
    if (message.html, message.keyboard) == (html, keyboard):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    message.text = text
    message.html = html
    message.keyboard = keyboard
    message.edited = True
    message.tapped = False
    person.touch()
    if call.server.on_sent is not None:
        call.server.on_sent(person.id, message.message_id, [data for row in keyboard for _, data in row])
    return _describe(call, person, message=message)


async def edit_markup(call: Call) -> Any:
    """Change a keyboard in place."""
    person, message = _find_edited(call)
    markup = call.params.get("reply_markup") or None
    check_markup(markup)
    message.keyboard = inline(markup)
    message.edited, message.tapped = True, False
    person.touch()
    return _describe(call, person, message=message)


async def delete_message(call: Call) -> Any:
    person = _find_person(call)
    if person.messages.pop(int(call.params.get("message_id") or 0), None) is None:
        raise bad("message to delete not found")
    person.touch()
    return True


async def answer_tap(call: Call) -> Any:
    """Stop the spinner at a button."""
    tap = call.server.taps_open.pop(str(call.params.get("callback_query_id")), None)
    if tap is None or call.server.clock() - tap[1] > TAP_SECONDS:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    text = str(call.params.get("text") or "")
    if len(text) > TOAST_CHARS:
        raise bad("MESSAGE_TOO_LONG")
    if text:
        person = call.server.people[tap[0]]
        person.toasts.append(text)
        person.touch()
    return True


async def chat_action(call: Call) -> Any:
    """Show that the bot is at work, until its next message or for some seconds."""
    person = _find_person(call)
    person.typing_until = call.server.clock() + TYPING_SECONDS
    person.touch()
    return True


async def get_file(call: Call) -> Any:
    """Tell where a file can be fetched."""
    file_id = str(call.params.get("file_id"))
    file = call.server.files.get(file_id)
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    size = file[1] if isinstance(file[1], int) else len(file[1])
    if size > DOWNLOAD_BYTES:
        raise bad("file is too big")
    path = f"documents/{file_id}"
    return {"file_id": file_id, "file_unique_id": file_id[:16], "file_size": size, "file_path": path}


def _read_scope(call: Call) -> tuple[str, str]:
    scope = call.params.get("scope") or {"type": "default"}
    return f"{scope['type']}:{scope.get('chat_id', '')}", str(call.params.get("language_code") or "")


async def set_commands(call: Call) -> Any:
    commands = call.params.get("commands") or []
    if len(commands) > 100 or any(not 1 <= len(c["command"]) <= 32 for c in commands):
        raise bad("BOT_COMMAND_INVALID")
    if any(not 1 <= len(c["description"]) <= 256 for c in commands):
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    call.server.commands[_read_scope(call)] = list(commands)
    _show_menus(call)
    return True


def _show_menus(call: Call) -> None:
    """Let every phone on the page draw its list of commands again."""
    for person in call.server.people.values():
        person.touch()


async def get_commands(call: Call) -> Any:
    return call.server.commands.get(_read_scope(call), [])


async def delete_commands(call: Call) -> Any:
    """Forget a menu."""
    call.server.commands.pop(_read_scope(call), None)
    _show_menus(call)
    return True


async def get_chat(call: Call) -> Any:
    return {**_find_person(call).chat(), "accent_color_id": 0, "max_reaction_count": 1}


async def agree(call: Call) -> Any:
    """Take note; nothing here depends on it."""
    return True


CALLS: Mapping[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": webhook_info,
    "sendMessage": send_message,
    "sendPhoto": send_file,
    "sendDocument": send_file,
    "sendVideo": send_file,
    "editMessageText": edit_text,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_tap,
    "sendChatAction": chat_action,
    "getFile": get_file,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyDescription": agree,
    "setMyShortDescription": agree,
    "setChatMenuButton": agree,
    "getChat": get_chat,
}
