// SPDX-License-Identifier: MIT
// Every call of the module, in Node: what it says must fit what it says elsewhere.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { create, loaded, page, relativeError, setFrom } from "./page.mjs";

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const near = (a, b, slack = 1e-9) =>
  assert.ok(Math.abs(a - b) <= slack * Math.max(1, Math.abs(b)), `${a} is not ${b}`);
const cnn = await loaded();

/** A place in a layer, by its number in the layer's arrays. */
function placeIn(layer, index) {
  const [, rows, columns] = layer.shape;
  return [Math.floor(index / (rows * columns)), Math.floor(index / columns) % rows,
    index % columns];
}
const indexIn = (layer, { channel, row, column }) =>
  (channel * layer.shape[1] + row) * layer.shape[2] + column;

test("images come as they are in the file", () => {
  assert.equal(cnn.size("train"), 10000);
  assert.equal(cnn.size("test"), 1000);
  const { images, labels } = setFrom("test-1000");
  for (const n of [0, 999]) {
    const { pixels, label } = cnn.image("test", n);
    assert.deepEqual(pixels, images.slice(16 + 784 * n, 16 + 784 * (n + 1)));
    assert.equal(label, labels[8 + n]);
  }
  for (const [part, whole] of [["train-10000", "train"], ["test-1000", "test"]]) {
    const small = setFrom(part), all = setFrom(whole);
    assert.deepEqual(small.images.slice(16), all.images.slice(16, small.images.length));
    assert.deepEqual(small.labels.slice(8), all.labels.slice(8, small.labels.length));
  }
});

test("the network of the article learns, and the same start gives the same weights", () => {
  const started = cnn.start({ seed: 7, images: 2000 });
  assert.equal(started.parameters, 134826);
  assert.deepEqual(started.settings, { seed: 7, network: "article", stage: 9, images: 2000,
    epochs: 3, batch: 128, rate: 0.5, lambda: 0.004, clip: 0.01, shift: 1,
    schedule: "linear" });
  const first = cnn.trainSteps(16);
  assert.deepEqual([first.step, first.epoch, first.samples, first.images],
    [16, 1, 2000, 2000]);
  near(first.rate, 0.5 * 2 / 3);
  const last = cnn.trainSteps(1000);
  assert.ok(last.done && last.epoch === 3 && last.samples === 6000);
  assert.ok(last.cost < first.cost / 2, `${first.cost} -> ${last.cost}`);
  assert.ok(cnn.evaluate().accuracy > 85);
  const weights = cnn.saveWeights();

  // In slices of any size: they end with the same bits.
  cnn.start({ seed: 7, images: 2000 });
  let images = 0, cost = 0, progress;
  do {
    progress = images % 3 ? cnn.trainSteps(1) : cnn.trainFor(5);
    images += progress.images;
    cost += progress.images * progress.cost;
  } while (!progress.done);
  assert.equal(images, 6000);
  near(cost, 2000 * first.cost + 4000 * last.cost, 1e-12);
  assert.deepEqual(cnn.saveWeights(), weights);
  assert.equal(cnn.trainSteps(5).images, 0);
  cnn.change({ epochs: 4, schedule: "constant", rate: 0.01 });
  assert.equal(cnn.trainSteps(1).images, 128);
  near(cnn.trainSteps(1).rate, 0.01);

  cnn.start({ seed: 8, images: 2000 });
  cnn.trainSteps(48);
  assert.notDeepEqual(cnn.saveWeights(), weights);
});

test("all networks learn by all stages that train them, and cost the same at first", () => {
  for (const [network, stages] of [["article", [5, 7, 8, 9]], ["small", [5, 7, 8, 9]],
    ["mlp", [4]]]) {
    let cost;
    for (const stage of stages) {
      cnn.start({ network, stage, images: 256, epochs: 2, batch: 32 });
      const progress = cnn.trainSteps(1);
      cost ??= progress.cost;
      near(progress.cost, cost, 1e-5);
      cnn.trainSteps(7);
      assert.ok(cnn.trainSteps(8).cost < cost, `${network} by stage ${stage}`);
    }
  }
});

test("judgements agree with each other", () => {
  cnn.start({ images: 4000, epochs: 1 });
  cnn.trainSteps(32);
  const p = cnn.probabilities("test");
  const { labels } = setFrom("test-1000");
  const answers = Array.from({ length: 1000 }, (_, n) => {
    const own = p.subarray(10 * n, 10 * n + 10);
    near(sum(own), 1);
    return own.indexOf(Math.max(...own));
  });
  const right = answers.filter((answer, n) => answer === labels[8 + n]).length;
  const whole = cnn.evaluate("test");
  assert.deepEqual([whole.images, whole.correct, whole.accuracy], [1000, right, right / 10]);
  const parts = [cnn.evaluate("test", 0, 300), cnn.evaluate("test", 300)];
  assert.equal(sum(parts.map((part) => part.correct)), right);
  near((300 * parts[0].cost + 700 * parts[1].cost) / 1000, whole.cost);

  const confusion = cnn.confusion();
  assert.equal(sum(confusion), 1000);
  assert.equal(sum(Array.from({ length: 10 }, (_, k) => confusion[11 * k])), right);
  answers.forEach((answer, n) => --confusion[10 * labels[8 + n] + answer]);
  assert.ok(confusion.every((count) => count === 0));

  const worst = cnn.mistakes(1000);
  assert.equal(worst.length, 1000 - right);
  assert.ok(worst.every((mistake, i) => answers[mistake.index] === mistake.answer &&
    labels[8 + mistake.index] === mistake.label && mistake.label !== mistake.answer &&
    (i === 0 || mistake.certainty <= worst[i - 1].certainty)));
  assert.deepEqual(cnn.mistakes(3), worst.slice(0, 3));

  const one = cnn.predict(cnn.image("test", 5).pixels);
  one.forEach((probability, k) => near(probability, p[50 + k], 1e-6));
});

for (const network of ["article", "small", "mlp"])
  test(`the inside of ${network} adds up`, () => {
    cnn.start({ network, images: 2000, epochs: 1 });
    cnn.trainSteps(16);
    const { pixels, label } = cnn.image("test", 8);
    const seen = cnn.look(pixels, label), { layers } = seen;
    cnn.predict(pixels).forEach((p, k) => near(seen.probabilities[k], p, 1e-5));
    near(seen.cost, -Math.log(seen.probabilities[label]), 1e-6);
    pixels.forEach((pixel, i) => near(layers[0].a[i], pixel / 255));
    layers.forEach((layer, l) => {
      const count = layer.shape[0] * layer.shape[1] * layer.shape[2];
      assert.deepEqual([layer.a.length, layer.da.length, layer.dz.length],
        [count, count, count]);
      for (let i = 0; i < count; i += 1 + Math.floor(count / 97)) {
        const place = placeIn(layer, i);
        const there = l > 0 && cnn.forward(l, ...place), back = cnn.backward(l, ...place);
        near(back.da, layer.da[i]);
        near(back.dz, layer.dz[i]);
        if (layer.activation !== "softmax") near(back.dz, back.da * back.slope);
        if (l + 1 < layers.length) near(sum(back.from.map((f) => f.product)), back.da);
        for (const from of back.from) {
          near(from.dz, layers[from.layer].dz[indexIn(layers[from.layer], from)]);
          near(from.product, from.dz * from.weight);
        }
        if (!there) continue;
        near(there.a, layer.a[i]);
        if (layer.z) near(there.z, layer.z[i]);
        const { window } = there, below = layers[l - 1];
        there.inputs.forEach((input, n) => {
          const v = n % window.columns, u = Math.floor(n / window.columns) % window.rows;
          const c = Math.floor(n / (window.columns * window.rows));
          near(input, below.a[indexIn(below, { channel: window.channel + c,
            row: window.top + u, column: window.left + v })]);
        });
        if (there.weights.length) {
          there.products.forEach((product, n) =>
            near(product, there.inputs[n] * there.weights[n]));
          near(there.sum, there.bias + sum(there.products));
          near(there.sum, there.z);
        } else if (layer.kind === "max pool") {
          assert.equal(there.a, Math.max(...there.inputs));
          assert.equal(there.inputs[there.winner], there.a);
        }
      }
    });
    // Without a label the network's own answer stands in.
    const own = cnn.look(pixels);
    assert.equal(own.label, own.answer);
  });

test("the gradient check passes, and fails where the flip is missing", async () => {
  const broken = await loaded("cnn-broken.wasm");
  const settings = { network: "small", stage: 5, images: 1500, batch: 32, epochs: 2 };
  const accuracies = [cnn, broken].map((module) => {
    module.start(settings);
    module.trainSteps(1000);
    return module.evaluate().accuracy;
  });
  assert.ok(accuracies[1] > 70 && accuracies[1] > accuracies[0] - 5, `${accuracies}`);
  for (const tensor of ["conv1.weight", "conv1.bias", "fc2.bias"]) {
    const good = cnn.check({ tensor, image: 3, count: 2 });
    assert.ok(good.passed && good.error < 1e-6, good.text);
    near(relativeError(good.analytic, good.numeric), good.error);
    assert.equal(good.analytic.length, good.shape.reduce((a, b) => a * b));
    const bad = broken.check({ tensor, image: 3, count: 2 });
    assert.equal(bad.passed, tensor === "fc2.bias");  // above the convolutions all is well
    if (!bad.passed) assert.ok(bad.error > 0.01 && bad.text.includes("FAILED"));
  }
  // A part of a tensor is the same part of the whole.
  const all = cnn.check({ tensor: "conv1.weight" });
  const part = cnn.check({ tensor: "conv1.weight", first: 3, entries: 5, step: 7 });
  assert.equal(part.entries, 5);
  part.analytic.forEach((x, i) => near(x, all.analytic[3 + 7 * i], 1e-12));
  part.numeric.forEach((x, i) => near(x, all.numeric[3 + 7 * i], 1e-12));
  assert.throws(() => broken.start({ network: "article", stage: 9 }), /stage 5 alone/);
});

test("weights go out and come in, and a damaged file changes nothing", async () => {
  cnn.start({ images: 1000, epochs: 1 });
  cnn.trainSteps(8);
  const file = cnn.saveWeights(), weights = cnn.weights();
  assert.deepEqual(weights["conv2.weight"].shape, [16, 10, 5, 5]);
  assert.equal(weights["fc1.weight"].values.length, 129600);
  assert.deepEqual(cnn.filters()[9], weights["conv1.weight"].values.slice(81));
  const other = await loaded();
  other.start({ seed: 2 });
  for (const damage of [file.slice(0, 5), file.slice(0, file.length - 1), new Uint8Array(99)])
    assert.throws(() => other.loadWeights(damage, "mine.safetensors"), /mine\.safetensors/);
  const before = other.saveWeights();
  assert.notDeepEqual(before, file);
  other.start({ seed: 2 });
  assert.deepEqual(other.saveWeights(), before);
  other.loadWeights(file, "mine.safetensors");
  assert.deepEqual(other.saveWeights(), file);
  assert.equal(other.evaluate().accuracy, cnn.evaluate().accuracy);
  other.start({ network: "small" });
  assert.throws(() => other.loadWeights(file), /conv1\.bias is 10, this network needs 4/);
});

test("a drawing is centred as MNIST is", () => {
  const ink = new Uint8Array(300 * 200);
  for (let row = 20; row < 120; ++row)
    for (let column = 150; column < 160; ++column) ink[200 * row + column] = 255;
  const digit = cnn.centre(ink, 300, 200);
  const rows = [...Array(28).keys()].filter((row) =>
    digit.subarray(28 * row, 28 * row + 28).some((pixel) => pixel > 0));
  assert.deepEqual([rows.length, rows[0]], [20, 4]);
  near(sum(digit.map((pixel, i) => pixel / 255 * (i % 28))) / sum(digit.map((x) => x / 255)),
    14, 0.05);
  assert.equal(cnn.centre(new Uint8Array(300 * 200), 300, 200), null);

  const page = ink.map((pixel) => 240 - pixel / 2);  // dark on light, in poor light
  assert.deepEqual(cnn.digitIn(page, 300, 200).map((x) => x > 127),
    digit.map((x) => x > 127));
  assert.throws(() => cnn.digitIn(new Uint8Array(100).fill(9), 10, 10), /no single digit/);
  assert.throws(() => cnn.centre(ink, 30, 20), /30 x 20, but has 60000 bytes/);
});

test("the race steps by each stage, and leaves the training alone", () => {
  cnn.start({ images: 1000 });
  cnn.trainSteps(3);
  const weights = cnn.saveWeights();
  let cost;
  for (const stage of [5, 7, 9]) {
    cnn.race(stage, 0, 64);
    const second = cnn.race(stage, 64, 64);
    cost ??= second.cost;
    near(second.cost, cost, 1e-4);
    assert.equal(second.images, 128);
    assert.ok(second.seconds > 0);
    assert.equal(cnn.race(stage, 0, 32).images, 32);
  }
  assert.deepEqual(cnn.saveWeights(), weights);
});

test("a wrong request is refused in words, and the module goes on", async () => {
  const fresh = await create(readFileSync(join(page, "cnn.wasm")));
  assert.throws(() => fresh.trainSteps(1), /there is no network yet/);
  fresh.start();
  assert.throws(() => fresh.trainSteps(1), /there are no training images yet/);
  assert.throws(() => fresh.evaluate(), /there are no images to judge by/);
  assert.throws(() => fresh.forward(1, 0, 0, 0), /look at an image first/);
  const set = setFrom("test-1000");
  assert.throws(() => fresh.load("train", { ...set, images: set.images.slice(0, 5000) }),
    /the file ends early/);
  assert.equal(fresh.size("train"), 0);
  fresh.load("train", set);
  const wrong = {
    network: ["perceptron", /choose article, small or mlp/], stage: [6, /choose 5, 7, 8 or 9/],
    rate: [-1, /rate is -1/], batch: [0, /teaches nothing/], epochs: [1.5, /epochs is 1\.5/],
    seed: ["x", /seed is "x"/], images: [2 ** 32, /from 0 to 4294967295/],
    shift: [15, /14 pixels at most/],
    schedule: ["round", /choose linear or constant/],
  };
  for (const [key, [value, words]] of Object.entries(wrong))
    assert.throws(() => fresh.start({ [key]: value }), words);
  assert.throws(() => fresh.image("test", 0), /there are 0/);
  assert.throws(() => fresh.image("valid", 0), /choose train or test/);
  assert.throws(() => fresh.predict(new Uint8Array(783)), /these are 783/);
  assert.throws(() => fresh.look(new Uint8Array(784), 11), /the label is 11/);
  fresh.look(new Uint8Array(784), 3);
  assert.throws(() => fresh.forward(1, 10, 0, 0), /channel 10, row 0/);
  assert.throws(() => fresh.backward(7, 0, 0, 0), /layer 7 is asked for/);
  assert.throws(() => fresh.check({ set: "train", tensor: "conv3.weight" }),
    /not part of this network/);
  assert.throws(() => fresh.check({ set: "train", first: 90 }), /entry 90/);
  assert.throws(() => fresh.race(6, 0, 10), /choose 5, 7, 8 or 9/);
  fresh.start({ rate: 1e30, clip: 1e30, shift: 0, epochs: 9 });
  assert.throws(() => fresh.trainSteps(1000), /no longer a finite number/);
  assert.throws(() => fresh.saveWeights(), /not saved/);
  fresh.start({ epochs: 1 });
  assert.equal(fresh.trainSteps(100).images, 1000);
});
