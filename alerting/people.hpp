// People and how they are reached. A receiver ([[receiver]]) is a way: a phone, a mailbox, a chat.
//
//   [[person]]
//   name = "anna"
//   receivers = ["anna_push"]            # where nothing below matches
//     [[person.contact]]                 # the first that matches
//     tier = ["T1"]                      # matchers, see alerting/matchers.hpp
//     hours = ["night"]
//     receivers = ["anna_sms", "anna_voice"]
#pragma once
#include <string>
#include <vector>

#include "alerting/matchers.hpp"

namespace brandwacht::alerting {

struct Person {
  struct Contact : Matchers {
    std::vector<std::string> receivers;
  };
  std::string name;
  std::vector<Contact> contacts;
  std::vector<std::string> receivers;
};

// The ways to reach a person about this event, now. Never empty for a person that was read without
// a problem.
const std::vector<std::string>& ways_to(const Person& person, const IncidentEvent& event,
                                        const Calendar& calendar, Time now);

// Whose way `receiver` is; nullptr: nobody's.
const Person* reached_by(const std::vector<Person>& people, const std::string& receiver);

std::vector<Person> read_people(config::Section& root, const std::vector<std::string>& receivers);

}  // namespace brandwacht::alerting
