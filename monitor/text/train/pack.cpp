#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_set>

#include "monitor/hash.hpp"
#include "monitor/text/train/pipeline.hpp"

namespace brandwacht::text::train {
namespace {

// Columns differ in size; a weight matters as much as it moves its column.
Row column_scales(const std::vector<Trainer::Weight>& weights) {
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
    const std::size_t at = sizes.size() - 1 - sizes.size() / 5000;
    std::ranges::nth_element(sizes, sizes.begin() + static_cast<std::ptrdiff_t>(at));
    scales[o] = std::max(sizes[at], 1e-6F) / 127;
  }
  return scales;
}

std::int8_t quantised(float weight, float scale) {
  return static_cast<std::int8_t>(std::lround(std::clamp(weight / scale, -127.0F, 127.0F)));
}

// Worth of a feature: how far it moves the outputs that decide, and half that of the others.
float worth(const Trainer::Weight& weight, const Row& scales) {
  float most = 0;
  for (std::size_t o = 0; o < kOutputs; ++o) {
    const float steps = std::abs(weight.row[o]) / scales[o];
    const bool decides = o == index(Output::negative) || o == index(Output::open_negative) ||
                         o == index(Output::review_negative);
    most = std::max(most, decides ? steps : steps / 2);
  }
  const float often = std::sqrt(static_cast<float>(std::min(weight.count, 200U)) + 1);
  return most * often * (weight.kind == FeatureKind::ngram ? 0.6F : 1.0F);
}

}  // namespace

ModelFile pack(const std::vector<Trainer::Weight>& weights,
               const std::unordered_map<std::uint64_t, std::uint8_t>& cues,
               const Model::Header& header, std::size_t largest, PackReport& report) {
  const auto lines =
      static_cast<std::uint32_t>((largest - sizeof(Model::Header)) / sizeof(Model::Line));
  ModelFile file(sizeof(Model::Header) + std::size_t{lines} * sizeof(Model::Line));
  auto* table = reinterpret_cast<Model::Line*>(file.bytes().data() + sizeof(Model::Header));
  std::memset(file.bytes().data(), 0, file.bytes().size());

  const Row scales = column_scales(weights);
  std::vector<std::pair<float, std::uint32_t>> order;
  order.reserve(weights.size());
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    const bool cue = weights[i].kind == FeatureKind::word && cues.contains(weights[i].hash);
    const bool whole =
        weights[i].kind == FeatureKind::whole || weights[i].kind == FeatureKind::letter;
    order.emplace_back(cue || whole ? 1e9F : worth(weights[i], scales), i);
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
    if (value < 1) break;  // rounds to nothing in every column
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
