// Light or dark: as the system says until somebody chooses.

import { icon } from "./elements.js";
import { onSpoken, say } from "./words.js";

const toggle = document.getElementById("theme");
let speaks = false;
const system = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}

function draw() {
  if (!speaks) return; // the words are still on their way
  const name = say(isDark() ? "to_light" : "to_dark");
  toggle.replaceChildren(icon(isDark() ? "light" : "dark"));
  toggle.title = name;
  toggle.setAttribute("aria-label", name);
}

const kept = localStorage.getItem("theme");
if (kept) document.documentElement.dataset.theme = kept;
toggle.addEventListener("click", () => {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
  draw();
});
system.addEventListener("change", draw);
onSpoken(() => { speaks = true; draw(); });
