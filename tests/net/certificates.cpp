#include "tests/net/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <stdexcept>

namespace brandwacht::test {
namespace {

template <class T, void (*free)(T*)>
struct Freed {
  void operator()(T* one) const { free(one); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;

constexpr long day = 24 * 3600;

struct Wish {
  const char* name;
  const char* names;  // subjectAltName; null: an authority
  long until;         // seconds from now
};

struct Made {
  Key key;
  Certificate certificate;
};

void extend(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  if (!extension) throw std::runtime_error("certificate extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Made make(const Wish& wish, const Made* issuer) {
  static long serial = 0;
  Made made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  X509* one = made.certificate.get();
  X509_set_version(one, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(one), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(one), -30 * day);
  X509_gmtime_adj(X509_getm_notAfter(one), wish.until);
  X509_set_pubkey(one, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(one), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(wish.name), -1, -1, 0);
  X509* signer = issuer ? issuer->certificate.get() : one;
  X509_set_issuer_name(one, X509_get_subject_name(signer));
  extend(one, signer, NID_basic_constraints, wish.names ? "CA:FALSE" : "critical,CA:TRUE");
  if (wish.names) extend(one, signer, NID_subject_alt_name, wish.names);
  if (!X509_sign(one, issuer ? issuer->key.get() : made.key.get(), EVP_sha256()))
    throw std::runtime_error("certificate signature");
  return made;
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

void free_memory(BIO* bio) {
  BIO_free(bio);
}

Identity pem(const Made& made) {
  const std::unique_ptr<BIO, Freed<BIO, free_memory>> certificate(BIO_new(BIO_s_mem()));
  const std::unique_ptr<BIO, Freed<BIO, free_memory>> key(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate.get(), made.certificate.get());
  PEM_write_bio_PrivateKey(key.get(), made.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return Identity{text_of(certificate.get()), text_of(key.get())};
}

}  // namespace

Authority::Authority() {
  constexpr const char* here = "DNS:localhost,IP:127.0.0.1";
  const auto root = make({"Invented Test Authority", nullptr, 30 * day}, nullptr);
  authority = pem(root);
  good = pem(make({"localhost", here, 30 * day}, &root));
  other_name = pem(make({"other.example", "DNS:other.example", 30 * day}, &root));
  expired = pem(make({"localhost", here, -day}, &root));
  self_signed = pem(make({"localhost", here, 30 * day}, nullptr));
}

const Authority& authority() {
  static const Authority one;
  return one;
}

TemporaryFile::TemporaryFile(const std::string& content)
    : path_((std::filesystem::temp_directory_path() / "brandwacht-test-XXXXXX").string()) {
  const int file = ::mkstemp(path_.data());
  const auto written = file < 0 ? -1 : ::write(file, content.data(), content.size());
  if (file >= 0) ::close(file);
  if (written != static_cast<ssize_t>(content.size())) throw std::runtime_error("temporary file");
}

TemporaryFile::~TemporaryFile() {
  ::unlink(path_.c_str());
}

}  // namespace brandwacht::test
