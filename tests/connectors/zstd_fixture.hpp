// Dictionaries and frames made at test time from invented events.
#pragma once
#include <zdict.h>
#include <zstd.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace brandwacht::connectors {

// Different words give dictionaries with different ids.
inline std::string train_dictionary(const std::string& word) {
  std::string samples;
  std::vector<std::size_t> sizes;
  for (int i = 0; i < 400; ++i) {
    const std::string sample = R"({"did":"did:plc:invented)" + std::to_string(i * 7919) +
                               R"(","time_us":17900000)" +
                               std::to_string(10'000'000 + i * 104'729) +
                               R"(,"kind":"commit","commit":{"operation":"create",)" +
                               R"("collection":"app.bsky.feed.post","record":{"text":")" + word +
                               std::to_string(i * i) + " weer te laat\"}}}";
    samples += sample;
    sizes.push_back(sample.size());
  }
  std::string dictionary(4'096, '\0');
  const auto size = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), samples.data(),
                                          sizes.data(), static_cast<unsigned>(sizes.size()));
  if (ZDICT_isError(size) != 0) throw std::runtime_error(ZDICT_getErrorName(size));
  dictionary.resize(size);
  return dictionary;
}

// As the server does: content size, dictionary id and checksum in each frame.
inline std::string compress(const std::string& text, const std::string& dictionary,
                            bool content_size = true) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, content_size ? 1 : 0);
  ZSTD_CCtx_loadDictionary(context, dictionary.data(), dictionary.size());
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const auto size = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

inline std::string compress_without_size(const std::string& text, const std::string& dictionary) {
  return compress(text, dictionary, false);
}

}  // namespace brandwacht::connectors
