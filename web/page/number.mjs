// SPDX-License-Identifier: MIT
// One number of the network: the window it looked at, kernel, products, sum, bias and what
// became of it; or its error, and the outputs from which that came.
import { BigMap } from "./big_map.mjs";
import { make, short } from "./page.mjs";
import { matrix, sign } from "./matrix.mjs";
import { groupsBackward, groupsForward, strongest, termsOf, total } from "./terms.mjs";

const functions = { relu: "ReLU", logistic: "logistic", softmax: "softmax" };

const say = (text) => make("p", { className: "small", textContent: text });
const equation = (...parts) => make("p", { className: "equation" }, ...parts);
const term = (name, number, className = "") => make("span", { className },
  make("small", { textContent: name }), make("b", { textContent: short(number) }));

/// The number of a pool.
function poolOf({ window, inputs, winner }) {
  const row = window.top + Math.floor(winner / window.columns);
  const column = window.left + winner % window.columns;
  return [make("div", { className: "product" },
    matrix("its window", inputs, window.rows, window.columns, { mark: winner }), sign("→"),
    make("p", {}, "The strongest wins: ", make("b", { textContent: short(inputs[winner]) }),
      ` at row ${row}, column ${column}. The others are forgotten.`))];
}

/// What the pool above made of a number, if there is one.
function poolAbove({ forward, backward, look }) {
  if (look.layers[forward.layer + 1]?.kind !== "max pool") return [];
  const [won] = backward.from;
  return [say(won
    ? `In the pool above it wins its window: row ${won.row}, column ${won.column} is this number.`
    : "In the pool above another number of its window is stronger: this one is forgotten.")];
}

export class NumberView {
  #title = make("h3");
  #sum = make("div");
  #map = 0;         // of those that are added
  #chosenFor = "";  // the place for which it was chosen

  constructor(box, choose) {
    this.big = new BigMap(choose);
    box.append(this.#title, this.big.element, this.#sum);
  }

  /// Shows the number at `place`. @param found what the worker's `explain` gives
  show(found, place, backward) {
    const layer = found.look.layers[place.layer], [channels, rows, columns] = layer.shape;
    const groups = this.#groups(found, backward), asked = JSON.stringify([place, backward]);
    if (asked !== this.#chosenFor) this.#map = strongest(groups);
    this.#chosenFor = asked;
    this.#title.replaceChildren(layer.kind ? layer.name : "the picture",
      make("span", { textContent: rows === 1 || columns === 1 ? `unit ${place.row}`
        : `${channels > 1 ? `map ${place.channel}, ` : ""}row ${place.row}, ` +
          `column ${place.column}` }));
    this.big.show(found, place, backward, this.#map);
    const terms = (names) => termsOf(groups, names, Math.min(this.#map, groups.length - 1),
      (map) => {
        this.#map = map;
        this.show(found, place, backward);
      });
    const body = backward ? this.#backward(found, place, terms) : this.#forward(found, terms);
    const focused = [...this.#sum.querySelectorAll("button")].indexOf(document.activeElement);
    this.#sum.replaceChildren(...body);
    if (focused >= 0) this.#sum.querySelectorAll("button")[focused]?.focus();
  }

  #groups({ forward, backward }, isBackward) {
    if (isBackward) return groupsBackward(backward.from);
    return forward && ["conv", "fc"].includes(forward.kind) ? groupsForward(forward) : [];
  }

  #forward(found, terms) {
    const { forward } = found;
    if (!forward) return [say("A pixel of the picture: 0 is paper, 1 is ink.")];
    if (forward.kind === "flatten")
      return [say("The same numbers, laid in a row: nothing is computed.")];
    if (forward.winner >= 0) return poolOf(forward);
    const { products, bias, z, a, activation } = forward, name = functions[activation];
    const end = name ? [sign("→"), term(name, a, "result")] : [];
    return [terms(forward.kind === "fc" ? ["numbers below", "weights"] : ["window", "kernel"]),
      equation(term("sum", total(products)), sign("+"), term("bias", bias), sign("="),
        term("z", z), ...end),
      ...activation === "softmax"
        ? [say("softmax: e to the z, divided by the sum of all ten of them")] : [],
      ...poolAbove(found)];
  }

  #backward({ backward, look }, place, terms) {
    const { from, da, dz, slope } = backward, layer = look.layers[place.layer];
    if (place.layer === look.layers.length - 1)
      return [say("Softmax and cross-entropy together: the probability, less 1 for the right " +
        "answer."), equation(term("p", layer.a[place.row]), sign("−"),
        term("y", place.row === look.label ? 1 : 0), sign("="), term("dJ/dz", dz, "result"))];
    if (!from.length)
      return [say("It lost its window in the pool above: a little more or less of it would not " +
        "change the cost, so its error is 0.")];
    const single = from.length === 1 && from[0].weight === 1;
    return [single ? say("One output took it over as it is, and hands its error down.")
      : terms(["errors above", "weights"]),
    equation(term(single ? "dJ/da" : "dJ/da, their sum", da), sign("·"), term("slope", slope),
      sign("="), term("dJ/dz", dz, "result"))];
  }
}
