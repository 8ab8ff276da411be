// SPDX-License-Identifier: MIT
// The module in Node and its twin, the same code compiled for this machine, begin with the
// same weights: three epochs cost the same, to 1e-6.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loaded, objects, setFrom } from "./page.mjs";

const images = 4000, epochs = 3;
const folder = mkdtempSync(join(tmpdir(), "cnn-"));
try {
  const set = setFrom("train-10000"), at = (name) => join(folder, name);
  writeFileSync(at("images"), set.images);
  writeFileSync(at("labels"), set.labels);
  const native = execFileSync(join(objects, "twin", "twin"),
    [at("images"), at("labels"), images, epochs, at("weights")], { encoding: "utf8" })
    .trim().split("\n").map((line) => line.split(" ").map(Number));

  const cnn = await loaded();
  cnn.start({ seed: 1, images, epochs });
  cnn.loadWeights(new Uint8Array(readFileSync(at("weights"))), "the twin's weights");
  assert.equal(native.length, epochs);
  for (const [cost, accuracy] of native) {
    const own = cnn.trainSteps(Math.ceil(images / 128));
    console.log(`cost ${own.epochCost.toFixed(9)}, natively ${cost.toFixed(9)}`);
    assert.ok(Math.abs(own.epochCost - cost) <= 1e-6 * cost);
    assert.equal(own.epochAccuracy.toFixed(4), accuracy.toFixed(4));
  }
  assert.ok(native[epochs - 1][0] < native[0][0] / 3, "it has not learnt");
} finally {
  rmSync(folder, { recursive: true });
}
