#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_set>

#include "monitor/hash.hpp"
#include "monitor/text/train/pipeline.hpp"

namespace brandwacht::text::train {
namespace {

// Columns differ in size; a weight matters as much as it moves its column.
Row column_scales(const std::vector<Trainer::Weight>& weights, Columns whole) {
  Row scales{};
  std::vector<float> sizes;
  sizes.reserve(weights.size());
  for (std::size_t o = 0; o < kOutputs; ++o) {
    sizes.clear();
    for (const auto& weight : weights)
      if (weight.row[o] != 0) sizes.push_back(std::abs(weight.row[o]));
    if (sizes.empty()) {
      scales[o] = 1e-3F;
      continue;
    }
    // The few largest are clipped so that the many small ones keep their steps.
    const std::size_t clipped = whole.test(o) ? 0 : sizes.size() / 5000;
    const std::size_t at = sizes.size() - 1 - clipped;
    std::ranges::nth_element(sizes, sizes.begin() + static_cast<std::ptrdiff_t>(at));
    scales[o] = std::max(sizes[at], 1e-6F) / 127;
  }
  return scales;
}

// Root mean square of each column's weights over all that occurs.
Row spreads(const std::vector<Trainer::Weight>& weights) {
  std::array<double, kOutputs> squares{};
  double count = 1e-9;
  for (const auto& weight : weights) {
    count += weight.count;
    for (std::size_t o = 0; o < kOutputs; ++o)
      squares[o] +=
          weight.count * static_cast<double>(weight.row[o]) * static_cast<double>(weight.row[o]);
  }
  Row out{};
  for (std::size_t o = 0; o < kOutputs; ++o)
    out[o] = std::max(1e-6F, static_cast<float>(std::sqrt(squares[o] / count)));
  return out;
}

std::int8_t quantised(float weight, float scale) {
  return static_cast<std::int8_t>(std::lround(std::clamp(weight / scale, -127.0F, 127.0F)));
}

bool rounds_to_nothing(const Row& row, const Row& scales) {
  for (std::size_t o = 0; o < kOutputs; ++o)
    if (quantised(row[o], scales[o]) != 0) return false;
  return true;
}

// What a column counts when features compete for places.
float share_of(std::size_t column) {
  switch (static_cast<Output>(column)) {
    case Output::negative:
    case Output::open_negative:
    case Output::review_negative:
    case Output::open_anger:
    case Output::open_complaint:
    case Output::open_abuse:
      return 1;
    case Output::complaint:
    case Output::desk:
    case Output::review:
    case Output::nl:
    case Output::en:
      return 0.5F;
    default:
      return 0.3F;
  }
}

// Worth of a feature: how far it moves the columns, and how often.
float worth(const Trainer::Weight& weight, const Row& spread) {
  float sum = 0;
  for (std::size_t o = 0; o < kNamed; ++o) {
    const float moves = weight.row[o] / spread[o];
    sum += share_of(o) * moves * moves;
  }
  const float often = static_cast<float>(weight.count) + 1;
  return std::sqrt(sum * often) * (weight.kind == FeatureKind::ngram ? 0.6F : 1.0F);
}

}  // namespace

ModelFile pack(const std::vector<Trainer::Weight>& weights,
               const std::unordered_map<std::uint64_t, std::uint8_t>& cues,
               const Model::Header& header, std::size_t largest, PackReport& report,
               Columns whole) {
  const auto lines =
      static_cast<std::uint32_t>((largest - sizeof(Model::Header)) / sizeof(Model::Line));
  ModelFile file(sizeof(Model::Header) + std::size_t{lines} * sizeof(Model::Line));
  auto* table = reinterpret_cast<Model::Line*>(file.bytes().data() + sizeof(Model::Header));
  std::memset(file.bytes().data(), 0, file.bytes().size());

  const Row scales = column_scales(weights, whole), spread = spreads(weights);
  std::vector<std::pair<float, std::uint32_t>> order;
  order.reserve(weights.size());
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    const bool cue = weights[i].kind == FeatureKind::word && cues.contains(weights[i].hash);
    const bool always =
        weights[i].kind == FeatureKind::whole || weights[i].kind == FeatureKind::letter;
    order.emplace_back(cue || always ? 1e9F : worth(weights[i], spread), i);
  }
  // Equal worth: by hash, so that the file does not depend on the order of a hash table.
  std::ranges::sort(order, [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : weights[a.second].hash < weights[b.second].hash;
  });
  report.learnt = weights.size();
  const auto put = [&](std::uint64_t hash, const Row& row) {
    Model::Line& line = table[Model::line_of(hash, lines)];
    for (std::size_t i = 0; i < Model::kPlaces; ++i) {
      if (line.keys[i] != 0) continue;
      line.keys[i] = Model::tag_of(hash);
      if (const auto cue = cues.find(hash); cue != cues.end()) line.keys[i] |= cue->second;
      for (std::size_t o = 0; o < kOutputs; ++o)
        line.rows[i][o] = quantised(row[o], scales[o]);
      return true;
    }
    return false;
  };
  // Cue words that no text has come first: a list promises each of them.
  std::unordered_set<std::uint64_t> learnt;
  for (const auto& weight : weights)
    learnt.insert(weight.hash);
  std::vector<std::uint64_t> rest;
  for (const auto& [hash, bits] : cues)
    if (!learnt.contains(hash)) rest.push_back(hash);
  std::ranges::sort(rest);
  for (const std::uint64_t hash : rest)
    put(hash, Row{});
  for (const auto& [value, i] : order) {
    if (value < 1e8F && rounds_to_nothing(weights[i].row, scales)) continue;
    ++(put(weights[i].hash, weights[i].row) ? report.kept : report.crowded_out);
  }
  Model::Header out = header;
  std::memcpy(out.magic.data(), "BWTEXT\0\0", 8);
  out.format = Model::kFormat;
  out.lines = lines;
  out.rows = static_cast<std::uint32_t>(report.kept);
  out.scale = scales;
  out.checksum =
      hash_bytes({reinterpret_cast<const char*>(table), std::size_t{lines} * sizeof(Model::Line)});
  std::memcpy(file.bytes().data(), &out, sizeof out);
  return file;
}

}  // namespace brandwacht::text::train
