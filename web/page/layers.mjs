// SPDX-License-Identifier: MIT
// All maps of all layers as small pictures; a press on one chooses the number under it.
import { make } from "./page.mjs";
import { largest, paint, pictureOf } from "./picture.mjs";

const sentences = { conv: "each filter slides over all maps below", "": "0 is paper, 1 is ink",
  "max pool": "the strongest of each window", fc: "every unit sees all numbers below" };

/// How a layer lies in pictures: a flat one as one picture of a few rows.
export function layout({ shape: [channels, rows, columns] }) {
  if (rows > 1 && columns > 1) return { maps: channels, rows, columns };
  const count = channels * rows * columns;
  const wide = count <= 10 ? count : count % 25 === 0 ? 25 : Math.ceil(Math.sqrt(count));
  return { maps: 1, rows: Math.ceil(count / wide), columns: wide, flat: true };
}

/// From a place in a picture to a place in the layer, and back.
export const toPlace = (lie, map, row, column) => lie.flat
  ? { channel: 0, row: row * lie.columns + column, column: 0 } : { channel: map, row, column };
export const toPicture = (lie, place) => lie.flat
  ? { map: 0, row: Math.floor(place.row / lie.columns), column: place.row % lie.columns }
  : { map: place.channel, row: place.row, column: place.column };

/// One map's numbers: activations, or errors on the way back.
export function numbers(layer, lie, map, backward) {
  const all = backward ? layer.dz : layer.a, size = lie.rows * lie.columns;
  const part = all.subarray(map * size, (map + 1) * size);
  if (part.length === size) return part;
  const full = new Float64Array(size);
  full.set(part);
  return full;
}

/// How numbers of a layer are coloured; one scale for all its maps.
export function scaleOf(layer, backward) {
  if (backward) return { signed: true, most: largest(layer.dz) };
  return { signed: false, most: layer.activation === "softmax" || !layer.kind
    ? 1 : Math.max(0.1, largest(layer.a)) };
}

export class Layers {
  #box;
  #choose;
  #rows = [];
  #shape = "";

  constructor(box, choose) {
    this.#box = box;
    this.#choose = choose;
  }

  #build(look) {
    this.#box.replaceChildren();
    this.#rows = look.layers.map((layer, number) => {
      if (layer.kind === "flatten") return null;  // the same numbers, in a row
      const lie = layout(layer), tiles = [];
      const name = layer.kind ? layer.name : "the picture";
      for (let map = 0; map < lie.maps; ++map) {
        const canvas = pictureOf("");
        canvas.removeAttribute("role");
        canvas.setAttribute("aria-hidden", "true");
        const tile = make("button", { className: "tile" }, canvas);
        tile.setAttribute("aria-label", lie.maps > 1 ? `${name}, map ${map}` : name);
        tile.onclick = (event) => this.#pressed(event, number, lie, map, canvas);
        tiles.push(tile);
      }
      const size = layer.shape.filter((n) => n > 1).join(" × ") || "1";
      this.#box.append(make("div", { className: `layer ${lie.flat ? "flat" : ""}` },
        make("p", {}, make("b", { textContent: name }), ` ${size}`,
          make("span", { textContent: sentences[layer.kind] ?? "" })),
        make("div", { className: "tiles" }, ...tiles)));
      return { lie, tiles };
    });
  }

  #pressed(event, layer, lie, map, canvas) {
    const box = canvas.getBoundingClientRect();
    const at = (offset, size, count) =>
      Math.min(count - 1, Math.max(0, Math.floor(count * offset / size)));
    if (event.detail === 0)  // by Enter: another map, the place in it stays
      this.#choose(lie.flat ? { layer, channel: 0, row: 0 } : { layer, channel: map });
    else
      this.#choose({ layer, ...toPlace(lie, map, at(event.clientY - box.top, box.height, lie.rows),
        at(event.clientX - box.left, box.width, lie.columns)) });
  }

  show(look, place, backward) {
    const shape = look.layers.map((layer) => `${layer.name} ${layer.shape}`).join();
    if (shape !== this.#shape) this.#build(look);
    this.#shape = shape;
    look.layers.forEach((layer, number) => {
      if (!this.#rows[number]) return;
      const { lie, tiles } = this.#rows[number], scale = scaleOf(layer, backward);
      const chosen = number === place.layer ? toPicture(lie, place).map : -1;
      tiles.forEach((tile, map) => {
        tile.setAttribute("aria-pressed", map === chosen);
        const values = numbers(layer, lie, map, backward);
        paint(tile.firstChild, values, lie.rows, lie.columns, scale);
      });
    });
  }
}
