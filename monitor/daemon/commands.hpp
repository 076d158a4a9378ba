// The commands of the program: one function each, one row each in main.cpp.
#pragma once
#include <CLI/App.hpp>

namespace brandwacht::daemon {

// Adds the command to `app`; when it is chosen, it runs and puts its exit status in `status`.
using AddCommand = void (*)(CLI::App& app, int& status);

void add_run(CLI::App& app, int& status);
void add_demo(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_replay(CLI::App& app, int& status);
void add_fit(CLI::App& app, int& status);
void add_tune(CLI::App& app, int& status);
void add_report(CLI::App& app, int& status);
void add_route(CLI::App& app, int& status);
void add_recording(CLI::App& app, int& status);
void add_score(CLI::App& app, int& status);
void add_explain(CLI::App& app, int& status);
void add_check_reply(CLI::App& app, int& status);
void add_train(CLI::App& app, int& status);
void add_incidents(CLI::App& app, int& status);  // and ack, unack, resolve, escalate
void add_silence(CLI::App& app, int& status);
void add_outbox(CLI::App& app, int& status);
void add_page(CLI::App& app, int& status);
void add_reload(CLI::App& app, int& status);  // and rotate-key

}  // namespace brandwacht::daemon
