// SPDX-License-Identifier: MIT
// A sum of products, as small matrices: the window times the kernel forward, the errors above
// times the weights backward; where several maps are added, one of them at a time.
import { make, short } from "./page.mjs";
import { matrix, sign } from "./matrix.mjs";
import { largest } from "./picture.mjs";

export const total = (values) => values.reduce((sum, value) => sum + value, 0);

/// One group a map: { name, rows, columns, left, right, products }.
/// @param forward what the module's `forward` gives
export function groupsForward({ window, inputs, weights, products }) {
  const size = window.rows * window.columns;
  return Array.from({ length: window.channels }, (_, map) => {
    const part = (all) => all.subarray(map * size, (map + 1) * size);
    return { name: `map ${map}`, rows: window.rows, columns: window.columns,
      left: part(inputs), right: part(weights), products: part(products) };
  });
}

/// The same. @param from what the module's `backward` gives: the outputs that were touched
export function groupsBackward(from) {
  const maps = new Map();
  for (const term of from) {
    if (!maps.has(term.channel)) maps.set(term.channel, []);
    maps.get(term.channel).push(term);
  }
  return [...maps].map(([map, terms]) => {
    const rows = new Set(terms.map(({ row }) => row)).size, whole = terms.length % rows === 0;
    const pick = (name) => Float64Array.from(terms, (term) => term[name]);
    return { name: `map ${map}`, rows: whole ? rows : 1,
      columns: whole ? terms.length / rows : terms.length, left: pick("dz"),
      right: pick("weight"), products: pick("product") };
  });
}

/// Which of them adds most, to either side; 0 where there are none.
export function strongest(groups) {
  const sums = groups.map(({ products }) => Math.abs(total(products)));
  return Math.max(0, sums.indexOf(Math.max(...sums)));
}

/// A long row of numbers lies better as a rectangle.
function asRectangle(group) {
  const count = group.products.length;
  if (group.rows > 1 && group.columns > 1) return group;
  const columns = count <= 10 ? Math.min(5, count)
    : count % 25 === 0 ? 25 : Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const full = (values) => {
    const all = new Float64Array(rows * columns);
    all.set(values);
    return all;
  };
  return { ...group, rows, columns, left: full(group.left), right: full(group.right),
    products: full(group.products) };
}

/// A button a map, its sum as a bar.
function chooser(groups, chosen, choose) {
  const most = largest(groups.map(({ products }) => total(products)));
  const list = make("div", { className: "sums", role: "group" });
  list.setAttribute("aria-label", "Choose one of the maps that are added");
  groups.forEach((group, i) => {
    const sum = total(group.products), bar = make("i");
    bar.style.height = `${100 * Math.abs(sum) / most}%`;
    bar.className = sum < 0 ? "minus" : "plus";
    const button = make("button", { title: `${group.name}: ${short(sum)}` },
      make("span", { className: "column" }, bar), make("span", { textContent: short(sum) }));
    button.setAttribute("aria-pressed", i === chosen);
    button.setAttribute("aria-label", `${group.name}, its products add up to ${short(sum)}`);
    button.onclick = () => choose(i);
    list.append(button);
  });
  return list;
}

/// @param names of the left and the right factor
/// @param choose is told which group the reader wants to see
export function termsOf(groups, names, chosen, choose) {
  const box = make("div", { className: "terms" });
  if (groups.length > 1)
    box.append(make("p", { className: "small",
      textContent: `${groups.length} maps, each with its own products; their sums:` }),
      chooser(groups, chosen, choose));
  const { rows, columns, left, right, products, name } = asRectangle(groups[chosen]);
  box.append(make("div", { className: "product" },
    matrix(groups.length > 1 ? `${names[0]}, ${name}` : names[0], left, rows, columns),
    sign("·"), matrix(names[1], right, rows, columns),
    sign("="), matrix("products", products, rows, columns)));
  return box;
}
