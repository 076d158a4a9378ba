"""config/brandwacht.toml is good, names every setting that the sources read, and stays good with its examples in force.

    python3 default_file_test.py PROGRAM ROOT
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
DEFAULT = ROOT / "config" / "brandwacht.toml"
# `# key = value`, `# [[table]]` and the further lines of an array. Sentences have no " = " behind their first word.
EXAMPLE = re.compile(r"^# (\[\[?[\w.]+\]\]?.*|\w+ = .*|\s+\".*)$")
READERS = re.compile(r"\b(?:read|read_path|read_secret|choice|count)\(\s*\"(\w+)\"")


def check(file, **environment):
    done = subprocess.run([PROGRAM, "check", str(file)], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **environment}, check=False)
    return done.returncode, done.stdout + done.stderr


def keys_read():
    sources = [*(ROOT / "monitor/daemon").glob("*settings.cpp"), *(ROOT / "connectors").glob("*.cpp"),
               *(ROOT / "alerting").glob("*.cpp")]
    return {(key, path.name) for path in sources for key in READERS.findall(path.read_text())}


class DefaultFile(unittest.TestCase):
    def test_it_has_no_problem_and_no_warning(self):
        status, output = check(DEFAULT)
        self.assertEqual(status, 0, output)
        self.assertNotRegex(output, r"(error|warning):")

    def test_it_names_every_setting_that_is_read(self):
        keys = keys_read()
        self.assertGreater(len(keys), 30)
        text = DEFAULT.read_text()
        for key, source in sorted(keys):
            with self.subTest(key, source=source):
                self.assertTrue(re.search(rf"(?m)^(# )?{key}(_file)? = ", text), f"{key} is not in {DEFAULT.name}")

    def test_its_examples_are_good_as_well(self):
        examples = 0
        with tempfile.TemporaryDirectory() as folder:
            lines = []
            for line in DEFAULT.read_text().split("\n"):
                match = EXAMPLE.match(line)
                # No dictionary is at hand, nor authorities, a fitted model, or playbooks.
                if match and not re.match(r"dictionary|ca_file|model|playbooks", match.group(1)):
                    lines.append(match.group(1))
                    examples += 1
                else:
                    lines.append(line)
            file = pathlib.Path(folder, "brandwacht.toml")
            file.write_text("\n".join(lines))
            for name in re.findall(r'_file = "(?:credential:)?([\w-]+)"', file.read_text()):
                # Made up: in the form of a webhook's secret, of 32 characters like a routing key, and a URL.
                secret = "whsec_" + "c2FtcGxlIHNlY3JldCBvZiBzYW1wbGVz" if "webhook" in name else "0123456789abcdef" * 2
                if name.endswith("-url"):
                    secret = "https://hooks.example/" + secret
                pathlib.Path(folder, name).write_text(secret + "\n")
                pathlib.Path(folder, name).chmod(0o600)
            status, output = check(file, CREDENTIALS_DIRECTORY=folder)
        self.assertGreater(examples, 20)
        self.assertEqual(status, 0, output)
        self.assertNotIn("error:", output)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
