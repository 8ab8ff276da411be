// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 08. Sizes in bytes are those of packs of sixteen
/// floats, whatever the processor that this is compiled for.

#include "01_convolution/convolution.hpp"
#include "08_cnn_fast/cnn.hpp"
#include "pencil.hpp"

namespace {

using namespace cnn;
using namespace cnn::pencil;
using fast::Conv, fast::ConvPool, fast::FC, fast::Size, fast::Softmax, fast::inTiles;
using Four = fast::Pack<float, 4>;

// The layers of the network of the book, sixteen samples a pack.
constexpr Size image{1, 28, 28};
using L = fast::Pack<float, 16>;
using Conv1 = ConvPool<10, 3, 2>::Layer<L, image, true>;
using Conv2 = Conv<16, 5>::Layer<L, Conv1::out, false>;
using Fc1 = FC<100>::Layer<L, Conv2::out, false>;
using Fc2 = Softmax<10>::Layer<L, Fc1::out, false>;
constexpr int f = Conv2::facts.shape[3];

/// Right-aligned, with a comma before each three digits.
std::string wide(int number, int width = 0) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return fmt::format("{:>{}}", digits, width);
}

PENCIL(operationsAByte) {
  const int products = Conv2::facts.weights * Conv2::out.pixels(),
            numbers = Conv1::out.count() + Conv2::out.count();
  return fill(R"(
  z[i] = x[i] + #·y[i]     operations   #
                           bytes        #·# = #
                           a byte       #/# ≈ #.##

  conv#, one sample        operations   #·# = #
                           bytes        #·(# + #) = #
                           a byte       #/# ≈ ##.#
)",
              2, 2, 3, 4, wide(3 * 4), 2, wide(3 * 4), 2.0 / (3 * 4),  //
              "2", 2, wide(products), wide(2 * products),              //
              4, wide(Conv1::out.count()), wide(Conv2::out.count()), wide(4 * numbers),
              wide(2 * products), wide(4 * numbers), 2.0 * products / (4 * numbers));
}

/// A row of outputs under a row of the kernel: what tiles of at most `atOnce` fetch.
template <int atOnce>
Values tilesOfARow() {
  int tiles = 0, weights = 0, pixels = 0, products = 0;
  inTiles<Conv2::out.columns, atOnce>([&]<int width>(int) {
    ++tiles;
    weights += f;
    pixels += width - 1 + f;
    products += width * f;
  });
  Values row;
  for (const int number : {atOnce, tiles, weights, pixels, weights + pixels, products})
    append(row, number);
  append(row, static_cast<double>(weights + pixels) / products);
  return row;
}

PENCIL(tilesOfARow) {
  return fill(R"(
  outputs   tiles     fetched             multiply-   fetched
  at once   a row   weights   pixels      adds        for each

     ##       ##      ##   +   ## = ##       ##          #.##
     ##       ##      ##   +   ## = ##       ##          #.##
     ##       ##      ##   +   ## = ##       ##          #.##
)",
              tilesOfARow<1>(), tilesOfARow<3>(), tilesOfARow<9>());
}

template <int n, int limit>
std::string tilesOf() {
  std::string sizes;
  inTiles<n, limit>([&]<int size>(int) {
    sizes += fmt::format("{}{}", sizes.empty() ? "" : " + ", size);
  });
  return sizes;
}

PENCIL(evenTiles) {
  return fill(R"(
  how many   at most   tiles

     ##        ##      #
     ##        ##      #
     ##        ##      #
     ##        ##      #
)",
              9, 13, tilesOf<9, 13>(), 26, 13, tilesOf<26, 13>(), 10, 4,
              tilesOf<10, 4>(), 16, 4, tilesOf<16, 4>());
}

/// The numbers of some packs, one after the other.
Values numbers(std::initializer_list<Four> packs) {
  Values values;
  for (const Four& pack : packs)
    for (int lane = 0; lane < 4; ++lane) append(values, pack[lane]);
  return values;
}

PENCIL(packsTurnedRound) {
  const Four begin[4] = {
      {11, 12, 13, 14}, {21, 22, 23, 24}, {31, 32, 33, 34}, {41, 42, 43, 44}};
  Four one[4], two[4];
  std::copy_n(begin, 4, one);
  fast::exchange<1>(one[0], one[1]);
  fast::exchange<1>(one[2], one[3]);
  std::copy_n(begin, 4, two);
  fast::transpose(two);
  Values rows;
  for (int k = 0; k < 4; ++k) append(rows, numbers({begin[k], one[k], two[k]}));
  return fill(R"(
     packs              apart #            apart #

  ## ## ## ##        ## ## ## ##        ## ## ## ##
  ## ## ## ##        ## ## ## ##        ## ## ## ##
  ## ## ## ##        ## ## ## ##        ## ## ## ##
  ## ## ## ##        ## ## ## ##        ## ## ## ##
)",
              1, 2, rows);
}

PENCIL(sumsAcrossLanes) {
  const Four v[4] = {{1, 2, 3, 4}, {10, 20, 30, 40}, {0, 0, 0, 5}, {-1, 1, -1, 1}};
  Four even[2] = {v[0], v[2]}, odd[2] = {v[1], v[3]};
  fast::exchange<2>(even[0], even[1]);
  fast::exchange<2>(odd[0], odd[1]);
  const Four a = even[0] + even[1], b = odd[0] + odd[1];
  Four last[2] = {a, b};
  fast::exchange<1>(last[0], last[1]);
  return fill(R"(
                     exchanged,                         exchanged,
                      apart #            added           apart #             sums

  v0 ## ## ## ##    ## ## ## ##
  v2 ## ## ## ##    ## ## ## ##       ## ## ## ##      ## ## ## ##

  v1 ## ## ## ##    ## ## ## ##
  v3 ## ## ## ##    ## ## ## ##       ## ## ## ##      ## ## ## ##       ## ### ## ##
)",
              2, 1,
              numbers({v[0], even[0], v[2], even[1], a, last[0], v[1], odd[0], v[3],
                       odd[1], b, last[1], fast::sumsOverSamples<4>(v)}));
}

PENCIL(winnersOfFour) {
  constexpr Size small{1, 3, 3};
  using Fused = ConvPool<1, 2, 2>::Layer<Four, small, true>;
  const mat samples[4] = {X, arma::fliplr(arma::flipud(X)), -X, arma::fliplr(X)};
  const float w[] = {1, 2, 3, 4, 0};  // K and the bias 0
  Four x[9], a[1], delta[1] = {{1, 1, 7, 2}};
  mat images, sums;
  for (int k = 0; k < 4; ++k) {
    const mat& sample = samples[k];
    for (int pixel = 0; pixel < 9; ++pixel)
      x[pixel][k] = static_cast<float>(sample(pixel / 3, pixel % 3));
    images = join_rows(images, sample);
    sums = join_rows(sums, convolveWindows(sample, K));
  }
  Fused::Memory memory;
  Fused::Scratch scratch;
  Fused::forward(w, x, a, memory, scratch);
  float dw[5] = {};
  Fused::computeGradients(x, delta, memory, scratch, dw);
  Values winners;
  for (int k = 0; k < 4; ++k) append(winners, memory.winner[0][k]);
  const auto patch = [&](int k) -> mat {
    return samples[k].submat(memory.winner[0][k] / 2, memory.winner[0][k] % 2,
                             arma::size(K));
  };
  return fill(
      R"(
                ########     ########     ########     ########

  image         #  #  #      #  #  #      #  #  #      #  #  #
                #  #  #      #  #  #      #  #  #      #  #  #
                #  #  #      #  #  #      #  #  #      #  #  #

  candidates     ##  ##       ##  ##      ##  ##        ##  ##
                 ##  ##       ##  ##      ##  ##        ##  ##

  best           ##           ##           ##           ##
  its cell       ##           ##           ##           ##

  delta          ##           ##           ##           ##
  its patch      #  #         #  #                      #  #         dw   ##  ##
                 #  #         #  #                      #  #              ##  ##
)",
      "sample 1", "sample 2", "sample 3", "sample 4", images, sums, numbers({a[0]}),
      winners, numbers({delta[0]}),
      beside({patch(0), patch(1), patch(3), mat{{dw[0], dw[1]}, {dw[2], dw[3]}}}));
}

PENCIL(sampleAfterSample) {
  constexpr Size inputs{4, 1, 1};
  using Layer = FC<2>::Layer<Four, inputs, true>;
  const Four x[4] = {
      {1, 0}, {2, 1}, {3, 0}, {4, 1}};  // two samples, in the first lanes
  const Four delta[2] = {{10, 2}, {-1, 3}};
  Layer::Section section;
  section.resize(2);
  section.keep(0, x, delta);
  float gradient[10] = {};
  for (int strip = 0; strip < Layer::strips; ++strip)
    Layer::computeGradients(section, strip, gradient);
  const auto errors = [&](int sample, int output) -> double {
    return section.delta[static_cast<std::size_t>(sample * 2 + output)];
  };
  const auto share = [&](int sample, int output) {
    return static_cast<float>(errors(sample, output)) *
           section.x[static_cast<std::size_t>(sample)];
  };
  Values rows;
  for (int k = 0; k < 2; ++k) {
    append(rows, numbers({section.x[static_cast<std::size_t>(k)]}));
    append(rows, errors(k, 0));
    append(rows, errors(k, 1));
    append(rows, numbers({share(k, 0), share(k, 1)}));
  }
  for (int k = 0; k < 8; ++k) append(rows, gradient[k]);
  return fill(R"(
               inputs          delta           first output       second output

  one        #  #  #  #       ##  ##           ## ## ## ##         ## ## ## ##
  another    #  #  #  #       ##  ##           ## ## ## ##         ## ## ## ##

  dw                                           ## ## ## ##         ## ## ## ##
)",
              rows);
}

PENCIL(bytesOfAChunk) {
  constexpr int four = fast::packsPerChunk, bytes = sizeof(L);
  Values values;
  int total = 0;
  const auto row = [&](const Size& size, int each) {
    if (size.pixels() > 1)
      append(values, fmt::format("{:>8}", fmt::format("{}·{}·{}", size.channels,
                                                      size.rows, size.columns)));
    append(values, wide(size.count(), 7));
    append(values, wide(size.count() * each, 10));
    append(values, wide(size.count() * each * four, 13));
    total += size.count() * each;
  };
  row(image, bytes);
  row(Conv1::out, bytes);
  row(Conv1::out, sizeof(fast::Tags<L>));
  row(Conv2::out, bytes);
  row(Fc1::out, bytes);
  row(Fc2::out, bytes);
  const int parameters = Conv1::facts.parameters() + Conv2::facts.parameters() +
                         Fc1::facts.parameters() + Fc2::facts.parameters();
  return fill(R"(
                               numbers   bytes a pack     four packs

  the images      ######## = #######     ##########  #############
  conv and pool   ######## = #######     ##########  #############
  their winners   ######## = #######     ##########  #############
  second conv     ######## = #######     ##########  #############
  hidden units               #######     ##########  #############
  answers                    #######     ##########  #############

  together                               ##########  #############
  all weights                #######                 #############
)",
              values, wide(total, 10), wide(total * four, 13), wide(parameters, 7),
              wide(parameters * 4, 13));
}

}  // namespace
