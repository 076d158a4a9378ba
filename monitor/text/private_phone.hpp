// Asks libphonenumber whether digits are a phone number that was given out.
#pragma once
#include <string_view>

namespace brandwacht::text {

// One a text: a question takes 10 to 50 us, so their number is bounded.
class PhoneBook {
 public:
  enum class Answer { no, possible, valid };

  // `digits` as dialled in the Netherlands or Belgium ("0612345678"), or "+" and a country code.
  // possible: the length is right. Asked too often, it says valid: better hidden than shown.
  Answer ask(std::string_view digits);

 private:
  static constexpr int kMostQuestions = 128;
  int asked_ = 0;
};

}  // namespace brandwacht::text
