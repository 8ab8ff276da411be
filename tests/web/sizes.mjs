// SPDX-License-Identifier: MIT
// What a first visit fetches, gzipped as servers send it: below 2.5 MB in all, the program
// below 400 kB. The full MNIST, the module with a mistake and the chapters wait for a click.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { page } from "./page.mjs";

const laterOn = /^(cnn-broken\.wasm|broken\.json|chapters\/.*|data\/(train|test)-(images|labels)\.gz)$/;

function* files(folder = "") {
  for (const entry of readdirSync(join(page, folder), { withFileTypes: true })) {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) yield* files(name);
    else if (!laterOn.test(name)) yield name;
  }
}

let all = 0, program = 0;
for (const name of files()) {
  const content = readFileSync(join(page, name));
  const size = name.endsWith(".gz") ? content.length : gzipSync(content).length;
  console.log(`${String(size).padStart(9)} ${name}`);
  all += size;
  if (!name.startsWith("data/")) program += size;
}
console.log(`${String(program).padStart(9)} the program\n${String(all).padStart(9)} in all`);
assert.ok(program > 100e3, "the program is not there");
assert.ok(program < 400e3, `the program takes ${program} bytes, 400,000 are too many`);
assert.ok(all > 1e6, "the data are not there");
assert.ok(all < 2.5e6, `a first visit takes ${all} bytes, 2,500,000 are too many`);
