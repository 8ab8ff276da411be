// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 04: what a layer learns, by name.
///   "fc1.weight", outputs first, and "fc1.bias"    as PyTorch calls and stores them

#include "04_mlp/parameters.hpp"
#include "common/core/require.hpp"
#include "common/core/tensor.hpp"
#include "common/training/classifier.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cnn {

/// Stores a layer as `name.weight`, of the given shape, and `name.bias`.
inline void store(Tensors& tensors, const std::string& name, const Parameters& p,
                  std::vector<std::size_t> weightShape) {
  tensors[name + ".weight"] = toTensor(p.w, std::move(weightShape));
  tensors[name + ".bias"] = toTensor(p.b, {p.b.n_elem});
}

/// Refuses all weights but those for a network that has `own` now. Asked before the
/// first layer takes its own: so a network takes all or none.
/// @throws InputError naming the tensor that is unknown, missing or of another shape
inline void requireWeightsLike(const Tensors& own, const Tensors& given) {
  for (const auto& [name, tensor] : given)
    requireInput(own.contains(name), "{} is not part of this network", name);
  for (const auto& [name, tensor] : own) {
    const auto found = given.find(name);
    requireInput(found != given.end(),
                 "these weights have no {}: is this the right network?", name);
    const auto& [shape, values] = found->second;
    requireInput(shape == tensor.shape, "{} is {}, this network needs {}", name,
                 describe(shape), describe(tensor.shape));
    requireInput(values.size() == tensor.values.size(), "{} is {}, but has {} values",
                 name, describe(shape), values.size());
  }
}

/// Takes a layer back from `name.weight` and `name.bias`, which are there.
inline Parameters fetch(const Tensors& tensors, const std::string& name) {
  return {toMatrix(tensors.at(name + ".weight")), toMatrix(tensors.at(name + ".bias"))};
}

/// Adds a layer to the runs of its network, as it lies in memory.
inline void addRuns(std::vector<AnyRun>& runs, const std::string& name, Parameters& p,
                    Parameters& gradient) {
  const auto all = [](auto& x) { return std::span<double>(x.memptr(), x.n_elem); };
  runs.push_back(Run<double>{name + ".weight", all(p.w), all(gradient.w)});
  runs.push_back(Run<double>{name + ".bias", all(p.b), all(gradient.b)});
}

}  // namespace cnn
