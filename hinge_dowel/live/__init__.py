"""The live session: camera, the causal estimate, sets and rests, sound, recording."""
