// SPDX-License-Identifier: MIT
#include "common/pictures/gallery.hpp"

#include "common/core/require.hpp"
#include "common/pictures/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace cnn {

namespace {

// The letters of captions, each in 7 rows of 6 pixels.
constexpr std::string_view known = "0123456789not";
constexpr std::array<std::string_view, 7> letters = {
    " ###    #    ###   ###     #  #####   ##  #####  ###   ###               #    ",
    "#   #  ##   #   # #   #   ##  #      #        # #   # #   #              #    ",
    "#   #   #       #     #  # #  ####  #        #  #   # #   # # ##   ###  ###   ",
    "#   #   #     ##    ##  #  #      # ####    #    ###   #### ##  # #   #  #    ",
    "#   #   #    #        # #####     # #   #   #   #   #     # #   # #   #  #    ",
    "#   #   #   #     #   #    #  #   # #   #  #    #   #    #  #   # #   #  #  # ",
    " ###   ###  #####  ###     #   ###   ###   #     ###   ##   #   #  ###    ##  "};

// A line of text, 7 x 6n pixels, white on black.
arma::mat written(std::string_view text) {
  arma::mat picture(7, 6 * text.size(), arma::fill::zeros);
  for (arma::uword row = 0; row < 7; ++row)
    for (arma::uword column = 0; column < picture.n_cols; ++column)
      if (const auto letter = known.find(text[column / 6]); letter != known.npos)
        picture(row, column) = letters[row][6 * letter + column % 6] == '#';
  return picture;
}

// The image over its caption, in a frame of black.
arma::mat captioned(const arma::mat& image, std::string_view caption) {
  const arma::mat large = enlarge(image, 4), text = enlarge(written(caption), 2);
  const arma::uword width = std::max(large.n_cols, text.n_cols);
  arma::mat picture(large.n_rows + text.n_rows + 10, width, arma::fill::zeros);
  picture.submat(0, (width - large.n_cols) / 2, arma::size(large)) = large;
  picture.submat(large.n_rows + 2, (width - text.n_cols) / 2, arma::size(text)) = text;
  return picture;
}

}  // namespace

arma::umat confusionMatrix(const arma::Col<std::uint8_t>& labels,
                           const arma::uvec& answers, arma::uword classes) {
  require(labels.n_elem == answers.n_elem, "confusionMatrix: {} labels and {} answers",
          labels.n_elem, answers.n_elem);
  arma::umat counts(classes, classes, arma::fill::zeros);
  for (arma::uword i = 0; i < labels.n_elem; ++i) {
    require(labels(i) < classes && answers(i) < classes,
            "confusionMatrix: sample {} is a {} and was taken for a {}; there are {} "
            "classes",
            i, labels(i), answers(i), classes);
    ++counts(labels(i), answers(i));
  }
  return counts;
}

arma::uvec worstMistakes(const Dataset& data, const arma::mat& probabilities,
                         arma::uword count) {
  require(probabilities.n_cols == data.size() && !probabilities.empty(),
          "mistakesPicture: {} x {} probabilities for {} samples", probabilities.n_rows,
          probabilities.n_cols, data.size());
  const arma::uvec answers = arma::index_max(probabilities, 0).t();
  const arma::vec certainty = arma::max(probabilities, 0).t();
  arma::uvec mistakes =
      arma::find(answers != arma::conv_to<arma::uvec>::from(data.labels));
  mistakes = mistakes(arma::stable_sort_index(certainty(mistakes), "descend")).eval();
  if (mistakes.n_elem > count) mistakes.resize(count);
  return mistakes;
}

arma::mat mistakesPicture(const Dataset& data, const arma::mat& probabilities,
                          arma::uword count) {
  const arma::uvec mistakes = worstMistakes(data, probabilities, count);
  const arma::uvec answers = arma::index_max(probabilities, 0).t();
  std::vector<arma::mat> pictures;
  for (const arma::uword i : mistakes)
    pictures.push_back(
        captioned(data.image(i), fmt::format("{} not {}", data.labels(i), answers(i))));
  return pictures.empty() ? arma::mat() : grid(pictures, 6, 4);
}

arma::cube filtersPicture(const std::vector<arma::mat>& filters, arma::uword columns,
                          arma::uword factor) {
  std::vector<arma::mat> squares;
  for (const arma::mat& filter : filters) squares.push_back(enlarge(filter, factor));
  const arma::mat weights = grid(squares, columns, factor / 3, arma::datum::nan);
  return signedColours(weights).replace(arma::datum::nan, 0.5);  // the gaps
}

arma::mat featureMapsPicture(const arma::cube& activations, arma::uword columns,
                             arma::uword factor) {
  require(!activations.empty(), "featureMapsPicture: the activations are empty");
  std::vector<arma::mat> maps;
  for (arma::uword map = 0; map < activations.n_slices; ++map)
    maps.push_back(enlarge(toGrey(activations.slice(map)), factor));
  return grid(maps, columns, factor);
}

std::vector<arma::mat> filtersOf(const Tensor& weights) {
  const arma::mat rows = toMatrix(weights);
  std::vector<arma::mat> filters;
  for (arma::uword k = 0; k < rows.n_rows; ++k)
    filters.push_back(
        arma::reshape(rows.row(k), weights.shape.at(3), weights.shape.at(2)).t());
  return filters;
}

arma::cube mapsOf(const std::vector<arma::mat>& filters, const Tensor& biases,
                  const arma::mat& image) {
  const arma::uword f = filters.at(0).n_rows;
  arma::cube maps(image.n_rows - f + 1, image.n_cols - f + 1, filters.size());
  for (arma::uword k = 0; k < filters.size(); ++k) {
    // arma::conv2 turns the kernel, which a network's convolution does not.
    const arma::mat turned = arma::flipud(arma::fliplr(filters[k]));
    const arma::mat z = arma::conv2(image, turned) + biases.values.at(k);
    maps.slice(k) =
        arma::clamp(z.submat(f - 1, f - 1, image.n_rows - 1, image.n_cols - 1), 0.0,
                    arma::datum::inf);
  }
  return maps;
}

}  // namespace cnn
