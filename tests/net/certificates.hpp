// Throw-away certificates, made when a test asks for them.
#pragma once
#include <string>

namespace brandwacht::test {

struct Identity {  // PEM
  std::string certificate;
  std::string key;
};

// An authority of its own with the servers it vouches for; all on P-256, all forgotten at the end.
struct Authority {
  Authority();

  Identity authority;
  Identity good;         // for localhost and 127.0.0.1
  Identity other_name;   // for other.example
  Identity expired;      // for localhost, until yesterday
  Identity self_signed;  // for localhost, signed by itself
};

// One for the whole test program.
const Authority& authority();

// A file in the temporary folder, removed with its object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace brandwacht::test
