// brandwacht: the command line.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"

namespace {

using namespace brandwacht::daemon;

constexpr AddCommand kCommands[] = {
    add_run,       add_demo,    add_check,  add_replay,  add_recording,   add_report,
    add_fit,       add_tune,    add_score,  add_explain, add_check_reply, add_train,
    add_incidents, add_silence, add_outbox, add_page,    add_route,       add_reload};

constexpr const char* kAbout =
    "Brandwacht watches public threads about your brands and pages the person on call when one "
    "looks\n"
    "about to escalate, before it has.\n";

constexpr const char* kStart =
    "Start here:\n"
    "  brandwacht demo                        see it work on an invented morning, no "
    "configuration\n"
    "  brandwacht check -c brandwacht.toml    is my configuration right?\n"
    "  brandwacht run -c brandwacht.toml      watch, and page\n"
    "  brandwacht replay -c brandwacht.toml week.ndjson\n"
    "                                         what would it have paged about?\n"
    "  brandwacht tune -c brandwacht.toml --budget 2/week weeks.ndjson\n"
    "                                         from which risk on should it page?\n"
    "  brandwacht report --week               how did the desk do last week?\n"
    "  brandwacht route --brand acme --tier T1\n"
    "                                         who would be paged, and when?\n"
    "  brandwacht recording list              what was kept of the last weeks?\n"
    "  brandwacht incidents                   what is open, and who holds it?\n"
    "  brandwacht page --target phone         does a page arrive?\n"
    "\n"
    "Exit status follows sysexits(3): 64 wrong arguments, 65 bad data, 66 no input, 69 a port or "
    "directory in\n"
    "use, 78 a wrong configuration.\n";

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{kAbout, "brandwacht"};
  app.set_version_flag("--version", "brandwacht " BRANDWACHT_VERSION);
  app.require_subcommand(1);
  app.footer(kStart);
  int status = kOk;
  for (const AddCommand add : kCommands)
    add(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "brandwacht: %s\n", error.what());
    return kSoftware;
  }
  return status;
}
