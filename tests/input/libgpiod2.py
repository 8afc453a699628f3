# SPDX-License-Identifier: GPL-2.0-or-later
"""What has to do with GPIO lines, with the daemon as Debian 13 builds it."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from panel import Buttons, Knobs, Lines  # noqa: E402, F401
from speed import Speed  # noqa: E402, F401
