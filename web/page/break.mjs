// SPDX-License-Identifier: MIT
// The panel Break it: the same network from the same start, once right and once with a
// mistake of the bug museum compiled in. Both train, then both are checked.
import { Comparison } from "./comparison.mjs";
import { another } from "./network.mjs";
import { $, fixed, make, on, say } from "./page.mjs";

const STEPS = 24, CHECKED = 12, PART = 200, JUDGED = 1000;
const settings = { seed: 1, network: "small", stage: 5, images: 3000, epochs: 2, batch: 16,
  rate: 0.3, clip: 0.1, shift: 0 };
const modules = [["right", "cnn.wasm"], ["broken", "cnn-broken.wasm"]];

function lay() {
  $("duel").replaceChildren();
  return modules.map(([name]) => {
    const bar = make("i"), accuracy = make("b", { textContent: "–" }), verdict = make("p");
    const box = make("div", { className: "compare" });
    $("duel").append(make("div", { className: name },
      make("h3", { textContent: name === "right" ? "as in the book" : "with the mistake" }),
      make("div", { className: "track" }, bar), make("p", {}, accuracy, " right on new digits"),
      box, verdict));
    return { bar, accuracy, verdict, comparison: new Comparison(box) };
  });
}

async function judge(one, side, images) {
  let correct = 0;
  for (let first = 0; first < images; first += PART)
    correct += (await one.ask("evaluate", "test", first, PART)).correct;
  side.accuracy.textContent = `${fixed(100 * correct / images, 1)} %`;
  side.bar.style.transform = `scaleX(${correct / images})`;
}

async function teach(one, side) {
  await one.ask("start", settings);
  for (let done = false; !done;) {
    await judge(one, side, PART);
    ({ done } = await one.ask("trainSteps", STEPS));
  }
  await judge(one, side, JUDGED);
}

async function checkOne(one, side) {
  const { shape } = (await one.ask("weights"))["conv1.weight"];
  let guess = "";
  for (let first = 0; first < shape[0] * 9; first += CHECKED) {
    const entries = Math.min(CHECKED, shape[0] * 9 - first);
    const part = await one.ask("check", { tensor: "conv1.weight", first, entries });
    side.comparison.add(part, shape);
    guess ||= part.guess;
  }
  const error = side.comparison.error(), right = error < 1e-6;
  side.verdict.className = right ? "good" : "bad";
  side.verdict.textContent = `gradient check ${right ? "passed" : "failed"}, error ` +
    `${error.toExponential(1)}${right || !guess ? "" : `: ${guess}`}`;
}

async function duel() {
  $("break-run").disabled = true;
  const sides = lay(), both = [];
  try {
    say("break-note", "Both learn from the same start …");
    both.push(...await Promise.all(modules.map(([, module]) => another(module))));
    await Promise.all(both.map((one, i) => teach(one, sides[i])));
    say("break-note", "Checking the gradient of both …");
    await Promise.all(both.map((one, i) => checkOne(one, sides[i])));
    say("break-note", "");
  } catch (error) {
    say("break-note", error.message, "bad");
  }
  both.forEach((one) => one.close());
  $("break-run").disabled = false;
}

$("break-run").onclick = duel;
on("ready", async () => {
  $("break-run").disabled = false;
  const { title, why, before, after } = await (await fetch("broken.json")).json();
  $("break-what").textContent = `One mistake in the code, “${title}”`;
  $("break-why").textContent = why;
  const lines = (text) => text.split("\n").map((line) => line.trim());
  const only = (text, other) =>
    lines(text).filter((line) => !lines(other).includes(line)).join("\n");
  $("break-code").append(make("del", { textContent: only(before, after) }), "\n",
    make("ins", { textContent: only(after, before) }));
});
