// The few words that messages add to an incident's own, in Dutch and English.
#pragma once
#include <string>
#include <string_view>

#include "monitor/incident.hpp"

namespace brandwacht::alerting {

// `language`: "nl"; anything else is English.
std::string_view word_cooling(std::string_view language) noexcept;
std::string_view word_over(std::string_view language) noexcept;
std::string_view word_taken(std::string_view language) noexcept;
std::string_view word_playbook(std::string_view language) noexcept;
// Of buttons and links.
std::string_view word_acknowledge(std::string_view language) noexcept;
std::string_view word_thread(std::string_view language) noexcept;
std::string_view word_incident(std::string_view language) noexcept;
// Above what to do and above why.
std::string_view word_advice(std::string_view language) noexcept;
std::string_view word_reasons(std::string_view language) noexcept;
std::string_view word_posts(std::string_view language) noexcept;

// "12 critics, 10 in the last hour, 17 people in all".
std::string critics_words(std::string_view language, const Incident& incident);
// "risk of a pile-on 62 % (not calibrated)".
std::string risk_words(std::string_view language, const Incident& incident);

}  // namespace brandwacht::alerting
