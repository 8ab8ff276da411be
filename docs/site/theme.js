// SPDX-License-Identifier: MIT
// Light or dark: what the reader chose last, else what the system says. It runs before the
// page is drawn, here and in the reference.
const system = matchMedia("(prefers-color-scheme: dark)");
let chosen = null;
try { chosen = localStorage.getItem("theme"); } catch { /* a browser may keep nothing */ }

function showTheme() {
  const dark = chosen ? chosen === "dark" : system.matches;
  const classes = document.documentElement.classList;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  classes.toggle("dark-mode", dark);  // the names that Doxygen's theme knows
  classes.toggle("light-mode", !dark);
}

function switchTheme() {
  chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  try { localStorage.setItem("theme", chosen); } catch { /* as above */ }
  showTheme();
}

system.addEventListener("change", showTheme);
addEventListener("storage", (event) => {
  if (event.key === "theme") { chosen = event.newValue; showTheme(); }
});
showTheme();
