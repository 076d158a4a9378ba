// /metrics: what every part counts, as Prometheus text 0.0.4. Parts keep plain numbers; they are
// gathered at a scrape.
#pragma once
#include <prometheus/metric_family.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brandwacht::daemon {

// Builds families in order; all samples of a name must be added one after the other.
class MetricsWriter {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  void counter(std::string_view name, std::string_view help, double value, Labels labels = {});
  void gauge(std::string_view name, std::string_view help, double value, Labels labels = {});
  // `bounds` are upper bounds in ascending order without +Inf; `counts` has one more, not
  // cumulative.
  void histogram(std::string_view name, std::string_view help, const std::vector<double>& bounds,
                 const std::vector<std::uint64_t>& counts, double sum, Labels labels = {});
  std::string text() const;

 private:
  prometheus::ClientMetric& add(std::string_view name, std::string_view help,
                                prometheus::MetricType type, Labels labels);
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace brandwacht::daemon
