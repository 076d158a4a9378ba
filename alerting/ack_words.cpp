#include "alerting/ack_words.hpp"

#include <fmt/format.h>

#include "alerting/json.hpp"

namespace brandwacht::alerting {
namespace {

std::string done_words(bool dutch, const Command& command) {
  switch (command.kind) {
    case Command::Kind::acknowledge:
      return dutch ? fmt::format("{} neemt dit op zich", command.who)
                   : fmt::format("{} has it", command.who);
    case Command::Kind::unacknowledge:
      return dutch ? fmt::format("{} laat dit los; er wordt weer opgeroepen", command.who)
                   : fmt::format("{} lets go of it; paging goes on", command.who);
    case Command::Kind::resolve:
      return dutch ? fmt::format("Gesloten door {}", command.who)
                   : fmt::format("Closed by {}", command.who);
    case Command::Kind::escalate:
      return dutch ? fmt::format("{} zet dit door naar de volgende stap", command.who)
                   : fmt::format("{} escalates it to the next step", command.who);
  }
  return {};
}

std::string nothing_words(bool dutch, Command::Kind kind) {
  switch (kind) {
    case Command::Kind::acknowledge:
      return dutch ? "Iemand had dit al op zich genomen" : "Somebody had taken it already";
    case Command::Kind::unacknowledge:
      return dutch ? "Niemand had dit op zich genomen" : "Nobody had taken it";
    case Command::Kind::resolve:
      return dutch ? "Dit was al gesloten" : "It was closed already";
    case Command::Kind::escalate:
      return dutch ? "Er is geen volgende stap" : "There is no further step";
  }
  return {};
}

}  // namespace

Said said_of(Language language, const Command& command, const CommandResult& result,
             std::string_view title) {
  const bool dutch = language == "nl";
  Said out;
  out.done = result.kind == CommandResult::Kind::done;
  if (result.kind == CommandResult::Kind::unknown) {
    out.text = dutch ? "Deze melding staat niet meer open" : "This incident is no longer open";
    return out;
  }
  out.text = out.done ? done_words(dutch, command) : nothing_words(dutch, command.kind);
  if (!title.empty()) out.text += ": " + one_line(title, 120);
  return out;
}

Said said_of_problem(Language language, const Heard& heard, bool by_sms) {
  const bool dutch = language == "nl";
  Said out;
  if (heard.expired)
    out.text = dutch ? "Deze knop is verlopen; gebruik het nieuwste bericht"
                     : "This button has expired; use the newest message";
  else if (by_sms)
    out.text = dutch ? "Antwoord met de code uit de oproep en een letter, zoals 4821a: a neemt "
                       "aan, c sluit, e zet door"
                     : "Answer with the code of the page and a letter, such as 4821a: a takes it, "
                       "c closes it, e escalates it";
  else
    out.text = dutch ? "Brandwacht begreep dit niet" : "Brandwacht did not understand that";
  return out;
}

std::string_view button_words(Language language, Command::Kind kind) {
  const bool dutch = language == "nl";
  switch (kind) {
    case Command::Kind::acknowledge:
      return dutch ? "Ik neem dit op me" : "I have it";
    case Command::Kind::unacknowledge:
      return dutch ? "Ik laat dit los" : "Let go of it";
    case Command::Kind::resolve:
      return dutch ? "Het is voorbij" : "It is over";
    case Command::Kind::escalate:
      return dutch ? "Roep de volgende op" : "Page the next one";
  }
  return {};
}

}  // namespace brandwacht::alerting
