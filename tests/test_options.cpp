// SPDX-License-Identifier: MIT
/// @file
/// Every option of every program does what its line in --help says: a run with it differs
/// from one without where it should, and nowhere else. What a training run should have
/// learnt is asked of the library, by the same plan and no command line.

#include "04_mlp/mlp.hpp"
#include "05_cnn_serial/cnn.hpp"
#include "06_cnn_batched/cnn.hpp"
#include "07_cnn_simd/cnn.hpp"
#include "09_winograd/cnn.hpp"
#include "common/pictures/digit.hpp"
#include "common/pictures/png.hpp"
#include "common/pictures/read_picture.hpp"
#include "common/training/checkpoint.hpp"
#include "common/training/safetensors.hpp"
#include "desk.hpp"
#include "same.hpp"
#include "weights_check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <regex>
#include <set>

using namespace cnn;
using arma::uword;

namespace {

/// Options by name; a flag's value is empty.
using Options = std::map<std::string, std::string>;

using ::operator+;  // of words
Options operator+(Options some, const Options& more) {
  for (const auto& [name, value] : more) some[name] = value;
  return some;
}

Words wordsOf(const Options& options) {
  Words words;
  for (const auto& [name, value] : options)
    words = words + (value.empty() ? Words{name} : Words{name, value});
  return words;
}

/// What a run leaves to look at: "output" and the files in its folder, by name.
using Seen = std::map<std::string, std::string>;

/// A desk for one program.
class Bench : public Desk {
 public:
  explicit Bench(std::string program) : program_(std::move(program)) { putGnuplot(); }
  const std::string& program() const { return program_; }

  /// Charts are as putGnuplot has them.
  std::string output(const Options& options, const Words& before = {}) const {
    fs::remove_all(*this / "out");
    const Words words = Words{"/usr/bin/env", "PATH=bin"} + before +
                        Words{CNN_PROGRAMS_DIR "/" + program_} + wordsOf(options);
    return good("", words);
  }

  Seen see(const Options& options) const {
    Seen seen = {{"output", output(options)}};
    if (const auto learning = seen["output"].find("\nlearning a kernel");
        learning != std::string::npos)
      seen["output"].erase(0, learning);  // stage 03: times stand before it
    if (fs::exists(*this / "out"))
      for (const auto& entry : fs::directory_iterator(*this / "out"))
        seen[entry.path().filename()] = contentOf(entry.path());
    return seen;
  }

  /// How often the program, with all its threads, makes a call of the system that
  /// strace shows with this mark.
  auto calls(const std::string& call, const std::string& mark,
             const Options& options) const {
    output(options,
           {"ASAN_OPTIONS=detect_leaks=0", "OPENBLAS_NUM_THREADS=1", "/usr/bin/strace",
            "-f", "-qq", "-o", "calls", "-e", "trace=" + call});
    const Words lines = linesOf(contentOf(*this / "calls"));
    return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(mark) != std::string::npos;
    });
  }

 private:
  std::string program_;
};

/// The options in the lines of --help, but for --help itself.
std::set<std::string> optionsOf(const Bench& bench) {
  std::set<std::string> names;
  const std::regex line(R"(  +(?:-\w, *)?(--[a-z-]+).*)");
  std::smatch found;
  for (const std::string& text : linesOf(bench.output({{"--help", ""}})))
    if (std::regex_match(text, found, line)) names.insert(found[1]);
  REQUIRE(names.erase("--help") == 1);
  return names;
}

std::string inWords(const Options& options) {
  return fmt::format("{}", fmt::join(wordsOf(options), " "));
}

// ---- the stages that show --------------------------------------------------------------

/// Two runs, one of them with the option: what differs between them, and what the one
/// with it says (and the other does not).
struct Shown {
  std::string name, value;
  Options beside;
  std::set<std::string> differs;
  std::string says = "";
};

/// Runs each pair, and looks for options that none of them has.
void checkShown(const Bench& bench, const Options& base, const std::vector<Shown>& rows,
                std::set<std::string> tried = {}) {
  std::map<Options, Seen> known;
  const auto see = [&](const Options& options) {
    const auto [place, isNew] = known.try_emplace(options);
    if (isNew) place->second = bench.see(options);
    return place->second;
  };
  tried.insert("--out");  // the desk gives it to every run
  for (const Shown& row : rows) {
    const Options without = base + row.beside;
    const Options with = without + Options{{row.name, row.value}};
    INFO(bench.program() << " " << row.name << " " << row.value << " beside "
                         << inWords(without));
    Seen a = see(without), b = see(with);
    checkSays(b["output"], row.says);
    if (!row.says.empty()) CHECK(a["output"].find(row.says) == std::string::npos);
    std::set<std::string> differs;
    for (const auto& [name, bytes] : a)
      if (!b.contains(name) || b[name] != bytes) differs.insert(name);
    for (const auto& [name, bytes] : b)
      if (!a.contains(name)) differs.insert(name);
    CHECK(differs == row.differs);
    tried.insert(row.name);
  }
  CHECK(tried == optionsOf(bench));
}

/// A picture with an edge that is neither upright nor level.
void drawSlope(const fs::path& path) {
  arma::mat x(20, 30);
  for (uword i = 0; i < x.n_rows; ++i)
    for (uword j = 0; j < x.n_cols; ++j) x(i, j) = i > j / 2;
  writePng(path, x);
}

// ---- the stages that learn ---------------------------------------------------------------

/// Small, and with every number unlike its neighbours and the defaults.
const Options common = {
    {"--data", "data"},   {"--epochs", "1"},    {"--batch", "10"},
    {"--rate", "0.07"},   {"--lambda", "0.03"}, {"--clip", "0.02"},
    {"--shift", "0"},     {"--seed", "3"},      {"--schedule", "constant"},
    {"--limit", "0"},     {"--validate", "0"},  {"--test-limit", "0"},
    {"--save", "weights"}};

Options baseOf(const std::string& program) {
  if (program == "04_mlp") return common + Options{{"--hidden", "6,5"}};
  if (program == "05_cnn_serial" || program == "07_cnn_simd") return common;
  return common + Options{{"--threads", "1"}};
}

/// A rate so high that the cost rises now and then: anneal has its say.
Options restless(const std::string& program) {
  return program == "04_mlp"
             ? Options{{"--epochs", "6"}, {"--rate", "3"}, {"--clip", "1"}}
             : Options{{"--epochs", "6"}, {"--rate", "1"}, {"--clip", "0.1"}};
}

std::string valueOr(const Options& options, const std::string& name,
                    const std::string& other) {
  const auto found = options.find(name);
  return found == options.end() ? other : found->second;
}

/// The network as it begins, made without a command line.
std::unique_ptr<Classifier> networkOf(const std::string& program,
                                      const Options& options) {
  const std::uint64_t seed = std::stoull(options.at("--seed"));
  const auto begun = [&](auto network) {
    network->init(seed);
    return std::unique_ptr<Classifier>(std::move(network));
  };
  const uword threads = std::stoul(valueOr(options, "--threads", "1"));
  if (program == "05_cnn_serial")
    return begun(std::make_unique<serial::CNNClassifier>(serial::mnistNetwork()));
  if (program == "07_cnn_simd")
    return begun(
        std::make_unique<simd::CNNClassifier<simd::Pack<float>>>(simd::mnistNetwork()));
  if (program == "08_cnn_fast")
    return begun(std::make_unique<fast::DirectNetwork>(threads));
  if (program == "09_winograd")
    return begun(std::make_unique<fast::WinogradNetwork>(threads));
  if (program == "06_cnn_batched")
    return begun(std::make_unique<batched::CNNClassifier>(
        batched::mnistNetwork(threads, std::stoul(valueOr(options, "--chunk", "4")))));
  std::vector<uword> sizes = {784};
  std::istringstream hidden(options.at("--hidden"));
  for (std::string units; std::getline(hidden, units, ',');)
    sizes.push_back(std::stoul(units));
  sizes.push_back(10);
  Random random(seed);
  return std::make_unique<MLP>(
      sizes, random,
      valueOr(options, "--start", "xavier") == "he" ? Start::He : Start::Xavier,
      valueOr(options, "--units", "logistic") == "relu" ? Activation::relu
                                                        : Activation::logistic);
}

/// What is to be seen after a training run.
struct Learnt {
  Tensors weights;
  Words accuracies;  ///< the last two lines
};

/// A trainer and the data it learns from.
class School : public Bench {
 public:
  explicit School(const std::string& program)
      : Bench(program), all_(loadMnist(mnistFolder())) {
    for (const std::string folder : {"data", "other"})
      data(*this, filesOf(train(folder), test(folder)), folder);
    base = baseOf(program);
  }

  Dataset train(const std::string& folder) const {
    return all_.train.range(folder == "other" ? 100 : 0, 60);
  }
  Dataset test(const std::string& folder) const {
    return all_.test.range(folder == "other" ? 100 : 0, 25);
  }

  /// By the program.
  Learnt taught(const Options& options) const {
    const Words lines = linesOf(output(options));
    REQUIRE(lines.size() >= 2);
    return {loadTensors(*this / options.at("--save")).tensors,
            {lines.end() - 2, lines.end()}};
  }

  /// By the library. The parts of the plan are spelt out here once more, on purpose.
  Learnt expected(const Options& options) const {
    const auto text = [&](const char* name) { return options.at(name); };
    const auto count = [&](const char* name) { return std::stoul(options.at(name)); };
    const auto number = [&](const char* name) { return std::stod(options.at(name)); };
    const TrainingPlan plan = {
        .epochs = count("--epochs"),
        .batch = count("--batch"),
        .rule = {.rate = number("--rate"),
                 .lambda = number("--lambda"),
                 .clip = number("--clip"),
                 .shift = {static_cast<int>(count("--shift"))}},
        .anneal = text("--schedule") == "anneal"
                      ? std::stod(valueOr(options, "--anneal", "0.9"))
                      : 1,
        .linear = text("--schedule") == "linear",
        .shuffle = !options.contains("--no-shuffle")};
    Dataset data = train(text("--data")), judge = test(text("--data"));
    data = data.range(0, data.size() - count("--validate"));
    if (count("--limit") > 0) data = data.range(0, count("--limit"));
    if (count("--test-limit") > 0) judge = judge.range(0, count("--test-limit"));
    const auto network = networkOf(program(), options);
    if (options.contains("--load")) loadWeights(*network, *this / text("--load"));
    cnn::train(*network, data, plan, count("--seed"));
    return {
        network->weights(),
        {fmt::format("train accuracy {:.2f} %", network->evaluate(data).accuracy()),
         fmt::format("test accuracy {:.2f} %", network->evaluate(judge).accuracy())}};
  }

  Options base;

 private:
  TrainTest all_;
};

/// How a run's weights compare with those of a run without the option.
enum class Weights { others, roundedOtherwise, same };

/// An option with a value, the others it is given beside, and what becomes of the weights.
struct Taught {
  std::string name, value;
  Options beside = {};
  Weights weights = Weights::others;
};

const std::vector<Taught> everyTrainers = {
    {"--epochs", "2"},
    {"--batch", "7"},
    {"--rate", "0.03"},
    {"--lambda", "9"},
    {"--clip", "0.0005"},
    {"--schedule", "linear", {{"--epochs", "2"}}},
    {"--shift", "1"},
    {"--no-shuffle", ""},
    {"--seed", "4"},
    {"--data", "other"},
    {"--limit", "40"},
    {"--validate", "20"},
    {"--validate",
     "20",
     {{"--limit", "30"}},
     Weights::same},  // 40 are left, the first 30 count
    {"--load", "begin"},
    {"--test-limit", "7", {}, Weights::same}};

const std::map<std::string, std::vector<Taught>> ownOptions = {
    {"04_mlp",
     {{"--hidden", "7"},
      {"--start", "he"},
      {"--units", "relu"},
      {"--anneal", "0.3", restless("04_mlp") + Options{{"--schedule", "anneal"}}}}},
    {"05_cnn_serial", {}},
    {"06_cnn_batched",
     {{"--threads", "2", {}, Weights::same},
      {"--chunk", "3", {}, Weights::roundedOtherwise}}},
    {"07_cnn_simd", {}},
    {"08_cnn_fast", {{"--threads", "2", {}, Weights::same}}},
    {"09_winograd", {{"--threads", "2", {}, Weights::same}}}};

/// Every row against the library and against the run without its option.
void checkTaught(const School& school, const std::vector<Taught>& rows) {
  std::map<Options, Learnt> known;
  const auto taught = [&](const Options& options) {
    const auto [place, isNew] = known.try_emplace(options);
    if (isNew) place->second = school.taught(options);
    return place->second;
  };
  for (const Taught& row : rows) {
    const Options without = school.base + row.beside;
    const Options with = without + Options{{row.name, row.value}};
    INFO(school.program() << " " << row.name << " " << row.value << " beside "
                          << inWords(without));
    const Learnt a = taught(without), b = taught(with), wanted = school.expected(with);
    // The compiler may round one copy of the code unlike the other.
    CHECK(apart(b.weights, wanted.weights) < 1e-6);
    CHECK(b.accuracies == wanted.accuracies);
    const double changed = apart(a.weights, b.weights);
    CHECK((changed == 0) == (row.weights == Weights::same));
    CHECK((changed > 1e-4) == (row.weights == Weights::others));
  }
}

/// The columns of a log but for the seconds, which no two runs share.
Words withoutSeconds(const std::string& log) {
  Words rows = linesOf(log);
  for (std::string& row : rows) row.resize(row.rfind(','));
  return rows;
}

/// The curves are the columns of the log.
void checkCurve(const std::string& chart, const std::string& kind,
                const std::string& log) {
  CHECK(chart.starts_with("kind = '" + kind + "'\ntest\n"));
  CHECK(chart.ends_with("\n" + log));
  const std::size_t train = chart.find("plot ARG1 using 1:3"),
                    test = chart.find("using 1:4"), cost = chart.find("using 1:2 axes");
  CHECK(train < test);
  CHECK(test < cost);
  CHECK(cost < chart.size());
}

/// What the others than the weights do.
const std::map<std::string, std::function<void(const School&)>> filesAndWords = {
    {"--out",
     [](const School& school) {  // the desk gives it to every run
       Options words = school.base;
       words.erase("--save");
       fs::remove_all(school / "out");
       const auto before = school.count();
       const Seen seen = school.see(words);
       CHECK(seen.contains("weights.safetensors"));
       CHECK(seen.contains("log.csv"));
       CHECK(school.count() == before + 1);
     }},
    {"--save",
     [](const School& school) {
       Options words = school.base;
       words.erase("--save");
       const Seen usual = school.see(words);
       const Seen named = school.see(words + Options{{"--save", "new/elsewhere"}});
       CHECK_FALSE(named.contains("weights.safetensors"));
       CHECK((contentOf(school / "new/elsewhere") == usual.at("weights.safetensors")));
     }},
    {"--log",
     [](const School& school) {
       const Seen usual = school.see(school.base);
       const Seen named = school.see(school.base + Options{{"--log", "new/rows"}});
       CHECK_FALSE(named.contains("log.csv"));
       CHECK(withoutSeconds(contentOf(school / "new/rows")) ==
             withoutSeconds(usual.at("log.csv")));
     }},
    {"--plot",
     [](const School& school) {
       const Options words = school.base + Options{{"--epochs", "3"}};
       const Seen usual = school.see(words);
       const Seen named = school.see(words + Options{{"--plot", "new/mine.svg"}});
       CHECK_FALSE(named.contains("curve.png"));
       checkCurve(usual.at("curve.png"), "png", usual.at("log.csv"));
       checkCurve(contentOf(school / "new/mine.svg"), "svg", named.at("log.csv"));
     }},
    {"--quiet",
     [](const School& school) {
       const Words loud = linesOf(school.output(school.base));
       const Words quiet =
           linesOf(school.output(school.base + Options{{"--quiet", ""}}));
       REQUIRE(loud.size() > 4);
       CHECK(quiet == Words(loud.end() - 2, loud.end()));
     }},
    {"--checkpoint",
     [](const School& school) {
       fs::remove(school / "c");
       const Learnt plain = school.taught(school.base);
       CHECK_FALSE(fs::exists(school / "c"));
       const Learnt kept = school.taught(school.base + Options{{"--checkpoint", "c"}});
       CHECK(apart(plain.weights, kept.weights) == 0);
       CHECK(apart(loadTensors(school / "c").tensors, kept.weights) == 0);
     }},
    {"--resume",
     [](const School& school) {
       const Options words = school.base + restless(school.program()) +
                             Options{{"--schedule", "anneal"}, {"--shift", "1"}};
       const Learnt straight = school.taught(words);
       const std::string log = contentOf(school / "out/log.csv");
       const Learnt begun =
           school.taught(words + Options{{"--epochs", "4"}, {"--checkpoint", "c"}});
       const Learnt resumed = school.taught(words + Options{{"--resume", "c"}});
       CHECK(apart(begun.weights, straight.weights) > 1e-4);
       CHECK(apart(resumed.weights, straight.weights) == 0);
       CHECK(resumed.accuracies == straight.accuracies);
       CHECK(withoutSeconds(contentOf(school / "out/log.csv")) == withoutSeconds(log));
     }},
    {"--predict", [](const School& school) {
       // With weights so large that a digit on its side would be told from one upright.
       const Dataset digits = loadMnist(mnistFolder()).test.range(0, 3);
       const auto network = networkOf(school.program(), school.base);
       Tensors weights = network->weights();
       for (auto& [name, tensor] : weights)
         for (double& weight : tensor.values) weight *= 8;
       network->setWeights(weights);
       saveWeights(*network, school / "weights");
       const Options own =
           school.program() == "04_mlp" ? Options{{"--hidden", "6,5"}} : Options();
       double turned = 0;
       for (uword n = 0; n < digits.size(); ++n) {
         const arma::mat image = digits.image(n);
         writePng(school / "digit.png", image);
         const auto answer = [&](const arma::mat& x) {
           const arma::rowvec bytes = arma::round(255 * arma::vectorise(x, 1));
           return arma::vec(network->predict(
               {28, 28, arma::conv_to<arma::Mat<std::uint8_t>>::from(bytes.t()), {0}}));
         };
         const arma::vec p = answer(readDigit(school / "digit.png"));
         CHECK(arma::abs(p - answer(image)).max() < 0.05);
         turned = std::max(turned, arma::abs(p - answer(image.t())).max());
         const std::string out = school.output(
             own + Options{{"--predict", "digit.png"}, {"--load", "weights"}});
         for (uword k = 0; k < 10; ++k)
           checkSays(out, fmt::format("\n{}  {:6.2f} %", k, 100 * p(k)));
         checkSays(out, fmt::format("\ndigit.png is a {}\n", p.index_max()));
       }
       REQUIRE(turned > 0.05);
     }}};

void checkTrainer(const std::string& program) {
  const School school(program);
  saveWeights(*networkOf(program, school.base + Options{{"--seed", "9"}}),
              school / "begin");
  checkTaught(school, everyTrainers);
  checkTaught(school, {{"--schedule", "anneal", restless(program)}});
  checkTaught(school, ownOptions.at(program));
  for (const auto& [name, check] : filesAndWords) {
    INFO(program << " " << name);
    check(school);
  }

  std::set<std::string> tried;
  if (program == "04_mlp") tried.insert("--mode");  // below
  for (const auto& rows : {everyTrainers, ownOptions.at(program)})
    for (const Taught& row : rows) tried.insert(row.name);
  for (const auto& [name, check] : filesAndWords) tried.insert(name);
  CHECK(tried == optionsOf(school));
}

}  // namespace

TEST_CASE("stage 01 does what its options say", "[options]") {
  const Bench bench("01_convolution");
  drawSlope(bench / "slope.png");
  writePng(bench / "blank.png", arma::mat(20, 30, arma::fill::zeros));
  const std::string digit = "digit_sobel.png", picture = "picture_sobel.png";
  checkShown(
      bench, {{"--image", "slope.png"}, {"--largest", "0"}},
      {{"--digit", "1", {}, {"output", digit}},
       {"--image", "blank.png", {}, {"output", picture}},
       {"--kernel",
        "left",
        {},
        {"output", digit, picture, "digit_left.png", "picture_left.png"}},
       {"--stride", "2", {}, {"output", digit, picture}, "28 x 28 -> 13 x 13"},
       {"--padding", "1", {}, {"output", digit, picture}, "28 x 28 -> 28 x 28"},
       {"--largest", "3", {}, {"output", "crossover.csv", "crossover.png"}, "\n   3  "},
       {"--pixels",
        "9",
        {{"--largest", "1"}},
        {"output", "crossover.csv", "crossover.png"},
        "9 x 9 pixels"}},
      {"--repeats"});

  // Each run of each of three ways, at one size of the kernel, begins and ends with a
  // look at the clock.
  const auto looks = [&](const std::string& repeats) {
    return bench.calls("clock_gettime", "CLOCK_PROCESS_CPUTIME_ID",
                       {{"--image", "blank.png"},
                        {"--largest", "1"},
                        {"--pixels", "9"},
                        {"--repeats", repeats}});
  };
  if (canTrace()) {
    CHECK(looks("2") == 2 * 3 * 2);
    CHECK(looks("7") == 2 * 3 * 7);
  }

  // What the kernel called left makes of a picture stands one pixel, 9 times enlarged,
  // left of the picture itself.
  bench.output(
      {{"--kernel", "left"}, {"--padding", "1"}, {"--largest", "0"}, {"--digit", "7"}});
  const arma::mat both = readPicture(bench / "out/digit_left.png");
  const uword side = 28 * 9, gap = 8;
  REQUIRE(arma::size(both) == arma::size(side, side + gap + side));
  CHECK(same(both.submat(0, 9, arma::size(side, side - 9)),
             both.submat(0, side + gap, arma::size(side, side - 9)), 1e-12));
}

TEST_CASE("stage 02 does what its options say", "[options]") {
  const Bench bench("02_pooling");
  drawSlope(bench / "slope.png");
  const std::string usual = "size2_stride2_padding0.png";
  checkShown(
      bench, {{"--size", "2"}, {"--stride", "2"}},
      {{"--size",
        "3",
        {},
        {"output", usual, "size3_stride2_padding0.png"},
        "28 x 28 -> 13 x 13"},
       {"--stride",
        "3",
        {},
        {"output", usual, "size2_stride3_padding0.png"},
        "28 x 28 -> 9 x 9"},
       {"--padding",
        "1",
        {},
        {"output", usual, "size2_stride2_padding1.png"},
        "28 x 28 -> 15 x 15"},
       {"--kind", "max", {}, {"output", usual}},
       {"--kind", "mean", {}, {"output", usual}},
       {"--kind", "mean", {{"--kind", "max"}}, {"output", usual}, "mean pooling"},
       {"--digit", "1", {}, {"output", usual}},
       {"--image", "slope.png", {}, {"output", usual}, "20 x 30 -> 10 x 15"}});
}

TEST_CASE("stage 03 does what its options say", "[options]") {
  const Bench bench("03_conv_backprop");
  const std::set<std::string> learnt = {"output", "kernels.png", "cost.csv",
                                        "cost.png"},
                              all = {"output",   "kernels.png", "cost.csv",
                                     "cost.png", "steps.csv",   "steps.png"};
  std::vector<Shown> rows = {{"--kernel", "random", {}, learnt},
                             {"--rate", "0.1", {}, learnt},
                             {"--iterations", "3", {}, learnt, "\n     3 "},
                             {"--noise", "2", {}, learnt},
                             {"--seed", "2", {}, all}};
  const std::map<std::string, std::string> mistakes = {
      {"flip", "missing flip"},  {"transpose", "transposed"},
      {"stride", "not dilated"}, {"padding", "shifted by (1, 1)"},
      {"dw", "by 180 degrees"},  {"bias", "one scalar for all"}};
  for (const auto& [mistake, guess] : mistakes)
    rows.push_back({"--break", mistake, {}, all, guess});
  checkShown(bench, {{"--iterations", "2"}}, rows);
}

TEST_CASE("stage 04 does what its options say", "[options]") { checkTrainer("04_mlp"); }
TEST_CASE("stage 05 does what its options say", "[options]") {
  checkTrainer("05_cnn_serial");
}
TEST_CASE("stage 06 does what its options say", "[options]") {
  checkTrainer("06_cnn_batched");
}
TEST_CASE("stage 07 does what its options say", "[options]") {
  checkTrainer("07_cnn_simd");
}

TEST_CASE("stage 08 does what its options say", "[options]") {
  checkTrainer("08_cnn_fast");
}
TEST_CASE("stage 09 does what its options say", "[options]") {
  checkTrainer("09_winograd");
}

TEST_CASE("a mode of stage 04 sets what --help says, and no more than was left open",
          "[options]") {
  const School school("04_mlp");
  const Options base = {
      {"--data", "data"}, {"--hidden", "6,5"}, {"--seed", "3"}, {"--save", "weights"}};
  // Versions of CLI11 break and align lines each in their own way.
  const std::string help = inOneLine(school.output({{"--help", ""}}));
  const std::regex line(R"((\w+)((?: --[a-z]+ [^- ]\S*){6}))"),
      option(R"((--[a-z]+) (\S+))");
  std::set<std::string> tried;
  for (std::sregex_iterator found(help.begin(), help.end(), line), none; found != none;
       ++found) {
    const std::string mode = (*found)[1], sets = (*found)[2];
    INFO(found->str());
    Options words;
    for (std::sregex_iterator i(sets.begin(), sets.end(), option), end; i != end; ++i)
      words[(*i)[1]] = (*i)[2] == "all" ? "60" : (*i)[2].str();
    CHECK(words.size() == 6);
    const Options named = base + Options{{"--mode", mode}};
    const Learnt byMode = school.taught(named), byHand = school.taught(base + words);
    CHECK(apart(byMode.weights, byHand.weights) == 0);
    for (const auto& [name, value] :
         Options{{"--batch", "9"}, {"--epochs", "2"}, {"--rate", "0.3"}}) {
      const Options own = {{name, value}};
      CHECK(apart(school.taught(named + own).weights,
                  school.taught(base + words + own).weights) == 0);
    }
    // --limit shows where there are more images than that.
    checkSays(
        school.output({{"--mode", mode},
                       {"--epochs", "0"},
                       {"--hidden", "2"},
                       {"--test-limit", "10"}}),
        words["--limit"] == "0" ? "60000 training" : words["--limit"] + " training");
    tried.insert(mode);
  }
  CHECK(tried == std::set<std::string>{"full", "minibatch", "stochastic"});
}

TEST_CASE("as many threads as --threads says share the work", "[options]") {
  if (!canTrace()) return;
  for (const std::string program : {"06_cnn_batched", "08_cnn_fast", "09_winograd"}) {
    const School school(program);
    const auto started = [&](const std::string& threads) {
      // more than two chunks of stage 08 a batch
      const Options words =
          baseOf(program) +
          Options{{"--data", "large"}, {"--batch", "300"}, {"--threads", threads}};
      return school.calls("clone,clone3", "CLONE_THREAD", words);
    };
    data(school, smallMnist(300, 10), "large");
    const auto alone = started("1");
    CHECK(started("2") == alone + 1);
    CHECK(started("4") == alone + 3);
    checkSays(school.output(school.base + Options{{"--threads", "3"}}), " 3 threads\n");
  }
}
