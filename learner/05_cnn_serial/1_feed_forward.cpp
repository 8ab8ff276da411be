// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/toys.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;

static Parts parts(const std::vector<Trace<Image>>& passes) {
  Parts all = {{"number of traces", numbers(passes.size())}};
  for (std::size_t l = 0; l < passes.size(); ++l) {
    all.push_back({"z of brick " + std::to_string(l + 1), passes[l].z});
    all.push_back({"a of brick " + std::to_string(l + 1), passes[l].a});
  }
  return all;
}

static void through(Sheet& sheet, const CNNClassifier& net, const Image& x) {
  sheet.given("x", x);
  giveParameters(sheet, net);
  sheet.answer("", [&] { return parts(net.feedForward(x)); });
  sheet.suspect("the last trace alone: the way back needs every one of them",
                [&] { return parts({there(net, x).back()}); });
  sheet.suspect("x itself stands among the traces: one for each brick, and no more",
                [&] {
                  auto passes = there(net, x);
                  passes.insert(passes.begin(), {{.z = {}, .a = x}});
                  return parts(passes);
                });
  sheet.suspect("the last brick is left out", [&] {
    auto passes = there(net, x);
    passes.pop_back();
    return parts(passes);
  });
}

EXERCISE(5, 1) {
  {
    CNNClassifier net({3, 1, 1, true});
    net.add(Weigh({{2, 0}, {2, 1}, {1, -1}}, Activation::relu));
    net.add(Weigh({{3, 0}, {1, 4}, {-1, 0}}, Activation::identity));
    net.add(Weigh({{1, 1}, {2, -9}, {1, 0}}, Activation::relu));
    const Image x = numbers(vec{1, -2, 3});
    sheet.begin("three toy bricks, z = w x + b entry by entry, relu in 1 and 3");
    through(sheet, net, x);
    const auto every = [&](auto&& input) {
      std::vector<Trace<Image>> passes;
      for (std::size_t l = 0; l < net.depth(); ++l)
        passes.push_back(net.layer(l).forward(input(l, passes)));
      return parts(passes);
    };
    sheet.suspect("every brick was given the image x, not what the one before it made",
                  [&] { return every([&](auto, const auto&) { return x; }); });
    sheet.suspect("from the last brick to the first: forward goes the other way", [&] {
      std::vector<Trace<Image>> passes;
      for (std::size_t l = net.depth(); l-- > 0;)
        passes.push_back(net.layer(l).forward(passes.empty() ? x : passes.back().a));
      return parts(passes);
    });
    sheet.suspect(
        "every brick was given what the first one made, not the one before it", [&] {
          return every([&](std::size_t l, const auto& passes) {
            return l == 0 ? x : passes.front().a;
          });
        });
  }
  {
    CNNClassifier net({4, 1, 1, true});
    net.add(Weigh(sheet.whole(4, 2).slice(0), Activation::relu));
    net.add(Weigh(sheet.whole(4, 2).slice(0), Activation::relu));
    sheet.begin("random numbers");
    through(sheet, net, sheet.whole(4, 1));
  }
  {
    CNNClassifier net({8, 1, 1, true});
    net.add(Weigh(sheet.whole(8, 2).slice(0), Activation::relu));
    net.add(Pairs(Pooling::mean));
    net.add(Weigh(sheet.whole(4, 2).slice(0), Activation::relu));
    net.add(Pairs(Pooling::max));
    sheet.begin("four bricks, which make 8, 4, 4 and 2 numbers");
    through(sheet, net, sheet.whole(8, 1));
  }
  {
    CNNClassifier net({2, 1, 1, true});
    net.add(Weigh({{2, 1}, {-1, 0}}, Activation::relu));
    sheet.begin("a single brick");
    through(sheet, net, sheet.whole(2, 1));
  }
}
