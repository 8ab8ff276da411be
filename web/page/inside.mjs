// SPDX-License-Identifier: MIT
// The panel Look inside: the maps of all layers, one number chosen, and its arithmetic.
import { Layers } from "./layers.mjs";
import { keepFresh } from "./live.mjs";
import { onTheme } from "./colour.mjs";
import { $, make, network, on, picture } from "./page.mjs";
import { NumberView } from "./number.mjs";

const place = { layer: 1, channel: 0, row: 12, column: 16 };
let shapes = [];  // [channels, rows, columns] of each layer
let latest = 0;

const backward = () => document.querySelector("[name=direction]:checked").value === "backward";

/// Keeps the place within the network, and the fields in step with it.
function settle() {
  place.layer = Math.min(shapes.length - 1, Math.max(0, place.layer));
  const shape = shapes[place.layer];
  ["channel", "row", "column"].forEach((name, i) => {
    place[name] = Math.min(shape[i] - 1, Math.max(0, Math.round(place[name]) || 0));
    $(name).max = shape[i] - 1;
    $(name).disabled = shape[i] === 1;
    if (document.activeElement !== $(name) || Number($(name).value) !== place[name])
      $(name).value = place[name];
  });
  $("layer").value = place.layer;
}

function learnShapes(layers) {
  const fresh = layers.map(({ name, shape }) => `${name} ${shape}`).join();
  if (fresh === shapes.names) return;
  shapes = layers.map(({ shape }) => shape);
  shapes.names = fresh;
  $("layer").replaceChildren(...layers.map(({ name }, i) =>
    make("option", { value: i, textContent: name })));
  if (place.layer >= shapes.length) place.layer = 1;
  settle();
}

/// @param send `network.ask` for the hand on the page, `network.wait` for a redraw
async function show(send) {
  const mine = ++latest;
  const label = $("truth").value === "" ? picture.label ?? undefined : Number($("truth").value);
  if (!shapes.length) learnShapes((await network.ask("look", picture.pixels)).layers);
  const { layer, channel, row, column } = place;
  const found = await send.call(network, "explain", picture.pixels, label, layer, channel, row,
    column);
  if (mine !== latest) return;
  learnShapes(found.look.layers);
  layers.show(found.look, place, backward());
  number.show(found, place, backward());
}

const choose = (wanted) => {
  Object.assign(place, wanted);
  settle();
  show(network.ask).catch(() => {});
};
const layers = new Layers($("layers"), choose);
const number = new NumberView($("number"), choose);

for (const name of ["layer", "channel", "row", "column"])
  $(name).oninput = ({ target }) => {
    if (target.value !== "") choose({ [name]: Number(target.value) });
  };
$("direction").onchange = () => show(network.ask);
$("truth").onchange = () => show(network.ask);
$("truth").append(make("option", { value: "", textContent: "as known" }),
  ...Array.from({ length: 10 }, (_, digit) =>
    make("option", { value: digit, textContent: digit })));

on("network", () => { shapes = []; });
onTheme(keepFresh($("inside"), () => show(network.wait), "ready", "weights", "picture",
  "network"));
