"""Wake words: scores from the engine, detections from the gate."""
