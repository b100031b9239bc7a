"""Google's speech embedding as openWakeWord has it: what wake words and phones are heard by."""
