// SPDX-License-Identifier: MIT
// What a page does beside being read: contents that follow, copying code, turning pages.
const $ = (selector) => document.querySelector(selector);

$("#theme").onclick = switchTheme;

// ---- the contents: open on a small screen, and where the reader is ----
const contents = $("#contents"), menu = $("#menu");
function openContents(open) {
  contents.classList.toggle("open", open);
  menu.setAttribute("aria-expanded", open);
}
menu.onclick = () => openContents(!contents.classList.contains("open"));
contents.addEventListener("click", (event) => {
  if (event.target.closest("a")) openContents(false);
});

const sections = [...document.querySelectorAll("#contents li ol a")].map((link) => ({
  link, heading: document.getElementById(decodeURIComponent(link.hash.slice(1))),
}));
const place = $(".place span"), page = place.textContent;
function follow() {
  const passed = sections.filter(({ heading }) => heading.getBoundingClientRect().top < 120);
  const now = passed.at(-1);
  for (const { link } of sections) link.classList.toggle("here", link === now?.link);
  place.textContent = now ? `${page} · ${now.link.textContent}` : page;
}
addEventListener("scroll", follow, { passive: true });
follow();
contents.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

// ---- code: a button that copies, of a console only what was typed ----
for (const pre of document.querySelectorAll("main pre:not(.pencil, .text, .numbered)")) {
  const button = document.createElement("button");
  button.className = "copy";
  button.textContent = "copy";
  let bar = pre.closest(".listing")?.querySelector("figcaption");
  if (!bar) {
    bar = document.createElement("div");
    bar.className = "box";
    pre.replaceWith(bar);
    bar.append(pre);
  }
  bar.append(button);
  button.onclick = async () => {
    const all = pre.textContent, typed = all.split("\n").filter((line) => line.startsWith("$ "));
    await navigator.clipboard.writeText(
      pre.matches(".console") ? typed.map((line) => line.slice(2)).join("\n") : all);
    button.textContent = "copied";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  };
}

// Boxes that scroll can be reached with the keyboard.
function reach() {
  for (const box of document.querySelectorAll("main pre, main .wide")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("resize", reach);
addEventListener("toggle", reach, true);
document.fonts.ready.then(reach);

addEventListener("beforeprint", () => {
  for (const answer of document.querySelectorAll("details")) answer.open = true;
});

// ---- keys ----
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || $("dialog").open) return;
  if (event.target.closest("input, [tabindex='0']")) return;
  if (event.key === "/") { event.preventDefault(); $("#find").click(); }
  if (event.key === "Escape") openContents(false);
  const turn = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (turn) $(`.turn a[rel=${turn}]`)?.click();
});
