// SPDX-License-Identifier: MIT
// The chosen map, large enough to point at a number, and beside it the map whose window it
// comes from (or, on the way back, those outputs that it touched).
import { layout, numbers, scaleOf, toPicture, toPlace } from "./layers.mjs";
import { make, short } from "./page.mjs";
import { paint } from "./picture.mjs";

class Frame {
  constructor(choose) {
    this.canvas = make("canvas", { className: "map" });
    this.box = make("i");
    this.caption = make("figcaption");
    this.element = make("figure", { className: "big" },
      make("div", {}, this.canvas, this.box), this.caption);
    this.canvas.onclick = (event) => this.#pressed(event, choose);
  }

  #pressed(event, choose) {
    const area = this.canvas.getBoundingClientRect(), { rows, columns } = this.lie;
    const row = Math.floor(rows * (event.clientY - area.top) / area.height);
    const column = Math.floor(columns * (event.clientX - area.left) / area.width);
    choose({ layer: this.number, ...toPlace(this.lie, this.map, row, column) });
  }

  show(layer, number, map, backward, window) {
    this.lie = layout(layer);
    this.number = number;
    this.map = map;
    const { rows, columns } = this.lie;
    paint(this.canvas, numbers(layer, this.lie, map, backward), rows, columns,
      scaleOf(layer, backward));
    this.canvas.style.aspectRatio = `${columns} / ${rows}`;
    const percent = (part, all) => `${100 * part / all}%`;
    Object.assign(this.box.style, { left: percent(window.column, columns),
      top: percent(window.row, rows), width: percent(window.columns, columns),
      height: percent(window.rows, rows) });
  }
}

/// The smallest window around the outputs that a number touched.
function around(from) {
  const rows = from.map(({ row }) => row), columns = from.map(({ column }) => column);
  const row = Math.min(...rows), column = Math.min(...columns);
  return { row, column, rows: Math.max(...rows) - row + 1,
    columns: Math.max(...columns) - column + 1 };
}

export class BigMap {
  constructor(choose) {
    this.other = new Frame(choose);
    this.own = new Frame(choose);
    this.arrow = make("span", { className: "sign" });
    this.element = make("div", { className: "bigs" }, this.other.element, this.arrow,
      this.own.element);
    this.own.canvas.tabIndex = 0;
    this.own.canvas.setAttribute("role", "application");
    this.own.canvas.setAttribute("aria-roledescription", "map of numbers");
    this.other.canvas.setAttribute("role", "img");
    this.own.canvas.onkeydown = (event) => this.#key(event, choose);
  }

  #key(event, choose) {
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const step = way[event.key];
    if (!step) return;
    event.preventDefault();
    const { lie, map, number } = this.own, at = toPicture(lie, this.place);
    const within = (value, size) => Math.min(size - 1, Math.max(0, value));
    const to = toPlace(lie, map, within(at.row + step[0], lie.rows),
      within(at.column + step[1], lie.columns));
    Object.assign(this.place, to);  // the next key may come before the answer
    choose({ layer: number, ...to });
  }

  /// @param channel which map of the layer below, or above, where there are several
  show({ look, forward, backward: back }, place, backward, channel) {
    this.place = { ...place };
    const layer = look.layers[place.layer], lie = layout(layer), at = toPicture(lie, place);
    this.own.show(layer, place.layer, at.map, backward, { ...at, rows: 1, columns: 1 });
    const value = backward ? back.dz : forward ? forward.a : layer.a[this.#index(layer, place)];
    const name = layer.kind ? layer.name : "the picture";
    const map = lie.maps > 1 ? `, map ${at.map}` : "";
    this.own.caption.textContent = `${name}${map}: ${short(value)}`;
    this.own.canvas.setAttribute("aria-label", `${name}${map}, row ${at.row}, ` +
      `column ${at.column}: ${short(value)}. Arrow keys choose another number.`);
    const shown = backward ? this.#above(look, back, channel)
      : this.#below(look, forward, place, channel);
    this.other.element.hidden = this.arrow.hidden = !shown;
  }

  #index(layer, { channel, row, column }) {
    return (channel * layer.shape[1] + row) * layer.shape[2] + column;
  }

  #below(look, forward, place, channel) {
    if (!forward || forward.kind === "flatten" || forward.kind === "fc") return false;
    const number = place.layer - 1, { window } = forward;
    const map = window.channels > 1 ? channel : forward.kind === "conv" ? 0 : place.channel;
    this.other.show(look.layers[number], number, map, false,
      { row: window.top, column: window.left, rows: window.rows, columns: window.columns });
    this.#caption(look.layers[number], map, "its window in");
    this.arrow.textContent = "→";
    return true;
  }

  #above(look, back, channel) {
    const maps = [...new Set(back.from.map((term) => term.channel))];
    const first = back.from[0];
    if (!first || ["fc", "flatten"].includes(look.layers[first.layer].kind)) return false;
    const map = maps[Math.min(channel, maps.length - 1)];
    this.other.show(look.layers[first.layer], first.layer, map, true,
      around(back.from.filter((term) => term.channel === map)));
    this.#caption(look.layers[first.layer], map, "what it touched in");
    this.arrow.textContent = "→";
    return true;
  }

  #caption(layer, map, words) {
    const name = layer.kind ? layer.name : "the picture";
    const all = `${words} ${name}${layer.shape[0] > 1 ? `, map ${map}` : ""}`;
    this.other.caption.textContent = all;
    this.other.canvas.setAttribute("aria-label", all);
  }
}
