// SPDX-License-Identifier: MIT
// One number of the network: the window it looked at, kernel, products, sum, bias and what
// became of it; or its error, and the outputs from which that came.
import { BigMap } from "./big_map.mjs";
import { make, short } from "./page.mjs";
import { matrix, sign } from "./matrix.mjs";
import { largest } from "./picture.mjs";

let channel = 0;    // of the window, where it has several
let chosenFor = ""; // the place for which it was chosen

/// Groups of products, one a channel, as { name, rows, columns, left, right, products }.
function groupsForward({ window, inputs, weights, products }) {
  const size = window.rows * window.columns;
  return Array.from({ length: window.channels }, (_, c) => {
    const part = (all) => all.subarray(c * size, (c + 1) * size);
    return { name: `map ${c}`, rows: window.rows, columns: window.columns, left: part(inputs),
      right: part(weights), products: part(products) };
  });
}

function groupsBackward(from) {
  const maps = new Map();
  for (const term of from) {
    if (!maps.has(term.channel)) maps.set(term.channel, []);
    maps.get(term.channel).push(term);
  }
  return [...maps].map(([c, terms]) => {
    const rows = new Set(terms.map(({ row }) => row)).size;
    const pick = (name) => Float64Array.from(terms, (term) => term[name]);
    const flat = terms.length !== rows * (terms.length / rows);
    return { name: `map ${c}`, rows: flat ? 1 : rows, columns: terms.length / (flat ? 1 : rows),
      left: pick("dz"), right: pick("weight"), products: pick("product") };
  });
}

/// A long row of numbers lies better as a rectangle.
function asRectangle(group) {
  const count = group.products.length;
  if (group.rows > 1 && group.columns > 1 || count <= 10) {
    if (count <= 10 && group.columns === 1)
      return { ...group, rows: Math.ceil(count / 5), columns: Math.min(5, count) };
    return group;
  }
  const columns = count % 25 === 0 ? 25 : Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const full = (values) => {
    const all = new Float64Array(rows * columns);
    all.set(values);
    return all;
  };
  return { ...group, rows, columns, left: full(group.left), right: full(group.right),
    products: full(group.products) };
}

const total = (values) => values.reduce((sum, value) => sum + value, 0);

function terms(groups, leftName, rightName, again) {
  const box = make("div", { className: "terms" });
  if (channel >= groups.length) channel = 0;
  if (groups.length > 1) {
    const most = largest(groups.map(({ products }) => total(products)));
    const list = make("div", { className: "sums", role: "group" });
    list.setAttribute("aria-label", "Choose one of the maps that are added");
    groups.forEach((group, i) => {
      const sum = total(group.products), bar = make("i");
      bar.style.height = `${100 * Math.abs(sum) / most}%`;
      bar.className = sum < 0 ? "minus" : "plus";
      const button = make("button", { title: `${group.name}: ${short(sum)}` },
        make("span", { className: "column" }, bar), make("span", { textContent: short(sum) }));
      button.setAttribute("aria-pressed", i === channel);
      button.setAttribute("aria-label", `${group.name}, its products add up to ${short(sum)}`);
      button.onclick = () => {
        channel = i;
        again();
      };
      list.append(button);
    });
    box.append(make("p", { className: "small",
      textContent: `${groups.length} maps, each with its own products; their sums:` }), list);
  }
  const { rows, columns, left, right, products, name } = asRectangle(groups[channel]);
  const of = groups.length > 1 ? `, ${name}` : "";
  box.append(make("div", { className: "product" },
    matrix(`${leftName}${of}`, left, rows, columns), sign("·"),
    matrix(rightName, right, rows, columns), sign("="),
    matrix("products", products, rows, columns)));
  return box;
}

const equation = (...parts) => make("p", { className: "equation" }, ...parts);
const value = (name, number, result = false) => make("span", { className: result ? "result" : "" },
  make("small", { textContent: name }), make("b", { textContent: short(number) }));

function forwardOf(found, again) {
  const { forward, look } = found;
  if (!forward) return [make("p", { textContent: "A pixel of the picture: 0 is paper, 1 is ink." })];
  if (forward.kind === "flatten")
    return [make("p", { textContent: "The same numbers, laid in a row: nothing is computed." })];
  if (forward.winner >= 0) {
    const { window, inputs, winner } = forward;
    return [make("div", { className: "terms" }, make("div", { className: "product" },
      matrix("its window", inputs, window.rows, window.columns, { mark: winner }), sign("→"),
      make("p", {}, "The strongest wins: ", make("b", { textContent: short(inputs[winner]) }),
        ` at row ${window.top + Math.floor(winner / window.columns)}, column ` +
        `${window.left + winner % window.columns}. The others are forgotten.`)))];
  }
  const names = { relu: "ReLU", logistic: "logistic", softmax: "softmax", identity: "" };
  const end = names[forward.activation] ? [sign("→"), value(names[forward.activation], forward.a, true)]
    : [];
  const parts = [terms(groupsForward(forward), ...(forward.kind === "fc" ? ["numbers below", "weights"]
    : ["window", "kernel"]), again),
    equation(value("sum", total(forward.products)), sign("+"), value("bias", forward.bias), sign("="),
      value("z", forward.z), ...end)];
  if (forward.activation === "softmax")
    parts.push(make("p", { className: "small",
      textContent: "softmax: e to the z, divided by the sum of all ten of them" }));
  const above = look.layers[forward.layer + 1];
  if (above?.kind === "max pool") {
    const won = found.backward.from[0];
    parts.push(make("p", { className: "small", textContent: won
      ? `In the pool above it wins its window: row ${won.row}, column ${won.column} is this number.`
      : "In the pool above another number of its window is stronger: this one is forgotten." }));
  }
  return parts;
}

function backwardOf({ backward, look }, place, again) {
  const layer = look.layers[place.layer], last = place.layer === look.layers.length - 1;
  if (last) {
    const p = layer.a[place.row], y = place.row === look.label ? 1 : 0;
    return [make("p", { className: "small", textContent:
      "Softmax and cross-entropy together: the probability, less 1 for the right answer." }),
      equation(value("p", p), sign("−"), value("y", y), sign("="), value("dJ/dz", backward.dz, true))];
  }
  if (!backward.from.length)
    return [make("p", { textContent: "It lost its window in the pool above: a little more or " +
      "less of it would not change the cost, so its error is 0." })];
  const single = backward.from.length === 1 && backward.from[0].weight === 1;
  const sum = single
    ? [make("p", { className: "small", textContent: "One output took it over as it is, and hands " +
        "its error down." })]
    : [terms(groupsBackward(backward.from), "errors above", "weights", again)];
  return [...sum, equation(value("dJ/da, their sum", backward.da), sign("·"),
    value("slope", backward.slope), sign("="), value("dJ/dz", backward.dz, true))];
}

const strongest = (groups) => {
  const sums = groups.map(({ products }) => Math.abs(total(products)));
  return sums.indexOf(Math.max(...sums));
};

export class NumberView {
  #title = make("h3");
  #sum = make("div");

  constructor(box, choose) {
    this.big = new BigMap(choose);
    box.append(this.#title, this.big.element, this.#sum);
  }

  /// Shows the number at `place`. @param found what the worker's `explain` gives
  show(found, place, backward) {
    const again = () => this.show(found, place, backward);
    const layer = found.look.layers[place.layer];
    const asked = JSON.stringify([place, backward]);
    if (asked !== chosenFor) {
      const groups = backward ? groupsBackward(found.backward.from)
        : found.forward?.window && found.forward.products ? groupsForward(found.forward) : [];
      channel = Math.max(0, strongest(groups));
      chosenFor = asked;
    }
    const body = backward ? backwardOf(found, place, again) : forwardOf(found, again);
    const many = layer.shape[1] > 1 && layer.shape[2] > 1;
    const where = many
      ? `${layer.shape[0] > 1 ? `map ${place.channel}, ` : ""}row ${place.row}, column ${place.column}`
      : `unit ${place.row}`;
    this.#title.replaceChildren(layer.kind ? layer.name : "the picture",
      make("span", { textContent: where }));
    this.big.show(found, place, backward, channel);
    const focused = [...this.#sum.querySelectorAll("button")].indexOf(document.activeElement);
    this.#sum.replaceChildren(...body);
    if (focused >= 0) this.#sum.querySelectorAll("button")[focused]?.focus();
  }
}
