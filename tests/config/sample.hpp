// A made-up set of settings that uses every reader once, for the tests.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "config/reader.hpp"

namespace brandwacht::config {

struct Sample {
  std::string listen = "127.0.0.1:8428";
  std::filesystem::path data_dir;
  std::size_t level = 1;
  std::int64_t workers = 2;
  double threshold = 0.5;
  bool verbose = false;
  std::chrono::microseconds hold = std::chrono::seconds{60};
  struct Brand {
    std::string name;
    std::vector<std::string> terms;
  };
  std::vector<Brand> brands;
  struct Receiver {
    std::string type, routing_key;
  };
  std::vector<Receiver> receivers;
};

Sample read_sample(Document& document);

}  // namespace brandwacht::config
