#include "monitor/text/private_phone.hpp"

#include <phonenumbers/phonenumberutil.h>

#include <initializer_list>
#include <string>

namespace brandwacht::text {

PhoneBook::Answer PhoneBook::ask(std::string_view digits) {
  if (asked_ >= kMostQuestions) return Answer::valid;
  const auto& util = *i18n::phonenumbers::PhoneNumberUtil::GetInstance();
  const std::string number(digits);
  Answer answer = Answer::no;
  for (const char* region : {"NL", "BE"}) {
    ++asked_;
    i18n::phonenumbers::PhoneNumber parsed;
    if (util.Parse(number, region, &parsed) !=
        i18n::phonenumbers::PhoneNumberUtil::NO_PARSING_ERROR)
      continue;
    if (util.IsValidNumber(parsed)) return Answer::valid;
    if (util.IsPossibleNumber(parsed)) answer = Answer::possible;
    if (number.starts_with('+')) break;  // the region does not matter
  }
  return answer;
}

}  // namespace brandwacht::text
