// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/toys.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;

static Parts parts(const Gradients& sums) {
  Parts all;
  for (std::size_t l = sums.size(); l-- > 0;)
    if (sums[l].count() > 0) {
      all.push_back({"db of brick " + std::to_string(l + 1), numbers(sums[l].b)});
      all.push_back({"dw of brick " + std::to_string(l + 1), numbers(sums[l].w)});
    }
  return all;
}

/// What somebody may get wrong about a step of the loop.
enum class Slip {
  noSlope,
  slopeAbove,
  slopeOfThisBrick,
  otherActivation,
  slopeTwice,
  imageBelow,
  ownOutput,
  swapped,
  errorFirst,
  sameError,
  lastOnly
};

static Parts wrongWay(const CNNClassifier& net, const Image& x, Image delta,
                      Slip slip) {
  const auto passes = there(net, x);
  Gradients sums = net.zeroGradients();
  for (std::size_t l = net.depth(); l-- > 0;) {
    const Layer<Image>& brick = net.layer(l);
    const Image& input = l == 0 || slip == Slip::imageBelow ? x
                         : slip == Slip::ownOutput          ? passes[l].a
                                                            : passes[l - 1].a;
    if (slip == Slip::errorFirst) delta = brick.backPropError(delta, passes[l]);
    if (slip == Slip::swapped)
      brick.computeGradients(input, delta, passes[l], sums[l]);
    else
      brick.computeGradients(delta, input, passes[l], sums[l]);
    if (l == 0 || slip == Slip::lastOnly) break;
    if (slip == Slip::sameError) continue;
    if (slip != Slip::errorFirst) delta = brick.backPropError(delta, passes[l]);
    const Image& z = passes[l - 1].z;
    const Activation g = net.layer(l - 1).activation;
    if (slip == Slip::slopeAbove) {
      if (brick.parameterCount() > 0) delta %= reluSlope(passes[l - 1].a);
    } else if (slip == Slip::slopeOfThisBrick) {
      if (arma::size(passes[l].z) == arma::size(delta))
        multiplyBySlope(delta, passes[l].z, brick.activation);
    } else if (slip == Slip::otherActivation) {
      if (!z.empty()) multiplyBySlope(delta, z, brick.activation);
    } else if (slip != Slip::noSlope) {
      multiplyBySlope(delta, z, g);
      if (slip == Slip::slopeTwice) multiplyBySlope(delta, z, g);
    }
  }
  return parts(sums);
}

static void back(Sheet& sheet, CNNClassifier& net, const Image& x, const Image& delta) {
  sheet.given("x", x);
  sheet.given("delta", delta);
  giveParameters(sheet, net);
  const auto passes = there(net, x);
  sheet.answer("", [&] {
    Gradients sums = net.zeroGradients();
    net.feedBackward(x, passes, delta, sums);
    return parts(sums);
  });
  const auto slip = [&](const std::string& words, Slip which) {
    sheet.suspect(words, [&] { return wrongWay(net, x, delta, which); });
  };
  slip("the slope is missing: the error passes where the relu was off", Slip::noSlope);
  slip(
      "the slope was taken at a, by the brick above: behind a mean, units that were "
      "off are paid too",
      Slip::slopeAbove);
  slip(
      "the slope of the brick that was just asked, which its delta has already: that "
      "of the brick below is wanted",
      Slip::slopeOfThisBrick);
  slip("z is that of the brick below, the activation is not", Slip::otherActivation);
  slip("computeGradients was given dJ/da of the brick below, not its own delta",
       Slip::errorFirst);
  slip("a brick's own a as its input: it was given the a of the brick below",
       Slip::ownOutput);
  slip("delta and the input of computeGradients in each other's place", Slip::swapped);
  slip("only the last brick was asked: its error goes on to all below", Slip::lastOnly);
}

/// Where all bricks have one size, more mistakes go unnoticed; and the gradient check.
static void backInOneSize(Sheet& sheet, CNNClassifier& net, const Image& x,
                          const Image& delta) {
  back(sheet, net, x, delta);
  sheet.suspect("the image x was every brick's input: it is a of the brick below",
                [&] { return wrongWay(net, x, delta, Slip::imageBelow); });
  sheet.suspect("the slope twice, once too often",
                [&] { return wrongWay(net, x, delta, Slip::slopeTwice); });
  sheet.suspect("every brick was given the error of the last one",
                [&] { return wrongWay(net, x, delta, Slip::sameError); });
  const auto cost = [&] { return arma::accu(there(net, x).back().a % delta); };
  for (std::size_t l = 0; l < net.depth(); ++l)
    sheet.slope("dw of brick " + std::to_string(l + 1), net.layer(l).parameters.w,
                cost);
}

static Weigh weigh(Sheet& sheet, uword n, Activation g) {
  return Weigh(sheet.whole(n, 2).slice(0), g);
}

EXERCISE(5, 2) {
  {
    CNNClassifier net({4, 1, 1, true});
    net.add(Weigh({{2, -1}, {2, -1}, {1, 1}, {1, 1}}, Activation::relu));
    net.add(Pairs(Pooling::mean));
    net.add(Weigh({{2, 0}, {-4, 1}}, Activation::identity));
    sheet.begin("toys: 1 is w x + b and relu, 2 means of pairs, 3 is w x + b");
    back(sheet, net, numbers(vec{1, -2, 3, 0}), numbers(vec{1, -1}));
  }
  {
    CNNClassifier net({2, 1, 1, true});
    net.add(Weigh({{0.5, 0}, {1, 0.5}}, Activation::logistic));
    net.add(Weigh({{2, 0}, {-1, 1}}, Activation::identity));
    sheet.begin("two bricks of 2 numbers, logistic and none");
    backInOneSize(sheet, net, numbers(vec{1, -2}), numbers(vec{1, 3}));
  }
  {
    CNNClassifier net({3, 1, 1, true});
    net.add(weigh(sheet, 3, Activation::relu));
    net.add(weigh(sheet, 3, Activation::logistic));
    net.add(weigh(sheet, 3, Activation::identity));
    sheet.begin("three bricks of 3 numbers, relu, logistic, none");
    backInOneSize(sheet, net, sheet.normal(3, 1), sheet.whole(3, 1));
  }
  {
    CNNClassifier net({8, 1, 1, true});
    net.add(weigh(sheet, 8, Activation::relu));
    net.add(Pairs(Pooling::max));
    net.add(weigh(sheet, 4, Activation::relu));
    net.add(Pairs(Pooling::mean));
    sheet.begin("four bricks, which make 8, 4, 4 and 2 numbers");
    back(sheet, net, sheet.normal(8, 1), sheet.whole(2, 1));
  }
  {
    CNNClassifier net({2, 1, 1, true});
    net.add(weigh(sheet, 2, Activation::relu));
    sheet.begin("a single brick");
    back(sheet, net, sheet.whole(2, 1), sheet.whole(2, 1));
  }
  {
    CNNClassifier net({2, 1, 1, true});
    net.add(weigh(sheet, 2, Activation::relu));
    net.add(weigh(sheet, 2, Activation::identity));
    const Image x1 = sheet.whole(2, 1), x2 = sheet.whole(2, 1);
    const Image delta = numbers(vec{1, 2});
    sheet.begin("two images whose gradients add up in the same sums");
    sheet.given("x 1", x1);
    sheet.given("x 2", x2);
    sheet.given("delta", delta);
    const auto passes1 = there(net, x1), passes2 = there(net, x2);
    sheet.answer("", [&] {
      Gradients sums = net.zeroGradients();
      net.feedBackward(x1, passes1, delta, sums);
      net.feedBackward(x2, passes2, delta, sums);
      return parts(sums);
    });
    sheet.suspect("the second image alone: the bricks add to sums, which stay", [&] {
      Gradients sums = net.zeroGradients();
      net.feedBackward(x2, passes2, delta, sums);
      return parts(sums);
    });
  }
}
