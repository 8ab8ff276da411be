// SPDX-License-Identifier: MIT
// Search in the whole book. The index is a script, not data to be fetched: it works from a
// folder on disk as well.
const dialog = document.querySelector("#search");
const input = dialog.querySelector("input"), list = dialog.querySelector("ol");
let bookIndex = null;  // [place, address, heading, text] of each section

function openSearch() {
  dialog.showModal();
  input.select();
  if (bookIndex) return;
  const script = document.createElement("script");
  script.src = document.body.dataset.root + "index.js";
  script.onload = search;
  document.head.append(script);
}

const escape = (word) => word.replace(/[^\w\s]/g, "\\$&");

/// How well a section answers: every word must be there, best at the start of one of its own
/// ("turn" is hardly "return"); a heading and the whole phrase count more.
function score([place, , heading, text], words, phrase) {
  const title = heading.toLowerCase(), all = `${place} ${title} ${text}`.toLowerCase();
  let sum = 0;
  for (const word of words) {
    if (!all.includes(word)) return 0;
    const times = all.match(new RegExp(`(?<![a-z])${escape(word)}`, "g"))?.length ?? 0.1;
    sum += Math.min(times, 5) + (title.includes(word) ? 10 : 0);
  }
  if (title === phrase) sum += 50;
  return sum + (words.length > 1 && all.includes(phrase) ? 20 : 0);
}

/// The text around the first hit, with every hit marked.
function excerpt(text, words, phrase) {
  const low = text.toLowerCase();
  const at = Math.max(low.includes(phrase) ? low.indexOf(phrase) : low.indexOf(words[0]), 0);
  const start = Math.max(at - 60, 0), piece = text.slice(start, start + 180);
  const span = document.createElement("span");
  span.append(start > 0 ? "… " : "");
  const pattern = words.map(escape).join("|");
  for (const part of piece.split(new RegExp(`(${pattern})`, "i"))) {
    const hit = words.includes(part.toLowerCase());
    span.append(hit ? Object.assign(document.createElement("mark"), { textContent: part }) : part);
  }
  return span;
}

function search() {
  const phrase = input.value.trim().toLowerCase().replace(/\s+/g, " ");
  const words = phrase.split(" ").filter(Boolean);
  const found = !bookIndex || !words.length ? [] : bookIndex
    .map((entry) => ({ entry, score: score(entry, words, phrase) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 20);
  list.replaceChildren(...found.map(({ entry: [place, address, heading, text] }) => {
    const link = document.createElement("a"), item = document.createElement("li");
    link.href = document.body.dataset.root + address;
    link.textContent = heading === place ? place : `${place} · ${heading}`;
    if (text) link.append(excerpt(text, words, phrase));
    item.append(link);
    return item;
  }));
  if (bookIndex && words.length && !found.length)
    list.textContent = "Nothing in the book has all these words.";
}

document.querySelector("#find").onclick = openSearch;
input.oninput = search;
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("a")) dialog.close();
});
dialog.addEventListener("keydown", (event) => {
  const links = [...list.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter" && event.target === input) {
    event.preventDefault();
    links[0]?.click();
  } else if (step && links.length) {
    event.preventDefault();
    const next = links.indexOf(document.activeElement) + step;
    (next < 0 ? input : links[Math.min(next, links.length - 1)]).focus();
  }
});
