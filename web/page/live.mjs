// SPDX-License-Identifier: MIT
// Panels that are redrawn as the network learns: only those that can be seen, one after the
// other, a few times a second, with questions that wait for their turn.
import { on } from "./page.mjs";

const REST = 200;  // milliseconds between two rounds
const panels = [];
let busy = false, ready = false;

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const panel = panels.find(({ element }) => element === target);
    panel.visible = isIntersecting;
  }
  round();
}, { rootMargin: "80px" });

async function round() {
  if (!ready || busy || document.hidden) return;
  busy = true;
  for (const panel of panels)
    if (panel.stale && panel.visible) {
      panel.stale = false;
      try {
        await panel.redraw();
      } catch (error) {
        if (!panel.stale) console.error(error);  // else the network has changed meanwhile
      }
    }
  await new Promise((rest) => setTimeout(rest, REST));
  busy = false;
  if (panels.some(({ stale, visible }) => stale && visible)) round();
}

/// Calls `redraw` (it may take its time) after each of the events, when `element` is seen.
export function keepFresh(element, redraw, ...names) {
  const panel = { element, redraw, stale: false, visible: false };
  panels.push(panel);
  const spoil = () => {
    panel.stale = true;
    round();
  };
  names.forEach((name) => on(name, spoil));
  seen.observe(element);
  return spoil;
}

document.addEventListener("visibilitychange", round);
on("ready", () => { ready = true; });
