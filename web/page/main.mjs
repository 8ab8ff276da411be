// SPDX-License-Identifier: MIT
// Begins: the module, its data, a network; then it trains by itself, for a first visit is to
// see something happen.
import * as drawing from "./draw.mjs";
import "./filters.mjs";
import "./inside.mjs";
import "./mistakes.mjs";
import { carries } from "./link.mjs";
import { $, network, tell } from "./page.mjs";
import * as training from "./train.mjs";
import "./check.mjs";
import "./break.mjs";
import "./race.mjs";
import "./keep.mjs";

// (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt)), the smallest program
// with a 128-bit number in it.
const SIMD = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10,
  10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);

function sorry(text) {
  $("sorry").textContent = text;
  $("sorry").hidden = false;
  $("status").textContent = "";
}

async function begin() {
  if (!globalThis.WebAssembly || !WebAssembly.validate(SIMD))
    return sorry("This browser has no WebAssembly SIMD, which the network needs: Chrome 91, " +
      "Firefox 114, Safari 16.4 and newer have it.");
  if (!globalThis.DecompressionStream)
    return sorry("This browser cannot unzip (DecompressionStream), which the data needs: " +
      "Chrome 80, Firefox 113, Safari 16.4 and newer can.");
  try {
    await network.ask("open", "cnn.wasm");
    await Promise.all([network.ask("fetchSet", "train", "data/train-10000"),
      network.ask("fetchSet", "test", "data/test-1000")]);
    await training.begin();
    await drawing.begin();
    tell("ready");
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!still && !carries("still")) await training.run();
  } catch (error) {
    sorry(`The network could not be started: ${error.message}`);
  }
}

$("theme").onclick = () => globalThis.switchTheme();
begin();
