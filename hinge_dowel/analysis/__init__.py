"""From a record of landmarks to a verdict: back points, posture, dowel, repetitions, judging."""
