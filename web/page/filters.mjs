// SPDX-License-Identifier: MIT
// The filters of the first convolution, and what they make of the digit of the moment. An
// MLP has none: there ten of its units show what they weigh in the whole picture.
import { onTheme } from "./colour.mjs";
import { keepFresh } from "./live.mjs";
import { $, make, network, picture } from "./page.mjs";
import { largest, paint, pictureOf } from "./picture.mjs";

const UNITS = 10;
let tiles = [];

function lay(count, withMaps) {
  if (tiles.length === count && !!tiles[0].map === withMaps) return;
  $("filter-strip").replaceChildren();
  tiles = Array.from({ length: count }, (_, i) => {
    const name = withMaps ? `Filter ${i + 1}` : `Unit ${i + 1}`;
    const kernel = pictureOf(`${name}: its weights`);
    const map = withMaps ? pictureOf(`${name}: what it makes of the digit`) : null;
    $("filter-strip").append(make("figure", {}, kernel, ...(map ? [map] : [])));
    return { kernel, map };
  });
}

async function redraw() {
  const filters = await network.wait("filters");
  if (filters.length) {
    const { layers } = await network.wait("look", picture.pixels);
    const conv = layers.find(({ kind }) => kind === "conv"), [, rows, columns] = conv.shape;
    lay(filters.length, true);
    const most = Math.max(0.2, largest(conv.a));
    filters.forEach((weights, i) => {
      paint(tiles[i].kernel, weights, 3, 3, { signed: true, most: largest(weights) });
      const map = conv.a.subarray(i * rows * columns, (i + 1) * rows * columns);
      paint(tiles[i].map, map, rows, columns, { most });
    });
  } else {
    const weights = (await network.wait("weights"))["fc1.weight"].values;
    lay(UNITS, false);
    tiles.forEach(({ kernel }, i) => {
      const own = weights.subarray(784 * i, 784 * (i + 1));
      paint(kernel, own, 28, 28, { signed: true, most: largest(own) });
    });
  }
  $("filters-title").textContent = filters.length
    ? `${filters.length === 10 ? "Ten" : "Four"} filters` : "Ten of its units";
}

onTheme(keepFresh($("filters"), redraw, "ready", "weights", "network", "picture"));
