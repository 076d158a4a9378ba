// Why somebody is told of an incident now, in the desk's language: Page::note.
#pragma once
#include <string>
#include <vector>

#include "alerting/case.hpp"
#include "monitor/zone.hpp"

namespace brandwacht::alerting {

std::string clock_of(const Zone& zone, Time time);  // "14:05"

std::string step_words(bool dutch, const std::string& policy, int step, int round);  // from 1, 0
std::string nobody_took_it(bool dutch);
std::string nobody_on_call(bool dutch);
std::string given_back(bool dutch, const Acknowledgement& ack);
std::string broke_through(bool dutch, const Acknowledgement& ack, Tier tier);
std::string grew_again(bool dutch, const std::string& who);
std::string was_quiet(bool dutch);
std::string has_it(bool dutch, const Acknowledgement& ack, const Zone& zone);
std::string told_before(bool dutch, const std::vector<std::string>& whom);  // not empty
std::string ended_by(bool dutch, const std::string& who);

}  // namespace brandwacht::alerting
