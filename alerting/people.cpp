#include "alerting/people.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::alerting {
namespace {

void read_ways(config::Section& section, const std::vector<std::string>& known,
               std::vector<std::string>& out) {
  section.read("receivers", out);
  for (const auto& name : out)
    if (std::find(known.begin(), known.end(), name) == known.end())
      section.problem("receivers", fmt::format("there is no receiver '{}'", name),
                      config::did_you_mean(name, known));
}

}  // namespace

const std::vector<std::string>& ways_to(const Person& person, const IncidentEvent& event,
                                        const Calendar& calendar, Time now) {
  for (const auto& contact : person.contacts)
    if (matches(contact, event, calendar, now)) return contact.receivers;
  return person.receivers;
}

const Person* reached_by(const std::vector<Person>& people, const std::string& receiver) {
  const auto has = [&receiver](const std::vector<std::string>& ways) {
    return std::find(ways.begin(), ways.end(), receiver) != ways.end();
  };
  const auto found = std::find_if(people.begin(), people.end(), [&has](const Person& person) {
    return has(person.receivers) ||
           std::any_of(person.contacts.begin(), person.contacts.end(),
                       [&has](const Person::Contact& contact) { return has(contact.receivers); });
  });
  return found == people.end() ? nullptr : &*found;
}

std::vector<Person> read_people(config::Section& root, const std::vector<std::string>& receivers) {
  std::vector<Person> out;
  for (auto& section : root.sections("person")) {
    Person person;
    section.require("name");
    section.read("name", person.name);
    section.require("receivers");
    read_ways(section, receivers, person.receivers);
    if (section.has("receivers") && person.receivers.empty())
      section.problem("receivers", "nothing reaches this person");
    for (auto& table : section.sections("contact")) {
      Person::Contact contact;
      read_matchers(table, contact);
      table.require("receivers");
      read_ways(table, receivers, contact.receivers);
      if (table.has("receivers") && contact.receivers.empty())
        table.problem("receivers", "what this matches reaches nobody");
      table.close();
      person.contacts.push_back(std::move(contact));
    }
    section.close();
    out.push_back(std::move(person));
  }
  return out;
}

}  // namespace brandwacht::alerting
