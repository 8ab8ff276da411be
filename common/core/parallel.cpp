// SPDX-License-Identifier: MIT
#include "common/core/parallel.hpp"

#include <thread>
#include <vector>

namespace cnn {

namespace {

using Task = std::function<void(std::size_t)>;

// Waits until the number is another. To wake a thread that sleeps takes as long as a
// small batch, so it looks about for a moment before it lies down.
template <class T>
void waitWhile(const std::atomic<T>& number, T old) {
  for (int looks = 0; looks < 1000 && number == old; ++looks) std::this_thread::yield();
  number.wait(old);
}

// Threads that wait for the next task; thread t of them is number t + 1.
class Team {
 public:
  ~Team() {
    task_ = nullptr;
    begin();  // the members end
    for (std::thread& member : members_) member.join();
  }

  // False when another call has the team.
  bool run(std::size_t threads, const Task& task) {
    const std::unique_lock lock(busy_, std::try_to_lock);
    if (!lock) return false;
    while (members_.size() + 1 < threads) {
      const std::size_t number = members_.size() + 1;
      members_.emplace_back(
          [this, number, seen = round_.load()] { wait(number, seen); });
    }
    task_ = &task;
    wanted_ = threads;
    working_ = members_.size();
    begin();
    task(0);
    for (std::size_t left = working_; left > 0; left = working_)
      waitWhile(working_, left);
    return true;
  }

 private:
  void begin() {
    ++round_;
    round_.notify_all();
  }

  void wait(std::size_t number, unsigned seen) {
    while (true) {
      waitWhile(round_, seen);
      seen = round_;
      if (!task_) return;
      if (number < wanted_) (*task_)(number);
      --working_;
      working_.notify_one();
    }
  }

  std::mutex busy_;
  const Task* task_ = nullptr;
  std::size_t wanted_ = 0;
  std::atomic<std::size_t> working_ = 0;
  std::atomic<unsigned> round_ = 0;
  std::vector<std::thread> members_;
};

}  // namespace

void runTogether(std::size_t threads, const Task& task) {
  static Team team;
  if (threads > 1 && team.run(threads, task)) return;
  for (std::size_t t = 0; t < threads; ++t) task(t);
}

}  // namespace cnn
