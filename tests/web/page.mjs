// SPDX-License-Identifier: MIT
// The built page's folder, read as a browser would fetch it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";

export const [page, objects] = process.argv.slice(2);

export const { create, relativeError } = await import(pathToFileURL(join(page, "cnn.mjs")));

/** A set of images: readSet without a server. */
export function setFrom(prefix) {
  const part = (name) =>
    new Uint8Array(gunzipSync(readFileSync(join(page, "data", `${prefix}-${name}.gz`))));
  return { images: part("images"), labels: part("labels") };
}

/** A module with the data of a first visit. */
export async function loaded(file = "cnn.wasm") {
  const cnn = await create(readFileSync(join(page, file)));
  cnn.load("train", setFrom("train-10000"));
  cnn.load("test", setFrom("test-1000"));
  return cnn;
}
