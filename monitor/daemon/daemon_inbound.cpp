// How answers to pages come back into the daemon, and how pages go out that nobody's post has
// caused.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "alerting/sms_codes.hpp"
#include "connectors/net/mail.hpp"
#include "monitor/daemon/api.hpp"
#include "monitor/daemon/api_guard.hpp"
#include "monitor/daemon/daemon.hpp"
#include "monitor/probe.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLargestInbound = 256 << 10;  // PagerDuty sends no more
constexpr std::size_t kInboundConnections = 128;

std::string language_of(line::DeskLanguage language) {
  return language == line::DeskLanguage::nl ? "nl" : "en";
}

}  // namespace

void Daemon::open_inbound() {
  FaceContext context{clock_, *http_, store_pool_, background_, {}, {}, {}, {}, {}, {}};
  context.command = [this](alerting::Command said) { return command(std::move(said)); };
  context.incident = [this](std::string_view id) { return incident(id); };
  context.held = [this](std::string_view id) {
    const auto desk = pager_->desk_case(id);
    return desk && desk->held(clock_.now()) ? desk->ack : std::nullopt;
  };
  context.incident_of_code = [this](std::string_view, std::string_view code) {
    auto open = pager_->live();
    for (auto& exercise : exercises_->open())
      if (!is_drill(exercise)) open.push_back(std::move(exercise));  // the pager has the drills
    return alerting::incident_of_sms_code(code, open).value_or("");
  };
  context.language = language_of(settings_.line.language);
  context.zone = settings_.brand_level.calendar.zone;
  face_ = std::make_unique<PublicFace>(settings_.daemon.data_dir, settings_.inbound,
                                       std::move(context));
  ExerciseContext exercise{clock_, background_, settings_.receivers, {}, {}, {}, {}};
  exercise.lent = [this] { return lent(); };
  exercise.tell = [this](IncidentEvent event) { tell(std::move(event)); };
  exercise.owe = [this](IncidentEvent event, std::string receiver, Time when,
                        std::optional<alerting::Outcome> accepted) {
    return pager_->owe(std::move(event), std::move(receiver), when, std::move(accepted));
  };
  exercise.hasten = [this](const std::string& receiver, const std::string& delivery) {
    pager_->hasten(receiver, delivery);
  };
  exercise.language = language_of(settings_.line.language);
  exercises_ = std::make_unique<Exercises>(std::move(exercise));
}

// Binds the ports. The outside gets its own listener where the configuration says so.
void Daemon::open_servers() {
  name_api_hosts();
  net::HttpServerSettings server;
  server.address = settings_.daemon.listen_address;
  server.port = settings_.daemon.listen_port;
  server_ = std::make_unique<net::HttpServer>(
      io_.get_executor(), server,
      [this](net::ServerRequest asked) { return daemon::serve(*this, std::move(asked)); });
  if (!settings_.inbound.own_listener()) return;
  server.address = settings_.inbound.listen_address;
  server.port = settings_.inbound.listen_port;
  server.max_body = kLargestInbound;
  server.max_connections = kInboundConnections;
  inbound_server_ = std::make_unique<net::HttpServer>(
      io_.get_executor(), server,
      [this](net::ServerRequest asked) { return face_->serve(std::move(asked)); });
}

alerting::NotifierContext Daemon::lent() {
  alerting::NotifierContext out{*http_, settings_.daemon.external_url};
  out.language = language_of(settings_.line.language);
  out.ack_link = [this](std::string_view about, std::string_view receiver) {
    return face_->link(about, receiver);
  };
  out.ack_callback = out.ack_link;  // the same link: only a POST acts
  out.ack_button = [this](std::string_view about, std::string_view receiver) {
    return button_for(about, receiver);
  };
  out.mail = net::make_mail_transport;
  out.keep = [this](const std::string& name, std::string text) {
    if (pager_) pager_->keep(name, std::move(text));
  };
  out.kept = [this](const std::string& name) {
    return pager_ ? pager_->kept(name) : std::string();
  };
  return out;
}

// A button is only worth its place where a hook of the same vendor hears it.
std::string Daemon::button_for(std::string_view about, std::string_view receiver) const {
  const auto spec = std::ranges::find_if(settings_.receivers,
                                         [&](const auto& one) { return one.name == receiver; });
  if (spec == settings_.receivers.end()) return {};
  const bool heard = std::ranges::any_of(
      settings_.inbound.hooks,
      // "twilio" hears what "twilio_voice" asks.
      [&](const alerting::Hook& hook) { return spec->type.starts_with(hook.type); });
  return heard ? face_->button(about, alerting::Command::Kind::acknowledge) : std::string{};
}

asio::awaitable<alerting::CommandResult> Daemon::command(alerting::Command command) {
  if (auto answer = exercises_->command(command)) co_return *answer;
  auto carried_out = pager_->command(command);
  auto result = co_await std::move(carried_out);
  if (result.kind == alerting::CommandResult::Kind::done) exercises_->note(command);
  co_return result;
}

std::optional<Incident> Daemon::incident(std::string_view id) const {
  const Exercise* exercise = exercises_->find(id);
  if (exercise && !exercise->over) return exercise->incident;
  for (auto& live : pager_->live())
    if (live.id == id) return live;
  return std::nullopt;
}

bool Daemon::knows_brand(std::string_view name) const {
  return std::ranges::any_of(settings_.line.brands, [&](const auto& brand) {
    return brand.name == name && brand.name != kProbeBrand;
  });
}

void Daemon::tell(IncidentEvent event) {
  const auto level = is_probe(event.incident) ? spdlog::level::debug : spdlog::level::info;
  spdlog::log(level, "{} {} {}: {}", to_string(event.kind), to_string(event.incident.tier),
              event.incident.id, event.incident.title);
  ++events_told_;
  events_.force_push(std::move(event));  // never dropped; Intake::ready() holds the sources back
}

}  // namespace brandwacht::daemon
