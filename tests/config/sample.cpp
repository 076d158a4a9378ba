#include "tests/config/sample.hpp"

namespace brandwacht::config {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

void read_daemon(Section section, Sample& sample) {
  section.read("listen", sample.listen);
  section.read_path("data_dir", sample.data_dir);
  sample.level =
      section.choice("level", {"debug", "info", "warning", "error"}).value_or(sample.level);
  section.read("workers", sample.workers, 1, 64);
  section.read("threshold", sample.threshold, 0, 1);
  section.read("verbose", sample.verbose);
  section.read("hold", sample.hold, seconds{1}, hours{1});
  section.close();
}

Sample::Brand read_brand(Section section) {
  Sample::Brand brand;
  section.require("name");
  section.read("name", brand.name);
  section.read("terms", brand.terms);
  section.close();
  return brand;
}

Sample::Receiver read_receiver(Section section) {
  Sample::Receiver receiver;
  section.require("type");
  section.read("type", receiver.type);
  section.read_secret("routing_key", receiver.routing_key);
  section.close();
  return receiver;
}

}  // namespace

Sample read_sample(Document& document) {
  Sample sample;
  if (!document.ok()) return sample;
  Section root = document.root();
  if (auto section = root.section("daemon")) read_daemon(std::move(*section), sample);
  for (Section& section : root.sections("brand")) {
    sample.brands.push_back(read_brand(std::move(section)));
  }
  for (Section& section : root.sections("receiver")) {
    sample.receivers.push_back(read_receiver(std::move(section)));
  }
  root.close();
  return sample;
}

}  // namespace brandwacht::config
