// SPDX-License-Identifier: MIT
// A worker: the page's module trains whole epochs, and is judged after each.

import { create, readSet } from "./cnn.mjs";

onmessage = async ({ data: { stage, images, epochs, seed } }) => {
  const cnn = await create("cnn.wasm");
  const [train, test] = await Promise.all([readSet("data/train"), readSet("data/test")]);
  cnn.load("train", train);
  cnn.load("test", test);
  cnn.start({ stage, images, epochs, seed });
  let seconds = 0, secondsTo985 = 0, accuracy = 0, progress;
  do {
    const begin = performance.now();
    progress = cnn.trainSteps(Math.ceil(images / 128));
    seconds += (performance.now() - begin) / 1000;
    accuracy = cnn.evaluate("test").accuracy;
    if (accuracy >= 98.5) secondsTo985 ||= seconds;
  } while (!progress.done);
  postMessage({ images: images * epochs, seconds, secondsTo985, accuracy,
    cost: progress.epochCost });
};
