#include "alerting/vendor_answer.hpp"

#include <simdjson.h>

namespace brandwacht::alerting {

struct VendorAnswer::Tree {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  bool object = false;

  simdjson::simdjson_result<simdjson::dom::element> at(std::string_view pointer) const {
    if (!object) return simdjson::NO_SUCH_FIELD;
    return root.at_pointer(pointer);
  }
};

VendorAnswer::VendorAnswer(std::string_view body) : tree_(std::make_unique<Tree>()) {
  if (body.empty() || body.front() != '{') return;  // most failures are text or HTML
  tree_->object = !tree_->parser.parse(std::string(body)).get(tree_->root) &&
                  tree_->root.type() == simdjson::dom::element_type::OBJECT;
}

VendorAnswer::~VendorAnswer() = default;

bool VendorAnswer::is_object() const {
  return tree_->object;
}

std::string VendorAnswer::text(std::string_view pointer) const {
  std::string_view out;
  return tree_->at(pointer).get_string().get(out) ? std::string() : std::string(out);
}

std::optional<std::int64_t> VendorAnswer::integer(std::string_view pointer) const {
  std::int64_t out = 0;
  if (tree_->at(pointer).get_int64().get(out)) return {};
  return out;
}

std::optional<double> VendorAnswer::number(std::string_view pointer) const {
  double out = 0;
  if (tree_->at(pointer).get_double().get(out)) return {};
  return out;
}

std::optional<bool> VendorAnswer::flag(std::string_view pointer) const {
  bool out = false;
  if (tree_->at(pointer).get_bool().get(out)) return {};
  return out;
}

}  // namespace brandwacht::alerting
