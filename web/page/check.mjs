// SPDX-License-Identifier: MIT
// The panel Check: stage 03's gradient check of the network as it is now, entry by entry.
import { Comparison } from "./comparison.mjs";
import { $, make, network, number, on, say } from "./page.mjs";

const PART = 10;     // entries a question: short enough to leave the training its time
const MOST = 4000;   // entries of one check
let comparison = null, run = 0;

async function offerTensors() {
  const weights = await network.ask("weights");
  const kept = $("tensor").value || "conv1.weight";
  $("tensor").replaceChildren(...Object.entries(weights).map(([name, { values }]) =>
    make("option", { value: name, textContent: `${name} (${number.format(values.length)}` +
      `${values.length > MOST ? `, the first ${number.format(MOST)}` : ""})` })));
  if (kept in weights) $("tensor").value = kept;
  run += 1;
  comparison.clear();
  $("check-run").textContent = "Check";
  say("check-note", "");
}

/// A test image that it gets wrong: where it is right and sure, the gradient nearly vanishes,
/// and the numeric one drowns in rounding.
async function hardest() {
  for (let first = 0; first < 1000; first += 100) {
    const [worst] = await network.wait("mistakes", 1, first, 100);
    if (worst) return worst.index;
  }
  return 0;
}

async function check() {
  const mine = ++run, tensor = $("tensor").value;
  $("check-run").textContent = "Stop";
  comparison.clear();
  let part, error = 0, guess = "";
  try {
    const image = await hardest();
    const { shape } = (await network.ask("weights"))[tensor];
    const count = Math.min(MOST, shape.reduce((a, b) => a * b, 1));
    for (let first = 0; first < count && mine === run; first += PART) {
      const entries = Math.min(PART, count - first);
      part = await network.wait("check", { tensor, first, entries, set: "test", image });
      if (mine !== run) return;
      comparison.add(part, shape);
      guess ||= part.guess;
      error = comparison.error();
      const done = `${number.format(first + entries)} of ${number.format(count)} entries`;
      say("check-note", `${done}, largest error ${error.toExponential(1)}`,
        error < 1e-6 ? "good" : "bad");
    }
    say("check-note", `${number.format(count)} entries, error ${error.toExponential(1)}: ` +
      (error < 1e-6 ? "the gradient is right." : `the gradient is wrong. ${guess}`),
      error < 1e-6 ? "good" : "bad");
  } catch (problem) {
    say("check-note", problem.message, "bad");
  }
  if (mine === run) stop();
}

function stop() {
  run += 1;
  $("check-run").textContent = "Check";
}

comparison = new Comparison($("compare"));
$("check-run").onclick = () => $("check-run").textContent === "Stop" ? stop() : check();
$("tensor").onchange = () => {
  stop();
  comparison.clear();
  say("check-note", "");
};
on("ready", () => {
  $("check-run").disabled = false;
  offerTensors();
  on("network", offerTensors);
});
