// Real reply threads with text through the whole line: RumourEval 2019, breaking news on
// Twitter, each reply labelled support, deny, query or comment.
//
//   rumour_bench [FOLDER] [--recorded FILE]     FOLDER: of rumoureval2019_twitter.ndjson.gz
//
// These are not posts about a company, so this asks what can be asked: does the line find the
// people, does the scorer rank those who contradict over those who agree, do threads with many
// contradictions stand out, and would such ordinary quarrels about news have paged somebody?
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>

#include "bench/fits.hpp"
#include "bench/gzip_lines.hpp"
#include "bench/recorded.hpp"
#include "monitor/line/line.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::bench;

constexpr const char* kDesk = "rumour-desk";  // an account that each root is taken to address

struct Post {
  std::string id, thread, parent, author, text, stance;
  Time at{};
};

std::vector<Post> read_posts(const std::filesystem::path& file) {
  std::vector<Post> out;
  simdjson::ondemand::parser parser;
  for_each_line(file, [&](std::string_view line) {
    simdjson::ondemand::document document;
    require(!parser.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING)
                 .get(document),
            "a line that is no JSON");
    const auto text = [&](const char* key) {
      std::string_view value;
      return document[key].get_string().get(value) ? std::string() : std::string(value);
    };
    Post post{
        text("id"), text("thread"), text("parent"), text("author"), text("text"), text("stance"),
        {}};
    double ts = 0;
    require(!document["ts"].get_double().get(ts), "a post without a time");
    post.at = Time{Duration{static_cast<std::int64_t>(ts * 1e6)}};
    out.push_back(std::move(post));
  });
  std::ranges::stable_sort(out, {}, &Post::at);
  return out;
}

struct ThreadSeen {
  std::set<std::string> people;         // without the root's author
  std::set<std::string> contradicting;  // of those, who denied or questioned
  std::set<std::string> critics;        // of those, by the scorer
  int said = 0;                         // by the line's own count
  double risk = 0;                      // the highest
  bool paged = false, noticed = false;
  Time last{};
  bool slept = false;  // for longer than a thread is kept: its people were forgotten
};

struct Result {
  std::map<std::string, ThreadSeen> threads;
  std::map<std::string, std::pair<int, int>> stances;    // stance -> posts, negative ones
  std::vector<Judged> against_support, against_comment;  // deny and query, by the scorer
};

class Run {
 public:
  explicit Run(const std::vector<Post>& posts) {
    for (const Post& post : posts)
      if (post.id == post.thread) roots_[post.thread] = post.author;
    line::Settings settings;
    settings.brands = {{"Rumour desk", {"rumourdesk"}, {}, {kDesk}}};
    negative_at_ = settings.threads.negative_at;
    kept_ = settings.threads.max_age;
    line::Hooks hooks;
    hooks.learnt = [this](const line::Learnt& learnt) { learn(learnt); };
    hooks.critic = [this](std::uint64_t thread, const thread::Belief& belief, Time) {
      ThreadSeen& seen = result_.threads[names_.at(thread)];
      seen.said = belief.joiners;
      seen.risk = std::max(seen.risk, belief.risk);
    };
    hooks.event = [this](const IncidentEvent& event) { tell(event); };
    line_.emplace(std::move(settings), std::move(hooks));
    for (const Post& post : posts)
      put(post);
  }
  const Result& result() const { return result_; }

 private:
  void put(const Post& post) {
    MentionView view;
    view.platform = "rumour";
    view.id = post.id;
    view.thread = post.thread;
    if (!post.parent.empty()) view.parent = post.parent;
    view.author = post.author;
    view.text = post.text;
    view.created_at = view.received_at = post.at;
    if (post.id == post.thread) view.accounts.push_back(kDesk);
    names_[view.thread_key()] = post.thread;
    ThreadSeen& seen = result_.threads[post.thread];
    if (roots_[post.thread] != post.author) seen.people.insert(post.author);
    seen.slept |= seen.last != Time{} && post.at - seen.last > kept_;
    seen.last = post.at;
    current_ = &post;
    line_->tick(post.at);
    line_->process(view, post.at);
  }

  void learn(const line::Learnt& learnt) {
    const Post& post = *current_;
    const double p = static_cast<double>(learnt.observation.negative);
    const bool against = post.stance == "deny" || post.stance == "query";
    if (post.id == post.thread) return;
    auto& [posts, negative] = result_.stances[post.stance];
    ++posts;
    negative += p >= negative_at_ ? 1 : 0;
    if (against || post.stance == "support") result_.against_support.push_back({p, against});
    if (against || post.stance == "comment") result_.against_comment.push_back({p, against});
    if (roots_[post.thread] == post.author) return;
    ThreadSeen& seen = result_.threads[post.thread];
    if (against) seen.contradicting.insert(post.author);
    if (p >= negative_at_) seen.critics.insert(post.author);
  }

  void tell(const IncidentEvent& event) {
    const auto name = names_.find(event.incident.thread_key);
    if (name == names_.end()) return;  // a surge, whose key is its own
    ThreadSeen& seen = result_.threads[name->second];
    seen.noticed = true;
    seen.paged |= event.incident.tier < Tier::t3;
  }

  double negative_at_ = 0.5;
  Duration kept_{};
  std::map<std::string, std::string> roots_;
  std::map<std::uint64_t, std::string> names_;
  std::optional<line::Line> line_;
  const Post* current_ = nullptr;
  Result result_;
};

// Every reply was scored and counted, but for those to a thread that had been forgotten, and the
// line counts the people that a set of names counts.
void check(const std::vector<Post>& posts, const Result& result) {
  std::size_t replies = 0, scored = 0;
  for (const Post& post : posts)
    replies += post.id != post.thread;
  for (const auto& [stance, counts] : result.stances)
    scored += static_cast<std::size_t>(counts.first);
  require(scored <= replies && scored >= replies * 99 / 100, "replies were not scored");
  for (const auto& [name, seen] : result.threads)
    require(seen.slept || seen.said == static_cast<int>(seen.critics.size()),
            "the line counts other critics");
}

void report(const std::vector<Post>& posts, const Result& result, Figures& figures) {
  const std::string row = "rumour";
  int people = 0, critics = 0, contradicting = 0, paged = 0, noticed = 0;
  std::vector<Judged> threads;
  double most = 0;
  for (const auto& [id, seen] : result.threads) {
    people += static_cast<int>(seen.people.size());
    critics += static_cast<int>(seen.critics.size());
    contradicting += static_cast<int>(seen.contradicting.size());
    paged += seen.paged;
    noticed += seen.noticed;
    most = std::max(most, seen.risk);
    threads.push_back(
        {static_cast<double>(seen.critics.size()) / 1000, seen.contradicting.size() >= 3});
  }
  fmt::print(
      "{} posts in {} threads, {} people joined; {} of them deny or ask, {} are critics "
      "to the scorer\n",
      posts.size(), result.threads.size(), people, contradicting, critics);
  for (const auto& [stance, counts] : result.stances)
    fmt::print("  {:<8} {:>5} replies, {:.3f} negative\n", stance, counts.first,
               counts.second / static_cast<double>(counts.first));
  const double support = area_under_curve(result.against_support),
               comment = area_under_curve(result.against_comment),
               thread = area_under_curve(threads);
  fmt::print("  deny and query ranked over support: AUC {:.3f}; over comment: {:.3f}\n", support,
             comment);
  fmt::print("  threads with 3 or more who deny or ask, ranked by critics: AUC {:.3f}\n", thread);
  fmt::print("  {} threads page, {} say anything; the highest risk is {:.2f}\n\n", paged, noticed,
             most);
  figures[row + "_against_support_auc"] = support;
  figures[row + "_against_comment_auc"] = comment;
  figures[row + "_threads_auc"] = thread;
  figures[row + "_pages"] = paged;
  figures[row + "_critics_a_person"] = critics / static_cast<double>(people);
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder = "../shared/data/threads", recorded;
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--recorded") == 0 && i + 1 < argc)
      recorded = argv[++i];
    else
      folder = argv[i];
  Figures figures;
  const auto posts = read_posts(std::filesystem::path(folder) / "rumoureval2019_twitter.ndjson.gz");
  if (posts.empty()) {
    fmt::print("skipped: RumourEval threads ({} has no rumoureval2019_twitter.ndjson.gz)\n",
               folder);
    return 0;
  }
  const Run run(posts);
  check(posts, run.result());
  report(posts, run.result(), figures);
  print_figures(figures);
  if (recorded.empty()) return 0;
  const auto skip = [](const std::string& name) { return !name.ends_with("_auc"); };
  return holds_recorded(recorded, figures, 0.01, skip) ? 0 : 1;
}
