// SPDX-License-Identifier: MIT
// A worker: the network of the article in TensorFlow.js.

importScripts("tf.js", "images.js");

onmessage = async ({ data: { images } }) => {
  await tf.setBackend("cpu");
  const { pixels, labels } = await trainingImages(images);
  const net = tf.sequential({ layers: [
    tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 10, kernelSize: 3,
      activation: "relu" }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.conv2d({ filters: 16, kernelSize: 5, activation: "relu" }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 100, activation: "relu" }),
    tf.layers.dense({ units: 10, activation: "softmax" }),
  ] });
  net.compile({ optimizer: tf.train.sgd(0.05), loss: "sparseCategoricalCrossentropy" });
  const batch = (first, count) => [
    tf.tensor4d(pixels.subarray(784 * first, 784 * (first + count)), [count, 28, 28, 1]),
    tf.tensor1d(Float32Array.from(labels.subarray(first, first + count))),
  ];
  await net.trainOnBatch(...batch(0, 8));  // the compiler warms up
  const begin = performance.now();
  const cost = await net.trainOnBatch(...batch(0, images));
  postMessage({ images, seconds: (performance.now() - begin) / 1000, cost });
};
