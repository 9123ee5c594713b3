"""pooling-bench as a process that measures once for each line that it is sent."""

import subprocess


class Paced:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self):
        line = self.process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"{self.process.args} ended: {self.process.wait()}")
        return line

    def seconds(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return [float(run) for run in self.line().split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
