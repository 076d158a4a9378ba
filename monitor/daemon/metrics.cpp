#include "monitor/daemon/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <limits>
#include <sstream>

namespace brandwacht::daemon {

prometheus::ClientMetric& MetricsWriter::add(std::string_view name, std::string_view help,
                                             prometheus::MetricType type, Labels labels) {
  const std::string full = "brandwacht_" + std::string(name);
  if (families_.empty() || families_.back().name != full) {
    prometheus::MetricFamily family;
    family.name = full;
    family.help = help;
    family.type = type;
    families_.push_back(std::move(family));
  }
  auto& metric = families_.back().metric.emplace_back();
  for (const auto& [key, value] : labels) {
    prometheus::ClientMetric::Label label;
    label.name = key;
    label.value = value;
    metric.label.push_back(std::move(label));
  }
  return metric;
}

void MetricsWriter::counter(std::string_view name, std::string_view help, double value,
                            Labels labels) {
  add(name, help, prometheus::MetricType::Counter, labels).counter.value = value;
}

void MetricsWriter::gauge(std::string_view name, std::string_view help, double value,
                          Labels labels) {
  add(name, help, prometheus::MetricType::Gauge, labels).gauge.value = value;
}

void MetricsWriter::histogram(std::string_view name, std::string_view help,
                              const std::vector<double>& bounds,
                              const std::vector<std::uint64_t>& counts, double sum, Labels labels) {
  auto& histogram = add(name, help, prometheus::MetricType::Histogram, labels).histogram;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    prometheus::ClientMetric::Bucket bucket;
    bucket.cumulative_count = total;
    bucket.upper_bound = i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back(bucket);
  }
  histogram.sample_count = total;
  histogram.sample_sum = sum;
}

std::string MetricsWriter::text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families_);
  return std::move(out).str();
}

}  // namespace brandwacht::daemon
