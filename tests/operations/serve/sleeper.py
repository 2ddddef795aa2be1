"""A process that does nothing until asked: `… sleeper READY_FILE [deaf] [child]`."""

import signal
import subprocess
import sys
from pathlib import Path


def main() -> None:
    ready, *manners = sys.argv[1:]
    if "deaf" in manners:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, __file__]) if "child" in manners else None
    path = Path(ready)
    fresh = path.with_suffix(".new")
    fresh.write_text(str(child.pid if child else 0))
    fresh.replace(path)
    signal.pause()


if __name__ == "__main__" and len(sys.argv) > 1:
    main()
elif __name__ == "__main__":
    signal.pause()
