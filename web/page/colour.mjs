// SPDX-License-Identifier: MIT
// The palette of page.css for canvases, and the two scales in which numbers are shown:
// ink for what is never negative, red and blue for what can be either.

const names = ["ink", "muted", "paper", "panel", "line", "blue", "orange", "green", "red",
  "purple"];
let palette = null;

function channels(colour) {
  const spot = new OffscreenCanvas(1, 1).getContext("2d");
  spot.fillStyle = colour;
  spot.fillRect(0, 0, 1, 1);
  return [...spot.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/// The palette in the theme of the moment: name to { css, rgb }.
export function colours() {
  if (palette) return palette;
  const probe = document.createElement("i");
  document.body.append(probe);
  palette = {};
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    const css = getComputedStyle(probe).color;
    palette[name] = { css, rgb: channels(css) };
  }
  probe.remove();
  return palette;
}

/// Calls `redraw` after every change of the theme.
export function onTheme(redraw) {
  new MutationObserver(() => {
    palette = null;
    redraw();
  }).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

const mix = (a, b, share) => a.map((value, i) => value + (b[i] - value) * share);

/// 0 is the panel, 1 is full ink.
export function inkScale(value) {
  const { panel, ink } = colours();
  return mix(panel.rgb, ink.rgb, Math.min(1, Math.max(0, value)));
}

/// 0 is the paper, 1 is red, -1 is blue; small values are lifted, so that a sign is seen.
export function signScale(value) {
  const { paper, red, blue } = colours();
  const size = Math.min(1, Math.abs(value)) ** 0.75;
  return mix(paper.rgb, (value < 0 ? blue : red).rgb, size);
}

/// As a CSS colour.
export const css = ([r, g, b]) => `rgb(${r | 0} ${g | 0} ${b | 0})`;
