#include "monitor/replay/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace brandwacht::replay {

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Axis round_axis(double low, double high, std::string title, std::string_view suffix) {
  const double span = std::max(high - low, 1e-9);
  const double size = std::pow(10, std::floor(std::log10(span / 4)));
  double step = size;
  for (const double times : {2.0, 5.0, 10.0})
    if (span / step > 5) step = size * times;
  Axis axis{std::floor(low / step + 1e-9) * step,
            std::ceil(high / step - 1e-9) * step,
            {},
            std::move(title)};
  if (axis.high <= axis.low) axis.high = axis.low + step;
  for (int i = 0; axis.low + i * step <= axis.high + step / 2; ++i) {
    const double value = axis.low + i * step;
    axis.ticks.emplace_back(value, fmt::format("{:g}{}", std::round(value / step) * step, suffix));
  }
  return axis;
}

Plot::Plot(std::string name, Axis x, Axis y, int height)
    : name_(std::move(name)), x_(std::move(x)), y_(std::move(y)), height_(height) {}

double Plot::x(double value) const {
  const double part = (std::clamp(value, x_.low, x_.high) - x_.low) / (x_.high - x_.low);
  return kLeft + part * (kWidth - kLeft - kRight);
}

double Plot::y(double value) const {
  const double part = (std::clamp(value, y_.low, y_.high) - y_.low) / (y_.high - y_.low);
  return height_ - kBottom - part * (height_ - kTop - kBottom);
}

void Plot::line(const std::vector<Point>& points, std::string_view colour) {
  if (points.size() < 2) return;
  std::string path;
  for (const auto& [px, py] : points)
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x(px), y(py));
  body_ += fmt::format("<path class=\"line {}\" d=\"{}\"/>\n", colour, path);
}

void Plot::dot(Point at, double radius, std::string_view colour, std::string_view tip) {
  body_ += fmt::format(
      "<circle class=\"dot {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" "
      "r=\"{:.1f}\"><title>{}</title></circle>\n",
      colour, x(at.first), y(at.second), radius, escape_html(tip));
}

void Plot::bar(double from, double to, double bottom, double top, std::string_view colour,
               std::string_view tip) {
  const double left = x(from) + 0.75, right = std::max(x(to) - 0.75, left + 0.5);
  body_ += fmt::format(
      "<rect class=\"bar {}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
      "height=\"{:.1f}\"><title>{}</title></rect>\n",
      colour, left, y(top), right - left, std::max(y(bottom) - y(top), 0.0), escape_html(tip));
}

void Plot::across(double value, std::string_view label) {
  body_ += fmt::format(
      "<line class=\"mark\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text "
      "class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
      kLeft, kWidth - kRight, y(value), y(value), kWidth - kRight - 2, y(value) - 4,
      escape_html(label));
}

void Plot::upright(double value, std::string_view label) {
  // The name stands where there is room for it.
  const bool right = value > (x_.low + x_.high) / 2;
  body_ += fmt::format(
      "<line class=\"mark\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text "
      "class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
      x(value), x(value), kTop, height_ - kBottom, x(value) + (right ? -5 : 5), kTop + 10,
      right ? "end" : "start", escape_html(label));
}

std::string Plot::svg() const {
  std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                                kWidth, height_, escape_html(name_));
  for (const auto& [value, label] : y_.ticks)
    out += fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text "
        "class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
        kLeft, kWidth - kRight, y(value), y(value), kLeft - 6, y(value) + 4, escape_html(label));
  for (const auto& [value, label] : x_.ticks)
    out += fmt::format(
        "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
        x(value), height_ - kBottom + 16, escape_html(label));
  out += fmt::format(
      "<text class=\"axis\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
      (kLeft + kWidth - kRight) / 2, height_ - 8, escape_html(x_.title));
  out += body_;
  out += fmt::format(
      "<line class=\"base\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n</svg>\n",
      kLeft, kWidth - kRight, height_ - kBottom, height_ - kBottom);
  return out;
}

}  // namespace brandwacht::replay
