#include "bench/stream/writer.hpp"

#include <fmt/format.h>

#include "bench/stream/random.hpp"

namespace brandwacht::bench {
namespace {

constexpr std::string_view kAngryNl[]{
    "Schandalig hoe jullie met klanten omgaan",    "Weer storing, dit is belachelijk",
    "Ik ben woedend, al drie dagen geen antwoord", "Wat een waardeloze klantenservice",
    "Nooit meer, ik zeg mijn rekening op",
};
constexpr std::string_view kCalmNl[]{
    "Bij mij werkt het gewoon",        "Weet iemand hoe laat het kantoor open is?",
    "Dank je wel voor de snelle hulp", "Ik volg dit even",
    "Mooi geregeld, complimenten",
};
constexpr std::string_view kAngryEn[]{
    "Disgraceful how you treat customers",        "Down again, this is ridiculous",
    "I am furious, three days without an answer", "What useless customer service",
    "Never again, I am closing my account",
};
constexpr std::string_view kCalmEn[]{
    "Works fine for me",
    "Does anybody know when the branch opens?",
    "Thank you for the quick help",
    "I am following this",
    "Well done, nicely handled",
};

std::string name(char kind, std::uint64_t id) {
  return fmt::format("{}{:016x}", kind, id);
}

}  // namespace

std::string Writer::text(const Event& event) const {
  if (!settings_.text || event.kind == MentionKind::remove) return "";
  const auto& texts = event.negative >= 0.5F ? (settings_.dutch ? kAngryNl : kAngryEn)
                                             : (settings_.dutch ? kCalmNl : kCalmEn);
  const std::uint64_t which = event.print != 0 ? event.print : mix(event.id);
  const std::string_view chosen = texts[which % std::size(texts)];
  if (event.thread != event.id) return std::string(chosen);
  return fmt::format("{}: {}", settings_.brand, chosen);
}

MentionView Writer::view(const Event& event) {
  Mention& out = mention_;
  out.platform = settings_.platform;
  out.id = name('p', event.id);
  out.kind = event.kind;
  out.thread = name('p', event.thread);
  out.parent = event.parent == 0 ? "" : name('p', event.parent);
  out.quoted = event.quoted == 0 ? "" : name('p', event.quoted);
  out.author = name('a', event.author);
  out.author_name = fmt::format("invented {:04x}", event.author & 0xffff);
  out.created_at = event.created_at;
  out.received_at = event.received_at;
  out.langs = {settings_.dutch ? "nl" : "en"};
  out.text = text(event);
  out.official = event.official;
  return out.view();
}

}  // namespace brandwacht::bench
