// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 06.

#include "06_cnn_batched/batch.hpp"
#include "06_cnn_batched/im2col.hpp"
#include "pencil.hpp"

namespace {

using namespace cnn;
using namespace cnn::batched;
using namespace cnn::pencil;

/// X, a column wider: its matrix of columns is not symmetric.
const mat wide = {{1, 2, 3, 1}, {4, 5, 6, 0}, {7, 8, 9, 2}};
const Windows windows({3, 4, 1}, 2, {});
const mat delta = {{1, -1, 0}, {2, 0, 1}};

/// A picture of one channel as a batch of one sample, and a row of a batch as a picture.
mat inOneRow(const mat& picture) { return arma::vectorise(picture, 1); }
mat onPaper(const mat& row, uword rows, uword columns) {
  return arma::reshape(row, columns, rows).t();
}

/// Two samples of two channels and 2 x 2 pixels.
const Batch two = {{1, 2, 3, 4, 10, 20, 30, 40}, {5, 6, 7, 8, 50, 60, 70, 80}};

PENCIL(windowsAsColumns) {
  return fill(R"(
  X, one wider         its windows as columns          K as a row

  #  #  #  #           #  #  #  #  #  #                #  #  #  #
  #  #  #  #           #  #  #  #  #  #
  #  #  #  #           #  #  #  #  #  #
                       #  #  #  #  #  #
)",
              beside({wide, im2col(inOneRow(wide), windows), inOneRow(K)}));
}

PENCIL(oneProduct) {
  const mat columns = im2col(inOneRow(wide), windows);
  const mat z = inOneRow(K) * columns, map = onPaper(z, 2, 3);
  const auto line = [&](uword j) -> Values {
    Values values = terms(inOneRow(K), columns.col(j).t());
    append(values, z(j));
    return values;
  };
  return fill(R"(
  #·# + #·# + #·# + #·# = ##
  #·# + #·# + #·# + #·# = ##         the row          ##  ##  ##  ##  ##  ##
  #·# + #·# + #·# + #·# = ##
  #·# + #·# + #·# + #·# = ##         on paper         ##  ##  ##
  #·# + #·# + #·# + #·# = ##                          ##  ##  ##
  #·# + #·# + #·# + #·# = ##
)",
              line(0), line(1), z, line(2), line(3), map.row(0), line(4), map.row(1),
              line(5));
}

PENCIL(kernelOfColumns) {
  const mat columns = im2col(inOneRow(wide), windows), errors = inOneRow(delta);
  const mat dw = errors * columns.t();
  const auto line = [&](uword k) -> Values {
    Values values = terms(arma::abs(errors), columns.row(k));
    append(values, dw(k));
    return values;
  };
  return fill(R"(
  delta                   #·# - #·# + #·# + #·# + #·# + #·# = ##          dK
                          #·# - #·# + #·# + #·# + #·# + #·# = ##
  #  #  #                 #·# - #·# + #·# + #·# + #·# + #·# = ##        ##  ##
  #  #  #                 #·# - #·# + #·# + #·# + #·# + #·# = ##        ##  ##
)",
              line(0), line(1), delta.row(0), line(2), dw.head_cols(2), delta.row(1),
              line(3), dw.tail_cols(2));
}

PENCIL(sharesComeHome) {
  const mat shares = inOneRow(K).t() * inOneRow(delta);
  return fill(R"(
  the shares of six windows          added up where they came from

   #  #  #  #  #  #                          #  #  #  #
   #  #  #  #  #  #                          #  #  #  #
   #  #  #  #  #  #                          #  #  #  #
   #  #  #  #  #  #
)",
              beside({shares, onPaper(col2im(shares, windows), 3, 4)}));
}

PENCIL(windowsAPixel) {
  const mat ones(4, 6, arma::fill::ones);
  return fill(R"(
  #  #  #  #
  #  #  #  #
  #  #  #  #
)",
              onPaper(col2im(ones, windows), 3, 4));
}

PENCIL(twoViews) {
  const mat flat = arma::reshape(two, 8, 2);
  const mat memory(two.memptr(), 1, two.n_elem);
  return fill(R"(
                        sample #          sample #
  channel #          #   #   #   #     ##  ##  ##  ##
  channel #          #   #   #   #     ##  ##  ##  ##

  in memory          #  #  #  #  #  #  #  #  ##  ##  ##  ##  ##  ##  ##  ##

  as # x #           #  ##
                     #  ##
                     #  ##
                     #  ##
                     #  ##
                     #  ##
                     #  ##
                     #  ##
)",
              0, 1, 0, two.row(0), 1, two.row(1), memory, flat.n_rows, flat.n_cols,
              flat);
}

PENCIL(orderOfFiles) {
  return fill(R"(
  place here           #  #  #  #  #  #  #  #
  place in a file      #  #  #  #  #  #  #  #
)",
              arma::regspace<arma::urowvec>(0, 7), channelsFastest(2, 4).t());
}

PENCIL(windowRows) {
  const Windows framed({2, 2, 1}, 3, {.stride = 1, .padding = 1});
  Values lines;
  eachWindowRow(framed, 1, [&](const WindowRow& row) {
    for (const uword number : {row.window, row.cell, row.pixel, row.count})
      append(lines, number);
  });
  return fill(R"(
  window   cell   pixel   count

       #      #       #       #
       #      #       #       #
       #      #       #       #
       #      #       #       #
       #      #       #       #
       #      #       #       #
       #      #       #       #
       #      #       #       #
)",
              lines);
}

PENCIL(orderOfASum) {
  const double a = 0.1, b = 0.2, c = 0.3;
  return fill(R"(
  (#.# + #.#) + #.#   gives   #.################
  #.# + (#.# + #.#)   gives   #.################
)",
              a, b, c, (a + b) + c, a, b, c, a + (b + c));
}

PENCIL(kernelByColumns) {
  const mat columns = im2col(inOneRow(wide), windows);
  const mat wrong = arma::vectorise(K).t(), z = wrong * columns;
  return fill(R"(
  K column by column     #  #  #  #

  its product with the columns     ##  ##  ##  ##  ##  ##
  right                            ##  ##  ##  ##  ##  ##
)",
              wrong, z, mat(inOneRow(K) * columns));
}

}  // namespace
