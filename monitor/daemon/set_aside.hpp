// A store whose file is damaged is set aside, loudly, and begun anew.
#pragma once
#include <spdlog/spdlog.h>

#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include "monitor/database.hpp"
#include "monitor/time.hpp"

namespace brandwacht::daemon {

// `Store` is made of its file and has check(), which throws DatabaseError. `what` names it in the
// log. Other faults than damage are thrown on: somebody has to look.
template <class Store>
std::shared_ptr<Store> open_or_set_aside(const std::filesystem::path& file, Time now,
                                         std::string_view what) {
  try {
    auto store = std::make_shared<Store>(file);
    store->check();
    return store;
  } catch (const DatabaseError& error) {
    if (!error.corrupt()) throw;
    std::filesystem::path aside = file;
    aside += ".corrupt-" + format_rfc3339(now);
    std::filesystem::rename(file, aside);
    for (const char* part : {"-wal", "-shm"}) {
      std::error_code absent;
      std::filesystem::remove(file.string() + part, absent);
    }
    spdlog::error("{} was damaged ({}); it is kept as {} and a new one is begun", what,
                  error.what(), aside.string());
    return std::make_shared<Store>(file);
  }
}

}  // namespace brandwacht::daemon
