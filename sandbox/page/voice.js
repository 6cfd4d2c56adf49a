// A voice note: recorded here, chosen as a file, or, where there is no microphone, a sample of two notes.

import { button, element } from "./elements.js";
import { closeSheet, openSheet, row } from "./sheet.js";
import { say } from "./words.js";

const RATE = 8000; // samples a second of the sample
const SECONDS = 1.6;
const TONES = [523.25, 659.25]; // hertz: C and E

export function openVoice(phone) {
  const send = (file) => phone.sendFiles([file], { kind: "voice" });
  const chosen = element("input", { type: "file", accept: "audio/*", hidden: true });
  chosen.addEventListener("change", () => { closeSheet(); if (chosen.files[0]) send(chosen.files[0]); });
  const choose = button(say("choose_sound"), () => chosen.click(), { className: "row plain" });
  const tape = { running: null };
  openSheet(say("voice"), [
    ...(navigator.mediaDevices && globalThis.MediaRecorder ? [recorder(tape, send)] : []),
    choose, chosen,
    row(say("send_sample"), () => send(sample()), { note: say("sample_note") }),
  ], { over: phone.root, onclose: () => tape.running?.cancel() });
}

function recorder(tape, send) {
  const said = element("p", { className: "said", role: "status" });
  const start = button(say("record"), async () => {
    if (tape.running) { tape.running.stop(); return; }
    try {
      tape.running = await record((file) => { closeSheet(); send(file); });
      start.textContent = say("stop_and_send");
      said.textContent = say("recording");
    } catch {
      said.textContent = say("no_microphone");
    }
  }, { className: "row plain" });
  return element("div", {}, start, said);
}

async function record(done) {
  const heard = await navigator.mediaDevices.getUserMedia({ audio: true });
  const tape = new MediaRecorder(heard);
  const pieces = [];
  let wanted = true;
  tape.ondataavailable = ({ data }) => pieces.push(data);
  tape.onstop = () => {
    for (const track of heard.getTracks()) track.stop();
    const type = tape.mimeType.split(";")[0] || "audio/webm";
    if (wanted) done(new File(pieces, `catatan-suara.${type.split("/")[1]}`, { type }));
  };
  tape.start();
  return { stop: () => tape.stop(), cancel: () => { if (tape.state === "recording") { wanted = false; tape.stop(); } } };
}

// A WAV file of one channel with 16 bits: 44 bytes of header, then the samples.
function sample() {
  const count = Math.round(RATE * SECONDS);
  const view = new DataView(new ArrayBuffer(44 + count * 2));
  const write = (at, text) => [...text].forEach((letter, position) => view.setUint8(at + position, letter.charCodeAt(0)));
  write(0, "RIFF"); view.setUint32(4, 36 + count * 2, true); write(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true); view.setUint32(28, RATE * 2, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  write(36, "data"); view.setUint32(40, count * 2, true);
  for (let position = 0; position < count; position += 1) {
    const part = position / count;
    const tone = TONES[Math.floor(part * TONES.length)];
    const fade = Math.sin(Math.PI * ((part * TONES.length) % 1)); // each note swells and dies away
    view.setInt16(44 + position * 2, 9000 * fade * Math.sin((2 * Math.PI * tone * position) / RATE), true);
  }
  return new File([view.buffer], "catatan-suara.wav", { type: "audio/wav" });
}
