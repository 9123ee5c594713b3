"""The judgement on a server that misbehaves: what must be noticed is noticed, what is fine is not."""

import os
import pathlib
import tempfile
import unittest

os.environ["POOLING_SERVER"] = str(pathlib.Path(__file__).with_name("fake_server.py"))

from case import Case, png, zstd  # noqa: E402
from judge import Allowance  # noqa: E402
from report import ENOUGH, Hopeless, Report  # noqa: E402
from target import Target  # noqa: E402
from trial import Trial  # noqa: E402


class JudgementTests(unittest.TestCase):
    def setUp(self):
        self.target = Target()
        self.report = Report(pathlib.Path(tempfile.mkdtemp()))
        self.trial = Trial(self.target, Allowance(noise=0.02), self.report)
        self.addCleanup(self.target.stop)

    def ask(self, path, **options):
        return self.trial.run(Case(path, path, b"{}"), patience=2, **options)[0]

    def assert_failed(self, path, reason, **options):
        self.ask(path, **options)
        self.assertEqual(len(self.report.failures), 1)
        self.assertIn(reason, self.report.failures[0])
        self.assertIn("curl", self.report.failures[0])

    def test_what_is_fine_is_not_reported(self):
        self.assertEqual(self.ask("/good").status, 200)
        self.assertEqual(self.ask("/rejects").status, 422)
        self.assertEqual(self.report.failures, [])

    def test_a_500(self):
        self.assert_failed("/fails", "status 500")

    def test_a_rejection_without_a_code(self):
        self.assert_failed("/mumbles", "without a problem document")

    def test_a_status_that_this_case_must_not_have(self):
        self.assert_failed("/good", "status 200", accepted={422})

    def test_a_wrong_response(self):
        self.assert_failed("/good", "says nothing", check=lambda outcome: "says nothing")

    def test_a_slow_response(self):
        self.assert_failed("/dawdles", "took")

    def test_accepted_work_may_take_its_time(self):
        self.ask("/dawdles", allowance=Allowance(work=0.6, noise=0.02))
        self.assertEqual(self.report.failures, [])

    def test_much_memory(self):
        self.assert_failed("/hoards", "MiB of at most 32 MiB")

    def test_a_blocked_health_question(self):
        self.assert_failed("/blocks", "/healthz took")

    def test_a_closed_connection(self):
        self.assert_failed("/closes", "no response: closed by the server")

    def test_a_response_that_is_cut_short(self):
        self.assert_failed("/shortens", "no response: closed by the server")

    def test_no_response(self):
        self.assert_failed("/is_silent", "no response within 2 s")

    def test_the_end_of_the_process_and_a_new_one(self):
        self.assert_failed("/dies", "the process ended with 7")
        self.assertEqual(self.ask("/good").status, 200)

    def test_two_at_once(self):
        self.trial.run(Case("good", "/good", b"{}"), Case("fails", "/fails", b"{}"))
        self.assertIn("good together with fails: status 500", self.report.failures[0])

    def test_too_many_failures_end_a_part(self):
        with self.assertRaises(Hopeless):
            for number in range(ENOUGH):
                self.report.fail(str(number))


class BodyTests(unittest.TestCase):
    def test_a_zstd_frame_names_its_length_and_repeats(self):
        frame = zstd(b"ab" + bytes(1 << 20))
        self.assertEqual(frame[:4], b"\x28\xb5\x2f\xfd")
        self.assertLess(len(frame), 1 << 10)

    def test_a_png_has_a_row_a_line(self):
        self.assertIn(b"IHDR\0\0\0\2\0\0\0\3", png(2, 3, bytes(6)))


if __name__ == "__main__":
    unittest.main()
