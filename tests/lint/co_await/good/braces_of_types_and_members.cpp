#include "tests/lint/co_await/support.hpp"

namespace sample {

enum class State : unsigned char { idle, busy };

struct Item final {
  std::string name{"x"};
  State state{State::idle};
};

template <typename T>
struct Box : Item {
  Box() : Item{}, value{} {}
  auto get() const -> T { return value; }
  [[nodiscard]] awaitable<T> wait() noexcept(false) {
    if (co_await ready()) [[likely]] {
      co_return value;
    }
    struct Local {
      int x{1};
    };
    struct stat_like {
      int y;
    } other{2};
    co_return T(Local().x + other.y);
  }
  T value;
};

}  // namespace sample
