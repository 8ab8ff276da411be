// SPDX-License-Identifier: MIT
// Ten probabilities as ten bars.
import { fixed, make } from "./page.mjs";

export class Bars {
  #rows;

  constructor(list) {
    this.#rows = Array.from({ length: 10 }, (_, digit) => {
      const fill = make("i"), share = make("span", { textContent: "–" });
      const row = make("li", {}, make("b", { textContent: digit }),
        make("span", { className: "track" }, fill), share);
      list.append(row);
      return { row, fill, share };
    });
  }

  /// @param probabilities ten of them, or null for none
  show(probabilities) {
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    this.#rows.forEach(({ row, fill, share }, digit) => {
      const p = probabilities ? probabilities[digit] : 0;
      row.classList.toggle("best", digit === best);
      fill.style.transform = `scaleX(${p})`;
      share.textContent = probabilities ? `${fixed(100 * p, 1)} %` : "–";
    });
  }
}
