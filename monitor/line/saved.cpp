// The line and its stories to and from an archive.
#include <algorithm>
#include <unordered_set>

#include "monitor/line/line.hpp"
#include "monitor/text/redact.hpp"

namespace brandwacht::line {
namespace {

constexpr std::uint32_t kVersion = 4;

}  // namespace

// Every post that a story refers to and that is still in the ring, once.
void Stories::save_posts(ArchiveWriter& out) const {
  ArchiveWriter posts;
  std::uint64_t count = 0;
  std::unordered_set<std::uint64_t> done{0};
  const auto save_one = [&](std::uint64_t handle) {
    Post post;
    if (!done.insert(handle).second || !ring_.get(handle, post)) return;
    const std::string author = text::redact(post.author, kNameLength);
    const std::string words = text::redact(post.text, kTextLength);
    post.author = author;
    post.text = words;
    PostRing::save_post(posts, handle, post);
    ++count;
  };
  for (const auto& [thread, slot] : index_) {
    save_one(records_[slot].root.post);
    save_one(records_[slot].latest);
    for (const Kept& kept : records_[slot].kept)
      save_one(kept.post);
  }
  out.put(count);
  out.put_text(posts.take());
}

void Stories::save(ArchiveWriter& out) const {
  out.begin("stories", kVersion, {sizeof(Record)});
  out.put(std::uint64_t{index_.size()});
  for (Slot slot = coldest_; slot != kNone; slot = records_[slot].warmer)
    out.put(records_[slot]);
  for (const std::uint64_t word : authors_)
    out.put(word);
  ring_.save(out);
  save_posts(out);
}

void Stories::load(ArchiveReader& in) {
  in.begin("stories", kVersion, {sizeof(Record)});
  for (auto left = in.count(sizeof(Record)); left > 0; --left) {
    const auto saved = in.get<Record>();
    Record& record = touch(saved.thread);
    const Slot colder = record.colder, warmer = record.warmer;
    record = saved;
    record.colder = colder;
    record.warmer = warmer;
  }
  for (std::uint64_t& word : authors_)
    in.get(word);
  ring_.load(in);
  const auto count = in.get<std::uint64_t>();
  ArchiveReader posts(in.get_text());
  for (std::uint64_t i = 0; i < count; ++i)
    ring_.load_post(posts);
}

void BrandDesk::save(ArchiveWriter& out) const {
  out.begin("desk", kVersion,
            {sizeof(thread::BrandState), sizeof(thread::BudgetState), sizeof(Group)});
  const DeskState all = state();
  out.put(std::uint64_t{all.brands.size()});
  for (const auto& brand : all.brands)
    out.put(brand);
  out.put_text(all.topics);
  out.put(all.budget);
  out.put(std::uint64_t{all.groups.size()});
  for (const Group& group : all.groups)
    out.put(group);
}

void BrandDesk::load(ArchiveReader& in, const BrandNumbers& brands) {
  in.begin("desk", kVersion,
           {sizeof(thread::BrandState), sizeof(thread::BudgetState), sizeof(Group)});
  DeskState all = state();
  const auto then = in.count(sizeof(thread::BrandState));
  for (std::uint32_t i = 0; i < then; ++i) {
    const auto brand = in.get<thread::BrandState>();
    if (brands.of(i) < all.brands.size()) all.brands[brands.of(i)] = brand;
  }
  // Topics know brands by their number: with others they begin anew.
  if (const auto topics = in.get_text(); brands.same()) all.topics = topics;
  in.get(all.budget);
  all.groups.clear();
  for (auto left = in.count(sizeof(Group)); left > 0; --left) {
    auto group = in.get<Group>();
    group.brand = brands.of(group.brand);
    if (group.brand != kNoBrand) all.groups.push_back(group);
  }
  restore(all);
}

std::string Line::save() const {
  ArchiveWriter out;
  out.begin("line", kVersion, {sizeof(Stats)});
  out.put(text::scorer_version());
  out.put(std::uint64_t{settings_.brands.size()});
  for (const auto& brand : settings_.brands)
    out.put_text(brand.name);
  out.put(now_);
  out.put(looked_at_);
  out.put(stats_);
  table_.save(out);
  stories_.save(out);
  desk_.save(out);
  webcare_.save(out);
  return out.take();
}

void Line::load(std::string_view bytes) {
  ArchiveReader in(bytes);
  in.begin("line", kVersion, {sizeof(Stats)});
  if (in.get<std::uint32_t>() != text::scorer_version())
    throw ArchiveError("another version of the scorer made it");
  std::vector<std::uint32_t> numbers;
  for (auto left = in.count(8); left > 0; --left) {
    const auto brand = std::ranges::find(settings_.brands, in.get_text(), &text::BrandTerms::name);
    numbers.push_back(brand == settings_.brands.end()
                          ? kNoBrand
                          : static_cast<std::uint32_t>(brand - settings_.brands.begin()));
  }
  in.get(now_);
  in.get(looked_at_);
  in.get(stats_);
  table_.load(in, BrandNumbers{numbers});
  stories_.load(in);
  desk_.load(in, BrandNumbers{numbers});
  webcare_.load(in, BrandNumbers{numbers});
  if (!in.done()) throw ArchiveError("there is more in it than a line");
}

}  // namespace brandwacht::line
