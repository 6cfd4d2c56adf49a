"""The reference: the barest python-telegram-bot bot, stock client, long polling, as its README shows it."""

from __future__ import annotations

import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Lanjut", callback_data="echo")]])


async def text(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say back what was said."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text, reply_markup=KEYBOARD)


async def button(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer the tap and say something."""
    if update.callback_query and update.effective_chat:
        await update.callback_query.answer()
        await update.effective_chat.send_message("Lanjut", reply_markup=KEYBOARD)


def main() -> None:
    """Run until killed."""
    root = os.environ["DESK_TELEGRAM_API_URL"]
    application = (
        Application.builder()
        .token(os.environ["DESK_TELEGRAM_TOKEN"])
        .base_url(f"{root}/bot")
        .base_file_url(f"{root}/file/bot")
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, text))
    application.add_handler(CallbackQueryHandler(button))
    application.run_polling()


if __name__ == "__main__":
    main()
