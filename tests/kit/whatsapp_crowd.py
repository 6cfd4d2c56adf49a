"""People who hand in an innovation on WhatsApp by themselves: they read what it shows, tap, pick and type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.whatsapp import WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppMessage
from tests.kit.crowd import NEW, ONWARDS_LABEL, PatientPerson, text_answer

ONWARDS = ("done", "keep", "skip")  # actions that leave a question
WORDS = ("selesai", "lanjut", "lewati")  # the same, where they stand below the message


@dataclass(kw_only=True)
class WhatsAppCrowdPerson(PatientPerson):
    """One of them on WhatsApp."""

    begins_with = "ajukan"
    user_id: str
    emulator: WhatsAppEmulator

    def _chat(self) -> Sequence[WhatsAppMessage]:
        return list(self.emulator.people.by_user_id[self.user_id].messages.values())

    def _is_from_desk(self, message: WhatsAppMessage) -> bool:
        return message.from_business

    def _reads(self, message: WhatsAppMessage) -> None:
        if "Nomor tanda terima" in message.text:
            self.done = True
            return
        labelled = [*message.buttons, *((title, data) for title, _, data in message.rows)]
        shown = [data for _, data in labelled]
        if NEW in shown:  # a colleague of the same office has a draft already
            self._taps(message, NEW)
            return
        if onwards := next((data for title, data in labelled if title == ONWARDS_LABEL), ""):
            self._taps(message, onwards)
            return
        ours = [data for data in shown if data.startswith("f:")]
        place = ours[0].split(":")[2] if ours else self._asked(message.text)
        if not place:
            return
        seen = (place, frozenset(data.split(":")[4] for data in ours), message.footer)
        if seen == self.last:  # the same question again, sent twice after a crash
            return
        self.last = seen
        self._answers(place, message, ours)

    def _asked(self, text: str) -> str:
        """Find the question by its words, where no button names it; "" where none is asked."""
        asked = (question.id for question in self.form.by_id.values() if f"*{question.ask.id}*" in text)
        return next(asked, "")

    def _answers(self, place: str, message: WhatsAppMessage, ours: list[str]) -> None:
        if place == "#check":
            self._taps(message, next((data for data in ours if data.endswith(":send")), ours[-1]))
            return
        if place.startswith("#"):
            return
        if agreed := next((data for data in ours if data.split(":")[4] == "yes"), ""):
            self._taps(message, agreed)  # a name like a colleague's of the same office is asked about
            return
        question = self.form.by_id[place]
        kept = any(data.split(":")[4] == "keep" for data in ours) or "lanjut" in message.footer
        if question.kind == "choice":
            self._taps(message, self.chance.choice([d for d in ours if ":o:" in d and "before" not in d]))
        elif question.kind in ("multi", "file") or (question.kind == "long" and kept):
            self._goes_on(message, ours)
        else:
            self._says(text_answer(question, self.number))

    def _goes_on(self, message: WhatsAppMessage, ours: list[str]) -> None:
        """Leave the question: by a button, or by the word that stands below the message."""
        if forward := next((data for data in ours if data.split(":")[4] in ONWARDS), ""):
            self._taps(message, forward)
        else:
            self._says(next((word for word in WORDS if word in message.footer), WORDS[-1]))

    def _says(self, text: str) -> None:
        self.sent.append(self.emulator.people.says(self.user_id, text))

    def _taps(self, message: WhatsAppMessage, data: str) -> None:
        self.sent.append(self.emulator.people.taps(self.user_id, message.wamid, data))
