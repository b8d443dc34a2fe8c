"""The model: its bundle and card, the engine that runs it, and what it predicts."""

import os

# Read by ONNX Runtime while it is imported. Without it, it puts an identifier of the device into the home folder and
# reports the start of the process to its maker; `disable_telemetry_events` comes too late for both.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
