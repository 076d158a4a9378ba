// The words that say what number follows, and those that make an amount of the number before them.
// Lower case; only private_named.cpp reads them. Collected by hand for Dutch and English posts.
#pragma once
#include <array>
#include <string_view>

#include "monitor/text/private_data.hpp"

namespace brandwacht::text {

struct Stem {
  std::string_view word;
  PrivateKind kind;
  bool bare;  // "order 12345" will do; the others need "nummer", "nr", '#' or ':' too
};
// As people write them, Dutch and English; "-nummer", "nr", "code" and so on may be glued on, with
// or without "s" and "-", and a longer Dutch word may end with them ("webordernummer").
inline constexpr auto kOrder = PrivateKind::order, kCustomer = PrivateKind::customer,
                      kBsn = PrivateKind::bsn;
inline constexpr std::array kStems = {
    Stem{"order", kOrder, true},         Stem{"bestel", kOrder, false},
    Stem{"bestelling", kOrder, true},    Stem{"ticket", kOrder, true},
    Stem{"zaak", kOrder, true},          Stem{"case", kOrder, true},
    Stem{"melding", kOrder, true},       Stem{"klacht", kOrder, false},
    Stem{"incident", kOrder, true},      Stem{"referentie", kOrder, true},
    Stem{"reference", kOrder, true},     Stem{"ref", kOrder, true},
    Stem{"kenmerk", kOrder, false},      Stem{"booking", kOrder, true},
    Stem{"boeking", kOrder, true},       Stem{"reservering", kOrder, true},
    Stem{"reservation", kOrder, true},   Stem{"dossier", kOrder, true},
    Stem{"tracking", kOrder, true},      Stem{"trace", kOrder, true},
    Stem{"trackandtrace", kOrder, true}, Stem{"tracktrace", kOrder, true},
    Stem{"barcode", kOrder, false},      Stem{"zending", kOrder, true},
    Stem{"shipment", kOrder, true},      Stem{"pakket", kOrder, true},
    Stem{"parcel", kOrder, true},        Stem{"factuur", kOrder, true},
    Stem{"invoice", kOrder, true},       Stem{"retour", kOrder, false},
    Stem{"return", kOrder, false},       Stem{"transactie", kOrder, false},
    Stem{"transaction", kOrder, false},  Stem{"claim", kOrder, false},
    Stem{"schade", kOrder, false},       Stem{"klant", kCustomer, true},
    Stem{"abonnee", kCustomer, false},   Stem{"loyalty", kCustomer, false},
    Stem{"customer", kCustomer, true},   Stem{"client", kCustomer, false},
    Stem{"account", kCustomer, true},    Stem{"rekening", kCustomer, false},
    Stem{"polis", kCustomer, true},      Stem{"policy", kCustomer, true},
    Stem{"relatie", kCustomer, false},   Stem{"lidmaatschap", kCustomer, true},
    Stem{"membership", kCustomer, true}, Stem{"member", kCustomer, false},
    Stem{"lid", kCustomer, false},       Stem{"contract", kCustomer, true},
    Stem{"abonnement", kCustomer, true}, Stem{"subscription", kCustomer, false},
    Stem{"debiteur", kCustomer, false},  Stem{"bsn", kBsn, true},
    Stem{"burgerservice", kBsn, false},  Stem{"sofi", kBsn, false},
    Stem{"rijksregister", kBsn, true},   Stem{"insz", kBsn, true}};
// Words that say that a number follows; the longer ones stand first.
inline constexpr std::array<std::string_view, 12> kNumberWords = {
    "nummer", "number",     "nrs",       "nr", "num", "code",
    "ref",    "referentie", "reference", "no", "id",  "numbers"};
// Words between; the first three need no number word behind them.
inline constexpr std::array<std::string_view, 13> kBetween = {
    "is", "was", "dus", "met", "with", "onder", "under", "van", "the", "my", "mijn", "het", "en"};

// Behind a number: an amount, not a name of something.
inline constexpr std::array<std::string_view, 58> kUnits = {
    "euro",     "euros",        "eur",     "km",      "kg",      "stuks",   "jaar",
    "x",        "keer",         "per",     "mensen",  "klanten", "dagen",   "uur",
    "people",   "customers",    "times",   "pounds",  "dollars", "dollar",  "usd",
    "gbp",      "years",        "items",   "leden",   "members", "volgers", "followers",
    "views",    "likes",        "minuten", "minutes", "hours",   "days",    "werknemers",
    "users",    "gebruikers",   "weken",   "weeks",   "maanden", "months",  "punten",
    "points",   "kwh",          "mb",      "gb",      "meter",   "miljoen", "million",
    "orders",   "bestellingen", "tickets", "stappen", "units",   "pieces",  "copies",
    "eenheden", "exemplaren"};

}  // namespace brandwacht::text
