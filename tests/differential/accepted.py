"""Differences from the reference evaluator that are right, each with its exact precondition and its reason."""


def explains(facts, expected, got):
    return False
