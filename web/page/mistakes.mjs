// SPDX-License-Identifier: MIT
// The test images that the network gets wrong while it is most sure.
import { showTestImage } from "./draw.mjs";
import { onTheme } from "./colour.mjs";
import { keepFresh } from "./live.mjs";
import { $, fixed, make, network, say } from "./page.mjs";
import { paint, pictureOf } from "./picture.mjs";

const MOST = 21, PART = 100;
const images = new Map();

async function image(index) {
  if (!images.has(index)) images.set(index, await network.wait("image", "test", index));
  return images.get(index);
}

async function redraw() {
  const count = await network.wait("size", "test");
  let worst = [];
  for (let first = 0; first < Math.min(count, 1000); first += PART)
    worst.push(...await network.wait("mistakes", MOST, first, PART));
  worst = worst.sort((a, b) => b.certainty - a.certainty).slice(0, MOST);
  const tiles = [];
  for (const { index, label, answer, certainty } of worst) {
    const canvas = pictureOf("");
    canvas.removeAttribute("role");
    canvas.setAttribute("aria-hidden", "true");
    const { pixels } = await image(index);
    paint(canvas, Float64Array.from(pixels, (byte) => byte / 255), 28, 28);
    const title = `Test image ${index}: ${fixed(100 * certainty, 1)} % sure`;
    const words = make("span", {}, make("b", { textContent: label }), " not ",
      make("em", { textContent: answer }));
    const tile = make("button", { title }, canvas, words);
    tile.setAttribute("aria-label", `${label} not ${answer}: test image ${index}`);
    tile.onclick = () => {
      showTestImage(index);
      $("draw").scrollIntoView({ block: "nearest" });
    };
    tiles.push(tile);
  }
  if (!$("gallery").contains(document.activeElement)) $("gallery").replaceChildren(...tiles);
  say("mistakes-note", worst.length ? "" : "None among the first thousand.");
}

onTheme(keepFresh($("mistakes"), redraw, "ready", "weights", "network"));
