// Four stickers of our own, drawn as shapes and painted as WebP when one is sent.

const SIDE = 256; // pixels
const disc = (colour) => `<circle cx="64" cy="64" r="58" fill="${colour}" stroke="#fff" stroke-width="6"/>`;
const line = (path) => `<path d="${path}" fill="none" stroke="#fff" stroke-width="10" stroke-linecap="round" stroke-linejoin="round"/>`;

export const STICKERS = [
  { name: "smile", shapes: `${disc("#e8a317")}<circle cx="44" cy="52" r="7" fill="#4a2f00"/><circle cx="84" cy="52" r="7" fill="#4a2f00"/><path d="M38 74c10 22 42 22 52 0" fill="none" stroke="#4a2f00" stroke-width="8" stroke-linecap="round"/>` },
  { name: "done", shapes: disc("#2e8b57") + line("M36 66l20 20 36-42") },
  { name: "heart", shapes: `<path d="M64 114C20 82 10 60 16 40c7-22 36-24 48-2 12-22 41-20 48 2 6 20-4 42-48 74z" fill="#d2435b" stroke="#fff" stroke-width="6"/>` },
  { name: "idea", shapes: disc("#3f6fb5") + line("M48 74a26 26 0 1 1 32 0v10H48zM52 98h24") },
];

function source({ shapes }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" width="${SIDE}" height="${SIDE}">${shapes}</svg>`;
}

export const drawn = (sticker) => `data:image/svg+xml,${encodeURIComponent(source(sticker))}`;

export async function painted(sticker) {
  const image = new Image(SIDE, SIDE);
  image.src = drawn(sticker);
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  canvas.getContext("2d").drawImage(image, 0, 0, SIDE, SIDE);
  const painting = await new Promise((done) => canvas.toBlob(done, "image/webp"));
  return new File([painting], "stiker.webp", { type: "image/webp" });
}
