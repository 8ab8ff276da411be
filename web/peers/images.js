// SPDX-License-Identifier: MIT
// For the workers of the peers: the training images, as numbers from 0 to 1.

async function trainingImages(count) {
  const { readSet } = await import("./cnn.mjs");
  const { images, labels } = await readSet("data/train");
  return {
    pixels: Float32Array.from(images.subarray(16, 16 + 784 * count), (x) => x / 255),
    labels: labels.subarray(8, 8 + count),
  };
}
