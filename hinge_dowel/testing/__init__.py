"""For tests of keypoint code: synthetic motions, hypothesis strategies, a pytest plugin."""
