"""The rules find every bad sample and no good one.

    python3 test_rules.py
"""
import pathlib
import re
import tempfile
import unittest

import clean_files
import co_await_rule
import cpp_tokens
import include_rules

HERE = pathlib.Path(__file__).resolve().parent
MARKS = {"braces": co_await_rule.BRACES, "capture": co_await_rule.CAPTURE, "macro": co_await_rule.MACRO,
         "conditional": co_await_rule.CONDITIONAL, "coroutine": co_await_rule.COROUTINE}


def marked(source):
    """What a sample says of itself: `// BAD: braces` at the end of a line."""
    return [(line, MARKS[mark]) for line, text in enumerate(source.split("\n"), 1)
            for mark in re.findall(r"BAD: (\w+)", text)]


class CoAwaitRule(unittest.TestCase):
    def test_every_bad_sample_is_found_at_its_line_and_nothing_else(self):
        samples = sorted((HERE / "co_await" / "bad").glob("*.cpp"))
        self.assertGreaterEqual(len(samples), 10)
        for sample in samples:
            with self.subTest(sample.name):
                source = sample.read_text()
                self.assertTrue(marked(source))
                self.assertEqual([tuple(f) for f in co_await_rule.check(source)], marked(source))

    def test_no_good_sample_is_found(self):
        samples = sorted((HERE / "co_await" / "good").glob("*.cpp"))
        self.assertGreaterEqual(len(samples), 10)
        for sample in samples:
            with self.subTest(sample.name):
                source = sample.read_text()
                self.assertIn("co_await", source)
                self.assertEqual(co_await_rule.check(source), [])

    def test_tests_may_capture_in_a_lambda_coroutine_but_not_by_value_in_an_await(self):
        source = (HERE / "co_await" / "bad" / "lambda_coroutine_with_captures.cpp").read_text()
        self.assertEqual(co_await_rule.check(source, captures_allowed=True), [])
        source = (HERE / "co_await" / "bad" / "capture_by_value.cpp").read_text()
        self.assertEqual(len(co_await_rule.check(source, captures_allowed=True)), 2)

    def test_a_file_with_unbalanced_braces_is_read_to_its_end(self):
        source = "}\n#if A\nvoid f() {\n#else\nvoid g() {\n#endif\n  co_await h({1});\n}\n}\n  co_await h({2});\n"
        self.assertEqual([f.line for f in co_await_rule.check(source)], [7, 10])


class Tokens(unittest.TestCase):
    def test_lines_survive_comments_raw_strings_and_continuations(self):
        source = '/* a\n b */ x R"(\n"\n)" // c \\\n d\n y\n#define Z \\\n  1\nz\'{\''
        self.assertEqual([(t.text, t.line) for t in cpp_tokens.tokens(source)],
                         [("x", 2), ('""', 2), ("y", 6), ("z", 9), ("0", 9)])

    def test_includes_in_comments_do_not_count(self):
        source = '#include "a.hpp"\n// #include "b.hpp"\n/*\n#include "c.hpp"\n*/\n  #  include <d>  // e\n'
        self.assertEqual(list(cpp_tokens.includes(source)), [('"a.hpp"', 1), ("<d>", 6)])


class IncludeRules(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, content in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(content)
            return include_rules.check(root)

    def one(self, name, include, *others):
        files = {other: "#pragma once\n" for other in others}
        files[name] = f"#pragma once\n#include {include}\n"
        return self.check(files)

    def test_what_stands_below_may_be_included(self):
        for name, include in [("config/a.hpp", "config/b.hpp"), ("monitor/text/a.cpp", "monitor/b.hpp"),
                              ("monitor/line/a.cpp", "monitor/thread/b.hpp"), ("alerting/a.cpp", "config/b.hpp"),
                              ("connectors/a.cpp", "connectors/net/b.hpp"), ("monitor/daemon/a.cpp", "alerting/b.hpp"),
                              ("tests/net/a.cpp", "connectors/net/b.hpp"), ("bench/a.cpp", "alerting/b.hpp")]:
            with self.subTest(name, include=include):
                self.assertEqual(self.one(name, f'"{include}"', include), [])

    def test_what_stands_above_may_not(self):
        for name, include in [("config/a.hpp", "monitor/b.hpp"), ("monitor/a.cpp", "monitor/text/b.hpp"),
                              ("monitor/a.cpp", "config/b.hpp"), ("monitor/text/a.cpp", "monitor/thread/b.hpp"),
                              ("monitor/thread/a.cpp", "monitor/text/b.hpp"), ("alerting/a.cpp", "connectors/b.hpp"),
                              ("alerting/a.cpp", "connectors/net/b.hpp"), ("connectors/a.cpp", "alerting/b.hpp"),
                              ("connectors/a.cpp", "monitor/text/b.hpp"), ("connectors/net/a.cpp", "connectors/b.hpp"),
                              ("connectors/net/a.cpp", "config/b.hpp"), ("monitor/line/a.cpp", "alerting/b.hpp"),
                              ("monitor/replay/a.cpp", "monitor/daemon/b.hpp"), ("monitor/a.hpp", "tests/support/b.hpp")]:
            with self.subTest(name, include=include):
                found = self.one(name, f'"{include}"', include)
                self.assertEqual(len(found), 1, found)
                self.assertTrue(found[0].startswith(f"{name}:2: "), found)

    def test_a_new_folder_needs_a_rule(self):
        self.assertEqual(len(self.one("monitor/new/a.cpp", "<string>")), 1)

    def test_beast_and_openssl_stay_in_their_folder(self):
        for header in ("boost/beast/core.hpp", "boost/asio/ssl.hpp", "boost/asio/ssl/stream.hpp", "openssl/ssl.h"):
            with self.subTest(header):
                self.assertEqual(self.one("connectors/net/a.cpp", f"<{header}>"), [])
                self.assertEqual(self.one("tests/net/a.cpp", f"<{header}>"), [])
                self.assertEqual(len(self.one("connectors/a.cpp", f"<{header}>")), 1)
                self.assertEqual(len(self.one("monitor/daemon/a.cpp", f"<{header}>")), 1)
        self.assertEqual(len(self.one("alerting/a.cpp", "<boost/beast/http.hpp>")), 1)

    def test_one_source_of_alerting_may_sign(self):
        sign = "#include <openssl/hmac.h>\n#include <openssl/evp.h>\n"
        self.assertEqual(self.check({"alerting/signature.cpp": sign}), [])
        self.assertEqual(len(self.check({"alerting/signature.cpp": sign, "alerting/webhook.cpp": sign})), 2)
        self.assertEqual(len(self.check({"alerting/signature.hpp": "#pragma once\n" + sign})), 2)
        self.assertEqual(len(self.check({"alerting/signature.cpp": "#include <openssl/ssl.h>\n"})), 1)

    def test_parsers_stay_with_their_owner(self):
        self.assertEqual(self.one("config/a.cpp", "<toml++/toml.h>"), [])
        self.assertEqual(len(self.one("alerting/a.cpp", "<toml++/toml.h>")), 1)
        self.assertEqual(self.one("monitor/zone.cpp", "<date/tz.h>"), [])
        self.assertEqual(len(self.one("monitor/zone.hpp", "<date/tz.h>")), 1)
        self.assertEqual(self.one("tests/support/catch.hpp", "<catch2/catch.hpp>"), [])
        self.assertEqual(len(self.one("tests/config/a.cpp", "<catch2/catch.hpp>")), 1)

    def test_every_header_has_its_guard(self):
        self.assertEqual(len(self.check({"config/a.hpp": "// #pragma once\nint a();\n"})), 1)

    def test_includes_are_written_from_the_root_and_exist(self):
        self.assertEqual(len(self.check({"config/a.cpp": '#include "b.hpp"\n', "config/b.hpp": "#pragma once\n"})), 1)
        self.assertEqual(len(self.check({"config/a.cpp": '#include "../config/b.hpp"\n',
                                         "config/b.hpp": "#pragma once\n"})), 1)


class CleanFiles(unittest.TestCase):
    def test_paths_of_a_build_machine_are_found(self):
        for folder in ("home/anna/x", "root/x", "work/x", "Users/anna", "builds/x", "workspace/x", "tmp/x"):
            with self.subTest(folder):
                self.assertEqual(len(clean_files.faults("at /" + folder)), 1)

    def test_registry_hosts_are_found(self):
        for host in ("registry." + "npmjs.org/a", "files.python" + "hosted.org", "proxy.go" + "lang.org",
                     "eu-x.pkg." + "dev/y"):
            with self.subTest(host):
                self.assertEqual(len(clean_files.faults("https://" + host)), 1)

    def test_the_line_is_told(self):
        self.assertEqual(clean_files.faults("a\nb /" + "home/anna/x\n")[0][0], 2)

    def test_ordinary_text_is_clean(self):
        for text in ("https://example.com/home/page", "var/lib/brandwacht", "/etc/brandwacht/brandwacht.toml",
                     "connectors/net/tls.cpp", "the home/work balance", "./root", "/usr/share/common-licenses"):
            with self.subTest(text):
                self.assertEqual(clean_files.faults(text), [])


if __name__ == "__main__":
    unittest.main()
