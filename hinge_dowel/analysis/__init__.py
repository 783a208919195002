"""From what was seen to a verdict: back points, posture, dowel, repetitions, judging."""
