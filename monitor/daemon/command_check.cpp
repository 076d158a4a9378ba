#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/settings.hpp"

namespace brandwacht::daemon {

void add_check(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("check", "Read a configuration and print all of its problems");
  command->footer(
      "Prints every problem as file:line:column with a suggestion, and ends with 78 if there is "
      "one.\n"
      "Secrets are read, never printed; nothing is sent and no port is opened.");
  auto file = std::make_shared<std::string>("brandwacht.toml");
  command->add_option("-c,--config,file", *file, "the configuration")->capture_default_str();
  command->callback([file, &status] {
    config::Problems problems;
    const Settings settings = read_settings(*file, problems);
    print_problems(problems, STDERR_FILENO);
    if (problems.fatal()) {
      status = kConfig;
      return;
    }
    std::size_t terms = 0;
    for (const auto& brand : settings.line.brands)
      terms += brand.terms.size() + brand.accounts.size();
    fmt::print("{}: good: {} brands with {} terms and accounts, {} sources, {} receivers\n", *file,
               settings.line.brands.size(), terms, settings.sources.size(),
               settings.receivers.size());
  });
}

}  // namespace brandwacht::daemon
