// Light or dark: as the system says until somebody chooses.

import { icon } from "./elements.js";

const toggle = document.getElementById("theme");
const system = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}

function draw() {
  const next = isDark() ? "terang" : "gelap";
  toggle.replaceChildren(icon(isDark() ? "light" : "dark"));
  toggle.title = `Tampilan ${next}`;
  toggle.setAttribute("aria-label", `Ganti ke tampilan ${next}`);
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
draw();
