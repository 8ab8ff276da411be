// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: pooling as in stage 02, and who won in each lane.
///   max   a[c][i][j] = the largest x[c][i s + u - p][j s + v - p] over u and v
///   mean  a[c][i][j] = their sum / f^2

#include "05_cnn_serial/bricks.hpp"
#include "07_cnn_simd/images.hpp"

namespace cnn::simd {

/// Max or mean pooling.
template <class P>
class PoolLayer : public PoolBrick<Images<P>> {
  using Brick = PoolBrick<Images<P>>;
  using Brick::input_, Brick::output_, Brick::pooling_, Brick::size_, Brick::slide_;

  Number<P> area() const { return static_cast<Number<P>>(size_ * size_); }

  /// Calls visit(window, cell, pixel) for the cells of every window that lie in their
  /// image, row by row.
  template <class Visit>
  void eachCell(int packs, const Visit& visit) const {
    const int rows = static_cast<int>(input_.rows),
              columns = static_cast<int>(input_.columns),
              maps = packs * static_cast<int>(input_.channels);
    const auto [s, p] = slide_;
    int window = 0;
    for (int map = 0; map < maps; ++map)
      for (int top = -p; top <= rows + p - size_; top += s)
        for (int left = -p; left <= columns + p - size_; left += s, ++window)
          for (int u = 0; u < size_; ++u)
            for (int v = 0; v < size_; ++v)
              if (const int i = top + u, j = left + v;
                  0 <= i && i < rows && 0 <= j && j < columns)
                visit(window, u * size_ + v, (map * rows + i) * columns + j);
  }

 public:
  using Brick::Brick;

  Trace<Images<P>> forward(const Images<P>& x) const override {
    Images<P> a(x.packs, output_);
    if (pooling_ == Pooling::mean) {
      eachCell(x.packs, [&](int window, int, int pixel) {
        a.values[window] += x.values[pixel] / area();
      });
      return {{.z = {}, .a = std::move(a)}};
    }
    std::vector<Mask<P>> winners(a.values.size(), Mask<P>{} - 1);  // nobody yet
    eachCell(x.packs, [&](int window, int cell, int pixel) {
      P& best = a.values[window];
      Mask<P>& winner = winners[window];
      const P v = x.values[pixel];
      // A later cell must be larger to win; a NaN wins, and stays.
      const Mask<P> wins = (winner < 0) | ((best == best) & ~(v <= best));
      best = wins ? v : best;
      winner = wins ? Mask<P>{} + cell : winner;
    });
    return {{.z = {}, .a = std::move(a)}, {std::move(winners)}};
  }

  /// Where windows overlap, their errors add up.
  Images<P> backPropError(const Images<P>& delta,
                          const Trace<Images<P>>& trace) const override {
    Images<P> dx(delta.packs, input_);
    eachCell(delta.packs, [&](int window, int cell, int pixel) {
      const P error = delta.values[window];
      dx.values[pixel] += pooling_ == Pooling::mean              ? error / area()
                          : trace.memory.winners[window] == cell ? error
                                                                 : P{};
    });
    return dx;
  }
};

}  // namespace cnn::simd
