#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>
#include <string>

#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/demo.hpp"
#include "monitor/daemon/terminal.hpp"

namespace brandwacht::daemon {

void add_demo(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("demo", "Watch it work on an invented morning; needs nothing");
  command->footer(
      "Plays 889 invented posts through the real line at speed: hot threads change live, and each "
      "page shows as it\n"
      "would reach the phone. Nothing is sent anywhere. Not on a terminal it plays once and prints "
      "pages\n"
      "and summary.");
  struct Options {
    DemoOptions demo;
    std::string language;
  };
  auto options = std::make_shared<Options>();
  command->add_flag("--once", options->demo.once, "end after one morning, with a summary");
  command
      ->add_option("--speed", options->demo.speed,
                   "virtual seconds a second; 0 is as fast as it goes")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  command->add_option("--language", options->language, "nl or en; else that of your locale")
      ->check(CLI::IsMember({"nl", "en"}));
  command->callback([options, &status] {
    if (options->language.empty()) {
      const char* locale = std::getenv("LANG");
      options->language =
          locale != nullptr && std::string_view(locale).starts_with("nl") ? "nl" : "en";
    }
    options->demo.language = *line::parse_desk_language(options->language);
    if (!is_terminal(STDOUT_FILENO)) options->demo.once = true;
    status = run_demo(options->demo);
  });
}

}  // namespace brandwacht::daemon
