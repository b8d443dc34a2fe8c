"""The program's examination of itself: `DeepPneumo --self-test`."""
