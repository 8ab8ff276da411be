// SPDX-License-Identifier: MIT
// A worker: the network of the article in ConvNetJS.

self.window = self;  // it was written before there were workers
importScripts("convnet.js", "images.js");

onmessage = async ({ data: { images } }) => {
  const { pixels, labels } = await trainingImages(images);
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: "input", out_sx: 28, out_sy: 28, out_depth: 1 },
    { type: "conv", sx: 3, filters: 10, stride: 1, pad: 0, activation: "relu" },
    { type: "pool", sx: 2, stride: 2 },
    { type: "conv", sx: 5, filters: 16, stride: 1, pad: 0, activation: "relu" },
    { type: "fc", num_neurons: 100, activation: "relu" },
    { type: "softmax", num_classes: 10 },
  ]);
  const trainer = new convnetjs.SGDTrainer(net,
    { method: "sgd", learning_rate: 0.05, momentum: 0, batch_size: 128, l2_decay: 0 });
  const x = new convnetjs.Vol(28, 28, 1, 0);
  const learn = (first, end) => {
    let cost = 0;
    for (let n = first; n < end; ++n) {
      for (let i = 0; i < 784; ++i) x.w[i] = pixels[784 * n + i];
      cost += trainer.train(x, labels[n]).cost_loss;
    }
    return cost / (end - first);
  };
  learn(0, 128);  // the compiler warms up
  const begin = performance.now();
  const cost = learn(128, images);
  postMessage({ images: images - 128, seconds: (performance.now() - begin) / 1000, cost });
};
