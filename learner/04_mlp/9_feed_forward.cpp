// SPDX-License-Identifier: MIT
#include "learner/04_mlp/network.hpp"

using namespace cnn;
using arma::mat;
using learner::Net;
using learner::passesOf;

static learner::Parts parts(const MLP::Passes& passes) {
  learner::Parts all;
  for (std::size_t l = 0; l < passes.size(); ++l) {
    if (l > 0) all.push_back({learner::named("z", l), learner::numbers(passes[l].z)});
    all.push_back({learner::named("a", l), learner::numbers(passes[l].a)});
  }
  return all;
}

/// The passes when every layer is given what before(passes) says.
template <class Before>
static MLP::Passes given(const Net& net, const mat& x, const Before& before) {
  MLP::Passes passes{{{}, x}};
  for (const Parameters& p : net.layers) {
    mat z = p.w * before(passes);
    z.each_col() += p.b;
    const bool end = passes.size() == net.layers.size();
    passes.push_back({z, learner::through(end ? Activation::softmax : net.hidden, z)});
  }
  return passes;
}

static bool isSquare(const Net& net) {
  for (const Parameters& p : net.layers)
    if (p.w.n_rows != p.w.n_cols) return false;
  return true;
}

static void forward(learner::Sheet& sheet, const Net& net, const mat& x) {
  const MLP mlp = net.mlp();
  sheet.given("x", x);
  learner::giveLayers(sheet, net);
  sheet.answer("passes", [&] { return parts(mlp.feedForward(x)); });

  const auto suspect = [&](const char* mistake, const auto& run) {
    sheet.suspect(mistake, [&] { return parts(run()); });
  };
  const auto layers = [&](const auto& change) {
    Net other = net;
    for (Parameters& p : other.layers) change(p);
    return passesOf(other, x);
  };
  const auto hidden = [&](Activation g) { return passesOf({net.layers, g}, x); };
  suspect("the biases are missing",
          [&] { return layers([](auto& p) { p.b.zeros(); }); });
  suspect("the biases come to the first sample only: each column gets them", [&] {
    MLP::Passes all = layers([](auto& p) { p.b.zeros(); });
    const MLP::Passes first = passesOf(net, x.col(0));
    for (std::size_t l = 1; l < all.size(); ++l) {
      all[l].z.col(0) = first[l].z;
      all[l].a.col(0) = first[l].a;
    }
    return all;
  });
  suspect("softmax in every layer: hidden layers have hidden_",
          [&] { return hidden(Activation::softmax); });
  suspect("hidden layers without an activation",
          [&] { return hidden(Activation::identity); });
  suspect("ReLU in every hidden layer: take hidden_, it may be another",
          [&] { return hidden(Activation::relu); });
  suspect("the activation hidden_ also behind the last layer, where softmax belongs",
          [&] { return passesOf(net, x, net.hidden); });
  suspect("no activation behind the last layer, where softmax belongs",
          [&] { return passesOf(net, x, Activation::identity); });
  suspect("softmax one layer too early: the inputs count as a pass", [&] {
    MLP::Passes passes{{{}, x}};
    const std::size_t count = net.layers.size();
    for (const Parameters& p : net.layers) {
      mat z = p.w * passes.back().a;
      z.each_col() += p.b;
      const bool early = passes.size() + 1 == count;
      passes.push_back(
          {z, learner::through(early ? Activation::softmax : net.hidden, z)});
    }
    return passes;
  });
  suspect("a layer is given z, not a, of the layer before it", [&] {
    return given(net, x, [](const auto& passes) {
      return passes.size() == 1 ? passes.back().a : passes.back().z;
    });
  });
  suspect("a in the place of z: a Pass keeps both, z is needed on the way back", [&] {
    MLP::Passes passes = passesOf(net, x);
    for (std::size_t l = 1; l < passes.size(); ++l) passes[l].z = passes[l].a;
    return passes;
  });
  if (!isSquare(net)) return;
  suspect("every layer is always given x: layer 2 is given what layer 1 made", [&] {
    return given(net, x, [](const auto& passes) { return passes.front().a; });
  });
  suspect("w transposed: a row of w belongs to a unit of this layer",
          [&] { return layers([](auto& p) { p.w = p.w.t().eval(); }); });
}

EXERCISE(4, 9) {
  sheet.begin("the network of the chapter");
  forward(sheet, learner::chapterNet(), arma::vec{1, 2});
  sheet.begin("the network of the chapter and three samples");
  forward(sheet, learner::chapterNet(), {{1, 0, -1}, {2, 3, 1}});
  sheet.begin("one layer, which is the last");
  forward(sheet, learner::randomNet(sheet, {2, 3}, Activation::relu, true),
          sheet.whole(2, 2, 1, 1).slice(0));
  sheet.begin("logistic units");
  Net logistic = learner::squareNet();
  logistic.layers.pop_back();
  forward(sheet, logistic, {{1, -1}, {1, 0}});
  sheet.begin("three layers of logistic units");
  forward(sheet, learner::squareNet(), arma::vec{1, -1});
  for (const Activation g : {Activation::logistic, Activation::relu}) {
    sheet.begin("random layers of 3, 5, 4 and 2 units");
    forward(sheet, learner::randomNet(sheet, {3, 5, 4, 2}, g, false),
            sheet.normal(3, 4).slice(0));
  }
}
