// A small plot as inline SVG. Colours are CSS variables of the page around it (report.cpp), so that
// one plot is good in light, dark and on paper. Pure text in, text out.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brandwacht::replay {

// Text between tags or in a quoted attribute.
std::string escape_html(std::string_view text);

struct Axis {
  double low = 0, high = 1;
  std::vector<std::pair<double, std::string>> ticks;
  std::string title;
};
// Round steps from `low` to at least `high`, about four; `suffix` stands behind each number.
Axis round_axis(double low, double high, std::string title, std::string_view suffix = {});

class Plot {
 public:
  using Point = std::pair<double, double>;

  // `name` is read out in place of the picture.
  Plot(std::string name, Axis x, Axis y, int height = 240);

  // Classes: "a" and "b" are the two colours, "quiet" is grey and dashed.
  void line(const std::vector<Point>& points, std::string_view colour);
  void dot(Point at, double radius, std::string_view colour, std::string_view tip);
  // From the axis up, over [from, to].
  void bar(double from, double to, double bottom, double top, std::string_view colour,
           std::string_view tip);
  void across(double y, std::string_view label);  // a dashed line with its name
  void upright(double x, std::string_view label);

  std::string svg() const;

 private:
  static constexpr double kWidth = 420, kLeft = 46, kRight = 14, kTop = 14, kBottom = 42;
  double x(double value) const;
  double y(double value) const;

  std::string name_;
  Axis x_, y_;
  double height_;
  std::string body_;
};

}  // namespace brandwacht::replay
